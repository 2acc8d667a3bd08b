// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;
using NnTrain.Data;
using NnTrain.Quantizers;
using NnTrain.Specification;
using NnTrain.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Rewriting;

/// <summary>Bits by curvature (HAWQ-V2, Dong et al. 2020, arXiv:1911.03852): <see cref="HessianSensitivity"/> tells what an error of a layer costs, <see cref="BitBudget"/> chooses.</summary>
public static class HessianAllocation
{
    /// <summary>The bits of the weights of each layer.</summary>
    /// <param name="start">The float network.</param>
    /// <param name="phase">The sentences of the weights, with the bits to begin with.</param>
    /// <param name="images">The training images.</param>
    /// <param name="spec">What is chosen from.</param>
    public static ImmutableSortedDictionary<string, LayerBits> Of(TrainedNetwork start, QuantizedPhaseSpec phase, ImageSet images, HessianAllocationSpec spec)
    {
        IReadOnlyDictionary<string, double> curvature = HessianSensitivity.Of(start, images, spec);
        LayerSpec[] layers = [.. start.Network.MatrixLayers];
        NpyArray[] weights = [.. layers.Select(layer => start.Parameters[layer.Name + ".weight"])];
        long[] counts = [.. weights.Select(array => array.Shape.Aggregate(1L, (product, extent) => product * extent))];
        double[][] harms = [.. layers.Select((layer, i) => spec.Widths
            .Select(width => curvature[layer.Name] * SquaredError(weights[i], phase.WeightsOf(i, layers.Length) with { Bits = width })).ToArray())];
        double[][] costs = [.. counts.Select(count => spec.Widths.Select(width => (double)count * width).ToArray())];
        ImmutableArray<int> chosen = BitBudget.Choose(harms, costs, spec.MeanBits * counts.Sum());
        return layers.Select((layer, i) => new KeyValuePair<string, LayerBits>(layer.Name, new LayerBits(spec.Widths[chosen[i]], null)))
            .ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private static double SquaredError(NpyArray weights, QuantizerSpec spec)
    {
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        long[] shape = [.. weights.Shape.Select(extent => (long)extent)];
        Tensor values = tensor(weights.ToFloats(), shape);
        Quantizer quantizer = new(spec, TensorRole.Weights, shape);
        quantizer.Initialize(values);
        return (quantizer.Quantize(values).Values - values).square().sum().item<float>();
    }
}
