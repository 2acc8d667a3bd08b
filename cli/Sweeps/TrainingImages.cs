// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Cli.Experiments;
using NnTrain.Data;
using NnTrain.Training;

namespace Cli.Sweeps;

/// <summary>The images of a data set with the identity of their content: what is kept of a training does not depend on a name alone.</summary>
/// <param name="Sets">The images.</param>
/// <param name="Sha256">SHA-256 over pixels and labels of all three sets.</param>
public sealed record TrainingImages(ImageSets Sets, string Sha256)
{
    /// <summary>The test images as input codes.</summary>
    public TestSet Test { get; } = TestSet.Of(Sets.Test);

    /// <summary>Images with their hash.</summary>
    public static TrainingImages Of(ImageSets sets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ImageSet set in new[] { sets.Training, sets.Validation, sets.Test })
        {
            hash.AppendData(BitConverter.GetBytes(set.Count));
            hash.AppendData(set.Pixels);
            hash.AppendData(set.Labels);
        }

        return new(sets, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
