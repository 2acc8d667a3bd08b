// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AccelModel.Costs;
using Cli.CommandLine;
using Cli.Devices;
using Cli.Experiments;
using Reports.Tables;
using Reports.Terminal;
using RtlExport.Synthesis;

namespace Cli.Commands;

/// <summary><c>codesign synth</c>: a design mapped onto an FPGA family by Yosys, module by module.</summary>
public static class SynthCommand
{
    private const string Top = "accelerator";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var bundle = new Argument<string?>("BUNDLE") { Description = "Folder of an RTL bundle, RUN/rtl.", Arity = ArgumentArity.ZeroOrOne };
        var accelerator = new Option<string?>("--accelerator") { Description = "Accelerator YAML file, in place of a bundle." };
        Option<SynthesisTarget> target = TargetOption.Create();
        var device = new Option<string?>("--device") { Description = "Also says whether this device holds the design (codesign devices); its family is then the target." };
        var output = new Option<string?>("--out") { Description = "Also writes the result with its table of modules to this JSON file." };
        var command = new Command("synth", "Map a design onto an FPGA family with Yosys: LUTs, flip-flops, multipliers, memory blocks, module by module.") { bundle, accelerator, target, device, output };
        return command.Does((parsed, context) =>
        {
            HardwareSources sources = Sources(parsed.GetValue(bundle), parsed.GetValue(accelerator));
            Device? part = parsed.GetValue(device) is string name ? DeviceCatalogue.Load(name) : null;
            SynthesisTarget family = part is null ? parsed.GetValue(target)! : SynthesisTarget.Find(part.Target)!;
            SynthesizedDesign design = Synthesize(sources, family, context);
            Print(design, part, parsed.GetValue(output), context);
            return part is null || DeviceFit.Fits(part, Resources(design)) ? ExitCode.Success : ExitCode.CheckFailed;
        });
    }

    private static HardwareSources Sources(string? bundle, string? accelerator)
    {
        if (bundle is null == accelerator is null)
        {
            throw new CommandException(ExitCode.BadInput, $"synth takes a bundle or --accelerator, found {(bundle is null ? "neither" : "both")}, allowed one of them");
        }

        return bundle is null ? HardwareSources.Of(Inputs.LoadAccelerator(accelerator!)) : HardwareSources.Read(bundle);
    }

    private static SynthesizedDesign Synthesize(HardwareSources sources, SynthesisTarget target, CommandContext context)
    {
        var synthesizer = new Synthesizer(target);
        Elaboration design = synthesizer.Elaborate(sources, Top, context.Cancellation);
        var progress = new CallbackProgress<SynthesisProgress>(state =>
            context.Log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"synth {target.Name}: {state.Done} of {state.Of} modules")));
        return synthesizer.Synthesize([design], progress, context.Cancellation)[0];
    }

    private static FpgaResources Resources(SynthesizedDesign design) => new(design.Total.Lut, design.Total.FlipFlops, design.Total.Dsp, design.Total.BlockRam);

    private static void Print(SynthesizedDesign design, Device? device, string? output, CommandContext context)
    {
        var summary = new
        {
            Target = design.Target.Name,
            design.Tool,
            design.Total.Lut,
            Ff = design.Total.FlipFlops,
            design.Total.Dsp,
            Bram = design.Total.BlockRam,
            design.Total.Carry,
            design.Cells,
            FmaxMhz = (double?)null,
            Device = device is null ? null : DeviceFit.Summary(device, Resources(design)),
            Modules = design.Modules.Select(module => new
            {
                module.Name,
                module.Variant,
                module.Instances,
                Own = Resources(module.Own),
                Cumulative = Resources(module.Cumulative),
            }),
        };
        string json = JsonSerializer.Serialize(summary, RunSummary.JsonOptions);
        if (output is not null)
        {
            AtomicFile.Write(output, json + "\n");
        }

        if (context.Json)
        {
            Console.Out.WriteLine(json);
        }

        context.Output.Write(TerminalTable.Format(ModuleTable(design), TerminalStyle.ForStandardOutput));
        CellCost total = design.Total;
        context.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{design.Target.Title}: {total.Lut:N0} LUT, {total.FlipFlops:N0} FF, {total.Dsp:N0} DSP, {total.BlockRam:N0} BRAM of {design.Target.BlockBits / 1024} Kbit (measured, {design.Tool})"));
        if (device is not null)
        {
            DeviceFit.Print(device, Resources(design), DesignArea.BiasOf(design.Target), context);
        }
    }

    private static object Resources(CellCost cost) => new { cost.Lut, Ff = cost.FlipFlops, cost.Dsp, Bram = cost.BlockRam, cost.Carry };

    /// <summary>Modules by name, variants added up; the largest first.</summary>
    private static Table ModuleTable(SynthesizedDesign design)
    {
        var rows = design.Modules.Where(module => module.Instances > 0).GroupBy(module => module.Name)
            .Select(group => (
                Name: group.Key,
                Instances: group.Sum(module => module.Instances),
                Own: group.Aggregate(default(CellCost), (sum, module) => sum + module.Instances * module.Own),
                Cumulative: group.Aggregate(default(CellCost), (sum, module) => sum + module.Instances * module.Cumulative)))
            .OrderByDescending(row => row.Cumulative.Lut + row.Cumulative.FlipFlops).ThenBy(row => row.Name, StringComparer.Ordinal).ToArray();
        return Table.Of(rows,
        [
            new("module", "", row => row.Name),
            new("instances", "", row => row.Instances),
            new("LUT", "own", row => row.Own.Lut),
            new("LUT", "with modules below", row => row.Cumulative.Lut),
            new("FF", "own", row => row.Own.FlipFlops),
            new("FF", "with modules below", row => row.Cumulative.FlipFlops),
            new("DSP", "own", row => row.Own.Dsp),
            new("BRAM", "own", row => row.Own.BlockRam),
        ]);
    }
}
