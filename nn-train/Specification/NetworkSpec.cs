// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace NnTrain.Specification;

/// <summary>The topology of a network: what is computed, before any choice of number formats.</summary>
public sealed record NetworkSpec
{
    /// <summary>Name in reports.</summary>
    public required string Name { get; init; }

    /// <summary>Shape of one image.</summary>
    public required FeatureShape Input { get; init; }

    /// <summary>
    /// Layers in order, each reading the one before. Every matrix layer but the last is followed by the recipe's activation; the last
    /// layer is dense and gives the class scores.
    /// </summary>
    public required ImmutableArray<LayerSpec> Layers { get; init; }

    /// <summary>Convolutions and dense layers, in order.</summary>
    [JsonIgnore]
    public IEnumerable<LayerSpec> MatrixLayers => Layers.Where(layer => layer is ConvolutionSpec or DenseSpec);
}

/// <summary>Shape of a feature map; a vector of features is 1 x 1 x channels.</summary>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Channels">Channels of a pixel.</param>
public sealed record FeatureShape(int Height, int Width, int Channels)
{
    /// <summary><c>height * width * channels</c>.</summary>
    [JsonIgnore]
    public int Elements => Height * Width * Channels;
}

/// <summary>One layer.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ConvolutionSpec), ConvolutionSpec.Kind)]
[JsonDerivedType(typeof(DenseSpec), DenseSpec.Kind)]
[JsonDerivedType(typeof(MaxPoolSpec), MaxPoolSpec.Kind)]
[JsonDerivedType(typeof(FlattenSpec), FlattenSpec.Kind)]
public abstract record LayerSpec
{
    /// <summary>Unique name; reports, checkpoints and the integer network use it.</summary>
    public required string Name { get; init; }

    /// <summary>The shape that the layer makes of another; extents below 1 mean that it does not fit.</summary>
    public abstract FeatureShape OutputOf(FeatureShape input);

    /// <summary>Multiply-accumulates for one image.</summary>
    public abstract long MultiplyAccumulates(FeatureShape input);
}

/// <summary>Square convolution with zero padding: <c>out = floor((in + 2*padding - kernel) / stride) + 1</c>.</summary>
public sealed record ConvolutionSpec : LayerSpec
{
    internal const string Kind = "conv2d";

    /// <summary>Output channels.</summary>
    public required int Channels { get; init; }

    /// <summary>Rows and columns of the kernel.</summary>
    public required int Kernel { get; init; }

    /// <summary>Step in both directions.</summary>
    public required int Stride { get; init; }

    /// <summary>Zero pixels added at each of the four sides.</summary>
    public required int Padding { get; init; }

    /// <inheritdoc/>
    public override FeatureShape OutputOf(FeatureShape input) => new(Extent(input.Height), Extent(input.Width), Channels);

    /// <inheritdoc/>
    public override long MultiplyAccumulates(FeatureShape input) =>
        (long)OutputOf(input).Elements * Kernel * Kernel * input.Channels;

    private int Extent(int size) => WindowExtent.Of(size + (2 * Padding), Kernel, Stride);
}

/// <summary>Fully connected layer on a flattened input.</summary>
public sealed record DenseSpec : LayerSpec
{
    internal const string Kind = "dense";

    /// <summary>Number of outputs.</summary>
    public required int Outputs { get; init; }

    /// <inheritdoc/>
    public override FeatureShape OutputOf(FeatureShape input) => new(1, 1, Outputs);

    /// <inheritdoc/>
    public override long MultiplyAccumulates(FeatureShape input) => (long)input.Elements * Outputs;
}

/// <summary>Maximum over square windows that lie wholly inside the input.</summary>
public sealed record MaxPoolSpec : LayerSpec
{
    internal const string Kind = "max_pool";

    /// <summary>Rows and columns of the window.</summary>
    public required int Window { get; init; }

    /// <summary>Step in both directions.</summary>
    public required int Stride { get; init; }

    /// <inheritdoc/>
    public override FeatureShape OutputOf(FeatureShape input) =>
        new(WindowExtent.Of(input.Height, Window, Stride), WindowExtent.Of(input.Width, Window, Stride), input.Channels);

    /// <inheritdoc/>
    public override long MultiplyAccumulates(FeatureShape input) => 0;
}

/// <summary>The same values as one vector.</summary>
public sealed record FlattenSpec : LayerSpec
{
    internal const string Kind = "flatten";

    /// <inheritdoc/>
    public override FeatureShape OutputOf(FeatureShape input) => new(1, 1, input.Elements);

    /// <inheritdoc/>
    public override long MultiplyAccumulates(FeatureShape input) => 0;
}

internal static class WindowExtent
{
    /// <summary>Positions of a window along one axis: <c>floor((size - window) / stride) + 1</c>, 0 where it does not fit.</summary>
    public static int Of(int size, int window, int stride) => size < window ? 0 : ((size - window) / stride) + 1;
}
