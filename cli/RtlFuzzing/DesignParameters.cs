// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

namespace Cli.RtlFuzzing;

/// <summary>Every parameter of a design as a name and a value, both as in its file.</summary>
internal static class DesignParameters
{
    /// <summary>What no hardware has: names and the clock.</summary>
    private static readonly string[] NotHardware = ["name", "clock_mhz"];

    /// <summary>Names such as <c>array.rows</c> with their values.</summary>
    public static IReadOnlyDictionary<string, string> Of(AcceleratorSpec accelerator)
    {
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add(result, "", accelerator);
        foreach (string name in NotHardware)
        {
            result.Remove(name);
        }

        return result;
    }

    private static void Add(SortedDictionary<string, string> result, string prefix, object value)
    {
        foreach (var property in value.GetType().GetProperties().Where(property => property.CanWrite))
        {
            string name = prefix + EnumNames.SnakeCase(property.Name);
            switch (property.GetValue(value))
            {
                case null:
                    result[name] = "none";
                    break;
                case Enum member:
                    result[name] = EnumNames.SnakeCase(member.ToString());
                    break;
                case bool flag:
                    result[name] = flag ? "true" : "false";
                    break;
                case IFormattable number and (int or long or double):
                    result[name] = number.ToString(null, CultureInfo.InvariantCulture);
                    break;
                case string text:
                    result[name] = text;
                    break;
                case object section:
                    Add(result, name + ".", section);
                    break;
            }
        }
    }
}
