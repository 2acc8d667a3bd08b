// SPDX-License-Identifier: Apache-2.0
using Reports.Html;
using Reports.Tables;

namespace Reports.Runs;

/// <summary>The key figures of a run.</summary>
internal static class RunSummary
{
    /// <summary>Accuracy, speed and hardware.</summary>
    public static IReadOnlyList<KeyFigureGroup> Groups(RunReportData data)
    {
        long overflows = data.Layers.Sum(layer => layer.Overflows);
        var hardware = new List<KeyFigure>
        {
            new("utilization", NumberText.Percent(data.Utilization), "%"),
            new("accumulator overflows", NumberText.Human(overflows)) { Note = $"over {NumberText.Human(data.TestImages)} test images" },
        };
        hardware.AddRange(data.Area.Select(a => new KeyFigure(a.Resource, NumberText.Brief(a.Amount), a.Unit) { Provenance = a.Provenance }));

        return
        [
            new("Accuracy", Accuracies(data)),
            new("Speed",
            [
                new("cycles per inference", NumberText.Human(data.CyclesPerInference), "cycles"),
                new("clock", NumberText.Brief(data.ClockMhz), "MHz") { Provenance = data.ClockProvenance },
                new("latency", NumberText.Human(data.LatencyUs), "µs") { Provenance = data.ClockProvenance },
                new("throughput", NumberText.Human(data.FramesPerSecond), "frames/s") { Provenance = data.ClockProvenance },
            ]),
            new("Hardware", hardware),
        ];
    }

    private static List<KeyFigure> Accuracies(RunReportData data)
    {
        var figures = new List<KeyFigure>();
        void Add(string label, double? accuracy, string note)
        {
            if (accuracy is double value)
            {
                figures.Add(new KeyFigure(label, NumberText.Percent(value), "%") { Note = note });
            }
        }

        Add("integer accuracy", data.Accuracy.Integer, "on the accelerator");
        Add("quantized accuracy", data.Accuracy.Quantized, "integer codes");
        Add("trained accuracy", data.Accuracy.Trained, "fake-quantised");
        Add("float accuracy", data.Accuracy.Float, "floating point");
        return figures;
    }
}
