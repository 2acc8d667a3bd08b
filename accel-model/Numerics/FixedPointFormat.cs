// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AccelModel.Numerics;

/// <summary>
/// A binary fixed-point format of 1..32 bits: <c>value = raw * 2^-FractionBits</c>. The raw word is two's complement
/// when <see cref="Signed"/>, plain binary otherwise. Printed and parsed as <c>sfix8_En4</c> (signed, 8 bits, 4
/// fraction bits), <c>ufix4_En0</c>, and <c>sfix8_E2</c> for -2 fraction bits: the names HDL Coder and waveform
/// viewers use.
/// </summary>
/// <param name="Signed">Two's complement when true, plain binary otherwise.</param>
/// <param name="Width">Number of bits of the raw word, sign included, 1..32.</param>
/// <param name="FractionBits">Number of bits to the right of the binary point, -128..128; it may exceed the width.</param>
/// <exception cref="ArgumentOutOfRangeException">Width outside 1..32, or fraction bits outside -128..128.</exception>
public readonly record struct FixedPointFormat(bool Signed, int Width, int FractionBits)
{
    /// <summary>The widest raw word.</summary>
    public const int MaxWidth = 32;

    /// <summary>The largest magnitude of <see cref="FractionBits"/>.</summary>
    public const int MaxFractionBits = 128;

    /// <inheritdoc cref="FixedPointFormat(bool, int, int)"/>
    public int Width { get; init => field = CheckedWidth(value); } = CheckedWidth(Width);

    /// <inheritdoc cref="FixedPointFormat(bool, int, int)"/>
    public int FractionBits { get; init => field = CheckedFractionBits(value); } = CheckedFractionBits(FractionBits);

    /// <summary>The least raw word: <c>-2^(Width-1)</c> when signed, else 0.</summary>
    public long MinRaw => Signed ? TwosComplement.Min(Width) : 0;

    /// <summary>The greatest raw word: <c>2^(Width-1) - 1</c> when signed, else <c>2^Width - 1</c>.</summary>
    public long MaxRaw => Signed ? TwosComplement.Max(Width) : (1L << Width) - 1;

    /// <summary>The value of one unit in the last place, <c>2^-FractionBits</c>.</summary>
    public double Resolution => Math.ScaleB(1.0, -FractionBits);

    /// <summary>True when the value is a raw word of the format.</summary>
    public bool Contains(long raw) => raw >= MinRaw && raw <= MaxRaw;

    /// <summary>The nearest raw word of the format.</summary>
    public long Saturate(long raw) => Math.Clamp(raw, MinRaw, MaxRaw);

    /// <summary>The raw word of the format that is congruent to <paramref name="raw"/> modulo <c>2^Width</c>.</summary>
    public long Wrap(long raw) => Signed ? TwosComplement.Wrap(raw, Width) : raw & MaxRaw;

    public override string ToString()
    {
        string sign = Signed ? "s" : "u";
        string exponent = FractionBits >= 0 ? $"n{FractionBits}" : $"{-FractionBits}";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}fix{Width}_E{exponent}");
    }

    /// <summary>Reads what <see cref="ToString"/> writes, and nothing else.</summary>
    /// <exception cref="FormatException">The text is not the name of a format.</exception>
    public static FixedPointFormat Parse(string text) =>
        TryParse(text, out FixedPointFormat format)
            ? format
            : throw new FormatException($"'{text}' is not a fixed-point format such as sfix8_En4 or ufix4_En0");

    /// <summary>Reads what <see cref="ToString"/> writes, and nothing else.</summary>
    public static bool TryParse(string? text, out FixedPointFormat format)
    {
        format = default;
        if (text is null || text.Length < 7 || text[0] is not ('s' or 'u') || text.AsSpan(1, 3) is not "fix")
        {
            return false;
        }
        int separator = text.IndexOf("_E", StringComparison.Ordinal);
        if (separator < 0)
        {
            return false;
        }
        ReadOnlySpan<char> exponent = text.AsSpan(separator + 2);
        bool fraction = exponent.Length > 0 && exponent[0] == 'n';
        if (!TryParseDigits(text.AsSpan(4, separator - 4), MaxWidth, out int width) || width < 1
            || !TryParseDigits(fraction ? exponent[1..] : exponent, MaxFractionBits, out int magnitude))
        {
            return false;
        }
        format = new FixedPointFormat(text[0] == 's', width, fraction ? magnitude : -magnitude);
        return format.ToString() == text;
    }

    private static int CheckedWidth(int width) =>
        width is >= 1 and <= MaxWidth
            ? width
            : throw new ArgumentOutOfRangeException(nameof(width), width, "a format has 1..32 bits");

    private static int CheckedFractionBits(int bits) =>
        bits is >= -MaxFractionBits and <= MaxFractionBits
            ? bits
            : throw new ArgumentOutOfRangeException(nameof(bits), bits, "fraction bits are -128..128");

    private static bool TryParseDigits(ReadOnlySpan<char> digits, int max, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= max;
}
