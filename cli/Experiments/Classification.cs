// SPDX-License-Identifier: Apache-2.0
namespace Cli.Experiments;

/// <summary>Class scores against labels.</summary>
/// <param name="Predicted">Class of each image: the first of the greatest scores.</param>
/// <param name="Correct">Images whose class is their label.</param>
public sealed record Classification(int[] Predicted, int Correct)
{
    /// <summary>Share of correct images.</summary>
    public double Accuracy => Predicted.Length == 0 ? 0 : Correct / (double)Predicted.Length;

    /// <summary>Classifies scores, <paramref name="labels"/>.Length groups of equal size.</summary>
    public static Classification Of(ReadOnlySpan<int> scores, ReadOnlySpan<int> labels)
    {
        int classes = scores.Length / labels.Length;
        var predicted = new int[labels.Length];
        int correct = 0;
        for (int image = 0; image < labels.Length; image++)
        {
            ReadOnlySpan<int> group = scores.Slice(image * classes, classes);
            int best = 0;
            for (int i = 1; i < classes; i++)
            {
                if (group[i] > group[best])
                {
                    best = i;
                }
            }

            predicted[image] = best;
            correct += best == labels[image] ? 1 : 0;
        }

        return new(predicted, correct);
    }

    /// <summary>Counts[label, predicted].</summary>
    public int[,] Confusion(ReadOnlySpan<int> labels, int classes)
    {
        var counts = new int[classes, classes];
        for (int image = 0; image < labels.Length; image++)
        {
            counts[labels[image], Predicted[image]]++;
        }

        return counts;
    }
}
