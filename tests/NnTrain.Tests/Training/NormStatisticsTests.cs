// SPDX-License-Identifier: Apache-2.0
using NnTrain.Data;
using NnTrain.Layers;
using NnTrain.Models;
using NnTrain.Specification;
using NnTrain.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Training;

/// <summary>Statistics of batch norm that are taken anew, with final weights.</summary>
public sealed class NormStatisticsTests : TrainingTest
{
    /// <summary>The first layer reads images, so that its sums follow from its final weights alone. Running averages are those of the last ten steps, whose signs were others.</summary>
    [Fact]
    public void They_are_those_of_the_final_weights()
    {
        TrainedNetwork trained = Train(TestRecipes.Short("methods/kt-detector", epochs: 2));
        ImageSet images = SyntheticImages.Sets().Training;
        int size = trained.Recipe.BatchSize;
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using NetworkModel model = trained.CreateModel();
        MatrixLayer first = model.MatrixLayers.First();
        Tensor weights = first.WeightQuantizer.Quantize(first.Latent).Values;

        double[][][] batches =
        [
            .. Enumerable.Range(0, images.Count / size).Select(b => Channels(nn.functional.conv2d(ImageBatch.Of(images, b * size, size).Images, weights, null, [1, 1], [1, 1]))),
        ];

        Dictionary<string, Tensor> state = ModelState.Of(model).ToDictionary();
        float[] means = state["conv1.norm.mean"].data<float>().ToArray();
        float[] variances = state["conv1.norm.variance"].data<float>().ToArray();
        for (int channel = 0; channel < means.Length; channel++)
        {
            Assert.Equal(batches.Average(batch => batch[channel].Average()), means[channel], 1e-4);
            Assert.Equal(batches.Average(batch => Variance(batch[channel])), variances[channel], 1e-4);
        }
    }

    /// <summary>The values of each channel.</summary>
    private static double[][] Channels(Tensor sums)
    {
        int perChannel = (int)(sums.numel() / sums.shape[1]);
        float[] values = sums.permute(1, 0, 2, 3).contiguous().data<float>().ToArray();
        return [.. values.Chunk(perChannel).Select(channel => channel.Select(value => (double)value).ToArray())];
    }

    /// <summary>With n - 1, as running statistics have it.</summary>
    private static double Variance(double[] values)
    {
        double mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }
}
