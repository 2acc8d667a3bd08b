// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using TorchSharp;
using static TorchSharp.torch;
using Padding = AccelModel.Networks.Padding;

namespace NnTrain.Lowering;

/// <summary>Integer matrix products by a floating-point library, exact because every partial sum is.</summary>
internal static class ExactProduct
{
    private const double SingleExact = 1L << 24;

    /// <summary>Accumulators of a convolution, in rows, columns, channels order.</summary>
    public static int[] Convolution(Conv2dLayer layer, TensorSpec input, int[] codes, int images)
    {
        ScalarType type = TypeFor(layer.Name, layer.Weights, input);
        Tensor x = ChannelsFirst(codes, input, images, type);
        Padding padding = layer.Padding;
        if (padding != Padding.None)
        {
            x = nn.functional.pad(x, [padding.Left, padding.Right, padding.Top, padding.Bottom], PaddingModes.Constant, layer.PaddingCode);
        }
        Tensor weights = Of(layer.Weights, type).permute(0, 3, 1, 2).contiguous();
        Tensor sums = nn.functional.conv2d(
            x, weights, null, [layer.Stride.Rows, layer.Stride.Columns], [0, 0], [layer.Dilation.Rows, layer.Dilation.Columns], layer.Groups);
        return ChannelsLast(sums);
    }

    /// <summary>Accumulators of a dense layer.</summary>
    public static int[] Dense(DenseLayer layer, TensorSpec input, int[] codes, int images)
    {
        ScalarType type = TypeFor(layer.Name, layer.Weights, input);
        Tensor sums = nn.functional.linear(tensor(codes, [images, input.Elements]).to_type(type), Of(layer.Weights, type));
        return sums.to_type(int32).data<int>().ToArray();
    }

    /// <summary>Codes as numbers in the order image, channel, row, column.</summary>
    public static Tensor ChannelsFirst(int[] codes, TensorSpec shape, int images, ScalarType type) =>
        tensor(codes, [images, shape.Height, shape.Width, shape.Channels]).to_type(type).permute(0, 3, 1, 2).contiguous();

    /// <summary>Numbers of the order image, channel, row, column as integers with the channel last.</summary>
    public static int[] ChannelsLast(Tensor values) =>
        values.permute(0, 2, 3, 1).contiguous().to_type(int32).data<int>().ToArray();

    private static Tensor Of(IntegerTensor weights, ScalarType type) =>
        tensor(weights.Values.ToArray(), [.. weights.Shape.Select(extent => (long)extent)]).to_type(type);

    /// <summary>The narrowest type in which no sum of the layer can be rounded.</summary>
    private static ScalarType TypeFor(string name, IntegerTensor weights, TensorSpec input)
    {
        double largest = Math.Max(-(double)input.Format.MinRaw, input.Format.MaxRaw);
        int perOutput = weights.Values.Length / weights.Shape[0];
        double bound = largest * Enumerable.Range(0, weights.Shape[0])
            .Max(output => weights.Values.AsSpan(output * perOutput, perOutput).ToArray().Sum(weight => Math.Abs((double)weight)));
        return bound < SingleExact ? float32
            : bound < int.MaxValue ? float64
            : throw new LoweringException(name, "its sums may leave 32 bits");
    }
}
