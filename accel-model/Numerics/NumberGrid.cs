// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Numerics;

/// <summary>
/// The integers an operand can take and the bits that stand for them. A grid is printed and parsed by name:
/// <c>sfix8_En4</c>, <c>ufix4_En0</c>, <c>bipolar</c>, <c>ternary</c>. Memory images and vectors hold codes,
/// arithmetic works on values.
/// </summary>
public abstract record NumberGrid
{
    private protected NumberGrid()
    {
    }

    /// <summary>Number of bits of a code.</summary>
    public abstract int CodeWidth { get; }

    /// <summary>The least value.</summary>
    public abstract long MinValue { get; }

    /// <summary>The greatest value.</summary>
    public abstract long MaxValue { get; }

    /// <summary>True when the grid has a code for the value.</summary>
    public abstract bool Contains(long value);

    /// <summary>The code of a value, in the low <see cref="CodeWidth"/> bits; all others are zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not on the grid.</exception>
    public uint Encode(long value) =>
        Contains(value) ? EncodeContained(value) : throw new ArgumentOutOfRangeException(nameof(value), value, $"not on the grid {this}");

    /// <summary>The value of a code.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The grid has no such code.</exception>
    public abstract long Decode(uint code);

    /// <summary>Reads what <c>ToString</c> writes.</summary>
    /// <exception cref="FormatException">The text is not the name of a grid.</exception>
    public static NumberGrid Parse(string text) => text switch
    {
        BipolarGrid.Name => new BipolarGrid(),
        TernaryGrid.Name => new TernaryGrid(),
        _ => FixedPointFormat.TryParse(text, out FixedPointFormat format)
            ? new FixedPointGrid(format)
            : throw new FormatException($"'{text}' is not a number grid such as sfix8_En4, ufix4_En0, bipolar or ternary"),
    };

    private protected abstract uint EncodeContained(long value);

    private protected ArgumentOutOfRangeException NoSuchCode(uint code) =>
        new(nameof(code), code, $"not a code of the grid {this}");
}

/// <summary>Every raw word of a fixed-point format; the code is the word itself.</summary>
public sealed record FixedPointGrid(FixedPointFormat Format) : NumberGrid
{
    public override int CodeWidth => Format.Width;

    public override long MinValue => Format.MinRaw;

    public override long MaxValue => Format.MaxRaw;

    public override bool Contains(long value) => Format.Contains(value);

    public override long Decode(uint code) =>
        code >> 1 >> (CodeWidth - 1) == 0 ? Format.Wrap(code) : throw NoSuchCode(code);

    public override string ToString() => Format.ToString();

    private protected override uint EncodeContained(long value) => (uint)(value & ((1L << CodeWidth) - 1));
}

/// <summary>{-1, +1} in one bit, 1 standing for +1, so that a product is an XNOR. There is no zero.</summary>
public sealed record BipolarGrid : NumberGrid
{
    internal const string Name = "bipolar";

    public override int CodeWidth => 1;

    public override long MinValue => -1;

    public override long MaxValue => 1;

    public override bool Contains(long value) => value is -1 or 1;

    public override long Decode(uint code) => code <= 1 ? (2L * code) - 1 : throw NoSuchCode(code);

    public override string ToString() => Name;

    private protected override uint EncodeContained(long value) => value > 0 ? 1u : 0u;
}

/// <summary>{-1, 0, +1} in two bits of two's complement; the code 2 (which would be -2) does not exist.</summary>
public sealed record TernaryGrid : NumberGrid
{
    internal const string Name = "ternary";

    public override int CodeWidth => 2;

    public override long MinValue => -1;

    public override long MaxValue => 1;

    public override bool Contains(long value) => value is >= -1 and <= 1;

    public override long Decode(uint code) => code switch
    {
        0 or 1 => code,
        3 => -1,
        _ => throw NoSuchCode(code),
    };

    public override string ToString() => Name;

    private protected override uint EncodeContained(long value) => (uint)(value & 3);
}
