// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace RtlExport.Synthesis;

/// <summary>
/// One elaborated module in Yosys' RTLIL, in a form that depends on nothing but its content: names that Yosys made are numbered in the order in which they occur, source places and parameter values are left
/// out, and the modules that it instantiates appear as their ports alone, named by their order. Equal hashes give equal netlists.
/// </summary>
public sealed partial class RtlilModule
{
    private RtlilModule(string name, string text, ImmutableArray<string> children, ImmutableArray<long> instances, ImmutableSortedDictionary<string, long> parameters, string hash)
    {
        Name = name;
        Parameters = parameters;
        Text = text;
        Children = children;
        Instances = instances;
        Hash = hash;
    }

    /// <summary>Its name in the elaborated design.</summary>
    public string Name { get; }

    /// <summary>Its name in the sources.</summary>
    public string SourceName => Name.StartsWith("$paramod$", StringComparison.Ordinal) ? Name[(Name.LastIndexOf('\\') + 1)..] : Name.Split('\\')[1];

    /// <summary>Values of its parameters, as far as they fit 64 bits.</summary>
    public ImmutableSortedDictionary<string, long> Parameters { get; }

    /// <summary>Itself, named by its hash, and the ports of its children as black boxes.</summary>
    public string Text { get; }

    /// <summary>Names in the elaborated design of the modules that it instantiates, in the order of their numbers.</summary>
    public ImmutableArray<string> Children { get; }

    /// <summary>How often it instantiates each of its children, before anything is optimised.</summary>
    public ImmutableArray<long> Instances { get; }

    /// <summary>SHA-256 of its content.</summary>
    public string Hash { get; }

    /// <summary>Name of child <paramref name="index"/> in <see cref="Text"/>.</summary>
    public string ChildName(int index) => string.Create(CultureInfo.InvariantCulture, $"\\m_{Hash[..24]}_c{index}");

    /// <summary>Name of the module in <see cref="Text"/>.</summary>
    public string CanonicalName => $"\\m_{Hash[..24]}";

    /// <summary>All modules of what <c>write_rtlil</c> wrote.</summary>
    public static ImmutableArray<RtlilModule> Parse(string rtlil)
    {
        Dictionary<string, List<string>> bodies = [];
        Dictionary<string, SortedDictionary<string, long>> parameters = [];
        List<string>? body = null;
        SortedDictionary<string, long>? values = null;
        foreach (string line in rtlil.Split('\n'))
        {
            if (line.StartsWith("module ", StringComparison.Ordinal))
            {
                bodies[line[7..]] = body = [];
                parameters[line[7..]] = values = new(StringComparer.Ordinal);
            }
            else if (line == "end")
            {
                body = null;
            }
            else if (body is not null && ParameterLine().Match(line) is { Success: true } parameter)
            {
                if (Value(parameter.Groups[2].Value) is long value)
                {
                    values![parameter.Groups[1].Value] = value;
                }
            }
            else if (body is not null && !IsIncidental(line))
            {
                body.Add(line);
            }
        }

        return [.. bodies.Select(module => Canonical(module.Key, module.Value, parameters[module.Key], bodies))];
    }

    /// <summary>A decimal number, or <c>WIDTH'BITS</c>.</summary>
    private static long? Value(string text)
    {
        int quote = text.IndexOf('\'');
        if (quote < 0)
        {
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null;
        }

        string bits = text[(quote + 1)..].TrimStart('s');
        return bits.Length is > 0 and <= 63 && bits.All(bit => bit is '0' or '1') ? Convert.ToInt64(bits, 2) : null;
    }

    private static bool IsIncidental(string line)
    {
        string text = line.TrimStart();
        return text.StartsWith("attribute \\src ", StringComparison.Ordinal) || text.StartsWith("attribute \\hdlname ", StringComparison.Ordinal);
    }

    private static RtlilModule Canonical(string name, List<string> body, IDictionary<string, long> parameters, Dictionary<string, List<string>> bodies)
    {
        Dictionary<string, string> names = [];
        Dictionary<string, int> children = [];
        List<long> instances = [];
        var content = new StringBuilder();
        foreach (string line in body)
        {
            string text = line;
            if (text.StartsWith("  cell ", StringComparison.Ordinal))
            {
                string type = text[7..text.IndexOf(' ', 7)];
                if (bodies.ContainsKey(type))
                {
                    if (!children.TryGetValue(type, out int number))
                    {
                        children[type] = number = children.Count;
                        instances.Add(0);
                    }

                    instances[number]++;
                    text = string.Create(CultureInfo.InvariantCulture, $"  cell @{number}@{text[(7 + type.Length)..]}");
                }
            }

            content.Append(MadeName().Replace(text, match => Number(match.Value, names))).Append('\n');
        }

        string[] types = [.. children.OrderBy(child => child.Value).Select(child => child.Key)];
        string[] ports = [.. types.Select(type => Ports(bodies[type]))];
        string whole = content.ToString();
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole + string.Join("@\n", ports))));
        string canonical = $"\\m_{hash[..24]}";
        var module = new StringBuilder();
        for (int i = 0; i < ports.Length; i++)
        {
            module.Append(CultureInfo.InvariantCulture, $"attribute \\blackbox 1\nmodule {canonical}_c{i}\n{ports[i]}end\n");
        }

        module.Append(CultureInfo.InvariantCulture, $"module {canonical}\n{ChildNumber().Replace(whole, match => $"{canonical}_c{match.Groups[1].Value}")}end\n");
        return new(name, module.ToString(), [.. types], [.. instances], parameters.ToImmutableSortedDictionary(StringComparer.Ordinal), hash);
    }

    private static string Number(string name, Dictionary<string, string> names)
    {
        if (BuiltIn().IsMatch(name))
        {
            return name;
        }

        if (!names.TryGetValue(name, out string? number))
        {
            names[name] = number = string.Create(CultureInfo.InvariantCulture, $"$n{names.Count}");
        }

        return number;
    }

    /// <summary>Its port wires.</summary>
    private static string Ports(List<string> body)
    {
        var text = new StringBuilder();
        foreach (string line in body.Where(line => line.StartsWith("  wire ", StringComparison.Ordinal) && PortDirection().IsMatch(line)))
        {
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    [GeneratedRegex(@"^  parameter (?:signed )?\\(\S+) (\S+)$")]
    private static partial Regex ParameterLine();

    [GeneratedRegex(@"\$[^\s]+")]
    private static partial Regex MadeName();

    [GeneratedRegex(@"^\$[a-z_0-9]+$")]
    private static partial Regex BuiltIn();

    [GeneratedRegex("@([0-9]+)@")]
    private static partial Regex ChildNumber();

    [GeneratedRegex(" (input|output|inout) ")]
    private static partial Regex PortDirection();
}
