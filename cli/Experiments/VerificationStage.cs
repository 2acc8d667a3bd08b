// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Reports.Terminal;
using RtlExport.Tools;

namespace Cli.Experiments;

/// <summary>RTL bundle to verdict.</summary>
public static class VerificationStage
{
    /// <summary>Runs the bundle's bench; null where no simulator is wanted or, with <c>auto</c>, none is installed.</summary>
    public static VerificationSummary? Run(string bundle, VerificationSimulator simulator, CommandContext context)
    {
        SimulatorKind? kind = Choose(simulator, context);
        return kind is SimulatorKind chosen ? Verify([bundle], chosen, new(), context) : null;
    }

    /// <summary>Folder of the benches that were compiled before, for all bundles: the environment's CODESIGN_CACHE, or .codesign/benches beside the solution.</summary>
    public static string CompiledBenches =>
        Path.Combine(Environment.GetEnvironmentVariable("CODESIGN_CACHE") is { Length: > 0 } folder ? folder : Path.Combine(CommandContext.Repository, ".codesign"), "benches");

    /// <summary>Runs the benches of one or more bundles of equal hardware, one after the other on one compiled design.</summary>
    public static VerificationSummary Verify(IReadOnlyList<string> bundles, SimulatorKind simulator, VerificationOptions options, CommandContext context)
    {
        string bus = options.Bus == MemoryBus.Plain ? "" : $" over {EnumNames.Of(options.Bus)}, with and without random stalls: values and the buses' rules";
        string memory = options.Bus != MemoryBus.Plain || options.StallSeed is null ? "" : ", on a memory that stalls at random: values only";
        context.Tell($"verify: RTL in {EnumNames.Of(simulator)}{bus}{memory} ...");
        options = options with { WorkDirectory = options.WorkDirectory ?? CompiledBenches, Cancellation = context.Cancellation };
        List<VerificationResult> results = [];
        using var lines = new Lines(context);
        foreach (VerificationResult result in RtlVerifier.Verify(bundles, simulator, options, lines))
        {
            results.Add(result);
            if (bundles.Count > 1)
            {
                context.Tell(FormattableString.Invariant($"verify: {result.Network}: {(result.Passed ? "PASS" : "FAIL")}, {result.Vectors:N0} vectors, {result.Cycles:N0} cycles an inference"));
            }
        }

        return VerificationSummary.Of(results);
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

    /// <summary>Shows how many runs of the accelerator are over.</summary>
    private sealed class Lines(CommandContext context) : IProgress<VerificationProgress>, IDisposable
    {
        private TerminalProgress? _line;

        /// <inheritdoc/>
        public void Report(VerificationProgress value) => (_line ??= new("verify", value.Total, "runs", context.Log) { OnlyIfLong = true }).Report(value.Done, value.Stage == "compile" ? "compiling" : "");

        /// <inheritdoc/>
        public void Dispose() => _line?.Dispose();
    }
}
