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
        var command = new Command("calibrate", "Fit the area model of an FPGA family to synthesised modules; what was synthesised once is kept, so that it goes on where it was stopped.")
        {
            target, designs, validation, seed, output,
        };
        return command.Does((parsed, context) =>
        {
            SynthesisTarget family = parsed.GetValue(target)!;
            int count = InRange(parsed.GetValue(designs), 1, "--designs"), compared = InRange(parsed.GetValue(validation), 0, "--validation");
            string file = parsed.GetValue(output) ?? TechnologyCatalogue.FileOf(family.Name);
            var calibration = new Calibration(family, new Synthesizer(family), parsed.GetValue(seed));
            AreaTechnology technology = calibration.Run(count, compared, context.Log.WriteLine, context.Cancellation);
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
