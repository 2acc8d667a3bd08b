// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using AccelModel.Scheduling;

namespace AccelModel.Specification;

/// <summary>One rule between members of a design that are each within their range.</summary>
/// <param name="Paths">Key paths it reads; the first is where its finding is placed.</param>
/// <param name="Complaint">What is wrong, or null.</param>
public sealed record AcceleratorRule(ImmutableArray<string> Paths, Func<AcceleratorSpec, string?> Complaint);

/// <summary>What a design must satisfy beyond the ranges of <see cref="AcceleratorLimits"/>.</summary>
public static class AcceleratorRules
{
    /// <summary>All rules, in the order of files.</summary>
    public static ImmutableArray<AcceleratorRule> All { get; } =
    [
        .. ArrayRules.All,
        new(["requantizer.multiplier_width", "accumulator.width"], ProductFits),
        new(["requantizer.multiplier_width", "vector.elementwise"], CombinedProductFits),
        new(["requantizer.double_rounding", "requantizer.fixed_shift"], TwoRoundingsHaveTheirShifts),
        new(["requantizer.element_width"], ElementIsOneOrTwoBytes),
        new(["vector.lookup", "requantizer.element_width"], TablesHaveOneByte),
        .. Buffers().Select(buffer => new AcceleratorRule(
            [$"buffers.{buffer.Name}.size", $"buffers.{buffer.Name}.double_buffered"], spec => SlotsAreEqual(buffer.Of(spec)))),
        .. Buffers().Where(buffer => buffer.OfElements).Select(buffer => new AcceleratorRule(
            [$"buffers.{buffer.Name}.size", $"buffers.{buffer.Name}.double_buffered", "memory.bytes_per_cycle", "requantizer.element_width"],
            spec => SlotIsWholeWords(spec, buffer.Of(spec)))),
        new(
            [
                "buffers.weight.size", "buffers.weight.double_buffered", "array.dataflow", "array.rows", "array.columns", "array.lanes", "array.processing_element", "array.weight_width",
                "array.codebook_value_width",
            ],
            WeightSlotHoldsOneSegment),
        new(["buffers.operand.size", "vector.elementwise"], OperandsAreForElementwiseUnits),
        new(["buffers.factor.size", "array.activation_weights"], FactorsAreActivationWeights),
        new(["buffers.factor.double_buffered", "buffers.weight.double_buffered", "buffers.factor.size"], FactorSlotsAreThoseOfWeights),
        new(
            ["buffers.factor.size", "buffers.factor.double_buffered", "array.dataflow", "array.rows", "array.columns", "array.lanes", "memory.bytes_per_cycle", "requantizer.element_width"],
            FactorSlotHasAllBanks),
        new(["memory.bytes_per_cycle"], MemoryWordIsAPowerOfTwo),
        new(["memory.bytes_per_cycle", "requantizer.element_width"], MemoryWordHoldsAnElement),
        new(["memory.burst_alignment_bytes", "memory.bytes_per_cycle"], BurstBlockIsWholeWords),
    ];

    /// <summary>Every finding about a design made in memory; empty for a sound one.</summary>
    public static ImmutableArray<Finding> Check(AcceleratorSpec spec)
    {
        List<Finding> findings = [];
        if (!(spec.ClockMhz is >= AcceleratorLimits.MinClockMhz and <= AcceleratorLimits.MaxClockMhz))
        {
            findings.Add(new Finding("clock_mhz", FormattableString.Invariant(
                $"out of range, found {spec.ClockMhz}, allowed {AcceleratorLimits.MinClockMhz}..{AcceleratorLimits.MaxClockMhz}")));
        }
        foreach (IntegerLimit limit in AcceleratorLimits.Integers)
        {
            int value = limit.ValueOf(spec);
            if (value < limit.Min || value > limit.Max)
            {
                findings.Add(new Finding(limit.Path, $"out of range, found {value}, allowed {limit.Min}..{limit.Max}"));
            }
        }
        return [.. findings, .. CheckRules(spec, [.. findings.Select(finding => finding.Path)])];
    }

    /// <summary>The findings of the rules that read nothing of what is wrong already: members, or sections with all that is in them.</summary>
    public static IEnumerable<Finding> CheckRules(AcceleratorSpec spec, IReadOnlyCollection<string> wrong)
    {
        bool IsWrong(string path) =>
            wrong.Any(other => other.Length == 0 || path == other || path.StartsWith(other + ".", StringComparison.Ordinal));

        foreach (AcceleratorRule rule in All.Where(rule => !rule.Paths.Any(IsWrong)))
        {
            if (rule.Complaint(spec) is string complaint)
            {
                yield return new Finding(rule.Paths[0], complaint);
            }
        }
    }

    private static (string Name, bool OfElements, Func<AcceleratorSpec, BufferSpec> Of)[] Buffers() =>
    [
        ("activation", true, spec => spec.Buffers.Activation),
        ("weight", false, spec => spec.Buffers.Weight),
        ("parameter", false, spec => spec.Buffers.Parameter),
        ("accumulator", false, spec => spec.Buffers.Accumulator),
        ("output", false, spec => spec.Buffers.Output),
        ("operand", true, spec => spec.Buffers.Operand),
        ("factor", true, spec => spec.Buffers.Factor),
    ];

    private static string? ProductFits(AcceleratorSpec spec)
    {
        int limit = AcceleratorLimits.MaxProductWidth - spec.Accumulator.Width;
        return spec.Requantizer.MultiplierWidth > limit
            ? $"the product does not fit {AcceleratorLimits.MaxProductWidth} bits, found {spec.Requantizer.MultiplierWidth}, allowed at most {limit} with accumulator.width {spec.Accumulator.Width}"
            : null;
    }

