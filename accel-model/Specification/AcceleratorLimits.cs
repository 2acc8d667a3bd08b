// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace AccelModel.Specification;

/// <summary>The range of one whole number of an <see cref="AcceleratorSpec"/>.</summary>
/// <param name="Path">Key path in the file.</param>
/// <param name="Min">Least value allowed.</param>
/// <param name="Max">Greatest value allowed.</param>
/// <param name="ValueOf">Reads it.</param>
public sealed record IntegerLimit(string Path, int Min, int Max, Func<AcceleratorSpec, int> ValueOf);

/// <summary>Every range of a design in one table, for the reader of files and for the validator of designs made in memory.</summary>
public static class AcceleratorLimits
{
    /// <summary>The least clock in MHz.</summary>
    public const double MinClockMhz = 0.001;

    /// <summary>The greatest clock in MHz.</summary>
    public const double MaxClockMhz = 10_000;

    /// <summary>The largest buffer, in its own unit of address.</summary>
    public const int MaxBufferSize = 1 << 24;

    /// <summary>Accumulator and multiplier together: the product of accumulator + bias, one bit wider, and an unsigned multiplier then has at most 64 bits with its sign.</summary>
    public const int MaxProductWidth = 63;

    /// <summary>Whole numbers, in the order of files.</summary>
    public static ImmutableArray<IntegerLimit> Integers { get; } =
    [
        new("array.rows", 1, 128, spec => spec.Array.Rows),
        new("array.columns", 1, 128, spec => spec.Array.Columns),
        new("array.lanes", 1, 8, spec => spec.Array.Lanes),
        new("array.activation_width", 1, 16, spec => spec.Array.ActivationWidth),
        new("array.weight_width", 1, 16, spec => spec.Array.WeightWidth),
        new("array.weight_terms", 1, 2, spec => spec.Array.WeightTerms),
        new("array.codebook_value_width", 0, 16, spec => spec.Array.CodebookValueWidth),
        new("array.partial_sum_width", 4, 48, spec => spec.Array.PartialSumWidth),
        new("accumulator.width", 8, 48, spec => spec.Accumulator.Width),
        new("requantizer.fixed_shift", 0, (1 << RequantizerSpec.ShiftWidth) - 1, spec => spec.Requantizer.FixedShift ?? 0),
        new("requantizer.multiplier_width", 1, 32, spec => spec.Requantizer.MultiplierWidth),
        new("requantizer.element_width", 8, 16, spec => spec.Requantizer.ElementWidth),
        new("vector.threshold_levels", 0, (1 << VectorSpec.ThresholdCountWidth) - 1, spec => spec.Vector.ThresholdLevels),
        new("buffers.activation.size", 1, MaxBufferSize, spec => spec.Buffers.Activation.Size),
        new("buffers.weight.size", 1, MaxBufferSize, spec => spec.Buffers.Weight.Size),
        new("buffers.parameter.size", 1, MaxBufferSize, spec => spec.Buffers.Parameter.Size),
        new("buffers.accumulator.size", 1, MaxBufferSize, spec => spec.Buffers.Accumulator.Size),
        new("buffers.output.size", 1, MaxBufferSize, spec => spec.Buffers.Output.Size),
        new("buffers.operand.size", 0, MaxBufferSize, spec => spec.Buffers.Operand.Size),
        new("buffers.factor.size", 0, MaxBufferSize, spec => spec.Buffers.Factor.Size),
        new("memory.bytes_per_cycle", 1, 128, spec => spec.Memory.BytesPerCycle),
        new("memory.latency_cycles", 1, 1000, spec => spec.Memory.LatencyCycles),
        new("memory.burst_beats", 1, 4096, spec => spec.Memory.BurstBeats),
        new("memory.burst_alignment_bytes", 0, 1 << 20, spec => spec.Memory.BurstAlignmentBytes),
    ];

    /// <summary>The limit of a key path.</summary>
    /// <exception cref="InvalidOperationException">There is none of that path.</exception>
    public static IntegerLimit Of(string path) => Integers.Single(limit => limit.Path == path);
}
