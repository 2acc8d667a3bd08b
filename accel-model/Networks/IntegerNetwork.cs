// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;

namespace AccelModel.Networks;

/// <summary>
/// A trained network in integers only: what the hardware computes, with no reference to any hardware.
/// Layers are listed in an order in which every input is defined before it is used.
/// </summary>
public sealed record IntegerNetwork
{
    /// <summary>Name in reports.</summary>
    public required string Name { get; init; }

    /// <summary>The input tensor.</summary>
    public required TensorSpec Input { get; init; }

    /// <summary>Layers in topological order; the last one's output is the network's.</summary>
    public required ImmutableArray<Layer> Layers { get; init; }
}

/// <summary>Shape and number format of an activation tensor; data is in rows, columns, channels order (NHWC without N).</summary>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Channels">Channels of a pixel.</param>
/// <param name="Format">Format of every code in the tensor.</param>
public sealed record TensorSpec(int Height, int Width, int Channels, FixedPointFormat Format)
{
    /// <summary>Number of codes: <c>height * width * channels</c>.</summary>
    public int Elements => checked(Height * Width * Channels);
}

/// <summary>One node of the network.</summary>
public abstract record Layer
{
    /// <summary>Unique name; its output tensor carries the same name.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the tensor it reads: <c>input</c> or an earlier layer.</summary>
    public required string Input { get; init; }

    /// <summary>The tensor it makes.</summary>
    public required TensorSpec Output { get; init; }

    /// <summary>The kind as files and reports spell it.</summary>
    public abstract string Kind { get; }
}

/// <summary>
/// Convolution: <c>acc[y,x,o] = sum over i,j,c of w[o,i,j,c] * in[y*stride - pad + i*dilation, x*stride - pad + j*dilation, group(o)*C/groups + c]</c>,
/// then <see cref="Requantization"/>. Positions outside the input read <see cref="PaddingCode"/>.
/// </summary>
public sealed record Conv2dLayer : Layer
{
    /// <inheritdoc/>
    public override string Kind => "conv2d";

    /// <summary>Weights in the order output channel, kernel row, kernel column, input channel of the group.</summary>
    public required IntegerTensor Weights { get; init; }

    /// <summary>Format of the weights.</summary>
    public required FixedPointFormat WeightFormat { get; init; }

    /// <summary>Vertical and horizontal stride.</summary>
    public required (int Rows, int Columns) Stride { get; init; }

    /// <summary>Padding in pixels.</summary>
    public required Padding Padding { get; init; }

    /// <summary>Vertical and horizontal distance of kernel elements.</summary>
    public required (int Rows, int Columns) Dilation { get; init; }

    /// <summary>Groups of channels; equal to the input channels for a depthwise convolution.</summary>
    public required int Groups { get; init; }

    /// <summary>Code read outside the input (its zero point).</summary>
    public required int PaddingCode { get; init; }

    /// <summary>From accumulator to output code.</summary>
    public required Requantization Requantization { get; init; }
}

/// <summary>Fully connected layer over all elements of its input in their stored order: <c>acc[o] = sum over k of w[o,k] * in[k]</c>.</summary>
public sealed record DenseLayer : Layer
{
    /// <inheritdoc/>
    public override string Kind => "dense";

    /// <summary>Weights in the order output, input.</summary>
    public required IntegerTensor Weights { get; init; }

    /// <summary>Format of the weights.</summary>
    public required FixedPointFormat WeightFormat { get; init; }

    /// <summary>From accumulator to output code.</summary>
    public required Requantization Requantization { get; init; }
}

/// <summary>Maximum over windows; windows lie wholly inside the input (floor mode), no padding.</summary>
public sealed record MaxPoolLayer : Layer
{
    /// <inheritdoc/>
    public override string Kind => "max_pool";

    /// <summary>Window.</summary>
    public required (int Rows, int Columns) Window { get; init; }

    /// <summary>Stride.</summary>
    public required (int Rows, int Columns) Stride { get; init; }
}

/// <summary>Reads the same codes as one row of <c>height*width*channels</c> channels (1 x 1 x elements).</summary>
public sealed record FlattenLayer : Layer
{
    /// <inheritdoc/>
    public override string Kind => "flatten";
}

/// <summary>Pixels added at each side.</summary>
public sealed record Padding(int Top, int Left, int Bottom, int Right)
{
    /// <summary>No padding.</summary>
    public static Padding None { get; } = new(0, 0, 0, 0);
}

/// <summary>A constant tensor of integers with its shape.</summary>
/// <param name="Shape">Extents, outermost first.</param>
/// <param name="Values">Values in row-major order.</param>
public sealed record IntegerTensor(ImmutableArray<int> Shape, ImmutableArray<int> Values);

/// <summary>How an accumulator becomes an output code.</summary>
public enum RequantizationKind
{
    /// <summary><c>clamp(round(acc + bias, shift) + zero_point)</c>.</summary>
    Shift,

    /// <summary><c>clamp(round((acc + bias) * multiplier / 2^shift) + zero_point)</c>.</summary>
    MultiplierShift,

    /// <summary>TFLite's and CMSIS-NN's two roundings.</summary>
    DoubleRounding,

    /// <summary><c>base + step * (number of thresholds that acc + bias reaches)</c>.</summary>
    Thresholds,
}

/// <summary>Parameters of one layer's requantisation; arrays hold one entry, or one per output channel.</summary>
public sealed record Requantization
{
    /// <summary>The formula.</summary>
    public required RequantizationKind Kind { get; init; }

    /// <summary>Added to the accumulator, one per output channel.</summary>
    public required ImmutableArray<long> Bias { get; init; }

    /// <summary>Unsigned multipliers (signed 32-bit with <see cref="RequantizationKind.DoubleRounding"/>); empty for shift and thresholds.</summary>
    public ImmutableArray<long> Multiplier { get; init; } = [];

    /// <summary>Right shifts, 0..63 (for double rounding: positive is left, as there); empty for thresholds.</summary>
    public ImmutableArray<int> Shift { get; init; } = [];

    /// <summary>Rounding of the shift.</summary>
    public required RoundingMode Rounding { get; init; }

    /// <summary>Added after rounding.</summary>
    public int ZeroPoint { get; init; }

    /// <summary>Least output code.</summary>
    public required int Minimum { get; init; }

    /// <summary>Greatest output code.</summary>
    public required int Maximum { get; init; }

    /// <summary>Ascending thresholds, channel by channel, <see cref="ThresholdsPerChannel"/> each.</summary>
    public ImmutableArray<long> Thresholds { get; init; } = [];

    /// <summary>Thresholds of one channel; 0 unless the kind is thresholds.</summary>
    public int ThresholdsPerChannel { get; init; }

    /// <summary>Code step of a reached threshold (2 for the bipolar grid), starting from <see cref="Minimum"/>.</summary>
    public int ThresholdStep { get; init; } = 1;
}
