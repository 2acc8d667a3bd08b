// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AccelModel.Numerics;

/// <summary>
/// The two's-complement word of a partial sum (4..48 bits) or of an accumulator memory (8..48; 48 is one DSP48 slice).
/// It has no binary point of its own: its unit is the product of the units of the two operands.
/// </summary>
/// <param name="Width">Number of bits, sign included, 4..48.</param>
/// <exception cref="ArgumentOutOfRangeException">Width outside 4..48.</exception>
public readonly record struct AccumulatorFormat(int Width)
{
    /// <summary>The narrowest partial sum.</summary>
    public const int MinWidth = 4;

    /// <summary>The widest word.</summary>
    public const int MaxWidth = 48;

    /// <inheritdoc cref="AccumulatorFormat(int)"/>
    public int Width { get; init => field = CheckedWidth(value); } = CheckedWidth(Width);

    /// <summary>The least word, <c>-2^(Width-1)</c>.</summary>
    public long MinRaw => TwosComplement.Min(Width);

    /// <summary>The greatest word, <c>2^(Width-1) - 1</c>.</summary>
    public long MaxRaw => TwosComplement.Max(Width);

    /// <summary>True when the value is a word of the format.</summary>
    public bool Contains(long raw) => TwosComplement.Fits(raw, Width);

    /// <summary>The nearest word.</summary>
    public long Saturate(long raw) => TwosComplement.Saturate(raw, Width);

    /// <summary>The word congruent to the value modulo <c>2^Width</c>.</summary>
    public long Wrap(long raw) => TwosComplement.Wrap(raw, Width);

    /// <summary>For example <c>acc24</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"acc{Width}");

    private static int CheckedWidth(int width) =>
        width is >= MinWidth and <= MaxWidth
            ? width
            : throw new ArgumentOutOfRangeException(nameof(width), width, "an accumulator has 4..48 bits");
}
