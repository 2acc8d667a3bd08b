// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
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
