// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace AccelModel.Networks.Description;

/// <summary>What a network computes, before any choice of number formats or weights (docs/network-file.md): layers in an order in which every input comes first.</summary>
public sealed record NetworkDescription
{
    /// <summary>The name of the network's input, as <see cref="LayerDescription.Inputs"/> spells it.</summary>
    public const string InputName = "input";

    /// <summary>Name in reports.</summary>
    public required string Name { get; init; }

    /// <summary>Shape of one image.</summary>
    public required TensorShape Input { get; init; }

    /// <summary>Whether the input has negative values (tokens rather than pixels).</summary>
    public bool SignedInput { get; init; }

    /// <summary>Layers, blocks expanded; the last one's output is the network's, every other one's is read.</summary>
    public required ImmutableArray<LayerDescription> Layers { get; init; }

    /// <summary>Convolutions and dense layers, in order.</summary>
    public IEnumerable<LayerDescription> MatrixLayers => Layers.Where(layer => layer is ConvolutionDescription or DenseDescription);

    /// <summary>Shapes of all tensors by name, the input's included.</summary>
    /// <exception cref="ArgumentException">A layer has no output: shapes do not fit together.</exception>
    public IReadOnlyDictionary<string, TensorShape> Shapes()
    {
        Dictionary<string, TensorShape> shapes = new() { [InputName] = Input };
        foreach (LayerDescription layer in Layers)
        {
            ImmutableArray<TensorShape> inputs = [.. layer.Inputs.Select(name => shapes[name])];
            if (layer.Misfit(inputs) is (_, string message))
            {
                throw new ArgumentException($"layer '{layer.Name}': {message}");
            }
            shapes.Add(layer.Name, layer.OutputOf(inputs));
        }
        return shapes;
    }

    /// <summary>Weights and biases of convolutions and dense layers, one bias per output channel: batch norms are folded into them.</summary>
    public long Parameters() => Count((layer, input, output) => layer.Weights(input) + (layer is ConvolutionDescription or DenseDescription ? output.Channels : 0));

    /// <summary>Multiply-accumulates of convolutions, dense layers and products of matrices for one image, those with padding included.</summary>
    public long MultiplyAccumulates() =>
        Count((layer, input, output) => layer is MatmulDescription ? output.Elements * input.Channels : layer.Weights(input) * output.Height * output.Width);

    private long Count(Func<LayerDescription, TensorShape, TensorShape, long> of)
    {
        IReadOnlyDictionary<string, TensorShape> shapes = Shapes();
        return Layers.Sum(layer => of(layer, shapes[layer.Inputs[0]], shapes[layer.Name]));
    }
}

/// <summary>Extents of a tensor; a vector is 1 x 1 x channels.</summary>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Channels">Channels of a pixel.</param>
public readonly record struct TensorShape(int Height, int Width, int Channels)
{
    /// <summary><c>height * width * channels</c>.</summary>
    public long Elements => (long)Height * Width * Channels;

    /// <summary>As messages say it.</summary>
    public override string ToString() => FormattableString.Invariant($"{Height} x {Width} x {Channels}");
}
