// SPDX-License-Identifier: Apache-2.0
using NnTrain.Data;
using NnTrain.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Training;

/// <summary>Counts what a model classifies right.</summary>
public static class ModelEvaluator
{
    private const int BatchSize = 500;

    /// <summary>
    /// Share of the images whose greatest class score, the first of equal ones, is that of their label. The model is not in training
    /// afterwards.
    /// </summary>
    public static double Accuracy(NetworkModel model, ImageSet images, CancellationToken cancellation = default)
    {
        model.eval();
        using IDisposable ungraded = no_grad();
        long right = 0;
        for (int start = 0; start < images.Count; start += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            ImageBatch batch = ImageBatch.Of(images, start, Math.Min(BatchSize, images.Count - start));
            right += CountRight(model.forward(batch.Images), batch.Labels);
        }
        return (double)right / images.Count;
    }

    /// <summary>How many rows have their greatest score at their label.</summary>
    internal static long CountRight(Tensor scores, Tensor labels) => scores.argmax(1).eq(labels).sum().item<long>();
}
