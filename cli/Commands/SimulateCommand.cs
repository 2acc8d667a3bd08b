// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Text.Json;
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
    private const int MaxRandomImages = 100_000;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var network = new Option<string>("--network") { Description = "Folder of an integer network (docs/network-format.md), or the name of a network (codesign network list)." };
        var accelerator = new Option<string>("--accelerator") { Description = "Accelerator YAML file." };
        var input = new Option<string?>("--input") { Description = "Input codes, integers in .npy, [..., height, width, channels]." };
        var randomInput = new Option<ulong?>("--random-input") { Description = "In place of --input: random codes of this seed." };
        var images = new Option<int?>("--images") { Description = "With --random-input: how many images; 1 if not given." };
        var output = new Option<string>("--output") { Description = "Where the output codes are written, .npy, with the leading dimensions of the input." };
        var schedule = new Option<string?>("--schedule") { Description = "Replays this schedule file (docs/schedule-file.md); searched if not given." };
        Option<Engine?> engine = EnumOption.Of("--engine", "The model that executes.", Engine.Fast);
        var topology = new TopologyForm();
        var waveform = new VcdOptions();
        var command = new Command("simulate", "Execute an integer network on an accelerator: codes in, codes, cycles and overflows out. Or compare cycles with SCALE-Sim's.")
        {
            network, accelerator, input, randomInput, images, output, engine, schedule,
        };
        waveform.AddTo(command, engine);
        topology.AddTo(command, [network, accelerator, input, output], [engine, schedule, images, .. waveform.All], (input, randomInput));
        command.Validators.Add(result => CheckRandomInput(result, input, randomInput, images));
        return command.Does((parsed, context) => topology.IsChosen(parsed) ? topology.Run(parsed, context) : Run(
            parsed.GetValue(network)!, parsed.GetValue(accelerator)!,
            inputs => parsed.GetValue(randomInput) is ulong seed ? InputCodes.Random(seed, parsed.GetValue(images) ?? 1, inputs) : InputCodes.Load(parsed.GetValue(input)!, inputs),
            parsed.GetValue(output)!,
            parsed.GetValue(engine) ?? (waveform.IsChosen(parsed) ? Engine.Register : Engine.Fast), parsed.GetValue(schedule), design => waveform.Create(parsed, design), context));
    }

    private static int Run(
        string networkDirectory, string acceleratorFile, Func<TensorSpec, InputCodes> codes, string outputFile, Engine engine, string? scheduleFile, Func<AcceleratorSpec, VcdFile?> createWaveform, CommandContext context)
    {
        (IntegerNetwork network, AcceleratorSpec accelerator) = Inputs.Load(networkDirectory, acceleratorFile);
        Schedule schedule = Inputs.Schedule(network, networkDirectory, accelerator, acceleratorFile, scheduleFile);
        InputCodes input = codes(network.Input);

        using VcdFile? waveform = createWaveform(accelerator);
        (TimingResult timing, ValueResult values) = Execute(engine, schedule, input.Codes, input.Images, waveform?.Trace, context);
        TensorSpec tensor = network.Layers[^1].Output;
        NpyFile.Save(outputFile, NpyArray.FromIntegers<int>(NpyTypes.For(tensor.Format), [.. input.Leading, tensor.Height, tensor.Width, tensor.Channels], values.Output));
        Print(engine, schedule, timing, values, outputFile, context);
        return ExitCode.Success;
    }

    private static void CheckRandomInput(CommandResult result, Option input, Option randomInput, Option<int?> images)
    {
        bool random = result.GetResult(randomInput) is { Implicit: false };
        if (random && result.GetResult(input) is { Implicit: false })
        {
            result.AddError($"Option '{randomInput.Name}' cannot be used with '{input.Name}'.");
        }

        if (result.GetResult(images) is not { Implicit: false } given)
        {
            return;
        }

        if (!random)
        {
            result.AddError($"Option '{images.Name}' cannot be used without '{randomInput.Name}'.");
        }
        else if (given.GetValueOrDefault<int?>() is < 1 or > MaxRandomImages)
        {
            result.AddError($"{images.Name}: found {given.GetValueOrDefault<int?>()}, allowed 1..{MaxRandomImages}");
        }
    }

    private static (TimingResult Timing, ValueResult Values) Execute(Engine engine, Schedule schedule, int[] codes, int images, IAcceleratorTrace? trace, CommandContext context)
    {
        switch (engine)
        {
            case Engine.Register:
                return RegisterAccurateModel.Run(schedule, codes, new() { Trace = trace });
            case Engine.Reference:
                InterpreterResult result = ReferenceInterpreter.Run(
                    schedule.Network, codes, images, schedule.Plans);
                return (FastEngine.Time(schedule), new()
                {
                    Images = images,
                    Output = result.Output,
                    Overflows = [.. schedule.Layers.Select(layer => result.Overflows[layer.NetworkLayer])],
                });
            case Engine.Fast:
                return (FastEngine.Time(schedule), FastEngine.Execute(schedule, codes, images, new() { CancellationToken = context.Cancellation }));
            default:
                throw new UnreachableException();
        }
    }

    private static void Print(Engine engine, Schedule schedule, TimingResult timing, ValueResult values, string outputFile, CommandContext context)
    {
        IReadOnlyList<LayerSummary> layers = LayerSummaries.Of(schedule, timing, values.Overflows);
        long overflows = layers.Sum(layer => layer.Overflows);
        FrameRate frames = FrameRate.Of(schedule);
        if (!context.Json)
        {
            context.Output.Write(RunPrinter.LayerTable(layers));
            context.Output.WriteLine($"{values.Images} image(s), {timing.Cycles} cycles per inference, {overflows} overflows -> {outputFile}");
            context.Output.WriteLine(FormattableString.Invariant(
                $"back to back: {frames.CyclesPerFrame:0.##} cycles per frame, {frames.FramesPerSecond:0} frames per second at {schedule.Accelerator.ClockMhz:0.###} MHz; the first frame {frames.FirstFrameCycles} cycles"));
            return;
        }

        Console.Out.WriteLine(JsonSerializer.Serialize(
            new
            {
                Engine = engine,
                values.Images,
                timing.Cycles,
                frames.CyclesPerFrame,
                frames.FirstFrameCycles,
                frames.FramesPerSecond,
                LatencyUs = timing.Cycles / schedule.Accelerator.ClockMhz,
                Overflows = overflows,
                Layers = layers,
                Output = outputFile,
            },
            RunSummary.JsonOptions));
    }
}
