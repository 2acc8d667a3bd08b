// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AccelModel.Networks.Description;

namespace NnTrain.Specification;

/// <summary>The topology of a network: what is computed, before any choice of number formats.</summary>
public sealed record NetworkSpec
{
    /// <summary>Name in reports.</summary>
    public required string Name { get; init; }

    /// <summary>Shape of one image.</summary>
    public required FeatureShape Input { get; init; }

    /// <summary>
    /// Layers in order, each after those that it reads. Every matrix layer but the last is followed by the recipe's activation where it does not say another; the last
    /// layer is dense and gives the class scores.
    /// </summary>
    public required ImmutableArray<LayerSpec> Layers { get; init; }

    /// <summary>The name of the images among the names of tensors.</summary>
    public const string InputName = NetworkDescription.InputName;

    /// <summary>Names of the tensors that a layer reads: <see cref="InputName"/> or earlier layers.</summary>
    /// <param name="layer">Index of the layer.</param>
    public ImmutableArray<string> InputsOf(int layer)
    {
        string previous = layer == 0 ? InputName : Layers[layer - 1].Name;
        return Layers[layer] is IJoiningSpec joining ? joining.Inputs : [Layers[layer].Input ?? previous];
    }

    /// <summary>Shapes of all tensors by name, that of the images included.</summary>
    public IReadOnlyDictionary<string, FeatureShape> Shapes()
    {
        Dictionary<string, FeatureShape> shapes = new() { [InputName] = Input };
        for (int i = 0; i < Layers.Length; i++)
        {
            shapes.Add(Layers[i].Name, Layers[i].OutputOf([.. InputsOf(i).Select(name => shapes[name])]));
        }

        return shapes;
    }

    /// <summary>How many layers read each tensor, by name; tensors that none reads are left out.</summary>
    public IReadOnlyDictionary<string, int> Readers() =>
        Enumerable.Range(0, Layers.Length).SelectMany(i => InputsOf(i)).GroupBy(name => name).ToDictionary(readers => readers.Key, readers => readers.Count());

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
[JsonDerivedType(typeof(GlobalAveragePoolSpec), GlobalAveragePoolSpec.Kind)]
[JsonDerivedType(typeof(AddSpec), AddSpec.Kind)]
[JsonDerivedType(typeof(ConcatSpec), ConcatSpec.Kind)]
public abstract record LayerSpec
{
    /// <summary>Unique name; reports, checkpoints and the integer network use it.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the tensor that it reads; null for the layer before it, and for layers that read several.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Input { get; init; }

    /// <summary>What follows its sums, where it has any and the network says it; null for what the recipe says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ActivationKind? Activation { get; init; }

    /// <summary>Whether it makes sums of either sign with no activation behind them: a sum or a concatenation without a ReLU, a matrix layer of the activation <c>none</c>.</summary>
    [JsonIgnore]
    public bool HasSigns => this switch
    {
        ConvolutionSpec or DenseSpec => Activation == ActivationKind.None,
        IJoiningSpec => Activation != ActivationKind.Relu,
        _ => false,
    };

    /// <summary>The shape that the layer makes of another; extents below 1 mean that it does not fit.</summary>
    public abstract FeatureShape OutputOf(FeatureShape input);

    /// <summary>The shape that the layer makes of those that it reads.</summary>
    public virtual FeatureShape OutputOf(ImmutableArray<FeatureShape> inputs) => OutputOf(inputs[0]);

    /// <summary>Multiply-accumulates for one image.</summary>
    public virtual long MultiplyAccumulates(FeatureShape input) => 0;

    /// <summary>Weights, biases not counted.</summary>
    public virtual long Weights(FeatureShape input) => 0;
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

    /// <summary>Groups of channels, a divisor of input and output channels; null for one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Groups { get; init; }

    /// <summary>Input channels that an output channel reads.</summary>
    public int InputsOfOutput(int inputChannels) => inputChannels / (Groups ?? 1);

    /// <inheritdoc/>
    public override FeatureShape OutputOf(FeatureShape input) => new(Extent(input.Height), Extent(input.Width), Channels);

    /// <inheritdoc/>
    public override long MultiplyAccumulates(FeatureShape input) =>
        (long)OutputOf(input).Elements * Kernel * Kernel * InputsOfOutput(input.Channels);

    /// <inheritdoc/>
    public override long Weights(FeatureShape input) => (long)Channels * Kernel * Kernel * InputsOfOutput(input.Channels);

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

    /// <inheritdoc/>
    public override long Weights(FeatureShape input) => (long)input.Elements * Outputs;
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
}

/// <summary>The same values as one vector.</summary>
public sealed record FlattenSpec : LayerSpec
{
    internal const string Kind = "flatten";

    /// <inheritdoc/>
    public override FeatureShape OutputOf(FeatureShape input) => new(1, 1, input.Elements);
}

internal static class WindowExtent
{
    /// <summary>Positions of a window along one axis: <c>floor((size - window) / stride) + 1</c>, 0 where it does not fit.</summary>
    public static int Of(int size, int window, int stride) => size < window ? 0 : ((size - window) / stride) + 1;
}
