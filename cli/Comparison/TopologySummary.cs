// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AccelModel.Comparison;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

namespace Cli.Comparison;

/// <summary>Whose cycles are <c>compute_cycles</c>.</summary>
public enum TopologyTiming
{
    /// <summary>SCALE-Sim's: operands are always there, folds do not overlap.</summary>
    IdealFeed,

    /// <summary>Those of our array, as the contract has them.</summary>
    Causal,
}

/// <summary>One layer as JSON has it (docs/scale-sim.md). Cycles are whole numbers, <c>utilization</c> and <c>mapping_efficiency</c> fractions; null where there is no such figure.</summary>
public sealed record TopologyLayerSummary(
    string Name,
    long M,
    long N,
    long K,
    long Macs,
    long? ComputeCycles,
    long IdealFeedCycles,
    long? CausalCycles,
    double? Ratio,
    string Reason,
    double? Utilization,
    double MappingEfficiency,
    IReadOnlyDictionary<string, long> Difference);

/// <summary>A topology as JSON has it.</summary>
public sealed record TopologySummary(
    string Topology,
    TopologyFormat Format,
    TopologyTiming Timing,
    Dataflow Dataflow,
    int Rows,
    int Columns,
    bool WeightDoubleBuffering,
    IReadOnlyList<TopologyLayerSummary> Layers,
    long? TotalComputeCycles,
    long TotalIdealFeedCycles,
    long? TotalCausalCycles,
    double? TotalRatio,
    long TotalMacs,
    double? TotalUtilization,
    double? ClockMhz,
    double? PeakGopsPerSecond,
    double? GopsPerSecond,
    IReadOnlyDictionary<string, string> Terms)
{
    private const string NoSuchArray = "an output-stationary array of ours has at least 2 rows";

    /// <summary>
    /// The summary of a comparison. With a clock, 10^9 operations per second, two of them a multiply-accumulate: of all elements
    /// (<c>2 * rows * columns * clock</c>), and of the topology (<c>2 * macs * clock / cycles</c>).
    /// </summary>
    public static TopologySummary Of(string file, TopologyFormat format, TimingComparison comparison, TopologyTiming timing, double? clockMhz)
    {
        ComparedArray array = comparison.Array;
        double elements = (double)array.Rows * array.Columns;
        long? total = timing == TopologyTiming.Causal ? comparison.CausalCycles : comparison.IdealFeedCycles;
        return new(
            file,
            format,
            timing,
            array.Dataflow,
            array.Rows,
            array.Columns,
            array.WeightDoubleBuffering,
            [.. comparison.Layers.Select(layer => Layer(layer, timing, elements))],
            total,
            comparison.IdealFeedCycles,
            comparison.CausalCycles,
            Quotient(comparison.CausalCycles, comparison.IdealFeedCycles),
            comparison.Macs,
            Quotient(comparison.Macs, total * elements),
            clockMhz,
            2 * elements * clockMhz / 1000,
            Quotient(2.0 * comparison.Macs * clockMhz / 1000, total),
            Enum.GetValues<DifferenceTerm>().ToDictionary(term => EnumNames.Of(term), Words));
    }

    /// <summary>What a term is, in words.</summary>
    public static string Words(DifferenceTerm term) => term switch
    {
        DifferenceTerm.Skew => "SCALE-Sim lets every fold fill and drain the array (R + C - 2 cycles); here the next segment follows while the last one drains",
        DifferenceTerm.StationaryLoading => "SCALE-Sim loads the operand that stays in R cycles per fold; here it enters behind the one in use, where that streams long enough",
        DifferenceTerm.KPadding => "K is cut into segments of R steps, the last one padded",
        DifferenceTerm.Issue => "each instruction is fetched and started: 2 cycles",
        DifferenceTerm.Drain => "the last results cross the array to the accumulators",
        DifferenceTerm.OffByOne => "SCALE-Sim reports the number of its last cycle, counted from 0",
        _ => throw new ArgumentOutOfRangeException(nameof(term)),
    };

    private static TopologyLayerSummary Layer(LayerComparison compared, TopologyTiming timing, double elements)
    {
        GemmShape shape = compared.Layer.Shape;
        long? causal = compared.Causal?.Cycles;
        Difference[] differences = [.. compared.Causal?.Differences ?? []];
        return new(
            compared.Layer.Name,
            shape.M,
            shape.N,
            shape.K,
            shape.Macs,
            timing == TopologyTiming.Causal ? causal : compared.IdealFeed.Cycles,
            compared.IdealFeed.Cycles,
            causal,
            Quotient(causal, compared.IdealFeed.Cycles),
            causal is null ? NoSuchArray : Reason(differences),
            timing == TopologyTiming.Causal ? Quotient(shape.Macs, causal * elements) : compared.IdealFeed.Utilization,
            compared.IdealFeed.MappingEfficiency,
            differences.ToDictionary(difference => EnumNames.Of(difference.Term), difference => difference.Cycles));
    }

    /// <summary>The terms that are not 0, the largest first: <c>skew -1,234, drain +32, off_by_one +1</c>.</summary>
    private static string Reason(IEnumerable<Difference> differences) => string.Join(", ", differences
        .Where(difference => difference.Cycles != 0)
        .OrderByDescending(difference => Math.Abs(difference.Cycles))
        .Select(difference => string.Create(CultureInfo.InvariantCulture, $"{EnumNames.Of(difference.Term)} {difference.Cycles:+#,0;-#,0}")));

    private static double? Quotient(double? above, double? below) => below == 0 ? null : above / below;
}
