// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace NnTrain.Specification;

/// <summary>A layer that reads several tensors.</summary>
public interface IJoiningSpec
{
    /// <summary>Their names, in order.</summary>
    ImmutableArray<string> Inputs { get; }
}

/// <summary>Elementwise sum of two tensors of one shape.</summary>
public sealed record AddSpec : LayerSpec, IJoiningSpec
{
    internal const string Kind = "add";

    /// <inheritdoc/>
    public required ImmutableArray<string> Inputs { get; init; }

    /// <inheritdoc/>
    public override FeatureShape OutputOf(FeatureShape input) => input;
}

/// <summary>The channels of several tensors one after the other.</summary>
public sealed record ConcatSpec : LayerSpec, IJoiningSpec
{
    internal const string Kind = "concat";

    /// <inheritdoc/>
    public required ImmutableArray<string> Inputs { get; init; }

    /// <inheritdoc/>
    public override FeatureShape OutputOf(FeatureShape input) => input;

    /// <inheritdoc/>
    public override FeatureShape OutputOf(ImmutableArray<FeatureShape> inputs) => inputs[0] with { Channels = inputs.Sum(input => input.Channels) };
}

/// <summary>Mean of each channel over the whole feature map.</summary>
public sealed record GlobalAveragePoolSpec : LayerSpec
{
    internal const string Kind = "global_average_pool";

    /// <inheritdoc/>
    public override FeatureShape OutputOf(FeatureShape input) => new(1, 1, input.Channels);
}
