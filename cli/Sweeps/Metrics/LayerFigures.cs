// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Collections.Immutable;
using AccelModel.Costs;
using AccelModel.Scheduling;
using AccelModel.Specification.Yaml;
using Cli.Experiments;

namespace Cli.Sweeps.Metrics;

/// <summary>
/// The metrics <c>layer.LAYER.FIGURE</c>: what <c>layers</c> of a run's summary says of one layer; and of the inference, where sum or maximum is something new, by the figure's name alone.
/// </summary>
public static class LayerFigures
{
    /// <summary>Begins the names of those of one layer.</summary>
    public const string Prefix = "layer.";

    private const string Stall = "stall_cycles.", Unit = "units.", Energy = "energy_nj.";

    private static readonly ConcurrentDictionary<(string Layer, string Figure), Metric> Known = new();

    /// <summary>All figures of a layer.</summary>
    public static ImmutableArray<LayerFigure> All { get; } =
    [
        new("cycles", "cycles", "", row => row.Cycles),
        new("macs", "MACs", "", row => row.Macs),
        new("utilization", "utilization", "", row => row.Utilization) { IsWhole = false, IsFraction = true, Units = MetricTable.Share },
        new("dram_read_bytes", "DRAM read", "bytes", row => row.DramReadBytes) { Units = MetricTable.Bytes },
        new("dram_write_bytes", "DRAM written", "bytes", row => row.DramWriteBytes) { Units = MetricTable.Bytes },
        new("arithmetic_intensity", "arithmetic intensity", "MACs/byte", row => row.ArithmeticIntensity) { IsWhole = false },
        new("attainable_macs_per_cycle", "attainable", "MACs/cycle", row => row.AttainableMacsPerCycle) { IsWhole = false },
        new("energy_nj", "energy", "nJ", row => row.EnergyNj.Values.Sum()) { IsWhole = false, Units = MetricTable.Energy },
        new("overflows", "overflows", "", row => row.Overflows) { Source = MetricSource.Values },
        Width("type_bound_bits", widths => widths.TypeBoundBits),
        Width("weight_bound_bits", widths => widths.WeightBoundBits),
        Width("observed_partial_sum_bits", widths => widths.ObservedPartialSumBits),
        Width("observed_accumulator_bits", widths => widths.ObservedAccumulatorBits),
        .. CycleAccounts.TrafficNames.Select(OfTraffic),
        .. LayerSummaries.StallCauses.Select(cause => new LayerFigure(Stall + cause, $"stall {Words(cause)}", "", row => row.StallCycles.GetValueOrDefault(cause)) { Total = LayerTotal.Sum }),
        .. Enum.GetValues<UnitKind>().Select(EnumNames.Of).SelectMany(unit => CycleAccounts.UnitCounters.Select(counter => new LayerFigure(
            $"{Unit}{unit}.{counter}", $"{unit} {Words(counter)}", "", row => row.Units.TryGetValue(unit, out var counters) ? counters.GetValueOrDefault(counter) : 0) { Total = LayerTotal.Sum })),
        .. EnergyModel.Components.Select(component => new LayerFigure(Energy + LayerSummaries.NameOf(component), $"energy {component}", "nJ", row => row.EnergyNj.GetValueOrDefault(LayerSummaries.NameOf(component)))
        {
            IsWhole = false, Units = MetricTable.Energy, Total = LayerTotal.Sum,
        }),
    ];

    /// <summary>The metrics of the inference.</summary>
    public static ImmutableArray<Metric> Totals { get; } = [.. All.Where(figure => figure.Total != LayerTotal.None).Select(figure => figure.OfInference)];

    /// <summary>How a message writes the names of those of the inference, whole families in one word.</summary>
    public static IEnumerable<string> TotalNames =>
        Totals.Select(metric => metric.Name).Where(name => !name.Contains('.')).Concat([Stall + "CAUSE", Unit + "UNIT.COUNTER", Energy + "COMPONENT"]);

    /// <summary>The metric of one layer; null after saying what is wrong with its name.</summary>
    /// <param name="name">LAYER.FIGURE, or LAYER.QUANTITY without the unit; names of layers may hold dots.</param>
    /// <param name="problem">What is wrong, what was found, what is allowed.</param>
    public static Metric? Find(string name, out string problem)
    {
        problem = "";
        foreach (LayerFigure figure in All)
        {
            foreach (string suffix in new[] { figure.Name, figure.Quantity })
            {
                if (name.Length > suffix.Length + 1 && name.EndsWith("." + suffix, StringComparison.Ordinal))
                {
                    string layer = name[..^(suffix.Length + 1)];
                    return Known.GetOrAdd((layer, figure.Name), _ => figure.Of(layer));
                }
            }
        }

        string[] names = [.. All.Select(figure => figure.Name)];
        string found = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];
        problem = $"not a figure of a layer, found '{found}'{NearestName.Suggestion(found, names)}, allowed {Prefix}LAYER.FIGURE with one of {string.Join(", ", names.Where(figure => !figure.Contains('.')))}, {Stall}CAUSE, {Unit}UNIT.COUNTER, {Energy}COMPONENT";
        return null;
    }

    private static LayerFigure OfTraffic(string name)
    {
        bool bytes = name.EndsWith("_bytes", StringComparison.Ordinal);
        return new(name, Words(bytes ? name[..^"_bytes".Length] : name), bytes ? "bytes" : "", row => row.Traffic.GetValueOrDefault(name))
        {
            Total = LayerTotal.Sum, Units = bytes ? MetricTable.Bytes : [],
        };
    }

    /// <summary>A sufficient width of a layer's sums; of the inference the greatest one.</summary>
    private static LayerFigure Width(string name, Func<WidthSummary, int> bits) => new(name, Words(name[..^"_bits".Length]), "bits", row => row.Widths is WidthSummary widths ? bits(widths) : null)
    {
        Total = LayerTotal.Greatest, Source = MetricSource.Values, Details = PointDetails.Layers | PointDetails.Widths,
    };

    private static string Words(string name) => name.Replace('_', ' ');
}
