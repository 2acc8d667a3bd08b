// SPDX-License-Identifier: Apache-2.0
using NnTrain.Inspection;
using NnTrain.Models;
using NnTrain.Quantizers;
using NnTrain.Tests.Training;
using NnTrain.Training;
using Xunit;

namespace NnTrain.Tests.Inspection;

public sealed class GridHistogramTests : TrainingTest
{
    [Fact]
    public void Evenly_spread_numbers_have_the_height_of_their_codes()
    {
        // 40 ratios evenly within each of the cells -1.5..-0.5, -0.5..0.5, 0.5..1.5
        float[] ratios = [.. Enumerable.Range(0, 120).Select(i => -1.5f + ((i + 0.5f) / 40))];
        int[] codes = [.. ratios.Select(ratio => (int)Math.Round(ratio))];

        GridHistogram found = GridHistogram.Of("layer", TensorRole.Weights, ratios, codes);

        Assert.Equal((-1, 1), (found.FirstCode, found.CodesPerBar));
        Assert.All(found.CodeShares, share => Assert.Equal(1 / 3.0, share, 12));
        for (int i = 0; i < found.RealShares.Length; i++)
        {
            double center = found.FirstRatio + (i * found.BinWidth);
            Assert.Equal(Math.Abs(center) < 1.5 ? 1 / 3.0 : 0, found.RealShares[i], 12);
        }
    }

    [Fact]
    public void Eight_bits_are_counted_in_bars_that_lose_nothing()
    {
        int[] codes = [.. Enumerable.Range(-127, 255)];

        GridHistogram found = GridHistogram.Of("layer", TensorRole.Activations, [.. codes.Select(code => (float)code)], codes);

        Assert.Equal(8, found.CodesPerBar);
        Assert.Equal(-128, found.FirstCode);
        Assert.Equal(1, found.CodeShares.Sum(), 12);
        Assert.Equal(7 / 255.0, found.CodeShares[0], 12); // -127 .. -121
        Assert.Equal(found.CodesPerBar, found.RealShares.Sum() * found.BinWidth, 9);
    }

    [Fact]
    public void Numbers_far_from_every_code_are_in_no_bin()
    {
        GridHistogram found = GridHistogram.Of("layer", TensorRole.Activations, [-1000, 0.25f, 1, 3.75f], [0, 0, 1, 1]);

        Assert.Equal([0.5, 0.5], found.CodeShares.ToArray());
        Assert.Equal(0.75, found.RealShares.Sum() * found.BinWidth, 12);
    }

    [Fact]
    public void A_trained_network_shows_its_weights_and_what_it_rounds()
    {
        TrainedNetwork trained = Train(TestRecipes.Short("w4a4"));
        using NetworkModel model = trained.CreateModel();

        GridHistogram[] weights = [.. GridHistogram.OfWeights(model)];
        GridHistogram[] outputs = [.. GridHistogram.OfOutputs(model, SyntheticImages.Sets().Test, 10)];

        Assert.Equal(["conv1", "conv2", "dense1", "dense2"], weights.Select(grid => grid.Layer));
        Assert.Equal(["conv1", "conv2", "dense1", "dense2"], outputs.Select(grid => grid.Layer));
        foreach ((GridHistogram grid, NnTrain.Layers.MatrixLayer layer) in weights.Zip(model.MatrixLayers))
        {
            int[] codes = layer.WeightCodes();
            Assert.Equal(codes.Min(), grid.FirstCode);
            Assert.Equal(codes.Count(code => code == 0) / (double)codes.Length, grid.CodeShares[-grid.FirstCode], 12);
        }

        Assert.All(outputs.SkipLast(1), grid => Assert.True(grid.FirstCode >= 0 && grid.FirstCode + grid.CodeShares.Length <= 16));
    }
}
