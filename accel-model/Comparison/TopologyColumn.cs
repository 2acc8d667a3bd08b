// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using AccelModel.Specification.Yaml;

namespace AccelModel.Comparison;

/// <summary>The columns of topology files by their names in findings, and the reading of their numbers.</summary>
internal static partial class TopologyColumn
{
    /// <summary>The greatest number in a file.</summary>
    public const int MaxNumber = int.MaxValue;

    /// <summary>What a column of numbers allows.</summary>
    public static readonly string Allowed = string.Create(CultureInfo.InvariantCulture, $"1..{MaxNumber}");

    private const int ShownLength = 40;

    private static readonly ImmutableArray<string> Convolution =
        ["name", "ifmap_height", "ifmap_width", "filter_height", "filter_width", "channels", "num_filter", "strides"];

    private static readonly ImmutableArray<string> Gemm = ["name", "m", "n", "k"];

    /// <summary>The columns that a row must have, from left to right. A last one, the sparsity ratio <c>N:M</c>, may follow.</summary>
    public static ImmutableArray<string> Of(TopologyFormat format) => format == TopologyFormat.Gemm ? Gemm : Convolution;

    /// <summary>The number of an entry, or null after a finding.</summary>
    public static long? Number(TopologyField field, string column, SpecIssues issues)
    {
        if (!WholeNumber.IsMatch(field.Text))
        {
            issues.Add(field.Position, column, $"not a whole number in decimal digits, found {Found(field)}, allowed {Allowed}");
            return null;
        }

        if (long.TryParse(field.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value is >= 1 and <= MaxNumber)
        {
            return value;
        }

        issues.Add(field.Position, column, $"out of range, found {Found(field)}, allowed {Allowed}");
        return null;
    }

    /// <summary>Whether an entry is a sparsity ratio that leaves everything in place, such as <c>1:1</c>.</summary>
    public static bool IsDense(string text) => Ratio.Match(text) is { Success: true } ratio && ratio.Groups[1].Value == ratio.Groups[2].Value;

    /// <summary>An entry as findings show it.</summary>
    public static string Found(TopologyField field) => field.Text.Length switch
    {
        0 => "nothing",
        > ShownLength => $"'{field.Text[..ShownLength]}...'",
        _ => $"'{field.Text}'",
    };

    [GeneratedRegex(@"\A[-+]?[0-9]+\z")]
    private static partial Regex WholeNumber { get; }

    [GeneratedRegex(@"\A0*([1-9][0-9]*)\s*:\s*0*([1-9][0-9]*)\z")]
    private static partial Regex Ratio { get; }
}
