// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using RtlExport.Tools;

namespace Cli.Experiments;

/// <summary>RTL bundle to verdict.</summary>
public static class VerificationStage
{
    /// <summary>Runs the bundle's bench; null where no simulator is wanted or, with <c>auto</c>, none is installed.</summary>
    public static VerificationSummary? Run(string bundle, VerificationSimulator simulator, CommandContext context)
    {
        SimulatorKind? kind = Choose(simulator, context);
        return kind is SimulatorKind chosen ? Verify(bundle, chosen, context) : null;
    }

    /// <summary>Runs the bundle's bench in <paramref name="simulator"/>.</summary>
    /// <param name="bundle">Folder of the bundle.</param>
    /// <param name="simulator">The simulator.</param>
    /// <param name="context">Where it prints.</param>
    /// <param name="stallSeed">Seed of a memory that withholds beats at random: every word must be the same, cycles are then not compared; null for the fixed latency.</param>
    public static VerificationSummary Verify(string bundle, SimulatorKind simulator, CommandContext context, uint? stallSeed = null)
    {
        string memory = stallSeed is null ? "" : ", on a memory that stalls at random: values only";
        context.Tell($"verify: RTL in {EnumNames.Of(simulator)}{memory} ...");
        VerificationResult result = RtlVerifier.Verify(bundle, simulator, new() { StallSeed = stallSeed, Cancellation = context.Cancellation });
        return new(
            EnumNames.Of(simulator), result.Passed, result.Vectors, result.BitMismatches, result.CycleMismatches, result.FirstDifference, result.EditedModules);
    }

    private static SimulatorKind? Choose(VerificationSimulator simulator, CommandContext context)
    {
        switch (simulator)
        {
            case VerificationSimulator.None:
                return null;
            case VerificationSimulator.Verilator:
                return SimulatorKind.Verilator;
            case VerificationSimulator.Icarus:
                return SimulatorKind.Icarus;
            default:
                if (ExternalTool.Find("verilator") is not null)
                {
                    return SimulatorKind.Verilator;
                }

                if (ExternalTool.Find("iverilog") is not null)
                {
                    return SimulatorKind.Icarus;
                }

                context.Warn("verify: no RTL simulator is installed, so the bundle was written but not run");
                context.Warn("  to get one: apt-get install -y --no-install-recommends verilator iverilog g++ make");
                return null;
        }
    }
}
