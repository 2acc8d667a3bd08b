// SPDX-License-Identifier: Apache-2.0
namespace Reports.Tables;

/// <summary>One entry of a table: a text, a whole number, a real number, or nothing.</summary>
public readonly record struct Cell
{
    private Cell(string? text, long? integer, double? real) => (Text, Integer, Real) = (text, integer, real);

    /// <summary>The text, or null.</summary>
    public string? Text { get; }

    /// <summary>The whole number, exact, or null.</summary>
    public long? Integer { get; }

    /// <summary>The real number, or null.</summary>
    public double? Real { get; }

    /// <summary>The entry as a number, or null for texts and empty entries.</summary>
    public double? Number => Integer ?? Real;

    /// <summary>Whether there is nothing here.</summary>
    public bool IsEmpty => Text is null && Number is null;

    /// <summary>A text; null is the empty entry.</summary>
    public static implicit operator Cell(string? text) => new(text, null, null);

    /// <summary>A whole number.</summary>
    public static implicit operator Cell(int value) => new(null, value, null);

    /// <summary>A whole number.</summary>
    public static implicit operator Cell(long value) => new(null, value, null);

    /// <summary>A whole number; null is the empty entry.</summary>
    public static implicit operator Cell(long? value) => new(null, value, null);

    /// <summary>A real number.</summary>
    public static implicit operator Cell(double value) => new(null, null, value);

    /// <summary>A real number; null is the empty entry.</summary>
    public static implicit operator Cell(double? value) => new(null, null, value);
}
