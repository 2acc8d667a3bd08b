// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace Fuzzing;

/// <summary>Prints a specification or a network as YAML, with the keys of the project's files, for a person who wants to replay a counter-example.</summary>
public static partial class YamlPrinter
{
    /// <summary>YAML text of <paramref name="value"/>'s settable members.</summary>
    public static string Print(object value)
    {
        var text = new StringBuilder();
        Members(text, value, 0);
        return text.ToString();
    }

    private static void Members(StringBuilder text, object value, int indent)
    {
        foreach (PropertyInfo property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
        {
            text.Append(' ', indent).Append(SnakeCase(property.Name)).Append(':');
            Value(text, property.GetValue(value), indent);
        }
    }

    private static void Value(StringBuilder text, object? value, int indent)
    {
        switch (value)
        {
            case null:
                text.Append(" null\n");
                break;
            case string or bool or int or long or double or Enum:
                text.Append(' ').Append(Scalar(value)).Append('\n');
                break;
            case IEnumerable list:
                object[] items = [.. list.Cast<object>()];
                if (items.All(item => item is int or long))
                {
                    text.Append(" [").AppendJoin(", ", items.Select(Scalar)).Append("]\n");
                    break;
                }

                text.Append('\n');
                foreach (object item in items)
                {
                    text.Append(' ', indent).Append("- type: ").Append(item.GetType().Name).Append('\n');
                    Members(text, item, indent + 2);
                }

                break;
            case System.Runtime.CompilerServices.ITuple tuple:
                text.Append(" [").AppendJoin(", ", Enumerable.Range(0, tuple.Length).Select(i => Scalar(tuple[i]!))).Append("]\n");
                break;
            default:
                text.Append('\n');
                Members(text, value, indent + 2);
                break;
        }
    }

    private static string Scalar(object value) =>
        value is Enum or bool ? SnakeCase(value.ToString()!) : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static string SnakeCase(string name) => Boundary().Replace(name, "_").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex Boundary();
}
