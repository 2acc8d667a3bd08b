// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

namespace AccelModel.Comparison;

/// <summary>The array that layers are compared on.</summary>
/// <param name="Dataflow">What stays in it.</param>
/// <param name="Rows">R, 1..<see cref="MaxExtent"/>.</param>
/// <param name="Columns">C, likewise.</param>
/// <param name="WeightDoubleBuffering">Of our array; SCALE-Sim's knows none.</param>
public sealed record ComparedArray(Dataflow Dataflow, int Rows, int Columns, bool WeightDoubleBuffering)
{
    /// <summary>The most rows and columns.</summary>
    public const int MaxExtent = 65_536;
}

/// <summary>One layer in both timings.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="IdealFeed">SCALE-Sim's figures.</param>
/// <param name="Causal">Ours; null where the contract has no such array.</param>
public sealed record LayerComparison(TopologyLayer Layer, ScaleSimFigures IdealFeed, CausalFigures? Causal);

/// <summary>A topology in both timings; every sum fits 64 bits.</summary>
/// <param name="Array">The array.</param>
/// <param name="Layers">In the order of the file.</param>
/// <param name="IdealFeedCycles">Sum over the layers.</param>
/// <param name="CausalCycles">Likewise; null where the contract has no such array.</param>
/// <param name="Macs">Likewise.</param>
public sealed record TimingComparison(ComparedArray Array, ImmutableArray<LayerComparison> Layers, long IdealFeedCycles, long? CausalCycles, long Macs)
{
    /// <summary>The comparison, or null after findings: figures that leave 64 bits, each at its row.</summary>
    public static TimingComparison? Of(Topology topology, ComparedArray array, SpecIssues issues)
    {
        int before = issues.Count;
        var layers = ImmutableArray.CreateBuilder<LayerComparison>();
        long idealFeed = 0, causal = 0, macs = 0;
        foreach (TopologyLayer layer in topology.Layers)
        {
            try
            {
                LayerComparison compared = Compare(layer, array);
                layers.Add(compared);
                Add(ref idealFeed, compared.IdealFeed.Cycles, "total_ideal_feed_cycles", layer, issues);
                Add(ref causal, compared.Causal?.Cycles ?? 0, "total_causal_cycles", layer, issues);
                Add(ref macs, layer.Shape.Macs, "total_macs", layer, issues);
            }
            catch (OverflowException)
            {
                GemmShape shape = layer.Shape;
                issues.Add(layer.Position, "compute_cycles", $"size overflow, found M = {shape.M}, N = {shape.N}, K = {shape.K} on {array.Rows} x {array.Columns}, allowed what takes at most {long.MaxValue} cycles");
            }
        }

        bool exists = CausalTiming.Exists(array.Dataflow, array.Rows);
        return issues.Count > before ? null : new(array, layers.ToImmutable(), idealFeed, exists ? causal : null, macs);
    }

    private static LayerComparison Compare(TopologyLayer layer, ComparedArray array) => new(
        layer,
        ScaleSimTiming.Of(array.Dataflow, array.Rows, array.Columns, layer.Shape),
        CausalTiming.Exists(array.Dataflow, array.Rows)
            ? CausalTiming.Of(array.Dataflow, array.Rows, array.Columns, array.WeightDoubleBuffering, layer.Shape)
            : null);

    /// <summary>Adds to a sum; where that leaves 64 bits, one finding at the row at which it does, and the sum starts again for the rows after it.</summary>
    private static void Add(ref long sum, long value, string name, TopologyLayer layer, SpecIssues issues)
    {
        if (value > long.MaxValue - sum)
        {
            issues.Add(layer.Position, name, $"size overflow, found {sum} + {value} up to here, allowed {long.MaxValue}");
            sum = 0;
        }

        sum += value;
    }
}
