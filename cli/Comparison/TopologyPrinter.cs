// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AccelModel.Comparison;
using AccelModel.Specification.Yaml;
using Reports.Tables;
using Reports.Terminal;

namespace Cli.Comparison;

/// <summary>A comparison for a terminal.</summary>
public static class TopologyPrinter
{
    /// <summary>One row per layer, the sum, and what the terms mean that occur.</summary>
    public static string Text(TopologySummary summary, TerminalStyle style)
    {
        string ratio = summary.TotalRatio is double quotient ? string.Create(CultureInfo.InvariantCulture, $", ratio {quotient:0.0000}") : "";
        string causal = summary.TotalCausalCycles is long cycles ? $", ours {NumberText.Human(cycles)}{ratio}" : "";
        IEnumerable<string> terms =
            from term in Enum.GetValues<DifferenceTerm>()
            let name = EnumNames.Of(term)
            where summary.Layers.Any(layer => layer.Difference.TryGetValue(name, out long difference) && difference != 0)
            select $"  {name}: {summary.Terms[name]}\n";
        return
            TerminalTable.Format(Table.Of(summary.Layers, summary.Timing == TopologyTiming.Causal ? Causal : IdealFeed), style)
            + $"{summary.Layers.Count} layer(s), {NumberText.Human(summary.TotalMacs)} MACs, {EnumNames.Of(summary.Dataflow)} {summary.Rows} x {summary.Columns}: "
            + $"SCALE-Sim {NumberText.Human(summary.TotalIdealFeedCycles)} cycles{causal}\n"
            + Rate(summary)
            + string.Concat(terms);
    }

    private static string Rate(TopologySummary summary) => summary.ClockMhz is not double clock
        ? ""
        : string.Create(
            CultureInfo.InvariantCulture,
            $"at {clock:0.###} MHz in {summary.TotalComputeCycles:#,0} cycles ({EnumNames.Of(summary.Timing)}): {summary.GopsPerSecond:#,0.0} of at most {summary.PeakGopsPerSecond:#,0.0} G-ops/s\n");

    private static readonly TableColumn<TopologyLayerSummary>[] Shape =
    [
        new("layer", "", layer => layer.Name),
        new("M", "", layer => layer.M),
        new("N", "", layer => layer.N),
        new("K", "", layer => layer.K),
    ];

    private static readonly TableColumn<TopologyLayerSummary> Utilization = new("utilization", "", layer => layer.Utilization, NumberStyle.Percent);

    private static readonly TableColumn<TopologyLayerSummary>[] IdealFeed =
    [
        .. Shape,
        new("compute cycles", "", layer => layer.ComputeCycles),
        Utilization,
        new("mapping efficiency", "", layer => layer.MappingEfficiency, NumberStyle.Percent),
        new("causal cycles", "", layer => layer.CausalCycles),
        new("ratio", "", layer => layer.Ratio),
        new("reason", "", layer => layer.Reason),
    ];

    private static readonly TableColumn<TopologyLayerSummary>[] Causal =
    [
        .. Shape,
        new("compute cycles", "", layer => layer.ComputeCycles),
        Utilization,
        new("SCALE-Sim cycles", "", layer => layer.IdealFeedCycles),
        new("ratio", "", layer => layer.Ratio),
        new("reason", "", layer => layer.Reason),
    ];
}
