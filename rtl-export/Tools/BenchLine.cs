// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace RtlExport.Tools;

/// <summary>A line of the bench's output: words of the form <c>name=value</c>.</summary>
internal sealed class BenchLine
{
    private readonly Dictionary<string, string> _values = [];

    /// <summary>The decimal number called <paramref name="name"/>; 0 where the line has none.</summary>
    public long this[string name] => Number(name) ?? 0;

    /// <summary>The decimal number called <paramref name="name"/>, if the line has it.</summary>
    public long? Number(string name) =>
        _values.TryGetValue(name, out string? text) && long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long value) ? value : null;

    /// <summary>What stands under <paramref name="name"/>; empty where the line has none.</summary>
    public string Text(string name) => _values.GetValueOrDefault(name, "");

    /// <summary>The line's values.</summary>
    public static BenchLine Of(string line)
    {
        var result = new BenchLine();
        foreach (string[] pair in line.Split(' ').Select(word => word.Split('=')).Where(pair => pair.Length == 2))
        {
            result._values[pair[0]] = pair[1];
        }

        return result;
    }

    /// <summary>The first line that begins with <paramref name="head"/>; one without values if there is none.</summary>
    public static BenchLine Find(IEnumerable<string> lines, string head) => Of(lines.FirstOrDefault(line => line.StartsWith(head, StringComparison.Ordinal), ""));
}
