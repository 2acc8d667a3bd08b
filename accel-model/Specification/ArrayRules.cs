// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;

namespace AccelModel.Specification;

/// <summary>What an array must satisfy: its kind of PE (docs/architecture.md, section 4.4), its dataflow, its column filter.</summary>
internal static class ArrayRules
{
    /// <summary>The wide and the narrow operand of the multiplier that two products share.</summary>
    private const int WideOperand = 25;
    private const int NarrowOperand = 18;

    /// <summary>All rules, in the order of files.</summary>
    public static ImmutableArray<AcceleratorRule> All { get; } =
    [
        new(["array.rows", "array.dataflow"], StationarySumsHaveTwoRows),
        new(["array.lanes", "array.processing_element"], PackedLanesComeInPairs),
        new(["array.activation_width", "array.activation_signed", "array.processing_element"], ActivationWidthIsOfItsKind),
        new(["array.activation_signed", "array.processing_element"], BipolarActivationsAreSigned),
        new(["array.weight_width", "array.weight_terms", "array.processing_element"], WeightWidthIsOfItsKind),
        new(["array.weight_width", "array.activation_width", "array.activation_signed", "array.processing_element", "array.operand_offsets"], PackedProductsFitOneMultiplier),
        new(["array.weight_terms", "array.processing_element"], OnlyShiftAddHasTerms),
        new(["array.codebook_value_width", "array.processing_element"], OnlyCodebooksHaveValues),
        new(["array.column_filter", "array.dataflow", "array.processing_element"], FiltersHoldTheirWeights),
        new(["array.activation_weights", "array.processing_element"], ActivationsAreWholeNumbers),
        new(["array.operand_offsets", "array.activation_weights"], OffsetsAreOfActivations),
    ];

    private static string? StationarySumsHaveTwoRows(AcceleratorSpec spec) =>
        spec.Array.Dataflow == Dataflow.OutputStationary && spec.Array.Rows < 2
            ? $"too few rows to drain sums, found {spec.Array.Rows}, allowed 2..128 with dataflow {EnumNames.Of(Dataflow.OutputStationary)}"
            : null;

    private static string? PackedLanesComeInPairs(AcceleratorSpec spec) =>
        spec.Array is { ProcessingElement: ProcessingElementKind.DspPacked, Lanes: var lanes } && lanes % 2 != 0
            ? $"two lanes share a multiplier, found {lanes}, allowed 2, 4, 6, 8 {OfKind(spec)}"
            : null;

    private static string? ActivationWidthIsOfItsKind(AcceleratorSpec spec)
    {
        int width = spec.Array.ActivationWidth;
        return spec.Array.ProcessingElement == ProcessingElementKind.XnorPopcount
            ? width == 1 ? null : $"not one bit, found {width}, allowed 1 {OfKind(spec)}"
            : spec.Array.ActivationSigned && width < 2 ? $"too narrow for a signed operand, found {width}, allowed 2..16 with activation_signed" : null;
    }

    private static string? BipolarActivationsAreSigned(AcceleratorSpec spec) =>
        spec.Array is { ProcessingElement: ProcessingElementKind.XnorPopcount, ActivationSigned: false } ? $"codes of -1 and +1 are signed, found false, allowed true {OfKind(spec)}" : null;

    private static string? WeightWidthIsOfItsKind(AcceleratorSpec spec)
    {
        ArraySpec array = spec.Array;
        int[] allowed = array.ProcessingElement switch
        {
            ProcessingElementKind.XnorPopcount => [1],
            ProcessingElementKind.TernaryAdd => [2],
            ProcessingElementKind.ShiftAdd => [.. Enumerable.Range(2, 4).Select(field => field * array.WeightTerms)],
            ProcessingElementKind.Codebook => [.. Enumerable.Range(1, 8)],
            _ => [.. Enumerable.Range(2, 15)],
        };
        string terms = array.ProcessingElement == ProcessingElementKind.ShiftAdd ? $" and weight_terms {array.WeightTerms}" : "";
        return allowed.Contains(array.WeightWidth) ? null : $"not a width of its weights, found {array.WeightWidth}, allowed {Text(allowed)} {OfKind(spec)}{terms}";
    }

    private static string? PackedProductsFitOneMultiplier(AcceleratorSpec spec)
    {
        ArraySpec array = spec.Array;
        int activation = array.ActivationWidth + (array.ActivationSigned ? 0 : 1);
        int weight = array.WeightValueWidth;
        int distance = activation + weight + 1;
        (int First, int Second) operands = (distance + activation, distance + weight);
        bool fits = Math.Max(operands.First, operands.Second) <= WideOperand && Math.Min(operands.First, operands.Second) <= NarrowOperand;
        return array.ProcessingElement == ProcessingElementKind.DspPacked && !fits
            ? $"two products do not fit one multiplier, found {weight} with activations of {activation} bits in two's complement, which takes {operands.First} x {operands.Second} bits, "
                + $"allowed at most {WideOperand} x {NarrowOperand} or {NarrowOperand} x {WideOperand} {OfKind(spec)}"
            : null;
    }

    private static string? OnlyShiftAddHasTerms(AcceleratorSpec spec) =>
        spec.Array.WeightTerms > 1 && spec.Array.ProcessingElement != ProcessingElementKind.ShiftAdd
            ? $"weights that are no sums of powers of two, found {spec.Array.WeightTerms}, allowed 1 {OfKind(spec)}"
            : null;

    private static string? OnlyCodebooksHaveValues(AcceleratorSpec spec)
    {
        int width = spec.Array.CodebookValueWidth;
        return spec.Array.ProcessingElement == ProcessingElementKind.Codebook
            ? width >= 2 ? null : $"no width of the codebook's values, found {width}, allowed 2..16 {OfKind(spec)}"
            : width != 0 ? $"values without a codebook, found {width}, allowed 0 {OfKind(spec)}" : null;
    }

    private static string? FiltersHoldTheirWeights(AcceleratorSpec spec)
    {
        ArraySpec array = spec.Array;
        return !array.ColumnFilter ? null
            : array.Dataflow != Dataflow.WeightStationary
                ? $"a column filters with the weights that it holds, found true, allowed false with dataflow {EnumNames.Of(array.Dataflow)}"
            : array.ProcessingElement == ProcessingElementKind.BitSerial ? $"a column filters a vector a cycle, found true, allowed false {OfKind(spec)}"
            : null;
    }

    private static string? ActivationsAreWholeNumbers(AcceleratorSpec spec) =>
        spec.Array is { ActivationWeights: true, ProcessingElement: not (ProcessingElementKind.Multiply or ProcessingElementKind.DspPacked or ProcessingElementKind.BitSerial) }
            ? $"activations are whole numbers, found true, allowed false {OfKind(spec)}"
            : null;

    private static string? OffsetsAreOfActivations(AcceleratorSpec spec) =>
        spec.Array is { HasOperandOffsets: true, ActivationWeights: false } ? "offsets of operands that are not there, found true, allowed false without array.activation_weights" : null;

    private static string OfKind(AcceleratorSpec spec) => $"with processing_element {EnumNames.Of(spec.Array.ProcessingElement)}";

    /// <summary>A range where it is one, else a list.</summary>
    private static string Text(int[] values) =>
        values.Length > 4 && values[^1] - values[0] == values.Length - 1 ? $"{values[0]}..{values[^1]}" : string.Join(", ", values);
}
