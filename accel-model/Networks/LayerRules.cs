// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;

namespace AccelModel.Networks;

/// <summary>One layer against the tensor it reads: what its output must be, and its parameters.</summary>
internal static class LayerRules
{
    public static IEnumerable<Finding> Check(string path, Layer layer, TensorSpec input) => layer switch
    {
        Conv2dLayer convolution => Convolution(path, convolution, input),
        DenseLayer dense => Dense(path, dense, input),
        MaxPoolLayer pool => MaxPool(path, pool, input),
        FlattenLayer => Flatten(path, layer, input),
        _ => [new Finding($"{path}.kind", $"unknown kind, found '{layer.Kind}', allowed conv2d, dense, max_pool, flatten")],
    };

    private static IEnumerable<Finding> Convolution(string path, Conv2dLayer layer, TensorSpec input)
    {
        List<Finding> findings =
        [
            .. Extents(path, "stride", layer.Stride),
            .. Extents(path, "dilation", layer.Dilation),
            .. Paddings($"{path}.padding", layer.Padding),
            .. Groups(path, layer, input),
            .. WeightRules.Check(path, layer.Weights, layer.WeightFormat, ["output channels", "kernel rows", "kernel columns", "channels of a group"]),
        ];
        if (findings.Count == 0)
        {
            findings.AddRange(ConvolutionShapes(path, layer, input));
            findings.AddRange(WeightRules.Accumulator(path, layer.Weights, input.Format));
        }
        if (!input.Format.Contains(layer.PaddingCode))
        {
            findings.Add(new Finding($"{path}.padding_code", $"not a code of the input, found {layer.PaddingCode}, allowed {Range(input)}"));
        }
        return [.. findings, .. RequantizationRules.Check($"{path}.requantization", layer.Requantization, layer.Output)];
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
            .. Shape(path, layer.Output, height, width, layer.Weights.Shape[0]),
            .. WeightRules.InputExtent(path, layer.Weights, 3, input.Channels / layer.Groups, "the channels of a group"),
        ];
    }

    private static IEnumerable<Finding> Dense(string path, DenseLayer layer, TensorSpec input)
    {
        List<Finding> findings = [.. WeightRules.Check(path, layer.Weights, layer.WeightFormat, ["outputs", "inputs"])];
        if (findings.Count == 0)
        {
            findings.AddRange(Shape(path, layer.Output, 1, 1, layer.Weights.Shape[0]));
            findings.AddRange(WeightRules.InputExtent(path, layer.Weights, 1, input.Elements, "the elements of the input"));
            findings.AddRange(WeightRules.Accumulator(path, layer.Weights, input.Format));
        }
        return [.. findings, .. RequantizationRules.Check($"{path}.requantization", layer.Requantization, layer.Output)];
    }

    private static IEnumerable<Finding> MaxPool(string path, MaxPoolLayer layer, TensorSpec input)
    {
        List<Finding> findings = [.. Extents(path, "window", layer.Window), .. Extents(path, "stride", layer.Stride)];
        if (findings.Count > 0)
        {
            return findings;
        }
        long height = WindowedAxis.Outputs(input.Height, 0, 0, layer.Window.Rows, layer.Stride.Rows, 1);
        long width = WindowedAxis.Outputs(input.Width, 0, 0, layer.Window.Columns, layer.Stride.Columns, 1);
        return [.. Shape(path, layer.Output, height, width, input.Channels), .. SameFormat(path, layer, input)];
    }

    private static IEnumerable<Finding> Flatten(string path, Layer layer, TensorSpec input) =>
        [.. Shape(path, layer.Output, 1, 1, input.Elements), .. SameFormat(path, layer, input)];

    private static IEnumerable<Finding> Shape(string path, TensorSpec declared, long height, long width, long channels)
    {
        if (height == 0 || width == 0)
        {
            yield return new Finding($"{path}.output", "no window fits into the padded input");
        }
        else if ((declared.Height, declared.Width, declared.Channels) != (height, width, channels))
        {
            yield return new Finding(
                $"{path}.output",
                $"not what the layer makes, found {declared.Height} x {declared.Width} x {declared.Channels} (height, width, channels), allowed {height} x {width} x {channels}");
        }
    }

    private static IEnumerable<Finding> SameFormat(string path, Layer layer, TensorSpec input)
    {
        if (layer.Output.Format != input.Format)
        {
            yield return new Finding($"{path}.output.format", $"{layer.Kind} keeps the format of its input, found {layer.Output.Format}, allowed {input.Format}");
        }
    }

    private static IEnumerable<Finding> Extents(string path, string key, (int Rows, int Columns) extents)
    {
        if (extents.Rows is < 1 or > TensorRules.MaxExtent || extents.Columns is < 1 or > TensorRules.MaxExtent)
        {
            yield return new Finding($"{path}.{key}", $"out of range, found [{extents.Rows}, {extents.Columns}] (rows, columns), allowed 1..{TensorRules.MaxExtent}");
        }
    }

    private static IEnumerable<Finding> Paddings(string path, Padding padding)
    {
        (string Name, int Pixels)[] sides = [("top", padding.Top), ("left", padding.Left), ("bottom", padding.Bottom), ("right", padding.Right)];
        return sides.Where(side => side.Pixels is < 0 or > TensorRules.MaxExtent)
            .Select(side => new Finding($"{path}.{side.Name}", $"out of range, found {side.Pixels}, allowed 0..{TensorRules.MaxExtent}"));
    }

    private static string Range(TensorSpec tensor) => $"{tensor.Format.MinRaw}..{tensor.Format.MaxRaw} ({tensor.Format})";
}
