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

        GridHistogram found = GridHistogram.Of("layer", TensorRole.Weights, 1, ratios, codes);

        Assert.Equal((-1, 1), (found.FirstCode, found.CodesPerBar));
        Assert.All(found.CodeShares, share => Assert.Equal(1 / 3.0, share, 12));
        for (int i = 0; i < found.RealShares.Length; i++)
        {
            double center = found.FirstRatio + (i * found.BinWidth);
            Assert.Equal(Math.Abs(center) < 1.5 ? 1 / 3.0 : 0, found.RealShares[i], 12);
        }
    }

    /// <summary>Odd codes stand for two units of the step each: -4..-2, -2..0, 0..2, 2..4.</summary>
    [Fact]
    public void Codes_that_are_two_steps_apart_have_the_height_of_what_lies_between_them()
    {
        float[] ratios = [.. Enumerable.Range(0, 160).Select(i => -4 + ((i + 0.5f) / 20))];
        int[] codes = [.. ratios.Select(ratio => (2 * (int)Math.Floor(ratio / 2)) + 1)];

        GridHistogram found = GridHistogram.Of("layer", TensorRole.Weights, 2, ratios, codes);

        Assert.Equal((-3, 1), (found.FirstCode, found.CodesPerBar));
        Assert.Equal([0.25, 0, 0.25, 0, 0.25, 0, 0.25], found.CodeShares.ToArray());
        for (int i = 0; i < found.RealShares.Length; i++)
        {
            double center = found.FirstRatio + (i * found.BinWidth);
            Assert.Equal(Math.Abs(center) < 4 ? 0.25 : 0, found.RealShares[i], 12);
        }
    }

    [Fact]
    public void Zeros_fill_the_bar_of_their_code()
    {
        GridHistogram found = GridHistogram.Of("layer", TensorRole.Activations, 1, [0, 0, 0, 1.1f], [0, 0, 0, 1]);

        double[] around = [.. found.RealShares.Where((_, i) => Math.Abs(found.FirstRatio + (i * found.BinWidth)) < 0.5)];
        Assert.Equal([0.75, 0.75, 0.75, 0.75], around);
        Assert.Equal(1, found.RealShares.Sum() * found.BinWidth, 12);
    }

    [Fact]
    public void Eight_bits_are_counted_in_bars_that_lose_nothing()
    {
        int[] codes = [.. Enumerable.Range(-127, 255)];

        GridHistogram found = GridHistogram.Of("layer", TensorRole.Activations, 1, [.. codes.Select(code => (float)code)], codes);

        Assert.Equal(8, found.CodesPerBar);
        Assert.Equal(-128, found.FirstCode);
        Assert.Equal(1, found.CodeShares.Sum(), 12);
        Assert.Equal(7 / 255.0, found.CodeShares[0], 12); // -127 .. -121
        Assert.Equal(found.CodesPerBar, found.RealShares.Sum() * found.BinWidth, 9);
    }

    [Fact]
    public void Numbers_far_from_every_code_are_in_no_bin()
    {
        GridHistogram found = GridHistogram.Of("layer", TensorRole.Activations, 1, [-1000, 0.25f, 1, 3.75f], [0, 0, 1, 1]);

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
