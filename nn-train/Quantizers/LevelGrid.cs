// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using AccelModel.Numerics;
using TorchSharp;
using static TorchSharp.torch;
using RoundingMode = AccelModel.Numerics.RoundingMode;

namespace NnTrain.Quantizers;

/// <summary>
/// Zero and some magnitudes with either sign: <c>c = sgn(u) L_k</c>, <c>L_k</c> the level nearest to |u|. Half-way between two levels the
/// larger one is taken (INQ, Zhou et al. 2017, equation 4: <c>(a + b)/2 &lt;= |w|</c> gives b), whatever the recipe's rounding is.
/// </summary>
public abstract record LevelGrid : IGrid
{
    /// <summary>A grid.</summary>
    /// <param name="magnitudes">The levels above zero, ascending.</param>
    protected LevelGrid(ImmutableArray<int> magnitudes) => Magnitudes = magnitudes;

    /// <summary>The levels above zero, ascending.</summary>
    public ImmutableArray<int> Magnitudes { get; }

    /// <inheritdoc/>
    public int Lowest => -Highest;

    /// <inheritdoc/>
    public int Highest => Magnitudes[^1];

    /// <inheritdoc/>
    public IEnumerable<int> Codes => [.. Magnitudes.Reverse().Select(magnitude => -magnitude), 0, .. Magnitudes];

    /// <inheritdoc/>
    public FixedPointFormat Format(int fractionBits) => new(Signed: true, BitOperations.Log2((uint)Highest) + 2, fractionBits);

    /// <inheritdoc/>
    public Tensor Project(Tensor clipped, RoundingMode rounding)
    {
        Tensor magnitude = clipped.abs();
        Tensor level = zeros_like(magnitude);
        int below = 0;
        foreach (int next in Magnitudes)
        {
            level = level + (magnitude.ge((below + next) / 2.0).to_type(magnitude.dtype) * (double)(next - below));
            below = next;
        }
        return TensorRounding.Sign(clipped) * level;
    }
}

/// <summary>
/// Powers of two, <c>0, +-1, +-2, ... +-2^(E-1)</c> with <c>E = 2^(Bits-2)</c>: one of the 2^Bits codes is zero and one is left over, as INQ counts
/// (Zhou et al. 2017, arXiv:1702.03044, section 2.1). A product is a shift.
/// </summary>
public sealed record PowerOfTwoGrid(int Bits) : LevelGrid([.. Enumerable.Range(0, 1 << (Bits - 2)).Select(exponent => 1 << exponent)]);

/// <summary>
/// Sums of two powers of two or zeros (additive powers of two, Li et al. 2020, arXiv:1909.13144): the magnitudes <c>a + b</c>, a and b each 0 or
/// <c>2^0 .. 2^(E-1)</c> with <c>E = 2^(Bits/2 - 1) - 1</c>, the exponents that a field of Bits/2 bits has behind its sign. A product is two shifts and an addition.
/// </summary>
public sealed record PowerOfTwoSumGrid(int Bits) : LevelGrid(Sums((1 << ((Bits / 2) - 1)) - 1))
{
    private static ImmutableArray<int> Sums(int exponents)
    {
        int[] terms = [0, .. Enumerable.Range(0, exponents).Select(exponent => 1 << exponent)];
        return [.. terms.SelectMany(a => terms.Select(b => a + b)).Where(sum => sum > 0).Distinct().Order()];
    }
}
