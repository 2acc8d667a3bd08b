// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using RtlExport.Synthesis;

namespace RtlExport.Area;

/// <summary>A synthesised module, whose resources a model is fitted to.</summary>
/// <param name="Module">Name in the sources.</param>
/// <param name="Values">Its parameters, and the constants of the design that it is part of.</param>
/// <param name="Cost">What it occupies without the modules below it.</param>
/// <param name="Design">The drawn design that it is part of; null for a module of the grid.</param>
public sealed record MeasuredModule(string Module, ModuleValues Values, CellCost Cost, int? Design = null)
{
    private sealed record Entry(string Module, CellCost Cost, Dictionary<string, long> Own, Dictionary<string, long> Package, int? Design);

    /// <summary>One line of JSON: module, its resources, its parameters and the constants of its design.</summary>
    public string Line() => JsonSerializer.Serialize(new Entry(Module, Cost, Sorted(Values.Own), Sorted(Values.Package), Design));

    /// <summary>The modules of a file of such lines.</summary>
    /// <exception cref="InvalidDataException">A line is none.</exception>
    public static IReadOnlyList<MeasuredModule> ReadAll(string path) => [.. File.ReadLines(path).Select((line, index) => Parse(line) ??
        throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{path}:{index + 1}:1: no measured module, allowed lines that calibrate --modules wrote")))];

    private static MeasuredModule? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(line) is { Module: not null, Own: not null, Package: not null } entry ? new(entry.Module, new(entry.Own, entry.Package), entry.Cost, entry.Design) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Dictionary<string, long> Sorted(IReadOnlyDictionary<string, long> values) =>
        values.OrderBy(value => value.Key, StringComparer.Ordinal).ToDictionary();
}

/// <summary>Numbers that a module's area follows from: its own parameters, and behind them the constants of the package.</summary>
/// <param name="Own">The module's parameters by name.</param>
/// <param name="Package">Constants of the design by name.</param>
public sealed record ModuleValues(IReadOnlyDictionary<string, long> Own, IReadOnlyDictionary<string, long> Package)
{
    /// <summary>The parameter, or the constant, named <paramref name="name"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is neither.</exception>
    public long this[string name] => Own.TryGetValue(name, out long own) ? own : Package[name];
}
