// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cli.CommandLine;
using Cli.Devices;
using Cli.Experiments;
using RtlExport.Area;
using RtlExport.Synthesis;

namespace Cli.Commands;

/// <summary><c>codesign calibrate</c>: fits the area model of a target to synthesised modules, and compares it with whole designs that were not fitted.</summary>
public static class CalibrateCommand
{
    private const int Designs = 40;
    private const int Validation = 20;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<SynthesisTarget> target = TargetOption.Create();
        var designs = new Option<int>("--designs") { Description = "Random designs whose modules are fitted.", DefaultValueFactory = _ => Designs };
        var validation = new Option<int>("--validation") { Description = "Random designs that are compared as a whole.", DefaultValueFactory = _ => Validation };
        var seed = new Option<uint>("--seed") { Description = "Seed of the designs.", DefaultValueFactory = _ => 1 };
        var output = new Option<string?>("--out") { Description = "The technology file; configs/technologies/TARGET.json if not given." };
        var from = new Option<string?>("--from") { Description = "Fits to the modules of a file that --modules wrote, and compares with the designs of the technology file, without synthesis." };
        var cached = new Option<bool>("--cached") { Description = "Uses only what was synthesised before." };
        var placed = new Option<int>("--placed") { Description = "Small designs that are placed and routed for the clock; ice40up5k only.", DefaultValueFactory = _ => 12 };
        var jobs = new Option<int>("--jobs") { Description = "Runs of Yosys at a time.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var modules = new Option<string?>("--modules") { Description = "Also writes every synthesised module with its parameters and resources to this file, one JSON object a line." };
        var command = new Command("calibrate", "Fit the area model of an FPGA family to synthesised modules; what was synthesised once is kept, so that it goes on where it was stopped.")
        {
            target, designs, validation, seed, output, modules, from, cached, jobs, placed,
        };
        return command.Does((parsed, context) =>
        {
            SynthesisTarget family = parsed.GetValue(target)!;
            int count = InRange(parsed.GetValue(designs), 0, "--designs"), compared = InRange(parsed.GetValue(validation), 0, "--validation");
            string file = parsed.GetValue(output) ?? TechnologyCatalogue.FileOf(family.Name);
            var synthesizer = new Synthesizer(family) { Jobs = InRange(parsed.GetValue(jobs), 1, "--jobs") };
            var calibration = new Calibration(family, synthesizer, parsed.GetValue(seed)) { CachedOnly = parsed.GetValue(cached) };
            AreaTechnology technology;
            if (parsed.GetValue(from) is string earlier)
            {
                AreaTechnology before = AreaTechnology.Read(file);
                technology = calibration.Compare(calibration.Fit([.. File.ReadLines(earlier).Select(MeasuredModule.Parse)], before.Designs), before.Validation) with { Clock = before.Clock };
            }
            else
            {
                IReadOnlyList<MeasuredModule> measured = calibration.Measure(count, context.Log.WriteLine, context.Cancellation);
                if (parsed.GetValue(modules) is string list)
                {
                    AtomicFile.Write(list, string.Concat(measured.Select(module => module.Line() + "\n")));
                }

                technology = calibration.Compare(calibration.Fit(measured, count), calibration.Synthesize(count, compared, context.Log.WriteLine, context.Cancellation));
                if (family == SynthesisTarget.Ice40Up5k)
                {
                    technology = technology with { Clock = new ClockCalibration(synthesizer, parsed.GetValue(seed)).Run(InRange(parsed.GetValue(placed), 2, "--placed"), context.Log.WriteLine, context.Cancellation) };
                }
            }

            AtomicFile.Write(file, technology.Write());
            Print(technology, file, context);
            return ExitCode.Success;
        });
    }

    private static int InRange(int value, int least, string option) => value >= least && value <= 10000
        ? value
        : throw new CommandException(ExitCode.BadInput, string.Create(CultureInfo.InvariantCulture, $"{option}: out of range, found {value}, allowed {least}..10000"));

    private static void Print(AreaTechnology technology, string file, CommandContext context)
    {
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { technology.Target, technology.Tool, technology.Designs, technology.Error, File = file }, RunSummary.JsonOptions));
        }

        ModelError error = technology.Error;
        context.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{technology.Target}: on {error.Designs} designs that were not fitted LUT median {error.LutMedian:P1}, worst {error.LutWorst:P1}; worst FF {error.FfWorst:P1}, DSP {error.DspWorst:P1}, BRAM {error.BramWorst:P1}"));
        context.Output.WriteLine($"written to {file}");
    }
}
