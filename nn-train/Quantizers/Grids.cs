// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;
using RoundingMode = AccelModel.Numerics.RoundingMode;

namespace NnTrain.Quantizers;

/// <summary>The integers that codes can be, and the way to them from a real number in units of the step.</summary>
public interface IGrid
{
    /// <summary>The least code.</summary>
    int Lowest { get; }

    /// <summary>The greatest code.</summary>
    int Highest { get; }

    /// <summary>All of them.</summary>
    IEnumerable<int> Codes => Enumerable.Range(Lowest, Highest - Lowest + 1);

    /// <summary>Whether codes can be stored negated: <c>Lowest = -Highest</c>.</summary>
    bool Symmetric => Lowest == -Highest;

    /// <summary>Where codes begin, in units of the step: code <c>Lowest + k CodeStep</c> from threshold k - 1 on. Empty where hardware scales and rounds.</summary>
    ImmutableArray<CodeThreshold> Ladder => [];

    /// <summary>From a code of the ladder to the next.</summary>
    int CodeStep => 1;

    /// <summary>Whether the range has the codes of the ladder in a table, at any distances from each other; <see cref="CodeStep"/> then counts its entries.</summary>
    bool HasTable => false;

    /// <summary>The format that hardware stores codes in.</summary>
    FixedPointFormat Format(int fractionBits);

    /// <summary>The code of each element of <paramref name="clipped"/>, which lies within Lowest..Highest.</summary>
    Tensor Project(Tensor clipped, RoundingMode rounding);

    /// <summary>As <see cref="Project(Tensor, RoundingMode)"/>, but the code below or above at random, so that the mean is the element (<see cref="TensorRounding.Stochastic"/>).</summary>
    /// <exception cref="NotSupportedException">Codes of the grid are not equally spaced.</exception>
    Tensor Project(Tensor clipped, RoundingNoise noise) => throw new NotSupportedException("a grid whose codes are not equally spaced has no stochastic rounding");
}

/// <summary>Where a code begins.</summary>
/// <param name="Ratio">In units of the step.</param>
/// <param name="Above">Whether the ratio itself still has the code below.</param>
public readonly record struct CodeThreshold(double Ratio, bool Above);

/// <summary>Every integer of Lowest..Highest: <c>c = round(u)</c>.</summary>
/// <param name="Signed">Two's complement when true.</param>
/// <param name="Bits">Width of a code.</param>
/// <param name="Narrow">Without the least code of two's complement, so that the grid is symmetric.</param>
public sealed record UniformGrid(bool Signed, int Bits, bool Narrow = false) : IGrid
{
    /// <inheritdoc/>
    public int Lowest => Signed ? -(1 << (Bits - 1)) + (Narrow ? 1 : 0) : 0;

    /// <inheritdoc/>
    public int Highest => Signed ? (1 << (Bits - 1)) - 1 : (1 << Bits) - 1;

    /// <inheritdoc/>
    public FixedPointFormat Format(int fractionBits) => new(Signed, Bits, fractionBits);

    /// <inheritdoc/>
    public Tensor Project(Tensor clipped, RoundingMode rounding) => TensorRounding.Round(clipped, rounding);

    /// <inheritdoc/>
    public Tensor Project(Tensor clipped, RoundingNoise noise) => TensorRounding.Stochastic(clipped, noise.Of(clipped));
}

/// <summary>
/// The odd integers of <c>-n..n</c>, <c>n = 2^Bits - 1</c>: <c>c = 2 round((u + n) / 2) - n</c>. Stored in Bits + 1 bits
/// (DoReFa-Net's weights, Zhou et al. 2016, equation 9, in units of 1/n). A code is <c>sum over i of 2^i d_i</c> with Bits digits d of -1 and +1.
/// </summary>
public sealed record OddGrid(int Bits) : IGrid
{
    /// <inheritdoc/>
    public int Lowest => -Highest;

    /// <inheritdoc/>
    public int Highest => (1 << Bits) - 1;

    /// <inheritdoc/>
    public IEnumerable<int> Codes => Enumerable.Range(0, Highest + 1).Select(k => (2 * k) - Highest);

    /// <inheritdoc/>
    public ImmutableArray<CodeThreshold> Ladder => [.. Enumerable.Range(0, Highest).Select(k => new CodeThreshold((2 * k) + 1 - Highest, Above: false))];

    /// <inheritdoc/>
    public int CodeStep => 2;

    /// <inheritdoc/>
    public FixedPointFormat Format(int fractionBits) => new(Signed: true, Bits + 1, fractionBits);

    /// <inheritdoc/>
    public Tensor Project(Tensor clipped, RoundingMode rounding) =>
        (TensorRounding.Round((clipped + Highest) * 0.5, rounding) * 2.0) - Highest;