    private static string? CombinedProductFits(AcceleratorSpec spec)
    {
        const int Limit = AcceleratorLimits.MaxProductWidth - VectorSpec.CombinedWidth;
        return spec.Vector.Elementwise && spec.Requantizer.MultiplierWidth > Limit
            ? $"the product with a combined value of {VectorSpec.CombinedWidth} bits does not fit {AcceleratorLimits.MaxProductWidth} bits, found {spec.Requantizer.MultiplierWidth}, allowed at most {Limit} with vector.elementwise"
            : null;
    }

    private static string? TwoRoundingsHaveTheirShifts(AcceleratorSpec spec) =>
        spec.Requantizer is { DoubleRounding: true, FixedShift: not null }
            ? "two roundings take two shifts of each record, found true, allowed false with fixed_shift"
            : null;

    private static string? TablesHaveOneByte(AcceleratorSpec spec) =>
        spec.Vector.Lookup && spec.Requantizer.ElementWidth == 16
            ? "a table has 256 entries, found true, allowed false with element_width 16"
            : null;

    private static string? ElementIsOneOrTwoBytes(AcceleratorSpec spec) =>
        spec.Requantizer.ElementWidth is 8 or 16 ? null : $"not whole bytes, found {spec.Requantizer.ElementWidth}, allowed 8, 16";

    private static string? SlotsAreEqual(BufferSpec buffer) =>
        buffer.DoubleBuffered && buffer.Size % 2 != 0 ? $"not two equal slots, found {buffer.Size}, allowed even sizes with double_buffered" : null;

    private static string? SlotIsWholeWords(AcceleratorSpec spec, BufferSpec buffer)
    {
        int elements = spec.ElementsPerWord;
        int slot = buffer.SlotSize;

        // What is wrong with the memory word itself is another rule's finding.
        return BitOperations.IsPow2(elements) && slot % elements != 0
            ? $"a slot is not whole memory words, found {slot} elements in a slot, allowed multiples of {elements} (bytes_per_cycle over element_width)"
            : null;
    }

    private static string? WeightSlotHoldsOneSegment(AcceleratorSpec spec)
    {
        BufferSpec weight = spec.Buffers.Weight;
        bool byColumns = spec.Array.Dataflow == Dataflow.InputStationary;
        int segment = byColumns ? spec.Array.Columns : spec.Array.Rows;
        int table = spec.CodebookLines;
        string lines = (byColumns ? "array.columns" : "array.rows") + (table > 0 ? $" and {table} of the codebook" : "");
        return weight.SlotSize < segment + table
            ? $"a slot does not hold the weights of one pass, found {weight.SlotSize} lines in a slot, allowed at least {segment + table} ({lines})"
            : null;
    }

    private static string? OperandsAreForElementwiseUnits(AcceleratorSpec spec) => (spec.Vector.Elementwise, spec.Buffers.Operand.Size) switch
    {
        (true, 0) => $"no buffer for operands, found 0, allowed 1..{AcceleratorLimits.MaxBufferSize} with vector.elementwise",
        (false, > 0 and var size) => $"a buffer that nothing reads, found {size}, allowed 0 without vector.elementwise",
        _ => null,
    };

    private static string? FactorsAreActivationWeights(AcceleratorSpec spec) => (spec.Array.ActivationWeights, spec.Buffers.Factor.Size) switch
    {
        (true, 0) => $"no buffer for activations that are weights, found 0, allowed 1..{AcceleratorLimits.MaxBufferSize} with array.activation_weights",
        (false, > 0 and var size) => $"a buffer that nothing reads, found {size}, allowed 0 without array.activation_weights",
        _ => null,
    };

    private static string? FactorSlotsAreThoseOfWeights(AcceleratorSpec spec) =>
        spec.Buffers.Factor.Size > 0 && spec.Buffers.Factor.DoubleBuffered != spec.Buffers.Weight.DoubleBuffered
            ? $"its slots take turns with those of the weight buffer, found {Text(spec.Buffers.Factor.DoubleBuffered)}, allowed {Text(spec.Buffers.Weight.DoubleBuffered)} (buffers.weight.double_buffered)"
            : null;

    private static string? FactorSlotHasAllBanks(AcceleratorSpec spec)
    {
        int banks = FactorLayout.Banks(spec), slot = spec.Buffers.Factor.SlotSize;
        return spec.Buffers.Factor.Size > 0 && slot < banks
            ? $"a slot is less than its banks, of which a line and a memory word need {banks}, found {slot} elements in a slot, allowed at least {banks}"
            : null;
    }

    private static string Text(bool value) => value ? "true" : "false";

    private static string? MemoryWordIsAPowerOfTwo(AcceleratorSpec spec) =>
        BitOperations.IsPow2(spec.Memory.BytesPerCycle) ? null : $"not a power of two, found {spec.Memory.BytesPerCycle}, allowed 1, 2, 4, 8, 16, 32, 64, 128";

    private static string? MemoryWordHoldsAnElement(AcceleratorSpec spec) =>
        spec.Memory.BytesPerCycle < spec.ElementBytes
            ? $"a memory word does not hold an element, found {spec.Memory.BytesPerCycle}, allowed at least {spec.ElementBytes} with element_width {spec.Requantizer.ElementWidth}"
            : null;

    private static string? BurstBlockIsWholeWords(AcceleratorSpec spec)
    {
        int block = spec.Memory.BurstAlignmentBytes;
        return block != 0 && (!BitOperations.IsPow2(block) || block < spec.Memory.BytesPerCycle)
            ? $"not a power of two of at least a memory word, found {block}, allowed 0, or powers of two from {spec.Memory.BytesPerCycle} on (bytes_per_cycle)"
            : null;
    }
}
