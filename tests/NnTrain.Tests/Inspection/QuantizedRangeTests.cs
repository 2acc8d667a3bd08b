// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using NnTrain.Inspection;
using NnTrain.Quantizers;
using NnTrain.Specification;
using NnTrain.Tests.Training;
using NnTrain.Training;
using Xunit;

namespace NnTrain.Tests.Inspection;

public sealed class QuantizedRangeTests : TrainingTest
{
    /// <summary>Steps that follow the largest weight: after the last epoch the greatest value with a code is that weight's.</summary>
    [Fact]
    public void The_range_after_the_last_epoch_is_that_of_the_trained_weights()
    {
        TrainingSpec recipe = TestRecipes.Short("w4a4-minmax");
        QuantizerSpec weights = recipe.QuantizedPhase!.Weights with { Range = RangeKind.MinMax, Scale = ScaleKind.Free, Granularity = Granularity.PerTensor, Grid = GridKind.SignedNarrow };
        recipe = recipe with { QuantizedPhase = recipe.QuantizedPhase with { Weights = weights, FirstLayerWeights = weights, LastLayerWeights = weights } };

        TrainedNetwork trained = Train(recipe);

        foreach (string layer in new[] { "conv1", "conv2", "dense1", "dense2" })
        {
            NpyArray stored = trained.Parameters[$"{layer}.weight"];
            double largest = Floats(stored).Max(Math.Abs);
            QuantizedRange found = Assert.Single(trained.Ranges, range => range.Epoch == 2 && range.Layer == layer && range.Tensor == TensorRole.Weights);
            Assert.Equal(largest, found.Limit, largest * 1e-6);
            Assert.Equal(found.GreatestStep, found.LeastStep);
        }
    }

    [Fact]
    public void Each_epoch_with_quantisers_has_the_ranges_of_all_tensors_and_they_are_kept()
    {
        TrainedNetwork trained = Train(TestRecipes.Short("w2a2", epochs: 3));
        trained.Save(Folder("kept"));

        Assert.Equal(3 * 4 * 2, trained.Ranges.Length);
        Assert.Equal([1, 2, 3], trained.Ranges.Select(range => range.Epoch).Distinct());
        Assert.All(trained.Ranges, range => Assert.True(range.LeastStep > 0 && range.LeastStep <= range.GreatestStep && range.Limit > 0));
        Assert.Equal(trained.Ranges.ToArray(), TrainedNetwork.Load(Folder("kept")).Ranges.ToArray());
        string[] lines = File.ReadAllLines(Path.Combine(Folder("kept"), History.RangesFileName));
        Assert.Equal("epoch,layer,tensor,least_step,greatest_step,limit", lines[0]);
        Assert.Equal(24, lines.Length - 1);
        Assert.StartsWith("1,conv1,weights,", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_in_floating_point_has_none()
    {
        TrainedNetwork trained = Train(TestRecipes.Short("w4a4").FloatPart());
        trained.Save(Folder("kept"));

        Assert.Empty(trained.Ranges);
        Assert.False(File.Exists(Path.Combine(Folder("kept"), History.RangesFileName)));
    }

    private static float[] Floats(NpyArray array) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(array.Data.ToArray()).ToArray();
}
