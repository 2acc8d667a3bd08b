// SPDX-License-Identifier: Apache-2.0
using Reports.Html;
using Reports.Tables;

namespace Reports.Sweeps;

/// <summary>The key figures of a sweep.</summary>
internal static class SweepSummary
{
    /// <summary>How much was tried, and the extremes.</summary>
    public static IReadOnlyList<KeyFigureGroup> Groups(SweepReportData data, IReadOnlyList<SweepPoint> areaFront, IReadOnlyList<SweepPoint> latencyFront)
    {
        SweepPoint best = data.Points.MaxBy(p => p.Accuracy)!;
        SweepPoint smallest = data.Points.MinBy(p => p.Area)!;
        SweepPoint fastest = data.Points.MinBy(p => p.LatencyUs)!;
        var counts = new List<KeyFigure>
        {
            new("configurations", NumberText.Human(data.Points.Count)) { Note = data.Failures.Count == 0 ? "all of them ran" : $"{NumberText.Human(data.Failures.Count)} more could not run" },
            new("on the area front", NumberText.Human(areaFront.Count)),
            new("on the latency front", NumberText.Human(latencyFront.Count)),
        };
        return
        [
            new("Explored", counts),
            new("Extremes",
            [
                new("highest accuracy", NumberText.Percent(best.Accuracy), "%") { Note = best.Id },
                new("smallest area", NumberText.Human(smallest.Area), data.AreaUnit) { Provenance = data.AreaProvenance, Note = smallest.Id },
                new("lowest latency", NumberText.Human(fastest.LatencyUs), "µs") { Provenance = data.ClockProvenance, Note = fastest.Id },
            ]),
        ];
    }
}
