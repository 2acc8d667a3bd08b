// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;

namespace AccelModel.Simulation.Values;

/// <summary>
/// A matrix layer as sums over flat k (kernel row, kernel column, channel of the group): <c>acc[pixel, o] = sum over k of w[o, k] * (a[pixel, group(o), k] + activation_offset)</c>.
/// A dense layer is a convolution over one pixel that holds every element; one row of a matmul is one over a row of pixels.
/// </summary>
internal sealed record MatrixShape
{
    /// <summary>Name of the layer.</summary>
    public required string Name { get; init; }

    /// <summary>The input as this layer reads it.</summary>
    public required TensorSpec Input { get; init; }

    /// <summary>Rows of output pixels.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns of output pixels.</summary>
    public required int Columns { get; init; }

    /// <summary>Output channels.</summary>
    public required int Outputs { get; init; }

    /// <summary>Rows of the kernel.</summary>
    public int KernelRows { get; init; } = 1;

    /// <summary>Columns of the kernel.</summary>
    public int KernelColumns { get; init; } = 1;

    /// <summary>Distance of windows.</summary>
    public (int Rows, int Columns) Stride { get; init; } = (1, 1);

    /// <summary>Distance of kernel elements.</summary>
    public (int Rows, int Columns) Dilation { get; init; } = (1, 1);

    /// <summary>Pixels around the input.</summary>
    public Padding Padding { get; init; } = Padding.None;

    /// <summary>Code of the padding.</summary>
    public int PaddingCode { get; init; }

    /// <summary>Groups of channels.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Added to every activation.</summary>
    public int ActivationOffset { get; init; }

    /// <summary>Constant weights, <c>[output][k]</c>; empty where they are another tensor's codes.</summary>
    public ImmutableArray<int> Weights { get; init; } = [];

    /// <summary>Output pixels.</summary>
    public int Pixels => Rows * Columns;

    /// <summary>Input channels of a group.</summary>
    public int GroupInputs => Input.Channels / Groups;

    /// <summary>Output channels of a group.</summary>
    public int GroupOutputs => Outputs / Groups;

    /// <summary>Products of one output.</summary>
    public int Depth => KernelRows * KernelColumns * GroupInputs;

    /// <summary>Whether every output channel reads one input channel only, and not all the same one.</summary>
    public bool IsDepthwise => Groups > 1 && GroupInputs == 1;

    /// <summary>The input channels of its own that an output channel reads start here.</summary>
    public int FirstInput(int output) => output / GroupOutputs * GroupInputs;

    /// <summary>A convolution.</summary>
    public static MatrixShape Of(Conv2dLayer layer, TensorSpec input) => new()
    {
        Name = layer.Name,
        Input = input,
        Rows = layer.Output.Height,
        Columns = layer.Output.Width,
        Outputs = layer.Output.Channels,
        KernelRows = layer.Weights.Shape[1],
        KernelColumns = layer.Weights.Shape[2],
        Stride = layer.Stride,
        Dilation = layer.Dilation,
        Padding = layer.Padding,
        PaddingCode = layer.PaddingCode,
        Groups = layer.Groups,
        Weights = layer.Weights.Values,
    };

    /// <summary>A dense layer.</summary>
    public static MatrixShape Of(DenseLayer layer, TensorSpec input) => new()
    {
        Name = layer.Name,
        Input = new TensorSpec(1, 1, input.Elements, input.Format),
        Rows = 1,
        Columns = 1,
        Outputs = layer.Output.Channels,
        Weights = layer.Weights.Values,
    };

    /// <summary>One row of a matmul: its second tensor's row is the weights.</summary>
    public static MatrixShape Of(MatmulLayer layer, TensorSpec input) => new()
    {
        Name = layer.Name,
        Input = input with { Height = 1 },
        Rows = 1,
        Columns = input.Width,
        Outputs = layer.Output.Channels,
        ActivationOffset = layer.FirstOffset,
    };

    /// <summary>A depthwise layer as it reads an input in which every output channel has a channel of its own.</summary>
    public MatrixShape WithOwnChannels() => this with { Input = Input with { Channels = Outputs }, Groups = Outputs };

    /// <summary>The activation that meets weight <paramref name="k"/> of an output channel.</summary>
    public long Activation(ReadOnlySpan<int> codes, int pixel, int output, int k)
    {
        int y = (pixel / Columns * Stride.Rows) + (k / GroupInputs / KernelColumns * Dilation.Rows) - Padding.Top;
        int x = (pixel % Columns * Stride.Columns) + (k / GroupInputs % KernelColumns * Dilation.Columns) - Padding.Left;
        bool inside = y >= 0 && y < Input.Height && x >= 0 && x < Input.Width;
        return (long)(inside ? codes[(((y * Input.Width) + x) * Input.Channels) + FirstInput(output) + (k % GroupInputs)] : PaddingCode) + ActivationOffset;
    }
}
