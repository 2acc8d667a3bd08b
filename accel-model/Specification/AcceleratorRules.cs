// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;

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
        new(["array.activation_width", "array.activation_signed"], SignedActivationsHaveASignAndADigit),
        new(["requantizer.multiplier_width", "accumulator.width"], ProductFits),
        new(["requantizer.element_width"], ElementIsOneOrTwoBytes),
        .. Buffers().Select(buffer => new AcceleratorRule(
            [$"buffers.{buffer.Name}.size", $"buffers.{buffer.Name}.double_buffered"], spec => SlotsAreEqual(buffer.Of(spec)))),
        new(["buffers.activation.size", "buffers.activation.double_buffered", "memory.bytes_per_cycle", "requantizer.element_width"], ActivationSlotIsWholeWords),
        new(["buffers.weight.size", "buffers.weight.double_buffered", "array.rows"], WeightSlotHoldsOneSegment),
        new(["memory.bytes_per_cycle"], MemoryWordIsAPowerOfTwo),
        new(["memory.bytes_per_cycle", "requantizer.element_width"], MemoryWordHoldsAnElement),
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

    private static (string Name, Func<AcceleratorSpec, BufferSpec> Of)[] Buffers() =>
    [
        ("activation", spec => spec.Buffers.Activation),
        ("weight", spec => spec.Buffers.Weight),
        ("parameter", spec => spec.Buffers.Parameter),
        ("accumulator", spec => spec.Buffers.Accumulator),
        ("output", spec => spec.Buffers.Output),
    ];

    private static string? SignedActivationsHaveASignAndADigit(AcceleratorSpec spec) =>
        spec.Array.ActivationSigned && spec.Array.ActivationWidth < 2
            ? $"too narrow for a signed operand, found {spec.Array.ActivationWidth}, allowed 2..16 with activation_signed"
            : null;

    private static string? ProductFits(AcceleratorSpec spec)
    {
        int limit = AcceleratorLimits.MaxProductWidth - spec.Accumulator.Width;
        return spec.Requantizer.MultiplierWidth > limit
            ? $"the product does not fit {AcceleratorLimits.MaxProductWidth} bits, found {spec.Requantizer.MultiplierWidth}, allowed at most {limit} with accumulator.width {spec.Accumulator.Width}"
            : null;
    }

    private static string? ElementIsOneOrTwoBytes(AcceleratorSpec spec) =>
        spec.Requantizer.ElementWidth is 8 or 16 ? null : $"not whole bytes, found {spec.Requantizer.ElementWidth}, allowed 8, 16";

    private static string? SlotsAreEqual(BufferSpec buffer) =>
        buffer.DoubleBuffered && buffer.Size % 2 != 0 ? $"not two equal slots, found {buffer.Size}, allowed even sizes with double_buffered" : null;

    private static string? ActivationSlotIsWholeWords(AcceleratorSpec spec)
    {
        int elements = spec.ElementsPerWord;
        int slot = spec.Buffers.Activation.SlotSize;

        // What is wrong with the memory word itself is another rule's finding.
        return BitOperations.IsPow2(elements) && slot % elements != 0
            ? $"a slot is not whole memory words, found {slot} elements in a slot, allowed multiples of {elements} (bytes_per_cycle over element_width)"
            : null;
    }

    private static string? WeightSlotHoldsOneSegment(AcceleratorSpec spec)
    {
        BufferSpec weight = spec.Buffers.Weight;
        return weight.SlotSize < spec.Array.Rows
            ? $"a slot does not hold the weights of one pass, found {weight.SlotSize} lines in a slot, allowed at least {spec.Array.Rows} (array.rows)"
            : null;
    }

    private static string? MemoryWordIsAPowerOfTwo(AcceleratorSpec spec) =>
        BitOperations.IsPow2(spec.Memory.BytesPerCycle) ? null : $"not a power of two, found {spec.Memory.BytesPerCycle}, allowed 1, 2, 4, 8, 16, 32, 64, 128";

    private static string? MemoryWordHoldsAnElement(AcceleratorSpec spec) =>
        spec.Memory.BytesPerCycle < spec.ElementBytes
            ? $"a memory word does not hold an element, found {spec.Memory.BytesPerCycle}, allowed at least {spec.ElementBytes} with element_width {spec.Requantizer.ElementWidth}"
            : null;
}
