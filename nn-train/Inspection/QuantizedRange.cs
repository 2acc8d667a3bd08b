// SPDX-License-Identifier: Apache-2.0
using NnTrain.Models;
using NnTrain.Quantizers;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Inspection;

/// <summary>What the codes of a tensor reach to after an epoch.</summary>
/// <param name="Epoch">The epoch, counted from 1 in the quantised phase.</param>
/// <param name="Layer">Name of the layer.</param>
/// <param name="Tensor">Its weights, or its output.</param>
/// <param name="LeastStep">The value of one code; of the channel with the smallest.</param>
/// <param name="GreatestStep">The same of the channel with the largest.</param>
/// <param name="Limit">The greatest value that has a code, of the channel with the largest step.</param>
public sealed record QuantizedRange(int Epoch, string Layer, TensorRole Tensor, double LeastStep, double GreatestStep, double Limit)
{
    /// <summary>All ranges of a model: of its matrix layers in order, weights before outputs, then of sums and concatenations. The model is not in training afterwards.</summary>
    /// <param name="model">The model, with quantisers.</param>
    /// <param name="epoch">The epoch that it stands after.</param>
    public static IEnumerable<QuantizedRange> Of(NetworkModel model, int epoch)
    {
        model.eval();
        foreach (Layers.MatrixLayer layer in model.MatrixLayers)
        {
            yield return OfWeights(layer, epoch);
            yield return OfOutput(layer.GetName(), layer.OutputQuantizer, epoch);
        }

        foreach (Layers.JoiningLayer layer in model.JoiningLayers)
        {
            yield return OfOutput(layer.GetName(), layer.OutputQuantizer, epoch);
        }
    }

    private static QuantizedRange OfWeights(Layers.MatrixLayer layer, int epoch)
    {
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor steps = layer.WeightQuantizer.Quantize(layer.Latent).Step;
        double greatest = steps.max().item<float>();
        return new(epoch, layer.GetName(), TensorRole.Weights, steps.min().item<float>(), greatest, layer.WeightQuantizer.Grid.Highest * greatest);
    }

    private static QuantizedRange OfOutput(string layer, Quantizer quantizer, int epoch)
    {
        double step = quantizer.StepValue;
        double limit = quantizer.Affine is AffineCodes affine ? affine.Offset + (affine.Width * quantizer.Grid.Highest) : quantizer.Grid.Highest * step;
        return new(epoch, layer, TensorRole.Activations, step, step, limit);
    }
}
