// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;
using RtlExport.Tests.Support;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace RtlExport.Tests;

/// <summary>Does one lane of the vector unit compute what the model's requantiser does, in every rounding mode?</summary>
public sealed class RequantizerTests
{
    public static TheoryData<RoundingMode> Modes { get; } = [.. Enum.GetValues<RoundingMode>()];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Every_rounding_mode_agrees_with_the_model(RoundingMode rounding)
    {
        using var folder = new TemporaryFolder();
        string bundle = Sample.Of(Designs.With(rounding), Sample.DenseNetwork(rounding)).Write(folder);

        VerificationResult result = RtlVerifier.Verify(bundle, SimulatorKind.Icarus);

        Bundles.AssertPassed(result);
        Assert.True(result.Vectors > 800, result.Output);
    }

    /// <summary>Two roundings beside one, in both requantisers, with multipliers as wide as TFLite's.</summary>
    [Theory]
    [InlineData(RoundingMode.HalfEven)]
    [InlineData(RoundingMode.Stochastic)]
    public void Two_roundings_agree_with_the_model(RoundingMode rounding)
    {
        using var folder = new TemporaryFolder();
        AcceleratorSpec twice = Designs.With(rounding) with { Requantizer = Designs.Reference.Requantizer with { Rounding = rounding, DoubleRounding = true, MultiplierWidth = 31 } };
        IntegerNetwork network = Sample.DenseNetwork(rounding);
        DenseLayer dense = (DenseLayer)network.Layers[0];
        long multiplier = (1L << 30) + 12345;
        network = network with
        {
            Layers = [dense with { Requantization = dense.Requantization with { Kind = RequantizationKind.DoubleRounding, Multiplier = [multiplier], Shift = [-2] } }, .. network.Layers.Skip(1)],
        };
        string bundle = Sample.Of(twice, network).Write(folder);

        VerificationResult result = RtlVerifier.Verify(bundle, SimulatorKind.Icarus);

        Bundles.AssertPassed(result);
        RequantizerCase[] words = [.. RequantizerCases.Of(twice)];
        Assert.True(result.Vectors > words.Length, result.Output);

        // Words that one rounding, half up or half away from zero, would get wrong.
        Assert.Contains(words, word => Twice(word) && word.Expected != Once<RoundHalfUp>(word));
        Assert.Contains(words, word => Twice(word) && word.Expected != Once<RoundHalfAway>(word));
        bool Twice(RequantizerCase word) => word.Record is { DoubleRounding: true, Bias: 0 } && word.Record.Shift + word.Record.SecondShift < 40;
        int Once<TRounding>(RequantizerCase word) where TRounding : struct, IRoundingMode =>
            (int)Math.Clamp(Rounding.ShiftRight<TRounding>(word.Source, word.Record.Shift + word.Record.SecondShift), word.Record.Minimum, word.Record.Maximum);
    }

    /// <summary>Vectors that do not tell two modes apart would prove neither.</summary>
    [Fact]
    public void The_directed_words_tell_all_rounding_modes_apart()
    {
        var codes = Enum.GetValues<RoundingMode>().ToDictionary(mode => mode, mode => RequantizerCases.Of(Designs.With(mode)).Select(word => word.Expected).ToList());
        foreach (RoundingMode a in codes.Keys)
        {
            foreach (RoundingMode b in codes.Keys.Where(b => b != a))
            {
                Assert.True(codes[a].Zip(codes[b]).Count(pair => pair.First != pair.Second) >= 3, $"{a} and {b}");
            }
        }
    }

    [Fact]
    public void The_directed_words_reach_every_shift_and_both_limits_of_the_accumulator()
    {
        IReadOnlyList<RequantizerCase> words = RequantizerCases.Of(Designs.Reference);
        int width = Designs.Reference.Accumulator.Width;

        Assert.Equal(Enumerable.Range(0, 64), words.Select(word => word.Record.Shift).Distinct().Order());
        Assert.Contains(words, word => word.Source == -(1L << (width - 1)));
        Assert.Contains(words, word => word.Source == (1L << (width - 1)) - 1);
        Assert.Contains(words, word => word.Record.SignOutput && word.Expected == -1);
        Assert.Contains(words, word => word.Record.SignOutput && word.Expected == 1);
    }
}
