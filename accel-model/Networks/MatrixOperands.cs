// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;

namespace AccelModel.Networks;

/// <summary>
/// A convolution, dense or matmul layer as what all three are: for each output pixel and channel a sum over flat <c>k</c> of a weight times
/// an activation. <c>k</c> counts one output channel's weights in their stored order.
/// </summary>
internal abstract class MatrixOperands
{
    /// <summary>Products of one output.</summary>
    public abstract int Products { get; }

    /// <summary>Output channels that read the same input channels.</summary>
    public abstract int OutputsPerGroup { get; }

    /// <summary>Products of one output at one kernel offset.</summary>
    public abstract int InputsPerGroup { get; }

    /// <summary>The weight of output channel <paramref name="channel"/> at <paramref name="k"/> and pixel <paramref name="pixel"/>, offset added.</summary>
    public abstract long Weight(int[][] inputs, int pixel, int channel, int k);

    /// <summary>The activation that meets it at output pixel <paramref name="pixel"/> (row * width + column), offset added.</summary>
    public abstract long Activation(int[][] inputs, int pixel, int channel, int k);

    /// <summary>The <c>k</c> that an entry of a plan's segment is for output channel <paramref name="channel"/>; -1 where it is none.</summary>
    public int ProductOf(AccumulationPlan plan, int entry, int channel) =>
        entry < 0 || plan.Span is not GroupSpan span ? entry : span.Product(entry, channel, OutputsPerGroup, InputsPerGroup);

    /// <summary>The operands of a matrix layer, or null for a layer of another kind.</summary>
    public static MatrixOperands? Of(IntegerNetwork network, int index) => network.Layers[index] switch
    {
        Conv2dLayer convolution => new ConvolutionOperands(convolution, network.InputOf(index)),
        DenseLayer dense => new DenseOperands(dense),
        MatmulLayer matmul => new MatmulOperands(matmul, network.InputOf(index)),
        _ => null,
    };
}

/// <summary><c>k = (i*kernel_columns + j)*channels_of_group + c</c>.</summary>
internal sealed class ConvolutionOperands(Conv2dLayer layer, TensorSpec input) : MatrixOperands
{
    private readonly int _kernelColumns = layer.Weights.Shape[2];

    public override int Products { get; } = layer.Weights.Shape[1] * layer.Weights.Shape[2] * layer.Weights.Shape[3];

    public override int OutputsPerGroup => layer.Output.Channels / layer.Groups;

    public override int InputsPerGroup { get; } = layer.Weights.Shape[3];

    public override long Weight(int[][] inputs, int pixel, int channel, int k) => layer.Weights.Values[(channel * Products) + k];

    public override long Activation(int[][] inputs, int pixel, int channel, int k)
    {
        int i = k / InputsPerGroup / _kernelColumns;
        int j = k / InputsPerGroup % _kernelColumns;
        int c = k % InputsPerGroup;

        int y = (pixel / layer.Output.Width * layer.Stride.Rows) - layer.Padding.Top + (i * layer.Dilation.Rows);
        int x = (pixel % layer.Output.Width * layer.Stride.Columns) - layer.Padding.Left + (j * layer.Dilation.Columns);
        int group = channel / OutputsPerGroup;

        bool inside = y >= 0 && y < input.Height && x >= 0 && x < input.Width;
        return inside ? inputs[0][(((y * input.Width) + x) * input.Channels) + (group * InputsPerGroup) + c] : layer.PaddingCode;
    }
}

/// <summary><c>k</c> is the position in the input's stored order.</summary>
internal sealed class DenseOperands(DenseLayer layer) : MatrixOperands
{
    public override int Products { get; } = layer.Weights.Shape[1];

    public override int OutputsPerGroup => layer.Output.Channels;

    public override int InputsPerGroup => Products;

    public override long Weight(int[][] inputs, int pixel, int channel, int k) => layer.Weights.Values[(channel * Products) + k];

    public override long Activation(int[][] inputs, int pixel, int channel, int k) => inputs[0][k];
}

/// <summary>The second tensor's row of the output pixel's row is the weights: channel n, <c>k</c>.</summary>
internal sealed class MatmulOperands(MatmulLayer layer, TensorSpec first) : MatrixOperands
{
    public override int Products { get; } = first.Channels;

    public override int OutputsPerGroup => layer.Output.Channels;

    public override int InputsPerGroup => Products;

    public override long Weight(int[][] inputs, int pixel, int channel, int k)
    {
        int batch = pixel / layer.Output.Width;
        int index = layer.TransposeSecond
            ? (((batch * layer.Output.Channels) + channel) * Products) + k
            : (((batch * Products) + k) * layer.Output.Channels) + channel;
        return (long)inputs[1][index] + layer.SecondOffset;
    }

    public override long Activation(int[][] inputs, int pixel, int channel, int k) => (long)inputs[0][(pixel * Products) + k] + layer.FirstOffset;
}
