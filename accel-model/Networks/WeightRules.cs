// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;

namespace AccelModel.Networks;

/// <summary>Constant tensors of weights: shape, codes inside the format, and an accumulator that stays below 48 bits when exact.</summary>
internal static class WeightRules
{
    public static IEnumerable<Finding> Check(string path, IntegerTensor weights, FixedPointFormat format, string[] dimensions)
    {
        if (format.Width < 1 || format.MaxRaw > int.MaxValue)
        {
            yield return new Finding($"{path}.weight_format", $"weights must fit a signed 32-bit integer, found {format}, allowed sfix of 1..32 and ufix of 1..31 bits");
            yield break;
        }
        if (weights.Shape.IsDefault || weights.Values.IsDefault || weights.Shape.Length != dimensions.Length || weights.Shape.Any(extent => extent < 1))
        {
            yield return new Finding($"{path}.weights", $"wrong shape, found {Text(weights)}, allowed {dimensions.Length} extents of at least 1: {string.Join(", ", dimensions)}");
            yield break;
        }
        Int128 elements = weights.Shape.Aggregate((Int128)1, (product, extent) => product * extent);
        if (elements != weights.Values.Length || elements > TensorRules.MaxElements)
        {
            yield return new Finding(
                $"{path}.weights", $"wrong number of values, found {weights.Values.Length}, allowed the {elements} of the shape {Text(weights)} and at most {TensorRules.MaxElements}");
            yield break;
        }
        for (int i = 0; i < weights.Values.Length; i++)
        {
            if (!format.Contains(weights.Values[i]))
            {
                yield return new Finding(
                    $"{path}.weights", $"not a code of the weight format, found {weights.Values[i]} at flat index {i}, allowed {format.MinRaw}..{format.MaxRaw} ({format})");
                yield break;
            }
        }
    }

    public static IEnumerable<Finding> InputExtent(string path, IntegerTensor weights, int dimension, int expected, string meaning)
    {
        if (weights.Shape[dimension] != expected)
        {
            yield return new Finding($"{path}.weights", $"wrong shape, found {Text(weights)}, allowed {expected} as extent {dimension} ({meaning})");
        }
    }

    /// <summary><c>max over o of sum over k of |w[o,k]| * max|code|</c> must be a word of the widest accumulator.</summary>
    public static IEnumerable<Finding> Accumulator(string path, IntegerTensor weights, FixedPointFormat input)
    {
        Int128 largestCode = Int128.Max(-(Int128)input.MinRaw, input.MaxRaw);
        int products = weights.Values.Length / weights.Shape[0];
        for (int channel = 0; channel < weights.Shape[0]; channel++)
        {
            Int128 sum = 0;
            foreach (int weight in weights.Values.AsSpan(channel * products, products))
            {
                sum += Int128.Abs(weight);
            }
            if (sum * largestCode > TwosComplement.Max(AccumulatorFormat.MaxWidth))
            {
                yield return new Finding(
                    $"{path}.weights",
                    $"too large a sum of products, found up to {sum * largestCode} in output channel {channel}, allowed up to {TwosComplement.Max(AccumulatorFormat.MaxWidth)} ({AccumulatorFormat.MaxWidth} bits)");
                yield break;
            }
        }
    }

    private static string Text(IntegerTensor tensor) => tensor.Shape.IsDefault ? "[]" : $"[{string.Join(", ", tensor.Shape)}]";
}
