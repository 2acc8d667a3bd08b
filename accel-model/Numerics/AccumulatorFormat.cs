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
    public const int MinWidth = 4;

    public const int MaxWidth = 48;

    /// <inheritdoc cref="AccumulatorFormat(int)"/>
    public int Width { get; init => field = CheckedWidth(value); } = CheckedWidth(Width);

    public long MinRaw => TwosComplement.Min(Width);

    public long MaxRaw => TwosComplement.Max(Width);

    public bool Contains(long raw) => TwosComplement.Fits(raw, Width);

    public long Saturate(long raw) => TwosComplement.Saturate(raw, Width);

    public long Wrap(long raw) => TwosComplement.Wrap(raw, Width);

    /// <summary>For example <c>acc24</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"acc{Width}");

    private static int CheckedWidth(int width) =>
        width is >= MinWidth and <= MaxWidth
            ? width
            : throw new ArgumentOutOfRangeException(nameof(width), width, "an accumulator has 4..48 bits");
}
