// SPDX-License-Identifier: Apache-2.0
using NnTrain.Training;

namespace Cli.Sweeps;

/// <summary>The images of data sets, each loaded and hashed when it is first asked for.</summary>
/// <param name="images">The images of a data set, by its name.</param>
public sealed class TrainingImagesByName(Func<string, ImageSets> images)
{
    private readonly Dictionary<string, TrainingImages> _known = [];

    /// <summary>The images of <paramref name="dataset"/>.</summary>
    public TrainingImages Of(string dataset)
    {
        if (!_known.TryGetValue(dataset, out TrainingImages? found))
        {
            found = TrainingImages.Of(images(dataset));
            _known.Add(dataset, found);
        }

        return found;
    }
}
