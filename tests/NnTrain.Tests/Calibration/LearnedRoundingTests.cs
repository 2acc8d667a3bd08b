// SPDX-License-Identifier: Apache-2.0
using NnTrain.Calibration;
using NnTrain.Quantizers;
using NnTrain.Tests.TorchSystem;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Calibration;

/// <summary>Rounding that is learned, against all ways of rounding a small layer.</summary>
public sealed class LearnedRoundingTests : TorchTest
{
    private const int Size = 8;
    private static readonly UniformGrid Grid = new(Signed: true, 4, Narrow: true);

    /// <summary>Inputs that have much in common: nearest codes add up errors that other codes cancel.</summary>
    [Fact]
    public void Learned_codes_are_near_the_best_of_all_and_never_worse_than_the_nearest()
    {
        (double learned, double nearest, double best) = (0, 0, 0);
        Random random = new(3);
        for (int layer = 0; layer < 12; layer++)
        {
            float[] moments = Moments(random);
            float[] ratios = [.. Enumerable.Range(0, Size).Select(_ => (float)((random.NextDouble() * 13) - 6.5))];

            double[] codes = Values(LearnedRounding.Codes(tensor(ratios, [1, Size]), tensor(moments, [Size, Size]), Grid));

            Assert.All(codes.Zip(ratios), pair => Assert.True(Math.Abs(pair.First - pair.Second) < 1 && Math.Abs(pair.First) <= 7, $"{pair}"));
            double error = Error(codes, ratios, moments);
            double ofNearest = Error([.. ratios.Select(u => Math.Floor(u + 0.5))], ratios, moments);
            Assert.True(error <= ofNearest * 1.0001, $"{error} against {ofNearest}");
            learned += error;
            nearest += ofNearest;
            best += Enumerable.Range(0, 1 << Size).Min(ways => Error([.. ratios.Select((u, i) => Math.Floor(u) + ((ways >> i) & 1))], ratios, moments));
        }

        Assert.True(learned < 0.5 * nearest, $"{learned} against {nearest} of nearest codes");
        Assert.True(learned < 2.5 * best, $"{learned} against {best} of the best");
    }

    [Fact]
    public void Inputs_that_have_nothing_in_common_leave_plain_rounding()
    {
        float[] ratios = [-8.2f, -2.7f, -0.4f, 0, 0.3f, 1.6f, 6.9f, 7.4f];
        float[] moments = [.. Enumerable.Range(0, Size * Size).Select(i => i % (Size + 1) == 0 ? 2f : 0)];

        Assert.Equal([-7, -3, 0, 0, 0, 2, 7, 7], Values(LearnedRounding.Codes(tensor(ratios, [1, Size]), tensor(moments, [Size, Size]), Grid)));
    }

    /// <summary><c>X^T X</c> of 40 inputs that share half of what they are.</summary>
    private static float[] Moments(Random random)
    {
        float[][] inputs = [.. Enumerable.Range(0, 40).Select(_ =>
        {
            double common = random.NextDouble();
            return Enumerable.Range(0, Size).Select(_ => (float)(common + (0.5 * random.NextDouble()))).ToArray();
        })];
        return [.. Enumerable.Range(0, Size * Size).Select(i => inputs.Sum(x => x[i / Size] * x[i % Size]) / inputs.Length)];
    }

    private static double Error(double[] codes, float[] ratios, float[] moments)
    {
        double[] e = [.. codes.Zip(ratios, (code, u) => code - u)];
        return Enumerable.Range(0, Size * Size).Sum(i => e[i / Size] * moments[i] * e[i % Size]);
    }
}
