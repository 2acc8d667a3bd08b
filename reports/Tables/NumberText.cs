// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Reports.Tables;

/// <summary>Numbers as text, for people and for machines. Never depends on the culture.</summary>
public static class NumberText
{
    private const int SignificantDigits = 4;

    /// <summary>For people: 12,345 in full, 1.235 and 0.01235 with four significant digits, 1.235e-07 outside 0.0001 to 10^9.</summary>
    public static string Human(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
        }

        double size = Math.Abs(value);
        if (size != 0 && (size < 1e-4 || size >= 1e9))
        {
            return value.ToString("0.000e+00", CultureInfo.InvariantCulture);
        }

        int whole = size < 1e-4 ? 1 : (int)Math.Floor(Math.Log10(size)) + 1;
        int decimals = Math.Clamp(SignificantDigits - whole, 0, 8);
        return value.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>For people, where a number stands alone: as <see cref="Human(double)"/>, but 150 rather than 150.0.</summary>
    public static string Brief(double value) =>
        value == Math.Truncate(value) && Math.Abs(value) < 1e9 ? Human((long)value) : Human(value);

    /// <summary>For people: a whole number in full, thousands separated by commas.</summary>
    public static string Human(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>For people: an entry of a table. A fraction is printed as a percentage without its sign, which the header carries.</summary>
    public static string Human(Cell cell, NumberStyle style) => cell switch
    {
        { Text: string text } => text,
        { Number: double number } when style == NumberStyle.Percent => Percent(number),
        { Integer: long integer } => Human(integer),
        { Real: double real } => Human(real),
        _ => "",
    };

    /// <summary>A fraction as a percentage with two decimals, without the sign: 0.98536 is 98.54.</summary>
    public static string Percent(double fraction) =>
        double.IsNaN(fraction) ? "–" : (fraction * 100).ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>For machines: an entry in full; real numbers are the shortest text that reads back as the same value.</summary>
    public static string Machine(Cell cell) => cell switch
    {
        { Text: string text } => text,
        { Integer: long integer } => integer.ToString(CultureInfo.InvariantCulture),
        { Real: double real } => real.ToString("R", CultureInfo.InvariantCulture),
        _ => "",
    };
}
