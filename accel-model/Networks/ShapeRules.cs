// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;

namespace AccelModel.Networks;

/// <summary>Shapes, formats and geometry that several kinds of layers share.</summary>
internal static class ShapeRules
{
    /// <summary>The greatest exact sum or product: a word of the widest accumulator.</summary>
    public static readonly long LargestSum = TwosComplement.Max(AccumulatorFormat.MaxWidth);

    public static IEnumerable<Finding> Output(string path, TensorSpec declared, long height, long width, long channels)
    {
        if (height == 0 || width == 0)
        {
            yield return new Finding($"{path}.output", "no window fits into the padded input");
        }
        else if ((declared.Height, declared.Width, declared.Channels) != (height, width, channels))
        {
            yield return new Finding($"{path}.output", $"not what the layer makes, found {Text(declared)} (height, width, channels), allowed {height} x {width} x {channels}");
        }
    }

    public static IEnumerable<Finding> SameShape(string path, Layer layer, TensorSpec input) => Output(path, layer.Output, input.Height, input.Width, input.Channels);

    public static IEnumerable<Finding> SameFormat(string path, Layer layer, TensorSpec input)
    {
        if (layer.Output.Format != input.Format)
        {
            yield return new Finding($"{path}.output.format", $"{layer.Kind} keeps the format of its input, found {layer.Output.Format}, allowed {input.Format}");
        }
    }

    public static IEnumerable<Finding> Extents(string path, string key, (int Rows, int Columns) extents)
    {
        if (extents.Rows is < 1 or > TensorRules.MaxExtent || extents.Columns is < 1 or > TensorRules.MaxExtent)
        {
            yield return new Finding($"{path}.{key}", $"out of range, found [{extents.Rows}, {extents.Columns}] (rows, columns), allowed 1..{TensorRules.MaxExtent}");
        }
    }

    /// <summary>Pixels of each side within a range, the greatest one by side: vertical (top, bottom), horizontal (left, right).</summary>
    public static IEnumerable<Finding> Paddings(string path, Padding padding, int mostVertical, int mostHorizontal, string reason)
    {
        (string Name, int Pixels, int Most)[] sides =
        [
            ("top", padding.Top, mostVertical), ("left", padding.Left, mostHorizontal), ("bottom", padding.Bottom, mostVertical), ("right", padding.Right, mostHorizontal),
        ];
        return sides.Where(side => side.Pixels < 0 || side.Pixels > side.Most)
            .Select(side => new Finding($"{path}.padding.{side.Name}", $"out of range, found {side.Pixels}, allowed 0..{side.Most}{reason}"));
    }

    public static IEnumerable<Finding> PaddingCode(string path, int code, TensorSpec input)
    {
        if (!input.Format.Contains(code))
        {
            yield return new Finding($"{path}.padding_code", $"not a code of the input, found {code}, allowed {input.Format.MinRaw}..{input.Format.MaxRaw} ({input.Format})");
        }
    }

    /// <summary><c>max |code + offset|</c> over the codes of a format.</summary>
    public static Int128 LargestMagnitude(FixedPointFormat format, long offset = 0) =>
        Int128.Max(Int128.Abs((Int128)format.MinRaw + offset), Int128.Abs((Int128)format.MaxRaw + offset));

    public static string Text(TensorSpec tensor) => $"{tensor.Height} x {tensor.Width} x {tensor.Channels}";
}
