// SPDX-License-Identifier: Apache-2.0
using NnTrain.Data;
using NnTrain.Models;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Training;

/// <summary>From a float network to a quantised one without training: ranges from the first training images.</summary>
internal static class CalibratedModel
{
    private const int GradientImages = 256;

    /// <summary>A model of the recipe's quantised phase that was calibrated; quantised, not in training.</summary>
    public static NetworkModel Of(NetworkSpec network, TrainingSpec recipe, TrainedNetwork start, ImageSet images)
    {
        NetworkModel model = new(network, recipe) { Quantized = true };
        FloatWeights.Copy(start, model);
        Calibrate(model, recipe.QuantizedPhase!, images);
        return model;
    }

    /// <summary>Calibrates; the model is not in training afterwards.</summary>
    public static void Calibrate(NetworkModel model, QuantizedPhaseSpec phase, ImageSet images)
    {
        using DisposeScope scope = NewDisposeScope();
        model.eval();
        int count = Math.Min(phase.CalibrationImages ?? QuantizedPhaseSpec.DefaultCalibrationImages, images.Count);
        BiasError? ofBiases = phase.PostTraining is { CorrectBias: true } post ? post.BiasError : null;
        model.Calibrate(ImageBatch.Of(images, 0, count).Images, ofBiases, Importance(model, phase, images), phase.PostTraining?.CorrectWeights, phase.PostTraining is { LearnRounding: true });
    }

    /// <summary>
    /// The mean squared gradient of the loss of one image, for each weight: the diagonal of the Fisher information with the labels that images have, which stands for the diagonal of the Hessian. Null where
    /// the recipe does not weigh by it.
    /// </summary>
    public static IReadOnlyDictionary<string, Tensor>? Importance(NetworkModel model, QuantizedPhaseSpec phase, ImageSet images)
    {
        if (!phase.Weights.WeighByGradient)
        {
            return null;
        }

        (bool quantized, bool training) = (model.Quantized, model.training);
        model.Quantized = false;
        model.eval();
        Dictionary<string, Tensor> sums = model.MatrixLayers.ToDictionary(layer => layer.GetName(), layer => zeros(layer.WeightShape));
        int count = Math.Min(GradientImages, images.Count);
        for (int i = 0; i < count; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            ImageBatch batch = ImageBatch.Of(images, i, 1);
            model.zero_grad();
            nn.functional.cross_entropy(model.forward(batch.Images), batch.Labels).backward();
            using IDisposable ungraded = no_grad();
            foreach (Layers.MatrixLayer layer in model.MatrixLayers)
            {
                sums[layer.GetName()].add_(layer.Latent.grad!.square(), 1.0 / count);
            }
        }

        model.zero_grad();
        model.Quantized = quantized;
        model.train(training);
        return sums;
    }
}
