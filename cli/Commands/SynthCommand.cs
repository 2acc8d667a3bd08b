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
using RtlExport.Tools;

namespace Cli.Commands;

/// <summary><c>codesign synth</c>: a design mapped onto an FPGA family by Yosys, module by module.</summary>
public static class SynthCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var bundle = new Argument<string?>("BUNDLE") { Description = "Folder of an RTL bundle, RUN/rtl.", Arity = ArgumentArity.ZeroOrOne };
        var accelerator = new Option<string?>("--accelerator") { Description = "Accelerator YAML file, in place of a bundle." };
        Option<SynthesisTarget> target = TargetOption.Create();
        Option<MemoryBus?> bus = EnumOption.Of("--bus", "The accelerator with its own ports, or on its AXI buses.", MemoryBus.Plain);
        Option<string?> device = TargetOption.CreateDevice();
        var output = new Option<string?>("--out") { Description = "Also writes the result with its table of modules to this JSON file." };
        var bitstream = new Option<string?>("--bitstream")
        {
            Description = "Also makes a bitstream of the iCE40UP5K with the bundle's programs fixed in it, and beside it the netlist that verify --netlist runs (docs/bitstream.md).",
        };
        var netlist = new Option<string?>("--netlist")
        {
            Description = "Also writes the accelerator as cells of the iCE40 to this file, with program memories: verify --netlist runs every network of this hardware on it (docs/bitstream.md).",
        };
        var command = new Command("synth", "Map a design onto an FPGA family with Yosys: LUTs, flip-flops, multipliers, memory blocks, module by module.") { bundle, accelerator, target, bus, device, output, bitstream, netlist };
        return command.Does((parsed, context) =>
        {
            MemoryBus ports = parsed.GetValue(bus) ?? MemoryBus.Plain;
            HardwareSources sources = Sources(parsed.GetValue(bundle), parsed.GetValue(accelerator), ports, withPrograms: parsed.GetValue(bitstream) is not null, context);
            (SynthesisTarget family, Device? part) = TargetOption.Choose(parsed, target, device);
            string? bits = parsed.GetValue(bitstream);
            if (bits is not null && (parsed.GetValue(bundle) is null || family != SynthesisTarget.Ice40Up5k))
            {
                throw new CommandException(ExitCode.BadInput, $"{bitstream.Name}: a bitstream has the programs of a bundle and is for ice40up5k, found {(parsed.GetValue(bundle) is null ? accelerator.Name : family.Name)}, allowed RUN/rtl --target ice40up5k");
            }

            if (bits is not null && ports == MemoryBus.Axi)
            {
                throw new CommandException(ExitCode.BadInput, $"{bitstream.Name}: the iCE40UP5K has no AXI bus, found {bus.Name} axi, allowed {bus.Name} plain or none");
            }

            if (parsed.GetValue(netlist) is string cells)
            {
                if (parsed.GetValue(bundle) is not string mapped || family != SynthesisTarget.Ice40Up5k || ports == MemoryBus.Axi)
                {
                    throw new CommandException(ExitCode.BadInput, $"{netlist.Name}: a netlist is of a bundle on its own ports, for ice40up5k, found {(parsed.GetValue(bundle) is null ? accelerator.Name : ports == MemoryBus.Axi ? $"{bus.Name} axi" : family.Name)}, allowed RUN/rtl --target ice40up5k");
                }

                context.Tell("netlist: mapping the accelerator ...");
                new MappedNetlist().Write(mapped, cells, context.Cancellation);
            }

            PlacedDesign? placed = bits is null ? null : BitstreamStage.Run(parsed.GetValue(bundle)!, bits, context);
            var synthesizer = new Synthesizer(family);
            Elaboration elaboration = synthesizer.Elaborate(sources, HardwareSources.TopOf(ports), context.Cancellation);
            SynthesizedDesign design = Synthesize(synthesizer, elaboration, family, context);
            PlacedDesign? timing = placed is null ? Timing(sources, elaboration, design, context) : null;
            Print(design, ports, timing, part, placed is null ? null : (placed, bits!), parsed.GetValue(output), context);
            return part is null || DeviceFit.Fits(part, Resources(design)) ? ExitCode.Success : ExitCode.CheckFailed;
        });
    }

    private static HardwareSources Sources(string? bundle, string? accelerator, MemoryBus bus, bool withPrograms, CommandContext context)
    {
        if (bundle is null == accelerator is null)
        {
            throw new CommandException(ExitCode.BadInput, $"synth takes a bundle or --accelerator, found {(bundle is null ? "neither" : "both")}, allowed one of them");
        }

        if (bundle is null)
        {
            return HardwareSources.Of(Inputs.LoadAccelerator(accelerator!), bus);
        }

        Inputs.RequireBundle(bundle);
        foreach (string module in BundleCheck.EditedModules(BundleManifest.Read(bundle), name => withPrograms || HardwareSources.Has(name)))
        {
            context.Warn($"edited: {module}");
        }

        return HardwareSources.Read(bundle, bus);
    }

    private static SynthesizedDesign Synthesize(Synthesizer synthesizer, Elaboration design, SynthesisTarget target, CommandContext context)
    {
        var progress = new CallbackProgress<SynthesisProgress>(state =>
            context.Log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"synth {target.Name}: {state.Done} of {state.Of} modules")));
        return synthesizer.Synthesize([design], progress, context.Cancellation)[0];
    }

    /// <summary>The clock after place and route; null on other families than the UP5K's, or where that does not hold the slowest units or the tools are missing, which is said.</summary>
    private static PlacedDesign? Timing(HardwareSources sources, Elaboration elaboration, SynthesizedDesign design, CommandContext context)
    {
        if (design.Target != SynthesisTarget.Ice40Up5k)
        {
            return null;
        }

        if (!Ice40Placer.Holds(design))
        {
            context.Log.WriteLine("synth ice40up5k: not placed, the UP5K does not hold a lane of the vector unit and a processing element; no clock");
            return null;
        }

        try
        {
            context.Log.WriteLine("synth ice40up5k: place and route of a lane of the vector unit and a processing element");
            PlacedDesign? timing = new Ice40Placer().Place(sources, elaboration, Path.Combine(SynthesisCache.DefaultFolder, "place.log"), context.Cancellation);
            context.Log.WriteLine(timing is null
                ? $"synth ice40up5k: nextpnr-ice40 finds no placement ({Path.Combine(SynthesisCache.DefaultFolder, "place.log")}); no clock"
                : string.Create(CultureInfo.InvariantCulture, $"synth ice40up5k: nextpnr {timing.NextpnrMhz:F2} MHz, icetime {timing.IcetimeMhz:F2} MHz, {timing.LogicCells} logic cells"));
            return timing;
        }
        catch (ToolMissingException missing)
        {
            context.Log.WriteLine($"synth ice40up5k: no clock: {missing.Message}");
            return null;
        }
    }

    private static FpgaResources Resources(SynthesizedDesign design) => new(design.Total.Lut, design.Total.FlipFlops, design.Total.Dsp, design.Total.BlockRam);

    private static void Print(SynthesizedDesign design, MemoryBus bus, PlacedDesign? timing, Device? device, (PlacedDesign Placed, string File)? bitstream, string? output, CommandContext context)
    {
        var summary = new
        {
            Target = design.Target.Name,
            Bus = bus,
            design.Tool,
            design.Total.Lut,
            Ff = design.Total.FlipFlops,
            design.Total.Dsp,
            Bram = design.Total.BlockRam,
            design.Total.Carry,
            design.Cells,
            FmaxMhz = bitstream?.Placed.FmaxMhz ?? timing?.FmaxMhz,
            Timing = timing is null ? null : new { timing.NextpnrMhz, timing.IcetimeMhz, timing.LogicCells },
            Bitstream = bitstream is null ? null : BitstreamStage.Summary(bitstream.Value.Placed, bitstream.Value.File),
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
        if (timing is not null)
        {
            context.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"clock: {timing.FmaxMhz:F2} MHz, the lower of nextpnr-ice40 {timing.NextpnrMhz:F2} and icetime {timing.IcetimeMhz:F2}, of a lane of the vector unit and a processing element"));
        }

        if (bitstream is not null)
        {
            context.Output.WriteLine(BitstreamStage.Describe(bitstream.Value.Placed, bitstream.Value.File));
        }

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
