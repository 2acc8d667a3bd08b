// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Quantizers;

/// <summary>Filters in several orientations of one.</summary>
public sealed class CirculantTests : QuantizerTest
{
    private static readonly QuantizerSpec Turned = Weights with
    {
        Bits = 1, Grid = GridKind.Bipolar, Range = RangeKind.Circulant, Granularity = Granularity.PerChannel, Orientations = 4,
    };

    /// <summary>A quarter turn clockwise, in coordinates: what is at row y and column x was at row K - 1 - x and column y.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public void Four_orientations_are_quarter_turns_of_the_first_filter_of_their_set(int width)
    {
        const int inputs = 2;
        long[] sources = FilterOrientations.Sources([8, inputs, width, width], 4);

        long At(int output, int input, int y, int x) => sources[(((((output * inputs) + input) * width) + y) * width) + x];
        for (int output = 0; output < 8; output++)
        {
            for (int input = 0; input < inputs; input++)
            {
                for (int y = 0; y < width; y++)
                {
                    for (int x = 0; x < width; x++)
                    {
                        (int row, int column) = (y, x);
                        for (int turn = 0; turn < output % 4; turn++)
                        {
                            (row, column) = (width - 1 - column, row);
                        }

                        long expected = (((((output - (output % 4)) * inputs) + input) * width) + row) * width + column;
                        Assert.Equal(expected, At(output, input, y, x));
                    }
                }
            }
        }
    }

    /// <summary>The nine elements by hand, 0..8 by rows: an eighth of a round each, and five by five with two rings of eight and sixteen.</summary>
    [Fact]
    public void Eight_orientations_move_the_ring_by_one_place_each()
    {
        long[] three = FilterOrientations.Sources([8, 1, 3, 3], 8);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8], three[..9]);
        Assert.Equal([3, 0, 1, 6, 4, 2, 7, 8, 5], three[9..18]);
        Assert.Equal([1, 2, 5, 0, 4, 8, 3, 6, 7], three[63..]);

        long[] five = FilterOrientations.Sources([8, 1, 5, 5], 8);
        Assert.Equal([10, 5, 0, 1, 2, 15, 11, 6, 7, 3, 20, 16, 12, 8, 4, 21, 17, 18, 13, 9, 22, 23, 24, 19, 14], five[25..50]);
    }

    /// <summary>
    /// By hand, y_i = s sgn(w_source(i)) with s the mean magnitude of the filter, which is the same in all orientations, and the clipped estimator:
    /// dL/dw_k = sum over i from k of (s 1[|w_k| &lt;= 1] g_i) + sgn(w_k) / n sum over all i of the set of g_i sgn(w_source(i)).
    /// </summary>
    [Fact]
    public void The_filter_that_is_trained_has_the_gradients_of_all_its_turns()
    {
        const int pixels = 9;
        float[] w = [.. Spread(4 * pixels, 1.5).Select(value => value + 0.03f)];  // none is zero, where a magnitude has no derivative
        Quantizer quantizer = new(Turned, TensorRole.Weights, [4, 1, 3, 3]);

        (double[] gradient, Quantized output) = Backward(quantizer, w, 4, 1, 3, 3);

        long[] sources = FilterOrientations.Sources([4, 1, 3, 3], 4);
        float[] g = Upstream(4 * pixels);
        double scale = w[..pixels].Average(value => Math.Abs((double)value));
        double Sign(long k) => w[k] >= 0 ? 1 : -1;
        AssertValues([.. sources.Select(Sign)], output.Codes, 0);
        AssertValues([scale, scale, scale, scale], output.Step, 1e-6);
        double along = Enumerable.Range(0, 4 * pixels).Sum(i => g[i] * Sign(sources[i]));
        for (int k = 0; k < pixels; k++)
        {
            double due = Enumerable.Range(0, 4 * pixels).Where(i => sources[i] == k).Sum(i => (double)g[i]);
            Assert.Equal((Math.Abs(w[k]) <= 1 ? scale * due : 0) + (Sign(k) / pixels * along), gradient[k], 1e-5);
        }

        Assert.All(gradient[pixels..], value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(4, 2)]
    [InlineData(4, 1)]
    [InlineData(6, 3)]
    public void Filters_without_rings_and_sets_that_are_not_whole_have_no_orientations(int outputs, int width) =>
        Assert.Throws<ArgumentException>(() => FilterOrientations.Sources([outputs, 1, width, width], 4));
}
