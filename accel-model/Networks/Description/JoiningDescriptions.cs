// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace AccelModel.Networks.Description;

/// <summary>Elementwise sum of two tensors of one shape.</summary>
public sealed record AddDescription : LayerDescription
{
    /// <inheritdoc/>
    public override string Kind => "add";

    /// <inheritdoc/>
    public override TensorShape OutputOf(ImmutableArray<TensorShape> inputs) => inputs[0];

    /// <inheritdoc/>
    public override (string Key, string Message)? Misfit(ImmutableArray<TensorShape> inputs) => Unlike("the terms differ in shape", inputs[1], inputs[0]);
}

/// <summary>Elementwise product of two tensors of one shape; the second may be one pixel that serves all.</summary>
public sealed record MultiplyDescription : LayerDescription
{
    /// <inheritdoc/>
    public override string Kind => "multiply";

    /// <inheritdoc/>
    public override TensorShape OutputOf(ImmutableArray<TensorShape> inputs) => inputs[0];

    /// <inheritdoc/>
    public override (string Key, string Message)? Misfit(ImmutableArray<TensorShape> inputs) =>
        inputs[1] == new TensorShape(1, 1, inputs[0].Channels) ? null : Unlike("the factors differ in shape", inputs[1], inputs[0]);
}

/// <summary>
/// Product of two tensors as matrices, row by row: pixels of the first by the second, whose pixels are the products (k) or, transposed, the output channels. (Attention's Q K^T and P V.)
/// </summary>
public sealed record MatmulDescription : LayerDescription
{
    /// <inheritdoc/>
    public override string Kind => "matmul";

    /// <summary>Whether the second tensor holds k in its channels.</summary>
    public required bool Transpose { get; init; }

    /// <inheritdoc/>
    public override TensorShape OutputOf(ImmutableArray<TensorShape> inputs) => inputs[0] with { Channels = Transpose ? inputs[1].Width : inputs[1].Channels };

    /// <inheritdoc/>
    public override (string Key, string Message)? Misfit(ImmutableArray<TensorShape> inputs) => Unlike(
        "the matrices do not fit", inputs[1], Transpose ? new(inputs[0].Height, inputs[1].Width, inputs[0].Channels) : new(inputs[0].Height, inputs[0].Channels, inputs[1].Channels));
}

/// <summary>The channels of its inputs one after the other.</summary>
public sealed record ConcatDescription : LayerDescription
{
    /// <inheritdoc/>
    public override string Kind => "concat";

    /// <inheritdoc/>
    public override TensorShape OutputOf(ImmutableArray<TensorShape> inputs) => inputs[0] with { Channels = inputs.Sum(input => input.Channels) };

    /// <inheritdoc/>
    public override (string Key, string Message)? Misfit(ImmutableArray<TensorShape> inputs) => inputs.Sum(input => (long)input.Channels) is > TensorRules.MaxExtent and long found
        ? ("inputs", $"too many channels, found {found}, allowed {TensorRules.MaxExtent}")
        : inputs.Select(input => Unlike("the parts differ in height or width", input with { Channels = inputs[0].Channels }, inputs[0])).FirstOrDefault(misfit => misfit is not null);
}

/// <summary>Channels seen as rows of groups are transposed (ShuffleNet).</summary>
public sealed record ChannelShuffleDescription : LayerDescription
{
    /// <inheritdoc/>
    public override string Kind => "channel_shuffle";

    /// <summary>Groups; a divisor of the channels.</summary>
    public required int Groups { get; init; }

    /// <inheritdoc/>
    public override TensorShape OutputOf(ImmutableArray<TensorShape> inputs) => inputs[0];

    /// <inheritdoc/>
    public override (string Key, string Message)? Misfit(ImmutableArray<TensorShape> inputs) =>
        inputs[0].Channels % Groups == 0 ? null : ("groups", $"does not divide the channels, found {Groups}, allowed a divisor of {inputs[0].Channels}");
}

/// <summary>The same values as one vector.</summary>
public sealed record FlattenDescription : LayerDescription
{
    /// <inheritdoc/>
    public override string Kind => "flatten";

    /// <inheritdoc/>
    public override TensorShape OutputOf(ImmutableArray<TensorShape> inputs) => new(1, 1, (int)inputs[0].Elements);

    /// <inheritdoc/>
    public override (string Key, string Message)? Misfit(ImmutableArray<TensorShape> inputs) =>
        inputs[0].Elements <= TensorRules.MaxExtent ? null : ("kind", $"too many elements for one vector, found {inputs[0]}, allowed {TensorRules.MaxExtent}");
}

/// <summary>Functions that become a table.</summary>
public enum LookupFunction
{
    /// <summary><c>1 / (1 + exp(-x))</c>.</summary>
    Sigmoid,

    /// <summary><c>tanh(x)</c>.</summary>
    Tanh,

    /// <summary><c>x * min(max(x + 3, 0), 6) / 6</c>.</summary>
    HardSwish,

    /// <summary><c>x * (1 + erf(x / sqrt(2))) / 2</c>.</summary>
    Gelu,
}

/// <summary>A function of each value, as a table of its codes.</summary>
public sealed record LookupDescription : LayerDescription
{
    /// <inheritdoc/>
    public override string Kind => "lookup";

    /// <summary>The function.</summary>
    public required LookupFunction Function { get; init; }

    /// <inheritdoc/>
    public override TensorShape OutputOf(ImmutableArray<TensorShape> inputs) => inputs[0];
}

/// <summary><c>min(max(x, minimum), maximum)</c> as a layer of its own: relu, relu6, clip.</summary>
public sealed record ClipDescription : LayerDescription
{
    /// <inheritdoc/>
    public override string Kind => (Minimum, Maximum) switch { (0, null) => "relu", (0, 6) => "relu6", _ => "clip" };

    /// <summary>Least value.</summary>
    public required int Minimum { get; init; }

    /// <summary>Greatest value; null for none.</summary>
    public required int? Maximum { get; init; }

    /// <inheritdoc/>
    public override TensorShape OutputOf(ImmutableArray<TensorShape> inputs) => inputs[0];
}
