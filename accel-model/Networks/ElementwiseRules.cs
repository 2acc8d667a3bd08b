// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;

namespace AccelModel.Networks;

/// <summary>Layers that make one code of each position: shapes, tables, and terms and products that fit the widest accumulator.</summary>
internal static class ElementwiseRules
{
    /// <summary>The most positions to the left that a code goes before it becomes a term of a sum.</summary>
    public const int MaxLeftShift = 20;

    /// <summary>The widest code that a table takes.</summary>
    public const int MaxTableWidth = 16;

    public static IEnumerable<Finding> Add(string path, AddLayer layer, TensorSpec first, TensorSpec second)
    {
        if (layer.LeftShift is < 0 or > MaxLeftShift)
        {
            yield return new Finding($"{path}.left_shift", $"out of range, found {layer.LeftShift}, allowed 0..{MaxLeftShift}");
        }
        if ((second.Height, second.Width, second.Channels) != (first.Height, first.Width, first.Channels))
        {
            yield return new Finding(
                $"{path}.second_input", $"not of the first tensor's shape, found {ShapeRules.Text(second)} (height, width, channels), allowed {ShapeRules.Text(first)}");
        }
        IEnumerable<Finding> rest =
        [
            .. Term($"{path}.first", layer.First, layer, first),
            .. Term($"{path}.second", layer.Second, layer, second),
            .. ShapeRules.SameShape(path, layer, first),
            .. RequantizationRules.Check($"{path}.requantization", layer.Requantization, RequantizationUse.OfCodes(layer.Output)),
        ];
        foreach (Finding finding in rest)
        {
            yield return finding;
        }
    }

    public static IEnumerable<Finding> Multiply(string path, MultiplyLayer layer, TensorSpec first, TensorSpec second)
    {
        bool onePixel = second.Height == 1 && second.Width == 1;
        bool samePixels = second.Height == first.Height && second.Width == first.Width;
        if (second.Channels != first.Channels || !(onePixel || samePixels))
        {
            yield return new Finding(
                $"{path}.second_input",
                $"not of the first tensor's shape, found {ShapeRules.Text(second)} (height, width, channels), allowed {ShapeRules.Text(first)} or 1 x 1 x {first.Channels}");
        }
        Int128 product = ShapeRules.LargestMagnitude(first.Format, layer.FirstOffset) * ShapeRules.LargestMagnitude(second.Format, layer.SecondOffset);
        if (product > ShapeRules.LargestSum)
        {
            yield return new Finding(path, $"too large a product, found up to {product}, allowed up to {ShapeRules.LargestSum} ({AccumulatorFormat.MaxWidth} bits)");
        }
        foreach (Finding finding in ShapeRules.SameShape(path, layer, first)
            .Concat(RequantizationRules.Check($"{path}.requantization", layer.Requantization, RequantizationUse.OfCodes(layer.Output))))
        {
            yield return finding;
        }
    }

    public static IEnumerable<Finding> Requantize(string path, RequantizeLayer layer, TensorSpec input) =>
    [
        .. ShapeRules.SameShape(path, layer, input),
        .. RequantizationRules.Check($"{path}.requantization", layer.Requantization, RequantizationUse.OfCodes(layer.Output)),
    ];

    public static IEnumerable<Finding> Lookup(string path, LookupLayer layer, TensorSpec input)
    {
        int entries = layer.Table.IsDefault ? 0 : layer.Table.Length;
        if (input.Format.Width > MaxTableWidth)
        {
            yield return new Finding($"{path}.input", $"codes too wide for a table, found {input.Format}, allowed up to {MaxTableWidth} bits");
        }
        else if (entries != 1 << input.Format.Width)
        {
            yield return new Finding($"{path}.table", $"wrong number of entries, found {entries}, allowed {1 << input.Format.Width} (one for each code of {input.Format})");
        }
        FixedPointFormat output = layer.Output.Format;
        for (int i = 0; i < entries; i++)
        {
            if (!output.Contains(layer.Table[i]))
            {
                yield return new Finding($"{path}.table", $"not a code of the output, found {layer.Table[i]} at index {i}, allowed {output.MinRaw}..{output.MaxRaw} ({output})");
                break;
            }
        }
        foreach (Finding finding in ShapeRules.SameShape(path, layer, input))
        {
            yield return finding;
        }
    }

    private static IEnumerable<Finding> Term(string path, Requantization scale, AddLayer layer, TensorSpec input)
    {
        List<Finding> findings = [.. RequantizationRules.Check(path, scale, RequantizationUse.OfTerm(input))];
        if (findings.Count == 0 && layer.LeftShift is >= 0 and <= MaxLeftShift)
        {
            Int128 largest = ShapeRules.LargestMagnitude(input.Format, scale.Bias[0]) << layer.LeftShift;
            if (largest > ShapeRules.LargestSum)
            {
                findings.Add(new Finding(
                    $"{path}.bias", $"too large a term, found up to {largest} after the left shift, allowed up to {ShapeRules.LargestSum} ({AccumulatorFormat.MaxWidth} bits)"));
            }
        }
        return findings;
    }
}
