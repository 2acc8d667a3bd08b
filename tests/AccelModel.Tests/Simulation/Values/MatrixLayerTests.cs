// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Simulation.Kernels;
using AccelModel.Simulation.Values;
using Xunit;

namespace AccelModel.Tests.Simulation.Values;

/// <summary>Single layers that are larger than any vector, block or chunk, each way of summing by name: codes are the accumulators.</summary>
public sealed class MatrixLayerTests
{
    private static readonly FixedPointFormat U8 = new(false, 8, 0);
    private static readonly FixedPointFormat S8 = new(true, 8, 0);
    private static readonly FixedPointFormat S16 = new(true, 16, 0);
    private static readonly FixedPointFormat U16 = new(false, 16, 0);
    private static readonly FixedPointFormat Bit = new(false, 1, 0);
    private static readonly FixedPointFormat S32 = new(true, 32, 0);

    /// <summary>Name, way of summing, input channels, output channels, groups, extent, kernel, stride, dilation, padding.</summary>
    public static TheoryData<string, string, int, int, int, int, int, int, int, int> Layers => new()
    {
        { "bytes", nameof(ProductSums), 21, 70, 1, 9, 3, 1, 1, 1 },
        { "bytes", nameof(ProductSums), 21, 18, 1, 9, 2, 2, 3, 2 },
        { "bytes", nameof(ProductSums), 24, 42, 6, 7, 3, 2, 1, 1 },
        { "bytes", nameof(ProductSums), 600, 37, 1, 1, 1, 1, 1, 0 },
        { "signed_bytes", nameof(ProductSums), 9, 33, 3, 6, 3, 1, 1, 1 },
        { "pairs", nameof(ProductSums), 13, 40, 1, 7, 3, 1, 1, 1 },
        { "unsigned_pairs", nameof(ProductSums), 3, 17, 1, 7, 3, 1, 1, 1 },
        { "bytes", nameof(DepthwiseSums), 37, 37, 37, 9, 3, 1, 1, 1 },
        { "bytes", nameof(DepthwiseSums), 70, 140, 70, 7, 5, 2, 1, 2 },
        { "bytes", nameof(DepthwiseSums), 19, 57, 19, 9, 1, 1, 1, 0 },
        { "signed_bytes", nameof(DepthwiseSums), 20, 20, 20, 11, 4, 1, 2, 3 },
        { "unsigned_pairs", nameof(DepthwiseSums), 18, 18, 18, 6, 2, 1, 1, 1 },
        { "bits", nameof(BitSums), 40, 70, 1, 9, 3, 1, 1, 1 },
        { "bits", nameof(BitSums), 130, 200, 1, 5, 3, 2, 1, 1 },
        { "bits", nameof(BitSums), 7, 65, 1, 8, 3, 1, 2, 2 },
        { "bits", nameof(BitSums), 1001, 30, 1, 1, 1, 1, 1, 0 },
        { "wide", "OrderedSums`2", 7, 35, 1, 5, 3, 1, 1, 1 },
        { "wide", "OrderedSums`2", 35, 35, 35, 5, 3, 1, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void Exact_sums_equal_the_references(string operands, string way, int channels, int outputs, int groups, int extent, int kernel, int stride, int dilation, int padding)
    {
        Random random = new(channels + outputs);
        (FixedPointFormat format, int least, int greatest) = operands switch
        {
            "bytes" => (U8, -128, 127),
            "signed_bytes" => (S8, -128, 127),
            "pairs" => (S16, -300, 300),
            "unsigned_pairs" => (U16, -700, 700),
            "bits" => (Bit, -1, 1),
            _ => (U16, -30000, 30000),
        };
        int windows = ((extent + (2 * padding) - ((kernel - 1) * dilation) - 1) / stride) + 1;
        int weights = outputs * kernel * kernel * channels / groups;
        IntegerNetwork network = new()
        {
            Name = operands,
            Input = new TensorSpec(extent, extent, channels, format),
            Layers =
            [
                new Conv2dLayer
                {
                    Name = "layer", Input = IntegerNetwork.InputName, Output = new TensorSpec(windows, windows, outputs, S32),
                    Weights = new IntegerTensor(
                        [outputs, kernel, kernel, channels / groups],
                        [.. Enumerable.Range(0, weights).Select(_ => operands == "bits" ? (2 * random.Next(2)) - 1 : random.Next(least, greatest + 1))]),
                    WeightFormat = S16, Stride = (stride, stride), Padding = new Padding(padding, padding, padding, padding), Dilation = (dilation, dilation), Groups = groups,
                    PaddingCode = operands == "bits" ? 1 : (int)(format.MaxRaw / 3), Requantization = Identity(outputs),
                },
            ],
        };
        int images = extent == 1 ? 67 : 3;
        int[] input = [.. Enumerable.Range(0, images * network.Input.Elements).Select(_ => (int)random.NextInt64(format.MinRaw, format.MaxRaw + 1))];
        int[] expected = ReferenceInterpreter.Run(network, input, images).Output;
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            LayerSums sums = LayerSums.Of(MatrixShape.Of((Conv2dLayer)network.Layers[0], network.Input), null, CodeSet.Of(format), default, set);
            Assert.Equal(way, sums.GetType().Name);
            Assert.Equal(expected, FastEngine.Execute(network, NoPlans, input, images, new ExecutionOptions { InstructionSet = set }).Output);
        }
    }

    [Theory]
    [InlineData(-1, 1, -1)]
    [InlineData(-1, 1, 1)]
    [InlineData(-1, 1, 0)]
    [InlineData(3, 7, 5)]
    public void Activations_of_two_codes_are_one_bit_whatever_the_codes_and_the_padding(int low, int high, int paddingCode)
    {
        Random random = new(high);
        const int channels = 33;
        IntegerNetwork network = new()
        {
            Name = "two_codes",
            Input = new TensorSpec(6, 5, 2, U8),
            Layers =
            [
                new Conv2dLayer
                {
                    Name = "signs", Input = IntegerNetwork.InputName, Output = new TensorSpec(6, 5, channels, S8), Weights = Weights(random, channels, 1, 1, 2), WeightFormat = S8, Stride = (1, 1),
                    Padding = Padding.None, Dilation = (1, 1), Groups = 1, PaddingCode = 0,
                    Requantization = new Requantization
                    {
                        Kind = RequantizationKind.Thresholds, Bias = [.. new long[channels]], Rounding = RoundingMode.HalfUp, Minimum = low, Maximum = high, Thresholds = [0],
                        ThresholdsPerChannel = 1, ThresholdStep = high - low,
                    },
                },
                new Conv2dLayer
                {
                    Name = "bits", Input = "signs", Output = new TensorSpec(4, 4, 40, S32), Weights = Weights(random, 40, 3, 3, channels), WeightFormat = S8, Stride = (2, 2),
                    Padding = new Padding(2, 3, 2, 1), Dilation = (1, 1), Groups = 1, PaddingCode = paddingCode, Requantization = Identity(40),
                },
            ],
        };
        int[] input = [.. Enumerable.Range(0, 2 * network.Input.Elements).Select(_ => random.Next(256))];
        int[] expected = ReferenceInterpreter.Run(network, input, 2).Output;
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            Assert.IsType<BitSums>(LayerSums.Of(
                MatrixShape.Of((Conv2dLayer)network.Layers[1], network.Layers[0].Output), null, new CodeSet(low, high, high - low), default, set));
            Assert.Equal(expected, FastEngine.Execute(network, NoPlans, input, 2, new ExecutionOptions { InstructionSet = set }).Output);
        }
    }

    private static ImmutableDictionary<int, AccumulationPlan> NoPlans => ImmutableDictionary<int, AccumulationPlan>.Empty;

    private static IntegerTensor Weights(Random random, params int[] shape) =>
        new([.. shape], [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => (2 * random.Next(2)) - 1)]);

    private static Requantization Identity(int channels) => new()
    {
        Kind = RequantizationKind.Shift, Bias = [.. new long[channels]], Shift = [0], Rounding = RoundingMode.HalfUp, Minimum = int.MinValue, Maximum = int.MaxValue,
    };
}
