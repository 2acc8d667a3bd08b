// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;

namespace AccelModel.Networks;

/// <summary>Layers that sum products: shapes of weights, geometry, and sums that fit the widest accumulator.</summary>
internal static class MatrixLayerRules
{
    public static IEnumerable<Finding> Convolution(string path, Conv2dLayer layer, TensorSpec input)
    {
        List<Finding> findings =
        [
            .. ShapeRules.Extents(path, "stride", layer.Stride),
            .. ShapeRules.Extents(path, "dilation", layer.Dilation),
            .. ShapeRules.Paddings(path, layer.Padding, TensorRules.MaxExtent, TensorRules.MaxExtent, ""),
            .. Groups(path, layer, input),
            .. WeightRules.Check(path, layer.Weights, layer.WeightFormat, ["output channels", "kernel rows", "kernel columns", "channels of a group"]),
        ];
        if (findings.Count == 0)
        {
            findings.AddRange(ConvolutionShapes(path, layer, input));
            findings.AddRange(WeightRules.Accumulator(path, layer.Weights, input.Format));
        }
        return
        [
            .. findings,
            .. ShapeRules.PaddingCode(path, layer.PaddingCode, input),
            .. RequantizationRules.Check($"{path}.requantization", layer.Requantization, RequantizationUse.OfWeights(layer.Output)),
        ];
    }

    public static IEnumerable<Finding> Dense(string path, DenseLayer layer, TensorSpec input)
    {
        List<Finding> findings = [.. WeightRules.Check(path, layer.Weights, layer.WeightFormat, ["outputs", "inputs"])];
        if (findings.Count == 0)
        {
            findings.AddRange(ShapeRules.Output(path, layer.Output, 1, 1, layer.Weights.Shape[0]));
            findings.AddRange(WeightRules.InputExtent(path, layer.Weights, 1, input.Elements, "the elements of the input"));
            findings.AddRange(WeightRules.Accumulator(path, layer.Weights, input.Format));
        }
        return [.. findings, .. RequantizationRules.Check($"{path}.requantization", layer.Requantization, RequantizationUse.OfWeights(layer.Output))];
    }

    public static IEnumerable<Finding> Matmul(string path, MatmulLayer layer, TensorSpec first, TensorSpec second)
    {
        int depth = layer.TransposeSecond ? second.Channels : second.Width;
        int columns = layer.TransposeSecond ? second.Width : second.Channels;
        if (second.Height != first.Height || depth != first.Channels)
        {
            string allowed = layer.TransposeSecond ? $"{first.Height} x any x {first.Channels}" : $"{first.Height} x {first.Channels} x any";
            yield return new Finding(
                $"{path}.second_input", $"no factor for the first tensor of {ShapeRules.Text(first)}, found {ShapeRules.Text(second)} (height, width, channels), allowed {allowed}");
            yield break;
        }
        Int128 sum = depth * ShapeRules.LargestMagnitude(first.Format, layer.FirstOffset) * ShapeRules.LargestMagnitude(second.Format, layer.SecondOffset);
        if (sum > ShapeRules.LargestSum)
        {
            yield return new Finding(path, $"too large a sum of products, found up to {sum} in {depth} of them, allowed up to {ShapeRules.LargestSum} ({AccumulatorFormat.MaxWidth} bits)");
        }
        foreach (Finding finding in ShapeRules.Output(path, layer.Output, first.Height, first.Width, columns)
            .Concat(RequantizationRules.Check($"{path}.requantization", layer.Requantization, RequantizationUse.OfProducts(layer.Output))))
        {
            yield return finding;
        }
    }

    private static IEnumerable<Finding> Groups(string path, Conv2dLayer layer, TensorSpec input)
    {
        if (layer.Groups < 1 || input.Channels % layer.Groups != 0 || layer.Output.Channels % layer.Groups != 0)
        {
            yield return new Finding(
                $"{path}.groups", $"does not divide the channels, found {layer.Groups}, allowed divisors of {input.Channels} (input) and {layer.Output.Channels} (output)");
        }
    }

    private static IEnumerable<Finding> ConvolutionShapes(string path, Conv2dLayer layer, TensorSpec input)
    {
        long height = WindowedAxis.Outputs(input.Height, layer.Padding.Top, layer.Padding.Bottom, layer.Weights.Shape[1], layer.Stride.Rows, layer.Dilation.Rows);
        long width = WindowedAxis.Outputs(input.Width, layer.Padding.Left, layer.Padding.Right, layer.Weights.Shape[2], layer.Stride.Columns, layer.Dilation.Columns);
        return
        [
            .. ShapeRules.Output(path, layer.Output, height, width, layer.Weights.Shape[0]),
            .. WeightRules.InputExtent(path, layer.Weights, 3, input.Channels / layer.Groups, "the channels of a group"),
        ];
    }
}
