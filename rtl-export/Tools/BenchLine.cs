// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace RtlExport.Tools;

/// <summary>A line of the bench's output: words of the form <c>name=number</c>.</summary>
internal sealed class BenchLine
{
    private readonly Dictionary<string, long> _values = [];

    /// <summary>The number called <paramref name="name"/>; 0 where the line has none.</summary>
    public long this[string name] => _values.GetValueOrDefault(name);

    /// <summary>The line's numbers.</summary>
    public static BenchLine Of(string line)
    {
        var result = new BenchLine();
        foreach (string[] pair in line.Split(' ').Select(word => word.Split('=')).Where(pair => pair.Length == 2))
        {
            if (long.TryParse(pair[1], NumberStyles.Integer, CultureInfo.InvariantCulture, out long value))
            {
                result._values[pair[0]] = value;
            }
        }

        return result;
    }

    /// <summary>The first line that begins with <paramref name="head"/>; one without numbers if there is none.</summary>
    public static BenchLine Find(IEnumerable<string> lines, string head) => Of(lines.FirstOrDefault(line => line.StartsWith(head, StringComparison.Ordinal), ""));
}
