// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using AccelModel.Costs;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Cli.CommandLine;
using Cli.Experiments;
using Reports.Terminal;

namespace Cli.Commands;

/// <summary><c>codesign widths</c>: how wide accumulators must be, three ways beside each other.</summary>
public static class WidthsCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var network = new Option<string>("--network") { Description = "Folder of an integer network (docs/network-format.md), or the name of a network (codesign network list).", Required = true };
        var accelerator = new Option<string>("--accelerator") { Description = "Accelerator YAML file.", Required = true };
        var schedule = new Option<string?>("--schedule") { Description = "Schedule file whose order of additions is observed; searched if not given." };
        var input = new InputOptions();
        var limits = new LimitOptions();
        var command = new Command("widths", "Sufficient width of every layer's sums: by data types, by its weights, and as observed on given or random images (one random image if not given).")
        {
            network, accelerator, schedule,
        };
        input.AddTo(command);
        limits.AddTo(command);
        return command.Does((parsed, context) => Run(parsed.GetValue(network)!, parsed.GetValue(accelerator)!, parsed.GetValue(schedule), input, limits, parsed, context));
    }

    private static int Run(
        string networkDirectory, string acceleratorFile, string? scheduleFile, InputOptions input, LimitOptions limits, ParseResult parsed, CommandContext context)
    {
        (IntegerNetwork network, AcceleratorSpec accelerator) = Inputs.Load(networkDirectory, acceleratorFile);
        Schedule schedule = Inputs.Schedule(network, networkDirectory, accelerator, acceleratorFile, scheduleFile);
        limits.Check(parsed, SimulationEstimate.OfSums(network, input.ImagesOf(parsed)));
        InputCodes codes = input.Read(parsed, network.Input) ?? InputCodes.Random(1, 1, network.Input);
        limits.Check(parsed, SimulationEstimate.OfSums(network, codes.Images));
        using var progress = new TerminalProgress("observe", codes.Images, "images", context.Log);
        ImmutableArray<LayerAccumulatorWidths> widths = ObservedAccumulators.Of(network, schedule.Plans, codes.Codes, codes.Images, new()
        {
            Threads = Environment.ProcessorCount,
            Progress = new CallbackProgress<int>(done => progress.Report(done)),
            CancellationToken = context.Cancellation,
        });
        IReadOnlyList<WidthSummary> rows = WidthSummaries.Of(network, accelerator, widths);
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { Network = network.Name, Accelerator = accelerator.Name, codes.Images, Layers = rows }, RunSummary.JsonOptions));
            return ExitCode.Success;
        }

        context.Output.Write(TerminalTable.Format(WidthSummaries.Table(rows), TerminalStyle.ForStandardOutput));
        context.Output.WriteLine(
            $"observed on {codes.Images} image(s); the type bound holds for all weights and codes of their formats, the weight bound for these weights and all codes, the observed width for these images");
        return ExitCode.Success;
    }
}
