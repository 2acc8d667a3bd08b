// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Html;
using Reports.Tables;

namespace Reports.Sweeps;

/// <summary>The key figures of a sweep.</summary>
internal static class SweepSummary
{
    /// <summary>How much was tried, and the extremes.</summary>
    public static IReadOnlyList<KeyFigureGroup> Groups(SweepReportData data)
    {
        var counts = new List<KeyFigure>
        {
            new("configurations", NumberText.Human(data.Measured)) { Note = data.Failed == 0 ? "all of them ran" : $"{NumberText.Human(data.Failed)} more could not run" },
        };
        if (data.Feasible is long feasible)
        {
            counts.Add(new("keep to all constraints", NumberText.Human(feasible)));
        }

        counts.Add(new("on the Pareto front", NumberText.Human(data.Points.Count(p => p.OnFront))));
        return [new("Explored", counts), new("Best", [.. data.Objectives.Select(objective => Best(data, objective)).OfType<KeyFigure>()])];
    }

    private static KeyFigure? Best(SweepReportData data, SweepGoal objective)
    {
        SweepMetric metric = data.Metrics[objective.Metric];
        SweepPoint[] known = [.. data.Points.Where(p => p.IsFeasible && !double.IsNaN(p.NumberOf(objective.Metric)))];
        if (known.Length == 0)
        {
            return null;
        }

        bool least = objective.Goal == Goal.Minimize;
        SweepPoint best = least ? known.MinBy(p => p.NumberOf(objective.Metric))! : known.MaxBy(p => p.NumberOf(objective.Metric))!;
        return new($"{(least ? "lowest" : "highest")} {metric.Title}", NumberText.Human(best.Figures[objective.Metric], metric.Style), metric.AxisUnit) { Provenance = metric.Provenance, Note = best.Id };
    }
}
