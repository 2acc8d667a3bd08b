// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Serialization;
using AccelModel.Specification.Yaml;

namespace Cli.Experiments;

/// <summary>Writes specifications as YAML with the keys that their readers know, every member spelled out, in order of declaration.</summary>
public static class YamlText
{
    /// <summary>One mapping of the given keys.</summary>
    public static string Of(IEnumerable<(string Key, object? Value)> entries)
    {
        var text = new StringBuilder();
        foreach ((string key, object? value) in entries)
        {
            Entry(text, key, value, 0);
        }

        return text.ToString();
    }

    private static void Entry(StringBuilder text, string key, object? value, int indent)
    {
        if (value is null)
        {
            return;
        }

        text.Append(' ', indent).Append(key).Append(':');
        switch (value)
        {
            case ITuple tuple:
                text.Append(" [").AppendJoin(", ", Enumerable.Range(0, tuple.Length).Select(i => Scalar(tuple[i]!))).Append("]\n");
                break;
            case IDictionary { Count: 0 }:
                text.Append(" {}\n");
                break;
            case IDictionary map:
                text.Append('\n');
                foreach (DictionaryEntry entry in map)
                {
                    Entry(text, Quoted((string)entry.Key), entry.Value, indent + 2);
                }

                break;
            case not string and IEnumerable list:
                List(text, [.. list.Cast<object>()], indent);
                break;
            case string or bool or Enum or IFormattable:
                text.Append(' ').Append(Scalar(value)).Append('\n');
                break;
            default:
                text.Append('\n');
                foreach ((string name, object? member) in Members(value))
                {
                    Entry(text, name, member, indent + 2);
                }

                break;
        }
    }

    private static void List(StringBuilder text, object[] items, int indent)
    {
        if (items.All(item => item is string or IFormattable or IEnumerable))
        {
            text.Append(" [").AppendJoin(", ", items.Select(Scalar)).Append("]\n");
            return;
        }

        text.Append('\n');
        foreach (object item in items)
        {
            var block = new StringBuilder();
            foreach ((string name, object? member) in Members(item))
            {
                Entry(block, name, member, indent + 4);
            }

            // The first key stands behind the dash.
            text.Append(' ', indent + 2).Append("- ").Append(block.ToString().AsSpan(indent + 4));
        }
    }

    /// <summary>The kind of a polymorphic record first, then what can be initialised.</summary>
    private static IEnumerable<(string Key, object? Value)> Members(object record)
    {
        Type type = record.GetType();
        for (Type? parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            JsonDerivedTypeAttribute? derived = parent.GetCustomAttributes<JsonDerivedTypeAttribute>(false).FirstOrDefault(attribute => attribute.DerivedType == type);
            if (derived?.TypeDiscriminator is string kind)
            {
                yield return ("kind", kind);
            }
        }

        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.SetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
            {
                yield return (EnumNames.SnakeCase(property.Name), property.GetValue(record));
            }
        }
    }

    private static string Scalar(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        Enum member => EnumNames.SnakeCase(member.ToString()),
        string name => Quoted(name),
        IEnumerable list => $"[{string.Join(", ", list.Cast<object>().Select(Scalar))}]",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
    };

    private static string Quoted(string text)
    {
        bool plain = text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            && text.ToLowerInvariant() is not ("true" or "false" or "null" or "yes" or "no");
        return plain ? text : $"\"{string.Concat(text.Select(Escaped))}\"";
    }

    private static string Escaped(char c) => c switch
    {
        '\\' => @"\\",
        '"' => "\\\"",
        '\n' => @"\n",
        < ' ' or '\u007f' or '\u0085' or '\u2028' or '\u2029' or '\ufeff' => string.Create(CultureInfo.InvariantCulture, $@"\u{(int)c:x4}"),
        _ => c.ToString(),
    };
}
