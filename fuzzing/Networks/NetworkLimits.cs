// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;

namespace Fuzzing.Networks;

/// <summary>What random networks may hold: everything, or what some hardware can run (<see cref="HardwareLimits"/>).</summary>
internal sealed record NetworkLimits
{
    /// <summary>Every kind of layer, format and requantisation but stochastic rounding, which has no meaning without a plan.</summary>
    public static NetworkLimits Any { get; } = new();

    /// <summary>Most steps; a step is a layer, or a branch with what joins it.</summary>
    public int Steps { get; init; } = 4;

    /// <summary>Most rows and columns of the input.</summary>
    public int Extent { get; init; } = 6;

    /// <summary>Most channels of the input.</summary>
    public int InputChannels { get; init; } = 5;

    /// <summary>Most channels of a layer.</summary>
    public int Channels { get; init; } = 8;

    /// <summary>Kinds of layers; <c>conv2d</c> and <c>dense</c> are always there.</summary>
    public ImmutableHashSet<string> Kinds { get; init; } = [.. LayerKinds.All];

    /// <summary>Whether convolutions have groups of channels.</summary>
    public bool Groups { get; init; } = true;

    /// <summary>Whether pooling reads any tensor, not only what a conv2d or dense layer directly before it made.</summary>
    public bool PoolsAnywhere { get; init; } = true;

    /// <summary>Whether windows of pooling may overlap.</summary>
    public bool OverlappingWindows { get; init; } = true;

    /// <summary>Whether pooling has padding and ceil mode.</summary>
    public bool PaddedWindows { get; init; } = true;

    /// <summary>Widest unsigned code that a matrix layer reads; 0 for none.</summary>
    public int UnsignedWidth { get; init; } = 9;

    /// <summary>Widest signed code that a matrix layer reads; 0 for none, 1 for the bipolar grid, whose codes are -1 and +1 alone.</summary>
    public int SignedWidth { get; init; } = 9;

    /// <summary>Widest code of the network's output.</summary>
    public int OutputWidth { get; init; } = 12;

    /// <summary>Values of weights.</summary>
    public ImmutableArray<WeightSet> Weights { get; init; } =
        [new IntegerWeights(8), new BipolarWeights(), new TernaryWeights(), new PowerWeights(1, 4), new PowerWeights(2, 4), new CodebookWeights(3, 8)];

    /// <summary>From sums of products, or from codes, to codes.</summary>
    public RequantizationLimits Result { get; init; } = RequantizationLimits.Any;

    /// <summary>From codes to terms of a sum.</summary>
    public RequantizationLimits Term { get; init; } = RequantizationLimits.Any;

    /// <summary>From sums, products and maxima of terms to codes.</summary>
    public RequantizationLimits Combined { get; init; } = RequantizationLimits.Any;

    /// <summary>Widest term.</summary>
    public int TermWidth { get; init; } = 32;

    /// <summary>Widest product of two codes, offsets added.</summary>
    public int ProductWidth { get; init; } = 48;

    /// <summary>Most positions that a code goes to the left before it becomes a term.</summary>
    public int LeftShift { get; init; } = 20;

    /// <summary>Widest code that reads a table.</summary>
    public int TableWidth { get; init; } = 9;

    /// <summary>What the codes of a matmul's first tensor must be with an offset; null for any.</summary>
    public OperandRange? FirstOperands { get; init; }

    /// <summary>What the codes of its second tensor must be, with an offset or without; null for any.</summary>
    public OperandRange? SecondOperands { get; init; }

    /// <summary>Whether codes have offsets where two tensors are multiplied as matrices.</summary>
    public bool MatmulOffsets { get; init; } = true;

    /// <summary>Greatest multiplier that divides the sum of a window.</summary>
    public long AverageMultiplier { get; init; } = uint.MaxValue;
}

/// <summary>What requantisations may be.</summary>
internal sealed record RequantizationLimits
{
    /// <summary>All kinds; every rounding but stochastic.</summary>
    public static RequantizationLimits Any { get; } = new();

    /// <summary>Kinds.</summary>
    public ImmutableArray<RequantizationKind> Kinds { get; init; } = [.. Enum.GetValues<RequantizationKind>()];

    /// <summary>Rounding modes.</summary>
    public ImmutableArray<RoundingMode> Roundings { get; init; } =
        [RoundingMode.HalfUp, RoundingMode.Floor, RoundingMode.HalfAway, RoundingMode.HalfEven, RoundingMode.TowardZero];

    /// <summary>Width of multipliers.</summary>
    public int MultiplierWidth { get; init; } = 16;

    /// <summary>Width of multipliers of double rounding, 31 at most.</summary>
    public int DoubleWidth { get; init; } = 31;

    /// <summary>The one shift, or null where shifts are free.</summary>
    public int? FixedShift { get; init; }

    /// <summary>Width of biases and thresholds, two's complement; 0 for biases of 0.</summary>
    public int BiasWidth { get; init; } = 14;

    /// <summary>Most thresholds; 0 leaves the sign.</summary>
    public int Thresholds { get; init; } = 5;
}

/// <summary>The values that weights may have.</summary>
internal abstract record WeightSet
{
    /// <summary>Width of their format, signed.</summary>
    public abstract int Width { get; }

    /// <summary>A function that gives one weight at a time.</summary>
    public abstract Func<int> Draw(Random random);
}

/// <summary>All words of two's complement.</summary>
internal sealed record IntegerWeights(int Bits) : WeightSet
{
    public override int Width => Bits;

    public override Func<int> Draw(Random random)
    {
        int low = -(1 << (Bits - 1));
        return random.Next(3) == 0 ? () => random.Next(2) == 0 ? low : -low - 1 : () => random.Next(low, -low);
    }
}

/// <summary>-1 and +1.</summary>
internal sealed record BipolarWeights : WeightSet
{
    public override int Width => 2;

    public override Func<int> Draw(Random random) => () => (2 * random.Next(2)) - 1;
}

/// <summary>-1, 0 and +1.</summary>
internal sealed record TernaryWeights : WeightSet
{
    public override int Width => 2;

    public override Func<int> Draw(Random random) => () => random.Next(-1, 2);
}

/// <summary>Sums of a number of terms, each 0 or a signed power of two up to <c>2^(2^(field_bits - 1) - 2)</c>.</summary>
internal sealed record PowerWeights(int Terms, int FieldBits) : WeightSet
{
    private int Exponents => (1 << (FieldBits - 1)) - 1;

    /// <summary>A sign, and the largest sum: <c>terms * 2^(exponents - 1)</c>.</summary>
    public override int Width => Exponents + Terms;

    public override Func<int> Draw(Random random) => () => Enumerable.Range(0, Terms).Sum(_ => random.Next(3) switch
    {
        0 => 0,
        1 => 1 << random.Next(Exponents),
        _ => -(1 << random.Next(Exponents)),
    });
}

/// <summary>At most <c>2^index_bits</c> different values of a width in one layer.</summary>
internal sealed record CodebookWeights(int IndexBits, int ValueBits) : WeightSet
{
    public override int Width => ValueBits;

    public override Func<int> Draw(Random random)
    {
        int low = -(1 << (ValueBits - 1));
        int[] table = [.. Enumerable.Range(0, 1 << IndexBits).Select(_ => random.Next(low, -low))];
        return () => table[random.Next(table.Length)];
    }
}
