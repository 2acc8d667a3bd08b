// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using NnTrain.Data;
using NnTrain.Models;
using NnTrain.Specification;
using NnTrain.Training;

namespace NnTrain.Rewriting;

/// <summary>The accuracy of a recipe with other bits, calibrated and not trained.</summary>
internal static class TrialAccuracy
{
    /// <summary>The measure, 0..1, of the bits of layers.</summary>
    /// <param name="network">The topology.</param>
    /// <param name="recipe">The recipe, whose quantised phase has the bits of layers that are not named.</param>
    /// <param name="start">The float network.</param>
    /// <param name="images">The training images: the first calibrate, the last measure.</param>
    /// <param name="most">The most images to measure on.</param>
    /// <param name="cancellation">Looked at before each trial.</param>
    public static Func<ImmutableSortedDictionary<string, LayerBits>, double> Of(
        NetworkSpec network, TrainingSpec recipe, TrainedNetwork start, ImageSet images, int most, CancellationToken cancellation)
    {
        int count = Math.Min(most, images.Count);
        ImageSet measured = images.Slice(images.Count - count, count);
        return bits =>
        {
            cancellation.ThrowIfCancellationRequested();
            TrainingSpec candidate = recipe with { QuantizedPhase = recipe.QuantizedPhase! with { LayerBits = bits } };
            using NetworkModel model = CalibratedModel.Of(network, candidate, start, images);
            return ModelEvaluator.Accuracy(model, measured, cancellation);
        };
    }
}
