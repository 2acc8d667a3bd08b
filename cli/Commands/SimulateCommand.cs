// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using AccelModel.Costs;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Cli.CommandLine;
using Cli.Comparison;
using Cli.Experiments;

namespace Cli.Commands;

/// <summary>Which model executes.</summary>
public enum Engine
{
    /// <summary>Formulas and vectorised kernels.</summary>
    Fast,

    /// <summary>Ticks and latches.</summary>
    Register,

    /// <summary>Plain loops; values only, its cycles are the fast engine's.</summary>
    Reference,
}

/// <summary><c>codesign simulate</c>: codes in, codes out, from files.</summary>
public static class SimulateCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var network = new Option<string>("--network") { Description = "Folder of an integer network (docs/network-format.md), or the name of a network (codesign network list)." };
        var accelerator = new Option<string>("--accelerator") { Description = "Accelerator YAML file." };
        var input = new InputOptions();
        var limits = new LimitOptions();
        var output = new Option<string?>("--output") { Description = "Where the output codes are written, .npy, with the leading dimensions of the input; nowhere if not given." };
        var timeline = new Option<string?>("--timeline") { Description = "Also write each instruction of the first inference and where its cycles went, for Perfetto and chrome://tracing (docs/run-folder.md)." };
        var schedule = new Option<string?>("--schedule") { Description = "Replays this schedule file (docs/schedule-file.md); searched if not given." };
        Option<Engine?> engine = EnumOption.Of("--engine", "The model that executes.", Engine.Fast);
        var topology = new TopologyForm();
        var waveform = new VcdOptions();
        var command = new Command("simulate", "Execute an integer network on an accelerator: codes in, codes, cycles and overflows out; cycles alone without codes. Or compare cycles with SCALE-Sim's.")
        {
            network, accelerator, output, engine, schedule, timeline,
        };
        input.AddTo(command);
        limits.AddTo(command);
        waveform.AddTo(command, engine);
        topology.AddTo(command, [network, accelerator], [output, engine, schedule, timeline, input.File, input.Random, input.Images, .. limits.All, .. waveform.All]);
        command.Validators.Add(result =>
        {
            if (!topology.IsChosen(result))
            {
                input.Require(result, [output, engine, .. waveform.All]);
            }
        });
        return command.Does((parsed, context) => topology.IsChosen(parsed) ? topology.Run(parsed, context) : Run(
            parsed.GetValue(network)!, parsed.GetValue(accelerator)!,
            input, limits, parsed,
            new(parsed.GetValue(output), parsed.GetValue(timeline)),
            parsed.GetValue(engine) ?? (waveform.IsChosen(parsed) ? Engine.Register : Engine.Fast), parsed.GetValue(schedule), design => waveform.Create(parsed, design), context));
    }

    private static int Run(
        string networkDirectory, string acceleratorFile, InputOptions inputs, LimitOptions limits, ParseResult parsed, OutputFiles files, Engine engine, string? scheduleFile, Func<AcceleratorSpec, VcdFile?> createWaveform, CommandContext context)
    {
        (IntegerNetwork network, AcceleratorSpec accelerator) = Inputs.Load(networkDirectory, acceleratorFile);
        Schedule schedule = Inputs.Schedule(network, networkDirectory, accelerator, acceleratorFile, scheduleFile);

        TimingResult timing = FastEngine.Time(schedule);
        ValueResult? values = null;
        if (inputs.IsGiven(parsed))
        {
            // Before the codes are made, and again when a file has said how many images there are.
            limits.Check(parsed, Estimate(engine, schedule, timing, inputs.ImagesOf(parsed)));
            InputCodes input = inputs.Read(parsed, network.Input)!;
            limits.Check(parsed, Estimate(engine, schedule, timing, input.Images));
            using VcdFile? waveform = createWaveform(accelerator);
            (timing, values) = Execute(engine, schedule, timing, input.Codes, input.Images, waveform?.Trace, context);
            if (files.Output is string outputFile)
            {
                TensorSpec tensor = network.Layers[^1].Output;
                NpyFile.Save(outputFile, NpyArray.FromIntegers<int>(NpyTypes.For(tensor.Format), [.. input.Leading, tensor.Height, tensor.Width, tensor.Channels], values.Output));
            }
        }

        if (files.Timeline is string timelineFile)
        {
            AtomicFile.Write(timelineFile, SimulationFiles.Timeline(schedule));
        }

        Print(engine, schedule, timing, values, files, context);
        return ExitCode.Success;
    }

    private static SimulationEstimate Estimate(Engine engine, Schedule schedule, TimingResult timing, int images) => engine switch
    {
        Engine.Register => SimulationEstimate.OfRegister(schedule, timing.Cycles, images),
        Engine.Reference => SimulationEstimate.OfReference(schedule.Network, images),
        _ => SimulationEstimate.OfFast(schedule.Network, images),
    };

    private static (TimingResult Timing, ValueResult Values) Execute(Engine engine, Schedule schedule, TimingResult timing, int[] codes, int images, IAcceleratorTrace? trace, CommandContext context)
    {
        switch (engine)
        {
            case Engine.Register:
                return RegisterAccurateModel.Run(schedule, codes, new() { Trace = trace });
            case Engine.Reference:
                InterpreterResult result = ReferenceInterpreter.Run(
                    schedule.Network, codes, images, schedule.Plans);
                return (timing, new()
                {
                    Images = images,
                    Output = result.Output,
                    Overflows = [.. schedule.Layers.Select(layer => result.Overflows[layer.NetworkLayer])],
                });
            case Engine.Fast:
                return (timing, FastEngine.Execute(schedule, codes, images, new() { CancellationToken = context.Cancellation }));
            default:
                throw new UnreachableException();
        }
    }

    private static void Print(Engine engine, Schedule schedule, TimingResult timing, ValueResult? values, OutputFiles files, CommandContext context)
    {
        IReadOnlyList<LayerSummary> layers = LayerSummaries.Of(schedule, timing, values?.Overflows ?? [.. schedule.Layers.Select(_ => LayerOverflows.None)]);
        long overflows = layers.Sum(layer => layer.Overflows);
        FrameRate frames = FrameRate.Of(schedule);
        if (!context.Json)
        {
            context.Output.Write(RunPrinter.LayerTable(layers));
            foreach (string first in RunPrinter.FirstOverflows(layers))
            {
                context.Output.WriteLine($"first overflow of {first}");
            }

            string done = values is null ? "no images" : $"{values.Images} image(s)";
            string counted = values is null ? "timing only" : $"{overflows} overflows";
            context.Output.WriteLine($"{done}, {timing.Cycles} cycles per inference, {counted}{(files.Output is null ? "" : $" -> {files.Output}")}");
            context.Output.WriteLine(FormattableString.Invariant(
                $"back to back: {frames.CyclesPerFrame:0.##} cycles per frame, {frames.FramesPerSecond:0} frames per second at {schedule.Accelerator.ClockMhz:0.###} MHz; the first frame {frames.FirstFrameCycles} cycles"));
            return;
        }

        Console.Out.WriteLine(JsonSerializer.Serialize(
            new
            {
                Engine = engine,
                Images = values?.Images ?? 0,
                timing.Cycles,
                frames.CyclesPerFrame,
                frames.FirstFrameCycles,
                frames.FramesPerSecond,
                LatencyUs = timing.Cycles / schedule.Accelerator.ClockMhz,
                Overflows = overflows,
                Units = CycleAccounts.Of(timing.Units),
                Traffic = CycleAccounts.Sum(layers.Select(layer => layer.Traffic)),
                Layers = layers,
                files.Output,
                files.Timeline,
            },
            RunSummary.JsonOptions));
    }

    /// <summary>What is written besides the figures; null where nothing is.</summary>
    private readonly record struct OutputFiles(string? Output, string? Timeline);
}
