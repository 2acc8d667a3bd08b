// SPDX-License-Identifier: Apache-2.0
using NnTrain.Models;
using NnTrain.Specification;

namespace NnTrain.Training;

/// <summary>Where a training starts from when nothing is given: random weights that follow from the recipe's seed.</summary>
internal static class InitialWeights
{
    /// <summary>The stream of <see cref="SeededRandom"/>.</summary>
    private const int Stream = 0;

    /// <summary>Sets the weights of a new model.</summary>
    public static void Set(NetworkModel model, TrainingSpec recipe) =>
        model.InitializeWeights(new SeededRandom(recipe.Seed, Stream).NextUniform);
}
