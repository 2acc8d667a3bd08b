// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification.Yaml;

namespace AccelModel.Specification;

/// <summary>Whether the array can multiply the codes that a layer reads with its weights.</summary>
internal static class MatrixFit
{
    /// <summary>The input's codes, and every weight.</summary>
    public static IEnumerable<Finding> Check(string path, string name, Layer layer, IntegerTensor weights, FitTensors tensors, AcceleratorSpec accelerator) =>
        [.. Operand($"{path}.input", name, layer, tensors, accelerator.Array), .. Weights($"{path}.weights", name, weights, accelerator.Array)];

    /// <summary>Two tensors: the first one's codes are operands, the second one's are weights, each with its offset.</summary>
    public static IEnumerable<Finding> Matmul(string path, string name, MatmulLayer layer, FitTensors tensors, AcceleratorSpec accelerator)
    {
        ArraySpec array = accelerator.Array;
        if (!array.ActivationWeights)
        {
            yield return new Finding($"{path}.kind", $"{name} multiplies two tensors that are made on the way, found '{layer.Kind}', allowed with array.activation_weights only");
            yield break;
        }

        FixedPointFormat first = tensors.Of(layer.Input).Format, second = tensors.Of(layer.SecondInput).Format;
        int width = array.HasOperandOffsets ? array.WeightValueWidth : Math.Min(array.WeightWidth, accelerator.Requantizer.ElementWidth);
        IEnumerable<Finding> findings = array.HasOperandOffsets
            ?
            [
                .. layer.FirstOffset == 0 ? Operand($"{path}.input", name, layer, tensors, array) : Sum($"{path}.first_offset", name, first, layer.FirstOffset, array.Operands, "array.activation_width"),
                .. layer.SecondOffset == 0
                    ? Factor($"{path}.second_input", name, second, width)
                    : Sum($"{path}.second_offset", name, second, layer.SecondOffset, array.WeightValues, "array.weight_width and a bit"),
            ]
            :
            [
                .. Operand($"{path}.input", name, layer, tensors, array), .. Factor($"{path}.second_input", name, second, width),
                .. NoOffset($"{path}.first_offset", name, layer.FirstOffset), .. NoOffset($"{path}.second_offset", name, layer.SecondOffset),
            ];
        foreach (Finding finding in findings)
        {
            yield return finding;
        }
    }

    /// <summary>Padding of bipolar codes is bipolar.</summary>
    public static IEnumerable<Finding> Padding(string path, string name, Conv2dLayer layer, FitTensors tensors, AcceleratorSpec accelerator)
    {
        bool seesSigns = accelerator.Array.ProcessingElement == ProcessingElementKind.XnorPopcount && tensors.Of(layer.Input).Format.Signed;
        if (seesSigns && layer.Padding != Networks.Padding.None && layer.PaddingCode is not (-1 or 1))
        {
            yield return new Finding($"{path}.padding_code", $"{name} pads with a code that is no sign, found {layer.PaddingCode}, allowed -1, 1 ({Kind(accelerator.Array)})");
        }
    }

    private static IEnumerable<Finding> Operand(string path, string name, Layer layer, FitTensors tensors, ArraySpec array)
    {
        FixedPointFormat format = tensors.Of(layer.Input).Format;
        if (format.Signed && !array.ActivationSigned)
        {
            yield return new Finding(path, $"{name} reads signed codes, found {format}, allowed unsigned ones (array.activation_signed is false)");
        }
        else if (array.ProcessingElement == ProcessingElementKind.XnorPopcount)
        {
            if (format.Signed && !tensors.IsBipolar(layer.Input))
            {
                yield return new Finding(
                    path, $"{name} reads signed codes beside -1 and +1, found {format}, allowed the output of a sign, an input of 2 bits that holds -1 and +1, or unsigned codes ({Kind(array)})");
            }
        }
        else if ((format.Signed || array.ProcessingElement == ProcessingElementKind.BitSerial) && format.Width > array.ActivationWidth)
        {
            yield return new Finding(
                path, $"{name} reads codes too wide for one operand, found {format}, allowed up to {array.ActivationWidth} bits (array.activation_width)");
        }
    }

    /// <summary>Codes of a second tensor that are weights as they are.</summary>
    private static IEnumerable<Finding> Factor(string path, string name, FixedPointFormat second, int signedWidth)
    {
        int width = signedWidth - (second.Signed ? 0 : 1);
        if (second.Width > width)
        {
            yield return new Finding(
                path, $"{name} takes weights from codes too wide for them, found {second}, allowed {(second.Signed ? "signed" : "unsigned")} ones of up to {width} bits (array.weight_width)");
        }
    }

    private static IEnumerable<Finding> NoOffset(string path, string name, int offset)
    {
        if (offset != 0)
        {
            yield return new Finding(path, $"{name} adds to codes before it multiplies, found {offset}, allowed 0: the array multiplies codes as they are without array.operand_offsets");
        }
    }

    /// <summary>Sums of codes and an offset are operands of one pass: all within a range.</summary>
    private static IEnumerable<Finding> Sum(string path, string name, FixedPointFormat codes, int offset, OperandRange range, string key)
    {
        if (!range.Holds(codes, offset))
        {
            yield return new Finding(
                path,
                $"{name} multiplies codes of {codes} plus an offset, which are {codes.MinRaw + offset}..{codes.MaxRaw + offset}, found {offset}, "
                + $"allowed where they are within {range.Least}..{range.Greatest} ({key})");
        }
    }

    private static IEnumerable<Finding> Weights(string path, string name, IntegerTensor weights, ArraySpec array)
    {
        if (array.ProcessingElement == ProcessingElementKind.Codebook)
        {
            int values = weights.Values.Distinct().Count();
            if (values > 1 << array.WeightWidth)
            {
                yield return new Finding(path, $"{name} has more values than a codebook, found {values}, allowed {1 << array.WeightWidth} (array.weight_width {array.WeightWidth})");
                yield break;
            }
        }

        var encoding = WeightEncoding.Of(array, weights.Values);
        for (int i = 0; i < weights.Values.Length; i++)
        {
            if (!encoding.Contains(weights.Values[i]))
            {
                yield return new Finding(path, $"{name} has a weight that the PEs have no code for, found {weights.Values[i]} at flat index {i}, allowed {Allowed(array)}");
                yield break;
            }
        }
    }

    private static string Allowed(ArraySpec array) => array.ProcessingElement switch
    {
        ProcessingElementKind.XnorPopcount => $"-1, 1 ({Kind(array)})",
        ProcessingElementKind.TernaryAdd => $"-1, 0, 1 ({Kind(array)})",
        ProcessingElementKind.ShiftAdd =>
            $"0 and signed powers of two up to {LargestPower(array)}{(array.WeightTerms > 1 ? ", and sums of two of these" : "")} ({Kind(array)}, array.weight_width {array.WeightWidth})",
        ProcessingElementKind.Codebook => $"{Range(array.CodebookValueWidth)} (array.codebook_value_width)",
        _ => $"{Range(array.WeightWidth)} (array.weight_width)",
    };

    /// <summary>A field of n bits has n - 1 behind its sign, of which the code 0 stands for no power and the code e + 1 for 2^e.</summary>
    private static long LargestPower(ArraySpec array) => 1L << ((1 << ((array.WeightWidth / array.WeightTerms) - 1)) - 2);

    private static string Range(int width) => $"{TwosComplement.Min(width)}..{TwosComplement.Max(width)}";

    private static string Kind(ArraySpec array) => $"array.processing_element {EnumNames.Of(array.ProcessingElement)}";
}
