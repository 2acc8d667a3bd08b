// SPDX-License-Identifier: Apache-2.0
using NnTrain.Data;

namespace NnTrain.Training;

/// <summary>The images of one training.</summary>
/// <param name="Training">What is trained on.</param>
/// <param name="Validation">What settings are chosen by; may be empty.</param>
/// <param name="Test">What is reported, and nothing else.</param>
public sealed record ImageSets(ImageSet Training, ImageSet Validation, ImageSet Test)
{
    /// <summary>The three parts of an installed data set.</summary>
    /// <param name="name">Name of the data set.</param>
    /// <param name="root">The data folder.</param>
    /// <exception cref="DatasetException">It is missing or damaged.</exception>
    public static ImageSets Load(string name, string root) => new(
        DatasetLoader.Load(name, root, DatasetSplit.Training),
        DatasetLoader.Load(name, root, DatasetSplit.Validation),
        DatasetLoader.Load(name, root, DatasetSplit.Test));
}
