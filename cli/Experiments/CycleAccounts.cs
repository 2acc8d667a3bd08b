// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification.Yaml;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace Cli.Experiments;

/// <summary>Counters by the names of docs/glossary.md, those that are zero left out.</summary>
public static class CycleAccounts
{
    private static readonly ImmutableArray<(string Name, Func<UnitCycles, long> Count)> Counters =
    [
        ("issue", cycles => cycles.Issue),
        .. Enum.GetValues<Semaphore>().Select(semaphore => (EnumNames.Of(semaphore), (Func<UnitCycles, long>)(cycles => cycles.Stall[(int)semaphore]))),
        ("fill", cycles => cycles.Fill),
        ("port_wait", cycles => cycles.PortWait),
        ("latency", cycles => cycles.Latency),
        ("busy", cycles => cycles.Busy),
        ("idle", cycles => cycles.Idle),
    ];

    private static readonly ImmutableArray<(string Name, Func<Traffic, long> Count)> Accesses =
    [
        ("activation_load_bytes", traffic => traffic.ActivationLoadBytes),
        ("weight_load_bytes", traffic => traffic.WeightLoadBytes),
        ("parameter_load_bytes", traffic => traffic.ParameterLoadBytes),
        ("operand_load_bytes", traffic => traffic.OperandLoadBytes),
        ("lookup_load_bytes", traffic => traffic.LookupLoadBytes),
        ("store_bytes", traffic => traffic.StoreBytes),
        ("activation_load_elements", traffic => traffic.ActivationLoadElements),
        ("operand_load_elements", traffic => traffic.OperandLoadElements),
        ("store_elements", traffic => traffic.StoreElements),
        ("forward_elements", traffic => traffic.ForwardElements),
        ("fill_beats", traffic => traffic.FillBeats),
        ("activation_reads", traffic => traffic.ActivationReads),
        ("weight_reads", traffic => traffic.WeightReads),
        ("parameter_reads", traffic => traffic.ParameterReads),
        ("operand_reads", traffic => traffic.OperandReads),
        ("lookup_reads", traffic => traffic.LookupReads),
        ("accumulator_reads", traffic => traffic.AccumulatorReads),
        ("accumulator_writes", traffic => traffic.AccumulatorWrites),
        ("output_writes", traffic => traffic.OutputWrites),
        ("output_reads", traffic => traffic.OutputReads),
    ];

    /// <summary>The counters of a unit's cycles within a layer; a unit that cannot be in a state has 0 there.</summary>
    public static IEnumerable<string> UnitCounters => Counters.Select(counter => counter.Name).Where(name => name != "idle");

    /// <summary>What is moved, memory by memory.</summary>
    public static IEnumerable<string> TrafficNames => Accesses.Select(access => access.Name);

    /// <summary>Where a unit's cycles went; the entries add up to all of them.</summary>
    public static IReadOnlyDictionary<string, long> Of(UnitCycles cycles) => Occurring(Counters, cycles);

    /// <summary>Where the cycles of each unit went.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Of(IReadOnlyList<UnitCycles> units) =>
        Enum.GetValues<UnitKind>().ToDictionary(EnumNames.Of, unit => Of(units[(int)unit]));

    /// <summary>What was moved, memory by memory.</summary>
    public static IReadOnlyDictionary<string, long> Of(Traffic traffic) => Occurring(Accesses, traffic);

    /// <summary>Of all layers, memory by memory.</summary>
    public static IReadOnlyDictionary<string, long> Sum(IEnumerable<IReadOnlyDictionary<string, long>> traffics) =>
        traffics.SelectMany(traffic => traffic).GroupBy(entry => entry.Key).ToDictionary(entries => entries.Key, entries => entries.Sum(entry => entry.Value));

    private static Dictionary<string, long> Occurring<T>(ImmutableArray<(string Name, Func<T, long> Count)> counters, T counted) =>
        counters.Select(counter => (counter.Name, Count: counter.Count(counted))).Where(counter => counter.Count != 0).ToDictionary(counter => counter.Name, counter => counter.Count);
}
