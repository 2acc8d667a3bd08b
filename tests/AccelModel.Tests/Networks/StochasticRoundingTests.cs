// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using Xunit;

namespace AccelModel.Tests.Networks;

/// <summary>Which random word meets which output: lane, word, and reseeding for each image.</summary>
public sealed class StochasticRoundingTests
{
    private const int Shift = 5;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 7)]
    [InlineData(8, 1)]
    public void Each_word_takes_the_next_state_of_its_lane(int lanes, int wordsBefore)
    {
        const int pixels = 6;
        const int channels = 5;
        int tiles = (channels + lanes - 1) / lanes;
        (int Pixel, int ChannelTile)[] words = [.. from tile in Enumerable.Range(0, tiles) from pixel in Enumerable.Range(0, pixels) select (pixel, tile)];
        new Random(lanes).Shuffle(words);
        IntegerNetwork network = Network(pixels, channels);
        int[] image = [.. Enumerable.Range(0, pixels).Select(pixel => (pixel * 41) - 100)];
        AccumulationPlan plan = AccumulationTests.Plan(48, 48, [0]) with { RequantizationOrder = new RequantizationOrder(lanes, wordsBefore, [.. words]) };

        int[] output = ReferenceInterpreter.Run(network, [.. image, .. image], 2, new Dictionary<int, AccumulationPlan> { [0] = plan }).Output;

        int[] expected = new int[pixels * channels];
        for (int word = 0; word < words.Length; word++)
        {
            for (int channel = words[word].ChannelTile * lanes; channel < Math.Min(channels, (words[word].ChannelTile + 1) * lanes); channel++)
            {
                BigInteger addend = State(channel % lanes, wordsBefore + word) >> (32 - Shift);
                BigInteger sum = (image[words[word].Pixel] * (channel + 1)) + addend;
                BigInteger floored = (sum - (((sum % 32) + 32) % 32)) / 32;
                expected[(words[word].Pixel * channels) + channel] = (int)floored;
            }
        }
        Assert.Equal([.. expected, .. expected], output);
    }

    [Fact]
    public void A_layer_that_rounds_stochastically_needs_a_plan()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => ReferenceInterpreter.Run(Network(1, 1), [1], 1));
        Assert.Contains("layer 'scale' rounds stochastically", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_is_not_rounded_twice()
    {
        AccumulationPlan plan = AccumulationTests.Plan(48, 48, [0]) with { RequantizationOrder = new RequantizationOrder(1, 0, [(0, 0), (0, 0)]) };
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => ReferenceInterpreter.Run(Network(1, 1), [1], 1, new Dictionary<int, AccumulationPlan> { [0] = plan }));
        Assert.Contains("rounds word (0, 0) twice", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Channel c multiplies a pixel by c + 1 and divides by 32.</summary>
    private static IntegerNetwork Network(int pixels, int channels) => new()
    {
        Name = "stochastic",
        Input = new TensorSpec(1, pixels, 1, TestNetworks.S8),
        Layers =
        [
            new Conv2dLayer
            {
                Name = "scale",
                Input = "input",
                Output = new TensorSpec(1, pixels, channels, TestNetworks.S8),
                Weights = new IntegerTensor([channels, 1, 1, 1], [.. Enumerable.Range(1, channels)]),
                WeightFormat = TestNetworks.S8,
                Stride = (1, 1),
                Padding = Padding.None,
                Dilation = (1, 1),
                Groups = 1,
                PaddingCode = 0,
                Requantization = TestNetworks.Identity(channels, TestNetworks.S8) with { Shift = [Shift], Rounding = RoundingMode.Stochastic },
            },
        ],
    };

    /// <summary>State of a lane's register after a number of steps, by polynomial arithmetic: each step divides by x modulo x^32 + x^22 + x^2 + x + 1.</summary>
    private static BigInteger State(int lane, int steps)
    {
        BigInteger state = (0x12345678 + ((BigInteger)lane * 0x9E3779B9)) % BigInteger.Pow(2, 32);
        for (int step = 0; step < steps; step++)
        {
            BigInteger carry = state % 2;
            state /= 2;
            if (carry == 1)
            {
                state ^= (BigInteger.One << 31) + (BigInteger.One << 21) + (BigInteger.One << 1) + 1;
            }
        }
        return state;
    }
}
