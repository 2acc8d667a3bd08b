// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification.Yaml;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace Cli.Experiments;

/// <summary>Counters by the names of docs/glossary.md, those that are zero left out.</summary>
public static class CycleAccounts
{
    /// <summary>Where a unit's cycles went; the entries add up to all of them.</summary>
    public static IReadOnlyDictionary<string, long> Of(UnitCycles cycles)
    {
        IEnumerable<(string Name, long Count)> stalls = Enum.GetValues<Semaphore>().Select(semaphore => (EnumNames.Of(semaphore), cycles.Stall[(int)semaphore]));
        return Occurring([("issue", cycles.Issue), .. stalls, ("fill", cycles.Fill), ("port_wait", cycles.PortWait), ("latency", cycles.Latency), ("busy", cycles.Busy), ("idle", cycles.Idle)]);
    }

    /// <summary>Where the cycles of each unit went.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Of(IReadOnlyList<UnitCycles> units) =>
        Enum.GetValues<UnitKind>().ToDictionary(EnumNames.Of, unit => Of(units[(int)unit]));

    /// <summary>What was moved, memory by memory.</summary>
    public static IReadOnlyDictionary<string, long> Of(Traffic traffic) => Occurring(
    [
        ("activation_load_bytes", traffic.ActivationLoadBytes),
        ("weight_load_bytes", traffic.WeightLoadBytes),
        ("parameter_load_bytes", traffic.ParameterLoadBytes),
        ("operand_load_bytes", traffic.OperandLoadBytes),
        ("lookup_load_bytes", traffic.LookupLoadBytes),
        ("store_bytes", traffic.StoreBytes),
        ("activation_load_elements", traffic.ActivationLoadElements),
        ("operand_load_elements", traffic.OperandLoadElements),
        ("store_elements", traffic.StoreElements),
        ("forward_elements", traffic.ForwardElements),
        ("fill_beats", traffic.FillBeats),
        ("activation_reads", traffic.ActivationReads),
        ("weight_reads", traffic.WeightReads),
        ("parameter_reads", traffic.ParameterReads),
        ("operand_reads", traffic.OperandReads),
        ("lookup_reads", traffic.LookupReads),
        ("accumulator_reads", traffic.AccumulatorReads),
        ("accumulator_writes", traffic.AccumulatorWrites),
        ("output_writes", traffic.OutputWrites),
        ("output_reads", traffic.OutputReads),
    ]);

    /// <summary>Of all layers, memory by memory.</summary>
    public static IReadOnlyDictionary<string, long> Sum(IEnumerable<IReadOnlyDictionary<string, long>> traffics) =>
        traffics.SelectMany(traffic => traffic).GroupBy(entry => entry.Key).ToDictionary(entries => entries.Key, entries => entries.Sum(entry => entry.Value));

    private static Dictionary<string, long> Occurring(IEnumerable<(string Name, long Count)> counters) =>
        counters.Where(counter => counter.Count != 0).ToDictionary(counter => counter.Name, counter => counter.Count);
}
