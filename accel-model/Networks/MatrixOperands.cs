// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Networks;

/// <summary>
/// A convolution or dense layer as what both are: for each output pixel and channel a sum over flat <c>k</c> of a weight times
/// an activation. <c>k</c> counts one output channel's weights in their stored order.
/// </summary>
internal abstract class MatrixOperands
{
    /// <summary>Products of one output.</summary>
    public abstract int Products { get; }

    /// <summary>The weight of output channel <paramref name="channel"/> at <paramref name="k"/>.</summary>
    public abstract int Weight(int channel, int k);

    /// <summary>The activation code that meets it at output pixel <paramref name="pixel"/> (row * width + column).</summary>
    public abstract int Activation(int[] input, int pixel, int channel, int k);

    /// <summary>The operands of a matrix layer.</summary>
    /// <exception cref="ArgumentException">The layer has no weights.</exception>
    public static MatrixOperands Of(Layer layer, TensorSpec input) => layer switch
    {
        Conv2dLayer convolution => new ConvolutionOperands(convolution, input),
        DenseLayer dense => new DenseOperands(dense),
        _ => throw new ArgumentException($"a {layer.Kind} layer has no weights", nameof(layer)),
    };
}

/// <summary><c>k = (i*kernel_columns + j)*channels_of_group + c</c>.</summary>
internal sealed class ConvolutionOperands(Conv2dLayer layer, TensorSpec input) : MatrixOperands
{
    private readonly int _kernelColumns = layer.Weights.Shape[2];

    private readonly int _groupChannels = layer.Weights.Shape[3];

    public override int Products => layer.Weights.Shape[1] * layer.Weights.Shape[2] * layer.Weights.Shape[3];

    public override int Weight(int channel, int k) => layer.Weights.Values[(channel * Products) + k];

    public override int Activation(int[] codes, int pixel, int channel, int k)
    {
        int i = k / _groupChannels / _kernelColumns;
        int j = k / _groupChannels % _kernelColumns;
        int c = k % _groupChannels;

        int y = (pixel / layer.Output.Width * layer.Stride.Rows) - layer.Padding.Top + (i * layer.Dilation.Rows);
        int x = (pixel % layer.Output.Width * layer.Stride.Columns) - layer.Padding.Left + (j * layer.Dilation.Columns);
        int group = channel / (layer.Output.Channels / layer.Groups);

        bool inside = y >= 0 && y < input.Height && x >= 0 && x < input.Width;
        return inside ? codes[(((y * input.Width) + x) * input.Channels) + (group * _groupChannels) + c] : layer.PaddingCode;
    }
}

/// <summary><c>k</c> is the position in the input's stored order.</summary>
internal sealed class DenseOperands(DenseLayer layer) : MatrixOperands
{
    public override int Products => layer.Weights.Shape[1];

    public override int Weight(int channel, int k) => layer.Weights.Values[(channel * Products) + k];

    public override int Activation(int[] input, int pixel, int channel, int k) => input[k];
}