    /// <inheritdoc/>
    public Tensor Project(Tensor clipped, RoundingNoise noise) =>
        (TensorRounding.Stochastic((clipped + Highest) * 0.5, noise.Of(clipped)) * 2.0) - Highest;
}

/// <summary>-1 and +1: <c>c = u &gt;= 0 ? +1 : -1</c>. Stored in two bits, so that a padded zero has a code too.</summary>
public sealed record SignGrid : IGrid
{
    /// <inheritdoc/>
    public int Lowest => -1;

    /// <inheritdoc/>
    public int Highest => 1;

    /// <inheritdoc/>
    public IEnumerable<int> Codes => [Lowest, Highest];

    /// <inheritdoc/>
    public ImmutableArray<CodeThreshold> Ladder => [new(0, Above: false)];

    /// <inheritdoc/>
    public int CodeStep => 2;

    /// <inheritdoc/>
    public FixedPointFormat Format(int fractionBits) => new(Signed: true, 2, fractionBits);

    /// <inheritdoc/>
    public Tensor Project(Tensor clipped, RoundingMode rounding) => TensorRounding.Sign(clipped);

    /// <summary>+1 with the probability <c>(u + 1) / 2</c>, the hard sigmoid of u (Courbariaux et al. 2015, arXiv:1511.00363, equations 2 and 3).</summary>
    public Tensor Project(Tensor clipped, RoundingNoise noise) => (TensorRounding.Stochastic((clipped + 1.0) * 0.5, noise.Of(clipped)) * 2.0) - 1.0;
}

/// <summary>
/// <c>0 .. 2^Bits - 1</c>, where everything above zero is 1 at least: <c>c = 0 for u &lt;= 0, max(1, floor(u + 1/2)) else</c> (HWGQ; Cai et al. 2017, arXiv:1702.00953, equation 7, whose first threshold is 0).
/// </summary>
public sealed record HalfWaveGrid(int Bits) : IGrid
{
    /// <inheritdoc/>
    public int Lowest => 0;

    /// <inheritdoc/>
    public int Highest => (1 << Bits) - 1;

    /// <inheritdoc/>
    public ImmutableArray<CodeThreshold> Ladder => [new(0, Above: true), .. Enumerable.Range(2, Highest - 1).Select(code => new CodeThreshold(code - 0.5, Above: false))];

    /// <inheritdoc/>
    public FixedPointFormat Format(int fractionBits) => new(Signed: false, Bits, fractionBits);

    /// <inheritdoc/>
    public Tensor Project(Tensor clipped, RoundingMode rounding) => (clipped + 0.5).floor().maximum(clipped.gt(0.0).to_type(clipped.dtype));
}

/// <summary>Four codes of eight bits that a range has (<see cref="ResidualRange"/>): thresholds at -1, 0 and +1 in units of its first factor.</summary>
public sealed record ResidualGrid : IGrid
{
    /// <summary>The greatest code.</summary>
    public const int Greatest = 127;

    /// <inheritdoc/>
    public int Lowest => -Greatest;

    /// <inheritdoc/>
    public int Highest => Greatest;

    /// <inheritdoc/>
    public ImmutableArray<CodeThreshold> Ladder => [new(-1, Above: false), new(0, Above: false), new(1, Above: false)];

    /// <inheritdoc/>
    public bool HasTable => true;

    /// <inheritdoc/>
    public FixedPointFormat Format(int fractionBits) => new(Signed: true, 8, fractionBits);

    /// <inheritdoc/>
    public Tensor Project(Tensor clipped, RoundingMode rounding) => clipped.round();
}

/// <summary>From the names of a recipe to grids.</summary>
public static class Grids
{
    /// <summary>The grid of a sentence.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind is not one of the enumeration.</exception>
    public static IGrid Of(QuantizerSpec spec) => spec.Grid switch
    {
        GridKind.Signed => new UniformGrid(Signed: true, spec.Bits),
        GridKind.SignedNarrow => new UniformGrid(Signed: true, spec.Bits, Narrow: true),
        GridKind.Unsigned => new UniformGrid(Signed: false, spec.Bits),
        GridKind.Odd => new OddGrid(spec.Bits),
        GridKind.Bipolar => new SignGrid(),
        GridKind.PowerOfTwo => new PowerOfTwoGrid(spec.Bits),
        GridKind.PowerOfTwoSum => new PowerOfTwoSumGrid(spec.Bits),
        GridKind.HalfWave => new HalfWaveGrid(spec.Bits),
        GridKind.Residual => new ResidualGrid(),
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Grid, "not a grid"),
    };
}
