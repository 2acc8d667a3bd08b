// SPDX-License-Identifier: Apache-2.0
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

    /// <summary>The module of a line.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static MeasuredModule Parse(string line)
    {
        Entry entry = JsonSerializer.Deserialize<Entry>(line) ?? throw new JsonException("empty line");
        return new(entry.Module, new(entry.Own, entry.Package), entry.Cost, entry.Design);
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
