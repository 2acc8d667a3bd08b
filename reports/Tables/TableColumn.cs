// SPDX-License-Identifier: Apache-2.0
namespace Reports.Tables;

/// <summary>How people read the numbers of a column; machines always get them in full.</summary>
public enum NumberStyle
{
    /// <summary>Whole numbers in full, real numbers with four significant digits.</summary>
    General,

    /// <summary>A fraction from 0 to 1, read as a percentage with two decimals.</summary>
    Percent,
}

/// <summary>What a column is called and how its numbers are read.</summary>
public record ColumnHeader(string Title, string Unit, NumberStyle Style)
{
    /// <summary>Title and unit as people read them: "latency (µs)", "utilisation (%)".</summary>
    public string Label => Style == NumberStyle.Percent ? $"{Title} (%)" : Unit.Length == 0 ? Title : $"{Title} ({Unit})";

    /// <summary>The name that the glossary has for it; null where title and unit make the <see cref="Key"/>.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Its name, or title and unit as machines read them, in lower snake case with ASCII only: "latency_us". Percentages stay fractions
    /// in files, so they carry no unit there.
    /// </summary>
    public string Key => Name ?? Snake(Unit.Length == 0 ? Title : $"{Title} {Unit}");

    private static string Snake(string text)
    {
        string ascii = text.Replace("µ", "u").Replace("²", "2").Replace("%", "percent").Replace("/", " per ");
        var words = new string(ascii.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ').ToArray())
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('_', words);
    }
}

/// <summary>A column: title, unit, and a function of the row.</summary>
/// <typeparam name="T">The rows' type.</typeparam>
public sealed record TableColumn<T>(string Title, string Unit, Func<T, Cell> Value, NumberStyle Style = NumberStyle.General)
    : ColumnHeader(Title, Unit, Style);
