// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace RtlExport.Synthesis;

/// <summary>One module of a synthesised design.</summary>
/// <param name="Name">The module's name in the sources.</param>
/// <param name="Variant">Its name in the elaborated design, which says with which parameters.</param>
/// <param name="Instances">How often the design contains it.</param>
/// <param name="Own">What one instance occupies without the modules below it.</param>
/// <param name="Cumulative">What one instance occupies with all below it.</param>
public sealed record SynthesizedModule(string Name, string Variant, long Instances, CellCost Own, CellCost Cumulative);

/// <summary>A design mapped onto a target, module by module: the area of the whole is the sum over the hierarchy.</summary>
public sealed record SynthesizedDesign
{
    /// <summary>The family.</summary>
    public required SynthesisTarget Target { get; init; }

    /// <summary>The synthesiser and its version.</summary>
    public required string Tool { get; init; }

    /// <summary>Total of the design.</summary>
    public required CellCost Total { get; init; }

    /// <summary>Cells of the whole design by type.</summary>
    public required ImmutableSortedDictionary<string, long> Cells { get; init; }

    /// <summary>Every module, the top first.</summary>
    public required ImmutableArray<SynthesizedModule> Modules { get; init; }

    /// <summary>Modules that were synthesised in this run; the others were in the cache.</summary>
    public required int Synthesized { get; init; }

    /// <summary>Adds a hierarchy up.</summary>
    /// <param name="target">The family.</param>
    /// <param name="tool">The synthesiser and its version.</param>
    /// <param name="top">Name of the top module.</param>
    /// <param name="modules">Every module with its netlist, by name.</param>
    /// <param name="synthesized">Modules that were synthesised in this run.</param>
    public static SynthesizedDesign Of(SynthesisTarget target, string tool, string top, IReadOnlyDictionary<string, (RtlilModule Module, ModuleNetlist Netlist)> modules, int synthesized)
    {
        Dictionary<string, CellCost> cumulative = [];
        List<string> order = [];
        CellCost Sum(string name)
        {
            if (cumulative.TryGetValue(name, out CellCost known))
            {
                return known;
            }

            (RtlilModule module, ModuleNetlist netlist) = modules[name];
            CellCost sum = netlist.Cost(target);
            for (int i = 0; i < module.Children.Length; i++)
            {
                sum += netlist.Children[i] * Sum(module.Children[i]);
            }

            order.Add(name);
            return cumulative[name] = sum;
        }

        CellCost total = Sum(top);

        // Parents come after their children in `order`: from the top down every count is complete when it is read.
        order.Reverse();
        Dictionary<string, long> instances = new() { [top] = 1 };
        var cells = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var rows = ImmutableArray.CreateBuilder<SynthesizedModule>();
        foreach (string name in order)
        {
            (RtlilModule module, ModuleNetlist netlist) = modules[name];
            long count = instances.GetValueOrDefault(name);
            for (int i = 0; i < module.Children.Length; i++)
            {
                instances[module.Children[i]] = instances.GetValueOrDefault(module.Children[i]) + count * netlist.Children[i];
            }

            foreach ((string type, long number) in netlist.Cells)
            {
                cells[type] = cells.GetValueOrDefault(type) + count * number;
            }

            rows.Add(new(module.SourceName, name, count, netlist.Cost(target), cumulative[name]));
        }

        return new()
        {
            Target = target,
            Tool = tool,
            Total = total,
            Cells = cells.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Modules = rows.ToImmutable(),
            Synthesized = synthesized,
        };
    }
}
