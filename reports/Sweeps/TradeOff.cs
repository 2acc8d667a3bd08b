// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;

namespace Reports.Sweeps;

/// <summary>Two objectives against each other, and the points that no other beats in both.</summary>
/// <param name="X">What is to the right.</param>
/// <param name="Y">What is upwards.</param>
/// <param name="Front">The points, in order.</param>
public sealed record TradeOff(SweepGoal X, SweepGoal Y, IReadOnlyList<SweepPoint> Front)
{
    /// <summary>The first objective against each of the others; against the least cost that is no objective where it is the only one.</summary>
    public static IReadOnlyList<TradeOff> Of(SweepReportData data)
    {
        SweepGoal first = data.Objectives[0];
        SweepGoal[] others = [.. data.Objectives.Skip(1)];
        if (others.Length == 0)
        {
            int other = Enumerable.Range(0, data.Metrics.Count).First(metric => metric != first.Metric && data.Points.Any(point => !double.IsNaN(point.NumberOf(metric))));
            others = [new(other, Goal.Minimize)];
        }

        SweepPoint[] feasible = [.. data.Points.Where(point => point.IsFeasible)];
        return
        [
            .. others.Select(other => new TradeOff(other, first, ParetoFront.Of(
                feasible,
                new Objective<SweepPoint>(other.Goal, point => point.NumberOf(other.Metric)),
                new Objective<SweepPoint>(first.Goal, point => point.NumberOf(first.Metric))))),
        ];
    }
}
