// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AccelModel.Costs;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Scheduling.Search;
using AccelModel.Scheduling.Tiles;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using Reports.Tables;
using Reports.Terminal;

namespace Cli.Commands;

/// <summary><c>codesign schedule</c>: how a network is cut for a design, what that costs, and how far from optimal it can be.</summary>
public static class ScheduleCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var network = new Option<string>("--network") { Description = "Folder of an integer network (docs/network-format.md), or the name of a network (codesign network list).", Required = true };
        var accelerator = new Option<string>("--accelerator") { Description = "Accelerator YAML file.", Required = true };
        Option<ScheduleObjective?> objective = EnumOption.Of("--objective", "What is minimised.", ScheduleObjective.Latency);
        var schedule = new Option<string?>("--schedule") { Description = "Replays this schedule file (docs/schedule-file.md) instead of searching." };
        var output = new Option<string?>("--out") { Description = "Writes the schedule to this file, to be edited and replayed." };
        var command = new Command("schedule", "Cut a network into bands, groups and chunks for an accelerator; show the choices, their cycles and the lower bound.")
        {
            network, accelerator, objective, schedule, output,
        };
        return command.Does((parsed, context) => Run(
            parsed.GetValue(network)!, parsed.GetValue(accelerator)!, parsed.GetValue(objective) ?? ScheduleObjective.Latency, parsed.GetValue(schedule), parsed.GetValue(output), context));
    }

    private static int Run(string networkDirectory, string acceleratorFile, ScheduleObjective objective, string? scheduleFile, string? output, CommandContext context)
    {
        (IntegerNetwork network, AcceleratorSpec accelerator) = Inputs.Load(networkDirectory, acceleratorFile);
        Schedule schedule = Inputs.Schedule(network, networkDirectory, accelerator, acceleratorFile, scheduleFile, objective);
        TimingResult timing = FastEngine.Time(schedule);
        ScheduleBound bound = ScheduleBound.Of(network, accelerator);
        if (output is not null)
        {
            AtomicFile.Write(output, ScheduleFile.Write(schedule));
        }

        StepRow[] rows = Rows(schedule, timing);
        ScheduleMeasure measure = ScheduleMeasure.Of(schedule, timing);
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(
                new
                {
                    Network = network.Name,
                    Accelerator = accelerator.Name,
                    schedule.Objective,
                    timing.Cycles,
                    Bound = bound.Cycles,
                    BoundArray = bound.Array,
                    BoundPort = bound.Port,
                    BoundVector = bound.Vector,
                    BoundPath = bound.Path,
                    CyclesOverBound = Over(measure, bound, ScheduleObjective.Latency),
                    measure.TrafficBytes,
                    BoundTrafficBytes = bound.TrafficBytes,
                    TrafficOverBound = Over(measure, bound, ScheduleObjective.Traffic),
                    EnergyNj = measure.EnergyPicojoules / 1000.0,
                    EnergyProvenance = EnergyModel.Provenance,
                    BoundEnergyNj = bound.EnergyPicojoules / 1000.0,
                    EnergyOverBound = Over(measure, bound, ScheduleObjective.Energy),
                    Steps = rows,
                },
                RunSummary.JsonOptions));
            return ExitCode.Success;
        }

        context.Output.Write(TerminalTable.Format(
            Table.Of(rows,
            [
                new("layer", "", row => row.Layer),
                new("rows per band", "", row => row.RowsPerBand),
                new("output channels", "per group", row => row.OutputChannelsPerGroup),
                new("input channels", "per chunk", row => row.InputChannelsPerChunk),
                new("order", "", row => row.Order),
                new("mapping", "", row => row.Mapping),
                new("output", "", row => row.Forward ? "forwarded" : "memory"),
                new("cycles", "", row => row.Cycles),
            ]),
            TerminalStyle.ForStandardOutput));
        foreach (string sentence in Bounds(measure, bound))
        {
            context.Output.WriteLine(sentence);
        }

        if (output is not null)
        {
            context.Output.WriteLine($"written to {output}");
        }

        return ExitCode.Success;
    }

    /// <summary>Each measure beside what no schedule goes below.</summary>
    private static IEnumerable<string> Bounds(ScheduleMeasure measure, ScheduleBound bound)
    {
        string Ratio(ScheduleObjective objective) => string.Create(CultureInfo.InvariantCulture, $"at most {Over(measure, bound, objective):0.00}x from optimal");
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{measure.Cycles} cycles; no schedule takes less than {bound.Cycles} (array {bound.Array}, memory port {bound.Port}, vector unit {bound.Vector}, path {bound.Path}): {Ratio(ScheduleObjective.Latency)}");
        yield return string.Create(CultureInfo.InvariantCulture, $"{measure.TrafficBytes} bytes of external memory; no schedule moves less than {bound.TrafficBytes}: {Ratio(ScheduleObjective.Traffic)}");
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{measure.EnergyPicojoules / 1000.0:0.0} nJ ({EnumNames.Of(EnergyModel.Provenance)}); no schedule takes less than {bound.EnergyPicojoules / 1000.0:0.0}: {Ratio(ScheduleObjective.Energy)}");
    }

    private static double Over(ScheduleMeasure measure, ScheduleBound bound, ScheduleObjective objective) => measure.In(objective) / (double)Math.Max(1, bound.In(objective));

    private static StepRow[] Rows(Schedule schedule, TimingResult timing)
    {
        var steps = Scheduler.Outline(schedule.Network, schedule.Accelerator);
        Dictionary<string, long> cycles = [];
        foreach (LayerTiming layer in timing.Layers)
        {
            cycles[schedule.Network.Layers[layer.NetworkLayer].Name] = layer.Cycles;
        }

        return
        [
            .. steps.Select((step, i) => new StepRow(
                string.Join(" + ", [step.Layer, .. step.Fused]),
                schedule.Choices[i].RowsPerBand,
                step.IsMatrix ? schedule.Choices[i].OutputChannelsPerGroup : null,
                schedule.Choices[i].InputChannelsPerChunk,
                step.IsMatrix ? EnumNames.Of(schedule.Choices[i].Order) : "",
                step.IsMatrix ? EnumNames.Of(schedule.Choices[i].Mapping) : "",
                schedule.Choices[i].Forward,
                cycles.GetValueOrDefault(step.Layer))),
        ];
    }

    private sealed record StepRow(
        string Layer, int RowsPerBand, int? OutputChannelsPerGroup, int InputChannelsPerChunk, string Order, string Mapping, bool Forward, long Cycles);
}
