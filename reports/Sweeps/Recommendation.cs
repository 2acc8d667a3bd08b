// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Tables;

namespace Reports.Sweeps;

/// <summary>The point that a report recommends.</summary>
/// <param name="Point">The point.</param>
/// <param name="Distance">Its distance to the best of everything, 0 to 1.</param>
/// <param name="FrontSize">Points on the front.</param>
/// <param name="AsNear">How many others of them are as near.</param>
public sealed record Recommendation(SweepPoint Point, double Distance, int FrontSize, int AsNear)
{
    private const double LogFromRatio = 8;
    private const double Tie = 1e-9;

    /// <summary>
    /// The point on the front that is nearest to the best of every objective at once. Each objective is scaled to 0 (best of the front) .. 1 (worst of the front), logarithmically where the
    /// front spans a factor of 8 or more; the distance is the root of the mean square. Of several as near, such as the two ends of a front of two, the one that loses least in all objectives together, in shares of the best;
    /// of several of these the first. Null where no point keeps to the constraints.
    /// </summary>
    public static Recommendation? Of(SweepReportData data)
    {
        SweepPoint[] front = [.. data.Points.Where(point => point.OnFront)];
        if (front.Length == 0)
        {
            return null;
        }

        double[] sums = new double[front.Length], losses = new double[front.Length];
        foreach (SweepGoal objective in data.Objectives)
        {
            double[] values = [.. front.Select(point => point.NumberOf(objective.Metric))];
            bool log = data.Metrics[objective.Metric].Style != NumberStyle.Percent && values.Min() > 0 && values.Max() / values.Min() >= LogFromRatio;
            double[] places = log ? [.. values.Select(value => Math.Log(value))] : values;
            double best = objective.Goal == Goal.Minimize ? places.Min() : places.Max(), worst = objective.Goal == Goal.Minimize ? places.Max() : places.Min();
            double ideal = objective.Goal == Goal.Minimize ? values.Min() : values.Max();
            for (int i = 0; i < sums.Length; i++)
            {
                double share = best == worst ? 0 : (places[i] - best) / (worst - best);
                sums[i] += share * share / data.Objectives.Count;
                losses[i] += ideal == 0 ? 0 : Math.Abs((values[i] - ideal) / ideal);
            }
        }

        double least = sums.Min();
        int[] nearest = [.. Enumerable.Range(0, front.Length).Where(i => sums[i] - least < Tie)];
        int chosen = nearest.MinBy(i => losses[i]);
        return new(front[chosen], Math.Sqrt(sums[chosen]), front.Length, nearest.Length - 1);
    }
}
