// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AccelModel.Costs;
using AccelModel.Specification;
using Cli.CommandLine;
using Cli.Devices;
using Cli.Experiments;
using Reports.Tables;
using Reports.Terminal;
using RtlExport.Area;
using RtlExport.Synthesis;

namespace Cli.Commands;

/// <summary><c>codesign area</c>: what a design takes by the calibrated model, and whether a device holds it.</summary>
public static class AreaCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var accelerator = new Option<string>("--accelerator") { Description = "Accelerator YAML file.", Required = true };
        Option<SynthesisTarget> target = TargetOption.Create();
        Option<string?> device = TargetOption.CreateDevice();
        var command = new Command("area", "What a design takes by the calibrated area model, without synthesis: LUTs, flip-flops, multipliers, memory blocks.") { accelerator, target, device };
        return command.Does((parsed, context) =>
        {
            AcceleratorSpec spec = Inputs.LoadAccelerator(parsed.GetValue(accelerator)!);
            (SynthesisTarget family, Device? part) = TargetOption.Choose(parsed, target, device);
            DesignArea area = DesignArea.Of(spec, family);
            Print(area, DesignArea.Modules(spec, family), part, context);
            return part is null || DeviceFit.Fits(part, area.Resources) ? ExitCode.Success : ExitCode.CheckFailed;
        });
    }

    private static void Print(DesignArea area, ImmutableArray<ModuleArea> modules, Device? device, CommandContext context)
    {
        FpgaResources total = area.Resources;
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(
                new
                {
                    Target = area.Target.Name,
                    total.Lut,
                    Ff = total.FlipFlops,
                    total.Dsp,
                    Bram = total.BlockRam,
                    FmaxMhz = area.Clock?.Mhz,
                    area.Provenance,
                    area.Note,
                    area.Error,
                    ClockError = area.Clock?.Worst,
                    Bias = area.Bias,
                    Device = device is null ? null : DeviceFit.Summary(device, total),
                },
                RunSummary.JsonOptions));
        }

        if (modules.Length > 0)
        {
            context.Output.Write(TerminalTable.Format(
                Table.Of([.. modules.OrderByDescending(module => module.Resources.Lut + module.Resources.FlipFlops)],
                [
                    new("module", "", module => module.Module),
                    new("instances", "", module => module.Count),
                    new("LUT", "", module => (long)Math.Round(module.Resources.Lut)),
                    new("FF", "", module => (long)Math.Round(module.Resources.FlipFlops)),
                    new("DSP", "", module => (long)module.Resources.Dsp),
                    new("BRAM", "", module => (long)module.Resources.BlockRam),
                ]),
                TerminalStyle.ForStandardOutput));
        }

        context.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{area.Target.Title}: {total.Lut:N0} LUT, {total.FlipFlops:N0} FF, {total.Dsp:N0} DSP, {total.BlockRam:N0} BRAM of {area.Target.BlockBits / 1024} Kbit ({area.Provenance.ToString().ToLowerInvariant()}: {area.Note})"));
        if (area.Clock is ClockModel clock)
        {
            context.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"clock: {clock.Mhz:F2} MHz (estimated, a lane of the vector unit and a processing element; error median {clock.Median:P1}, worst {clock.Worst:P1} of {clock.Validation.Length} placed designs)"));
        }

        if (device is not null)
        {
            DeviceFit.Print(device, total, area.Bias, context);
        }
    }
}
