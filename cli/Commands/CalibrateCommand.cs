// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Devices;
using Cli.Experiments;
using RtlExport.Area;
using RtlExport.Synthesis;

namespace Cli.Commands;

/// <summary><c>codesign calibrate</c>: fits the area model of a target to synthesised modules and designs, and compares each design with the model of the others.</summary>
public static class CalibrateCommand
{
    /// <summary>Each kind of PE with each dataflow.</summary>
    private const int Designs = 21;

    /// <summary>Designs from this one on are for checks.</summary>
    private const int FirstChecked = 100;

    /// <summary>Designs that are placed.</summary>
    private const int Placed = 12;

    private const int MostDesigns = 10_000;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<SynthesisTarget> target = TargetOption.Create();
        Option<int?> designs = NumberOption.Of("--designs", FormattableString.Invariant($"Random designs that are synthesised, {Designs} if not given; each is compared with what the model that is fitted to the others says."), 0, MostDesigns);
        Option<int?> first = NumberOption.Of("--first", FormattableString.Invariant($"Number of the first of these designs; 0 if not given, with --check {FirstChecked}."), 0, MostDesigns);
        var check = new Option<bool>("--check") { Description = "Fits nothing: synthesises the designs and compares them with the coefficients of the technology file, whose table they become; with --keep they join it." };
        var keep = new Option<bool>("--keep") { Description = "Coefficients of the technology file stay where nothing is measured now and, but for modules of the grid, where they rest on more modules; its designs stay." };
        var based = new Option<string?>("--base") { Description = "A calibrated family with LUTs alike, such as xc7 for xcup: its coefficients are there where the technology file has none, and are named as its own." };
        Option<int?> units = NumberOption.Of("--units", "Designs after these of which the modules that the grid has not are synthesised, without the whole; none if not given.", 0, MostDesigns);
        Option<uint?> seed = NumberOption.Of("--seed", "Seed of the designs; 1 if not given.", 0u, uint.MaxValue);
        var output = new Option<string?>("--out") { Description = "The technology file; configs/technologies/TARGET.json if not given." };
        var from = new Option<string?>("--from") { Description = "Fits to the modules of a file that --modules wrote and to the designs of the technology file, without synthesis." };
        var cached = new Option<bool>("--cached") { Description = "Uses only what was synthesised before." };
        var only = new Option<string[]>("--only") { Description = "Of the grid and of units only modules of these names, such as requantizer.", DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = true };
        Option<int?> placed = NumberOption.Of("--placed", FormattableString.Invariant($"Small designs that are placed and routed for the clock, ice40up5k only, {Placed} if not given; 0 leaves the clock as it is with --keep."), 0, MostDesigns);
        Option<int?> jobs = NumberOption.Of("--jobs", "Runs of Yosys at a time; as many as there are processors if not given.", 1, 1024);
        var modules = new Option<string?>("--modules") { Description = "Also writes every synthesised module with its parameters and resources to this file, one JSON object a line." };
        var command = new Command("calibrate", "Fit the area model of an FPGA family to synthesised modules and designs; what was synthesised once is kept, so that it goes on where it was stopped.")
        {
            target, designs, first, units, check, keep, based, seed, output, modules, from, cached, only, jobs, placed,
        };
        return command.Does((parsed, context) =>
        {
            SynthesisTarget family = parsed.GetValue(target)!;
            int count = parsed.GetValue(designs) ?? Designs;
            uint drawn = parsed.GetValue(seed) ?? 1;
            int places = parsed.GetValue(placed) ?? Placed;
            if (places == 1)
            {
                throw new CommandException(ExitCode.BadInput, $"{placed.Name}: found 1, allowed 0, or 2 and more: each is compared with what the others say");
            }

            string file = parsed.GetValue(output) ?? TechnologyCatalogue.FileOf(family.Name);
            var synthesizer = new Synthesizer(family) { Jobs = parsed.GetValue(jobs) ?? Environment.ProcessorCount };
            var calibration = new Calibration(family, synthesizer, drawn) { CachedOnly = parsed.GetValue(cached), Only = Modules(parsed.GetValue(only)!, family, only.Name), Units = parsed.GetValue(units) ?? 0 };
            bool checks = parsed.GetValue(check);
            bool keeps = parsed.GetValue(keep) || parsed.GetValue(from) is not null;
            AreaTechnology? before = keeps || checks ? AreaTechnology.Read(file) : null;
            if (keeps && before is { Validation.IsEmpty: false } && before.Seed != drawn)
            {
                throw new CommandException(ExitCode.BadInput, FormattableString.Invariant($"{seed.Name}: found {drawn}, allowed {before.Seed}: the designs of {file} are numbers of that seed, and they stay"));
            }

            if (parsed.GetValue(based) is string other)
            {
                AreaTechnology coefficients = AreaTechnology.Read(TechnologyCatalogue.FileOf(other)).For(family.Name);
                before = before is null ? coefficients : before with { Modules = coefficients.Modules.SetItems(before.Modules) };
            }

            int start = parsed.GetValue(first) ?? (checks ? FirstChecked : 0);
            AreaTechnology technology;
            if (checks)
            {
                technology = calibration.Check(before!, start, count, parsed.GetValue(keep), context.Log.WriteLine, context.Cancellation);
            }
            else if (parsed.GetValue(from) is string earlier)
            {
                AreaTechnology? kept = parsed.GetValue(keep) ? before : before! with { Modules = before.Modules.Clear() };
                technology = calibration.Fit(new([.. MeasuredModule.ReadAll(earlier)], before!.Validation), kept);
            }
            else
            {
                CalibrationData data = calibration.Measure(start, count, context.Log.WriteLine, context.Cancellation);
                if (parsed.GetValue(modules) is string list)
                {
                    AtomicFile.Write(list, string.Concat(data.Modules.Select(module => module.Line() + "\n")));
                }

                technology = calibration.Fit(data, before);
                if (family == SynthesisTarget.Ice40Up5k && places != 0)
                {
                    technology = technology with { Clock = new ClockCalibration(synthesizer, drawn).Run(places, context.Log.WriteLine, context.Cancellation) };
                }
            }

            AtomicFile.Write(file, technology.Write());
            Print(technology, file, context);
            return ExitCode.Success;
        });
    }

    /// <summary>The names, all of which are modules': with others nothing is measured, and a technology file without coefficients written.</summary>
    private static ImmutableArray<string> Modules(string[] names, SynthesisTarget family, string option)
    {
        string[] all = [.. ModuleModels.Fitted(family)];
        return names.FirstOrDefault(name => !all.Contains(name)) is string unknown
            ? throw new CommandException(ExitCode.BadInput, $"{option}: unknown name, found '{unknown}'{NearestName.Suggestion(unknown, all)}, allowed {string.Join(", ", all)}")
            : [.. names];
    }

    private static void Print(AreaTechnology technology, string file, CommandContext context)
    {
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { technology.Target, technology.Tool, technology.Designs, technology.Error, File = file }, RunSummary.JsonOptions));
        }

        ModelError error = technology.Error;
        context.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{technology.Target}: on {error.Designs} designs, each with a model that is not fitted to it, LUT median {error.LutMedian:P1}, worst {error.LutWorst:P1}; worst FF {error.FfWorst:P1}, DSP {error.DspWorst:P1}, BRAM {error.BramWorst:P1}"));
        context.Output.WriteLine($"written to {file}");
    }
}
