// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Specification;
using Reports.Tables;

namespace Cli.Experiments;

/// <summary>How many bits a layer's sums need so that nothing overflows, three ways, beside what the design has.</summary>
/// <param name="Name">The layer.</param>
/// <param name="TypeBoundBits">For all weights and codes of their formats.</param>
/// <param name="WeightBoundBits">For the layer's weights and all codes.</param>
/// <param name="ObservedPartialSumBits">For the partial sums of the observed images, in the order of the schedule.</param>
/// <param name="ObservedAccumulatorBits">For their accumulators.</param>
/// <param name="Minimum">Least sum that was observed.</param>
/// <param name="Maximum">Greatest sum that was observed.</param>
/// <param name="PartialSumBits">Partial-sum width of the design.</param>
/// <param name="AccumulatorBits">Accumulator width of the design.</param>
public sealed record WidthSummary(
    string Name, int TypeBoundBits, int WeightBoundBits, int ObservedPartialSumBits, int ObservedAccumulatorBits, long Minimum, long Maximum, int PartialSumBits, int AccumulatorBits)
{
    /// <summary>Whether the design is wide enough whatever the input is, for the observed images only, or not even for them.</summary>
    public string Sufficient =>
        WeightBoundBits <= Math.Min(PartialSumBits, AccumulatorBits) ? "always"
        : ObservedPartialSumBits <= PartialSumBits && ObservedAccumulatorBits <= AccumulatorBits ? "observed"
        : "no";
}

/// <summary>Widths of a network's layers as rows and as a table.</summary>
public static class WidthSummaries
{
    /// <summary>One row for each matrix layer.</summary>
    public static IReadOnlyList<WidthSummary> Of(IntegerNetwork network, AcceleratorSpec accelerator, ImmutableArray<LayerAccumulatorWidths> widths) =>
    [
        .. widths.Select(layer => new WidthSummary(
            network.Layers[layer.NetworkLayer].Name, layer.TypeBound.Width, layer.WeightBound.Width, layer.Observed.PartialSums.Width, layer.Observed.Accumulators.Width,
            (long)Int128.Min(layer.Observed.PartialSums.Minimum, layer.Observed.Accumulators.Minimum), (long)Int128.Max(layer.Observed.PartialSums.Maximum, layer.Observed.Accumulators.Maximum),
            accelerator.Array.PartialSumWidth, accelerator.Accumulator.Width)),
    ];

    /// <summary>The table of the rows.</summary>
    public static Table Table(IEnumerable<WidthSummary> rows) => Reports.Tables.Table.Of(rows,
    [
        new("layer", "", row => row.Name),
        new("type bound", "bits", row => row.TypeBoundBits),
        new("weight bound", "bits", row => row.WeightBoundBits),
        new("observed partial sum", "bits", row => row.ObservedPartialSumBits),
        new("observed accumulator", "bits", row => row.ObservedAccumulatorBits),
        new("least sum", "", row => row.Minimum),
        new("greatest sum", "", row => row.Maximum),
        new("partial sum width", "bits", row => row.PartialSumBits),
        new("accumulator width", "bits", row => row.AccumulatorBits),
        new("sufficient", "", row => row.Sufficient),
    ]);
}
