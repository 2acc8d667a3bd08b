// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cli.Experiments;

/// <summary>What one run found; printed by <c>--json</c> and kept as <c>simulation/summary.json</c>. Accuracies are fractions.</summary>
public sealed record RunSummary
{
    /// <summary>Name of the experiment.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the resolved configuration.</summary>
    public required string ConfigSha256 { get; init; }

    /// <summary>The network before quantisation, in floating point; null where none was trained.</summary>
    public double? FloatAccuracy { get; init; }

    /// <summary>The fake-quantised forward pass, in floating point.</summary>
    public double? TrainedAccuracy { get; init; }

    /// <summary>Integer codes as exact floats, with the requantiser's arithmetic.</summary>
    public double? QuantizedAccuracy { get; init; }

    /// <summary>The accelerator.</summary>
    public required double IntegerAccuracy { get; init; }

    /// <summary>Codes in which trained and quantized differ, over all layers and test images; null where nothing was trained.</summary>
    public long? TrainedQuantizedDifferences { get; init; }

    /// <summary>The same as a share of all codes.</summary>
    public double? TrainedQuantizedRate { get; init; }

    /// <summary>Codes in which quantized and the accelerator's output differ.</summary>
    public long? QuantizedIntegerDifferences { get; init; }

    /// <summary>Test images.</summary>
    public required int TestImages { get; init; }

    /// <summary>Cycles of one inference from the first fetch to the last store.</summary>
    public required long CyclesPerInference { get; init; }

    /// <summary>The same in microseconds at <see cref="ClockMhz"/>.</summary>
    public required double LatencyUs { get; init; }

    /// <summary>Cycles from one frame's end to the next one's when inferences follow each other without end, in the mean of a period.</summary>
    public required double CyclesPerFrame { get; init; }

    /// <summary>Cycles of the first of such frames.</summary>
    public required long FirstFrameCycles { get; init; }

    /// <summary>Back-to-back inferences per second: clock over <see cref="CyclesPerFrame"/>.</summary>
    public required double FramesPerSecond { get; init; }

    /// <summary>Clock in MHz.</summary>
    public required double ClockMhz { get; init; }

    /// <summary>Where the clock comes from.</summary>
    public required string ClockProvenance { get; init; }

    /// <summary>Multiply-accumulates over PEs times cycles.</summary>
    public required double Utilization { get; init; }

    /// <summary>Overflows at all adders, over all test images.</summary>
    public required long Overflows { get; init; }

    /// <summary>Test images, from the first on, whose sums the observed widths are of.</summary>
    public int ObservedImages { get; init; }

    /// <summary>Area on the default family.</summary>
    public required AreaSummary Area { get; init; }

    /// <summary>Layers in order; their cycles add up.</summary>
    public required IReadOnlyList<LayerSummary> Layers { get; init; }

    /// <summary>The comparison with the RTL; null where none was made.</summary>
    public VerificationSummary? Verification { get; init; }

    /// <summary>The run's folder.</summary>
    public string OutputDirectory { get; init; } = "";

    /// <summary>Names in snake case, indented, enumerations by name.</summary>
    public static JsonSerializerOptions JsonOptions { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        WriteIndented = true,
        NewLine = "\n",
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>One JSON object.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonOptions);
}

/// <summary>Area of the design and where the figures come from.</summary>
/// <param name="Target">The FPGA family.</param>
/// <param name="Lut">Look-up tables.</param>
/// <param name="FlipFlops">Flip-flops.</param>
/// <param name="Dsp">Multiplier blocks.</param>
/// <param name="Bram">Memory blocks.</param>
/// <param name="MemoryBits">Bits of the buffers.</param>
/// <param name="Provenance">Label of the figures of the family.</param>
/// <param name="Note">What they rest on, with their error.</param>
public sealed record AreaSummary(string Target, double Lut, double FlipFlops, double Dsp, double Bram, double MemoryBits, string Provenance, string Note);

/// <summary>One layer of the network.</summary>
public sealed record LayerSummary
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Kind; a fused layer has no cycles of its own.</summary>
    public required string Kind { get; init; }

    /// <summary>Cycles of the array unit for this layer.</summary>
    public required long Cycles { get; init; }

    /// <summary>Multiply-accumulates.</summary>
    public required long Macs { get; init; }

    /// <summary>Multiply-accumulates over PEs times cycles.</summary>
    public required double Utilization { get; init; }

    /// <summary>The array unit's cycles without work, by cause.</summary>
    public required IReadOnlyDictionary<string, long> StallCycles { get; init; }

    /// <summary>Where the cycles of each unit went that it spent on this layer; empty for a layer that is fused into another.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Units { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, long>>();

    /// <summary>What was moved, memory by memory; empty for a layer that is fused into another.</summary>
    public IReadOnlyDictionary<string, long> Traffic { get; init; } = new Dictionary<string, long>();

    /// <summary>Bytes read from external memory.</summary>
    public required long DramReadBytes { get; init; }

    /// <summary>Bytes written to external memory.</summary>
    public required long DramWriteBytes { get; init; }

    /// <summary>Overflows at partial sums and accumulators over all test images.</summary>
    public required long Overflows { get; init; }

    /// <summary>The first overflow; null if there was none.</summary>
    public OverflowSummary? FirstOverflow { get; init; }

    /// <summary>Energy by component, nanojoules; empty for a layer that is fused into another.</summary>
    public IReadOnlyDictionary<string, double> EnergyNj { get; init; } = new Dictionary<string, double>();

    /// <summary>Multiply-accumulates per byte of external memory.</summary>
    public double ArithmeticIntensity { get; init; }

    /// <summary>Multiply-accumulates per cycle that the roofline allows at this intensity.</summary>
    public double AttainableMacsPerCycle { get; init; }

    /// <summary>Sufficient widths of its sums; null for a layer without products.</summary>
    public WidthSummary? Widths { get; init; }

    /// <summary>Which part of the roofline limits it: compute, memory or none.</summary>
    public string RooflineBound { get; init; } = "none";
}

/// <summary>Where an overflow happened first: the least image, output (row, column, channel), position in the order of additions.</summary>
public sealed record OverflowSummary(int Image, int Output, int Row, int Column, int Channel, int K, string Stage);
