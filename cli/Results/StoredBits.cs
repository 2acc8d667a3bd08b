// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using NnTrain.Specification;
using NnTrain.Training;

namespace Cli.Results;

/// <summary>The bits that a trained network is stored in, without biases and scales.</summary>
/// <param name="Weights">Bits of a weight of the layers between the first and the last; of a codebook those of an index; the mean over all weights where layers have sentences or bits of their own.</param>
/// <param name="Activations">Bits of an activation; the mean over layers where they were given bits.</param>
/// <param name="AllWeights">All weights, each with the bits of its layer.</param>
public sealed record StoredBits(double Weights, double Activations, long AllWeights)
{
    /// <summary>The bits of a trained network; null for one in floating point.</summary>
    public static StoredBits? Of(TrainedNetwork trained) => trained.Recipe.QuantizedPhase is QuantizedPhaseSpec phase ? Of(trained.Network, phase) : null;

    /// <summary>The bits of a topology that was trained with a recipe.</summary>
    public static StoredBits Of(NetworkSpec network, QuantizedPhaseSpec phase)
    {
        ImmutableArray<LayerSpec> matrices = [.. network.MatrixLayers];
        IReadOnlyDictionary<string, FeatureShape> shapes = network.Shapes();
        int matrixLayer = 0;
        long bits = 0;
        long count = 0;
        for (int i = 0; i < network.Layers.Length; i++)
        {
            LayerSpec spec = network.Layers[i];
            long weights = spec.Weights(shapes[network.InputsOf(i)[0]]);
            if (weights > 0)
            {
                bits += Stored(phase.WeightsOf(spec.Name, matrixLayer++, matrices.Length), weights);
                count += weights;
            }
        }

        double weightBits = phase is { LayerBits: null, LayerWeights: null } ? BitsOf(phase.Weights) : Hundredths((double)bits / count);
        double activationBits = phase.LayerBits is null ? phase.Activations.Bits : Hundredths(matrices.SkipLast(1).Select((spec, i) => phase.OutputOf(spec, i, matrices.Length).Bits).Average());
        return new(weightBits, activationBits, bits);
    }

    private static double Hundredths(double value) => Math.Round(value, 2, MidpointRounding.AwayFromZero);

    /// <summary>Bits of a layer's weights: of a codebook of several weights its indices and entries, of filters in several orientations those of one.</summary>
    private static long Stored(QuantizerSpec sentence, long weights) => sentence switch
    {
        { Block: int block, CodebookBits: int index } => (weights / block * index) + ((1L << index) * block * sentence.Bits),
        { Orientations: int orientations } => weights / orientations * sentence.Bits,
        _ => weights * BitsOf(sentence),
    };

    private static int BitsOf(QuantizerSpec weights) => weights.CodebookBits ?? weights.Bits;
}
