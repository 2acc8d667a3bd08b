// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Reports.Tables;
using Reports.Terminal;

namespace Cli.Experiments;

/// <summary>A run's results for a terminal.</summary>
public static class RunPrinter
{
    /// <summary>One row per layer.</summary>
    public static string LayerTable(IReadOnlyList<LayerSummary> layers, TerminalStyle? style = null) => TerminalTable.Format(
        Table.Of(layers,
        [
            new("layer", "", layer => layer.Name),
            new("kind", "", layer => layer.Kind),
            new("MACs", "", layer => layer.Macs),
            new("cycles", "", layer => layer.Cycles),
            new("utilization", "", layer => layer.Utilization, NumberStyle.Percent),
            new("largest stall", "", layer => LargestStall(layer)),
            new("DRAM read", "bytes", layer => layer.DramReadBytes),
            new("DRAM write", "bytes", layer => layer.DramWriteBytes),
            new("overflows", "", layer => layer.Overflows),
        ]),
        style ?? TerminalStyle.ForStandardOutput);

    /// <summary>Accuracies, cycles and the verdict of the RTL.</summary>
    public static string Summary(RunSummary summary, TerminalStyle? style = null)
    {
        var rows = new List<(string What, string Value)>();
        void Accuracy(string name, double? value)
        {
            if (value is double fraction)
            {
                rows.Add((name, NumberText.Percent(fraction) + " %"));
            }
        }

        Accuracy("float accuracy", summary.FloatAccuracy);
        Accuracy("trained accuracy (fake-quantised)", summary.TrainedAccuracy);
        Accuracy("quantized accuracy (integer codes)", summary.QuantizedAccuracy);
        Accuracy("integer accuracy (accelerator)", summary.IntegerAccuracy);
        rows.Add(("test images", NumberText.Human(summary.TestImages)));
        if (summary.TrainedQuantizedRate is double rate)
        {
            rows.Add(("codes: trained against quantized", string.Create(CultureInfo.InvariantCulture, $"{summary.TrainedQuantizedDifferences} differ ({rate:0.0e0} of all)")));
        }

        if (summary.QuantizedIntegerDifferences is long differences)
        {
            rows.Add(("codes: quantized against integer", string.Create(CultureInfo.InvariantCulture, $"{differences} differ")));
        }

        rows.Add(("cycles per inference", NumberText.Human(summary.CyclesPerInference)));
        rows.Add(("latency", string.Create(CultureInfo.InvariantCulture, $"{summary.LatencyUs:0.0} us at {summary.ClockMhz:0.###} MHz ({summary.ClockProvenance})")));
        rows.Add(("cycles per frame", string.Create(CultureInfo.InvariantCulture, $"{summary.CyclesPerFrame:0.##}, back to back; the first one {summary.FirstFrameCycles}")));
        rows.Add(("frames per second", NumberText.Human(Math.Round(summary.FramesPerSecond))));
        rows.Add(("utilization", NumberText.Percent(summary.Utilization) + " %"));
        rows.Add(("area", string.Create(CultureInfo.InvariantCulture, $"{summary.Area.Lut:N0} LUT, {summary.Area.FlipFlops:N0} FF, {summary.Area.Dsp:N0} DSP, {summary.Area.Bram:N0} BRAM on {summary.Area.Target} ({summary.Area.Provenance}), buffers {summary.Area.MemoryBits / 1024:N0} Kibit")));
        rows.Add(("overflows", NumberText.Human(summary.Overflows)));
        rows.AddRange(FirstOverflows(summary.Layers).Select(first => ("first overflow", first)));

        if (summary.Verification is VerificationSummary check)
        {
            rows.Add(("RTL", check.ToString()));
        }

        return TerminalTable.Format(Table.Of(rows, [new("result", "", row => row.What), new("", "", row => row.Value)]), style ?? TerminalStyle.ForStandardOutput);
    }

    /// <summary>Where each layer that has overflows has its first.</summary>
    public static IEnumerable<string> FirstOverflows(IEnumerable<LayerSummary> layers) =>
        from layer in layers
        let first = layer.FirstOverflow
        where first is not null
        select string.Create(CultureInfo.InvariantCulture,
            $"{layer.Name}: image {first.Image}, row {first.Row}, column {first.Column}, channel {first.Channel}, k {first.K}, {first.Stage}");

    private static string LargestStall(LayerSummary layer)
    {
        if (layer.StallCycles.Count == 0 || layer.Cycles == 0)
        {
            return layer.StallCycles.Count == 0 && layer.Cycles == 0 ? "fused" : "";
        }

        (string cause, long cycles) = layer.StallCycles.MaxBy(pair => pair.Value);
        return string.Create(CultureInfo.InvariantCulture, $"{cause} {100.0 * cycles / layer.Cycles:0} %");
    }
}
