// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using NnTrain.Data;
using NnTrain.Layers;
using NnTrain.Models;
using NnTrain.Specification;
using NnTrain.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Lowering;

/// <summary>How many codes of a layer differ.</summary>
/// <param name="Name">The layer.</param>
/// <param name="Codes">Codes that were compared.</param>
/// <param name="Differences">Codes that differ.</param>
/// <param name="LargestDifference">The largest magnitude of a difference.</param>
public sealed record LayerAgreement(string Name, long Codes, long Differences, int LargestDifference)
{
    /// <summary><c>Differences / Codes</c>.</summary>
    public double Rate => Codes == 0 ? 0 : (double)Differences / Codes;
}

/// <summary>Trained and quantized form of a network on the same images.</summary>
public sealed record AgreementReport
{
    /// <summary>Every layer but flatten, in order.</summary>
    public required ImmutableArray<LayerAgreement> Layers { get; init; }

    /// <summary>Share of the images that the fake-quantised network classifies right.</summary>
    public required double TrainedAccuracy { get; init; }

    /// <summary>Share of the images that the integer network classifies right.</summary>
    public required double QuantizedAccuracy { get; init; }

    /// <summary>All codes.</summary>
    public long Codes => Layers.Sum(layer => layer.Codes);

    /// <summary>Codes that differ, over all codes.</summary>
    public double Rate => Codes == 0 ? 0 : (double)Layers.Sum(layer => layer.Differences) / Codes;
}

/// <summary>
/// Compares the fake-quantised network with the integer network in every code of every layer. No code differs where all scales are
/// powers of two and both round in the same way; with free scales a multiplier's rounding can meet a tie.
/// </summary>
public static class CodeAgreement
{
    private const int BatchSize = 200;

    /// <summary>Runs both on all images.</summary>
    /// <exception cref="ArgumentException">The integer network has other layers than the trained one.</exception>
    public static AgreementReport Compare(
        TrainedNetwork trained, IntegerNetwork network, ImageSet images, CancellationToken cancellation = default)
    {
        using NetworkModel model = trained.CreateModel();
        using IDisposable ungraded = no_grad();
        Dictionary<string, LayerAgreement> layers = [];
        int? wrapWidth = WrapWidth(trained.Recipe);
        long trainedRight = 0;
        long quantizedRight = 0;
        for (int start = 0; start < images.Count; start += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            ImageSet batch = images.Slice(start, Math.Min(BatchSize, images.Count - start));
            ImmutableArray<int[]> quantized = QuantizedEvaluator.Run(network, [.. batch.Pixels.Select(pixel => (int)pixel)], batch.Count, wrapWidth);
            quantizedRight += QuantizedEvaluator.CountRight(quantized[^1], batch.Labels);
            Dictionary<string, int[]> codes = network.Layers.Select((layer, i) => (layer.Name, quantized[i])).ToDictionary();

            using DisposeScope scope = NewDisposeScope();
            ImageBatch tensors = ImageBatch.Of(batch, 0, batch.Count);
            Tensor scores = model.Forward(tensors.Images, (name, output) => Add(layers, name, CodesOf(output), codes));
            trainedRight += ModelEvaluator.CountRight(scores, tensors.Labels);
        }
        return new AgreementReport
        {
            Layers = [.. network.Layers.Where(layer => layers.ContainsKey(layer.Name)).Select(layer => layers[layer.Name])],
            TrainedAccuracy = (double)trainedRight / images.Count,
            QuantizedAccuracy = (double)quantizedRight / images.Count,
        };
    }

    /// <summary>Bits at which a recipe's sums wrap; null where they do not.</summary>
    public static int? WrapWidth(TrainingSpec recipe) =>
        recipe.QuantizedPhase?.Accumulator is { Overflow: SumOverflow.Wrap } accumulator ? accumulator.Width : null;

    private static int[] CodesOf(Activation output)
    {
        Tensor codes = output.Codes.to_type(int32);
        return (codes.ndim == 4 ? codes.permute(0, 2, 3, 1).contiguous() : codes).data<int>().ToArray();
    }

    private static void Add(Dictionary<string, LayerAgreement> layers, string name, int[] trained, Dictionary<string, int[]> quantized)
    {
        if (!quantized.TryGetValue(name, out int[]? other) || other.Length != trained.Length)
        {
            throw new ArgumentException($"the integer network has no layer '{name}' of {trained.Length} codes a batch", nameof(quantized));
        }
        LayerAgreement sum = layers.GetValueOrDefault(name) ?? new LayerAgreement(name, 0, 0, 0);
        long differences = 0;
        int largest = sum.LargestDifference;
        for (int i = 0; i < trained.Length; i++)
        {
            if (trained[i] != other[i])
            {
                differences++;
                largest = Math.Max(largest, Math.Abs(trained[i] - other[i]));
            }
        }
        layers[name] = sum with { Codes = sum.Codes + trained.Length, Differences = sum.Differences + differences, LargestDifference = largest };
    }
}
