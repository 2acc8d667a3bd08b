// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks.Description;
using AccelModel.Numerics;
using NnTrain.Specification;
using NnTrain.Training;

namespace NnTrain.Rewriting;

/// <summary>A trained network in real numbers as a list of layers, to be rewritten without changing what it computes, or with as little change as a method allows.</summary>
public sealed class FloatNetwork
{
    private readonly TrainedNetwork _trained;
    private readonly List<(FloatLayer First, FloatLayer Second)> _pairs = [];

    /// <summary>The layers of a trained network.</summary>
    public FloatNetwork(TrainedNetwork trained)
    {
        _trained = trained;
        List<FloatLayer> layers = [];
        Dictionary<string, int> channels = new() { [NetworkSpec.InputName] = trained.Network.Input.Channels };
        IReadOnlyDictionary<string, FeatureShape> shapes = trained.Network.Shapes();
        IReadOnlyDictionary<string, int> readers = trained.Network.Readers();
        Dictionary<string, FloatLayer> alone = [];
        for (int i = 0; i < trained.Network.Layers.Length; i++)
        {
            LayerSpec spec = trained.Network.Layers[i];
            string input = trained.Network.InputsOf(i)[0];
            FloatLayer? before = readers[input] == 1 ? alone.GetValueOrDefault(input) : null;
            if (spec is ConvolutionSpec or DenseSpec)
            {
                FloatLayer layer = LayerOf(spec, channels[input]);
                layers.Add(layer);
                channels[spec.Name] = layer.Outputs;
                if (before is not null)
                {
                    _pairs.Add((before, layer));
                }

                if (spec.Activation != ActivationKind.None)
                {
                    alone.Add(spec.Name, layer);
                }

                continue;
            }

            // A flattened map still has its channels, of several positions each.
            channels[spec.Name] = spec is FlattenSpec ? channels[input] : shapes[spec.Name].Channels;
            if (before is not null && spec is not IJoiningSpec)
            {
                alone.Add(spec.Name, before);
            }
        }

        Layers = layers;
    }

    /// <summary>Layers of which the second alone reads the first, with nothing but a ReLU, pooling and flattening between them; in order.</summary>
    public IReadOnlyList<(FloatLayer First, FloatLayer Second)> Pairs => _pairs;

    /// <summary>Convolutions and dense layers, in order.</summary>
    public IReadOnlyList<FloatLayer> Layers { get; }

    /// <summary>The network with the layers as they are now.</summary>
    public TrainedNetwork ToTrained()
    {
        Dictionary<string, FloatLayer> byName = Layers.ToDictionary(layer => layer.Name);
        return _trained with
        {
            Network = _trained.Network with { Layers = [.. _trained.Network.Layers.Select(spec => byName.TryGetValue(spec.Name, out FloatLayer? layer) ? layer.Spec : spec)] },
            Recipe = _trained.Recipe with { BatchNorm = Layers.All(layer => layer.Norm is null) ? BatchNormKind.None : _trained.Recipe.BatchNorm },
            Parameters = TensorArchive.NoArrays.AddRange(Layers.SelectMany(ArraysOf)),
        };
    }

    private FloatLayer LayerOf(LayerSpec spec, int inputs)
    {
        float[] weights = Array(spec, "weight") ?? throw new ArgumentException($"no weights of layer '{spec.Name}'", nameof(spec));
        int outputs = spec is ConvolutionSpec convolution ? convolution.Channels : ((DenseSpec)spec).Outputs;
        return new FloatLayer(spec, weights, Array(spec, "bias") ?? new float[outputs], inputs)
        {
            Norm = Array(spec, "norm.gamma") is float[] gamma
                ? new NormConstants(_trained.Recipe.Norm?.Kind ?? NormKind.Deviation, gamma, Array(spec, "norm.beta")!, Array(spec, "norm.mean")!, Array(spec, "norm.variance")!)
                : null,
        };
    }

    private float[]? Array(LayerSpec spec, string name) => _trained.Parameters.GetValueOrDefault($"{spec.Name}.{name}")?.ToFloats();

    private static IEnumerable<KeyValuePair<string, NpyArray>> ArraysOf(FloatLayer layer)
    {
        int[] shape = layer.Spec is ConvolutionSpec convolution
            ? [layer.Outputs, layer.InputsOfOutput, convolution.Kernel, convolution.Kernel]
            : [layer.Outputs, layer.Inputs * layer.Positions];
        yield return new($"{layer.Name}.weight", NpyArray.FromFloats(shape, layer.Weights));
        if (layer.Norm is not NormConstants norm)
        {
            yield return new($"{layer.Name}.bias", NpyArray.FromFloats([layer.Outputs], layer.Bias));
            yield break;
        }

        foreach ((string name, float[] values) in new[] { ("gamma", norm.Gamma), ("beta", norm.Beta), ("mean", norm.Mean), ("variance", norm.Variance) })
        {
            yield return new($"{layer.Name}.norm.{name}", NpyArray.FromFloats([layer.Outputs], values));
        }
    }
}
