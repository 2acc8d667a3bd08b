// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AccelModel.Numerics;
using AccelModel.Specification.Yaml;

namespace AccelModel.Specification;

/// <summary>
/// One text for one value: JSON without white space, members of records in snake_case and sorted by code unit, enumerations and number formats by
/// their names in files, tuples as lists, whole numbers without fraction. Members are those that can be initialised; what is computed from
/// others is left out, and so is a member that is null: a new optional member leaves the texts of values without it as they were. A record that
/// derives from another of ours carries its type as <c>$type</c>.
/// </summary>
public static class CanonicalJson
{
    /// <summary>The canonical text of a value.</summary>
    /// <exception cref="ArgumentException">The value holds a number that is not finite, or something that is not data.</exception>
    public static string Of(object? value)
    {
        StringBuilder text = new();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case bool flag:
                text.Append(flag ? "true" : "false");
                break;
            case string name:
                WriteString(text, name);
                break;
            case Enum member:
                WriteString(text, EnumNames.SnakeCase(member.ToString()));
                break;
            case FixedPointFormat or NumberGrid:
                WriteString(text, value.ToString()!);
                break;
            case double or float:
                WriteNumber(text, Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
            case sbyte or byte or short or ushort or int or uint or long or ulong or decimal:
                text.Append(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                break;
            case IDictionary map:
                WriteObject(text, map.Keys.Cast<object>().Select(key => ((string)key, map[key])));
                break;
            case IEnumerable items:
                WriteList(text, items.Cast<object?>());
                break;
            case ITuple tuple:
                WriteList(text, Enumerable.Range(0, tuple.Length).Select(i => tuple[i]));
                break;
            case Delegate or Type or MemberInfo:
                throw new ArgumentException($"{value.GetType().Name} is not data", nameof(value));
            default:
                WriteObject(text, Members(value));
                break;
        }
    }

    private static IEnumerable<(string Key, object? Value)> Members(object record)
    {
        Type type = record.GetType();
        if (type.BaseType is Type parent && parent != typeof(object) && parent != typeof(ValueType))
        {
            yield return ("$type", EnumNames.SnakeCase(type.Name));
        }
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.SetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0 && property.GetValue(record) is object value)
            {
                yield return (EnumNames.SnakeCase(property.Name), value);
            }
        }
    }

    private static void WriteObject(StringBuilder text, IEnumerable<(string Key, object? Value)> members)
    {
        text.Append('{');
        string separator = "";
        foreach ((string key, object? value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
        {
            text.Append(separator);
            WriteString(text, key);
            text.Append(':');
            Write(text, value);
            separator = ",";
        }
        text.Append('}');
    }

    private static void WriteList(StringBuilder text, IEnumerable<object?> items)
    {
        text.Append('[');
        string separator = "";
        foreach (object? item in items)
        {
            text.Append(separator);
            Write(text, item);
            separator = ",";
        }
        text.Append(']');
    }

    private static void WriteNumber(StringBuilder text, double number)
    {
        if (!double.IsFinite(number))
        {
            throw new ArgumentException($"{number.ToString(CultureInfo.InvariantCulture)} is not a number that JSON has", nameof(number));
        }
        // Negative zero equals zero, so both are written as one text.
        text.Append((number == 0 ? 0.0 : number).ToString("R", CultureInfo.InvariantCulture));
    }

    private static void WriteString(StringBuilder text, string value) =>
        text.Append('"').Append(JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString()).Append('"');
}
