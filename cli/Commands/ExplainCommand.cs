// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Explain;

namespace Cli.Commands;

/// <summary><c>codesign explain</c>: where a layer's cycles went, and which change of the design would help it.</summary>
public static class ExplainCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "Folder of a run; with --accelerator the folder of an integer network, or the name of a network (codesign network list)." };
        var layer = new Argument<string?>("layer") { Description = "Name of a layer; the one with the most cycles if not given.", Arity = ArgumentArity.ZeroOrOne };
        var accelerator = new Option<string?>("--accelerator") { Description = "Accelerator YAML file, for a network that is not a run's." };
        var schedule = new Option<string?>("--schedule") { Description = "Schedule file to explain; searched if not given." };
        var command = new Command("explain", "Say in words and figures where the cycles of a layer went and which single change of the design would help most.")
        {
            run, layer, accelerator, schedule,
        };
        return command.Does((parsed, context) => Run(parsed.GetValue(run)!, parsed.GetValue(layer), parsed.GetValue(accelerator), parsed.GetValue(schedule), context));
    }

    private static int Run(string folder, string? layerName, string? acceleratorFile, string? scheduleFile, CommandContext context)
    {
        string networkFolder = acceleratorFile is null ? Path.Combine(folder, RunFolder.NetworkName) : folder;
        string designFile = acceleratorFile ?? Path.Combine(folder, "config.yaml");
        (IntegerNetwork network, AcceleratorSpec accelerator) = acceleratorFile is null ? LoadRun(networkFolder, designFile) : Inputs.Load(networkFolder, acceleratorFile);
        Schedule schedule = acceleratorFile is null
            ? ScheduleOptimizer.Schedule(network, accelerator)
            : Inputs.Schedule(network, networkFolder, accelerator, acceleratorFile, scheduleFile);
        TimingResult timing = FastEngine.Time(schedule);
        int index = IndexOf(schedule, timing, layerName);
        LayerExplanation explanation = LayerExplanation.Of(schedule, timing, index);
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(explanation, RunSummary.JsonOptions));
            return ExitCode.Success;
        }

        foreach (string sentence in explanation.Sentences(accelerator))
        {
            context.Output.WriteLine(sentence);
        }

        return ExitCode.Success;
    }

    private static (IntegerNetwork Network, AcceleratorSpec Accelerator) LoadRun(string networkFolder, string configuration)
    {
        var issues = new SpecIssues();
        IntegerNetwork? network = NetworkFile.Load(networkFolder, issues);
        AcceleratorSpec? accelerator = YamlFile.Load(configuration, issues) is SpecMapping tree && tree.Find("accelerator")?.Value is SpecNode design
            ? AcceleratorFile.Read(design, issues)
            : null;
        issues.ThrowIfAny();
        return accelerator is null
            ? throw new CommandException(ExitCode.BadInput, $"{configuration}: has no accelerator")
            : (network!, accelerator);
    }

    private static int IndexOf(Schedule schedule, TimingResult timing, string? name)
    {
        if (name is null)
        {
            return Enumerable.Range(0, timing.Layers.Length).MaxBy(i => timing.Layers[i].Cycles);
        }

        string[] names = [.. schedule.Layers.Select(layer => schedule.Network.Layers[layer.NetworkLayer].Name)];
        int index = Array.IndexOf(names, name);
        return index >= 0
            ? index
            : throw new CommandException(ExitCode.BadInput, $"layer: no layer that the accelerator runs by itself, found '{name}', allowed {string.Join(", ", names)}");
    }
}
