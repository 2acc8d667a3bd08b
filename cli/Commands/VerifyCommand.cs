// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json;
using Cli.CommandLine;
using Cli.Experiments;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace Cli.Commands;

/// <summary><c>codesign verify RUN/rtl</c>: the RTL of a bundle, or of several with equal hardware, against its vectors.</summary>
public static class VerifyCommand
{
    /// <summary>A time limit beyond this many seconds, eleven days, limits nothing.</summary>
    internal const int MostSeconds = 1_000_000;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var bundle = new Argument<string>("BUNDLE") { Description = "Folder of an RTL bundle, RUN/rtl." };
        var also = new Option<string[]>("--also")
        {
            Description = "More bundles of the same hardware: their networks run one after the other on the one compiled design.", AllowMultipleArgumentsPerToken = true,
        };
        Option<SimulatorKind?> simulator = EnumOption.Of("--simulator", "RTL simulator.", SimulatorKind.Verilator);
        Option<MemoryBus?> bus = EnumOption.Of("--bus", "What the bench drives: the accelerator's own ports, or its AXI buses, where bits and the buses' rules are checked and no cycles.", MemoryBus.Plain);
        Option<uint?> stalls = NumberOption.Of("--stalls", "Seed of a memory that withholds beats at random: every bit is compared, no cycle count.", 0u, uint.MaxValue, "SEED");
        Option<int?> images = NumberOption.Of("--images", "Run the first images only.", 1, int.MaxValue);
        var trace = new Option<bool>("--trace") { Description = $"Leave a waveform (VCD) of the cycles around the first difference in the bundle's folder {RtlBundle.BuildFolder}." };
        Option<int?> timeout = NumberOption.Of("--timeout", FormattableString.Invariant($"Stop a compiler or simulator that takes longer than so many seconds; {new VerificationOptions().Timeout.TotalSeconds} if not given."), 1, MostSeconds, "SECONDS");
        var netlist = new Option<string?>("--netlist") { Description = "Run this netlist, which synth --bitstream or synth --netlist wrote, in place of the accelerator's modules; in Icarus." };
        return new Command("verify", "Run the RTL of a bundle against its vectors: every bit and every cycle count.") { bundle, also, simulator, bus, stalls, images, trace, timeout, netlist }
            .Does((parsed, context) =>
            {
                string[] bundles = [parsed.GetValue(bundle)!, .. parsed.GetValue(also) ?? []];
                foreach (string directory in bundles)
                {
                    Inputs.RequireBundle(directory);
                }

                string? cells = parsed.GetValue(netlist);
                if (cells is not null && (parsed.GetValue(simulator) == SimulatorKind.Verilator || parsed.GetValue(bus) == MemoryBus.Axi))
                {
                    throw new CommandException(ExitCode.BadInput, $"{netlist.Name}: a netlist runs in Icarus, on its own ports; found {(parsed.GetValue(bus) == MemoryBus.Axi ? "--bus axi" : "--simulator verilator")}, allowed --simulator icarus or none, --bus plain or none");
                }

                var options = new VerificationOptions
                {
                    Bus = parsed.GetValue(bus) ?? MemoryBus.Plain,
                    Netlist = cells,
                    StallSeed = parsed.GetValue(stalls),
                    Images = parsed.GetValue(images),
                    Trace = parsed.GetValue(trace),
                    Timeout = parsed.GetValue(timeout) is int seconds ? TimeSpan.FromSeconds(seconds) : new VerificationOptions().Timeout,
                };
                SimulatorKind kind = cells is null ? parsed.GetValue(simulator) ?? SimulatorKind.Verilator : SimulatorKind.Icarus;
                return Print(VerificationStage.Verify(bundles, kind, options, context), context);
            });
    }

    private static int Print(VerificationSummary result, CommandContext context)
    {
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(result, RunSummary.JsonOptions));
        }

        context.Output.WriteLine(result);
        foreach (string module in result.EditedModules)
        {
            context.Warn($"edited: {module}");
        }

        if (!result.Passed)
        {
            context.Fail($"first difference: {result.FirstDifference}");
            if (result.TraceFile is string file)
            {
                context.Tell($"waveform: {file}");
            }
        }

        return result.Passed ? ExitCode.Success : ExitCode.CheckFailed;
    }
}
