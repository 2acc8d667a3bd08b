// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.RtlNetworks;
using Reports.Tables;
using Reports.Terminal;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace Cli.Commands;

/// <summary><c>codesign verify-networks LIST.yaml</c>: whole networks, the RTL against the model.</summary>
public static class VerifyNetworksCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var list = new Argument<string>("LIST") { Description = "List of networks, such as configs/verification/whole-networks.yaml." };
        Option<SimulatorKind?> simulator = EnumOption.Of("--simulator", "RTL simulator.", SimulatorKind.Verilator);
        var page = new Option<string?>("--page") { Description = "Writes the result as a page of the documentation." };
        return new Command("verify-networks", "Whole networks: export each of a list and run its RTL against the model, every bit and every cycle.") { list, simulator, page }.Does((parsed, context) =>
        {
            var issues = new SpecIssues();
            NetworkList? networks = NetworkList.Load(parsed.GetValue(list)!, issues);
            issues.ThrowIfAny();
            SimulatorKind kind = parsed.GetValue(simulator) ?? SimulatorKind.Verilator;
            ExternalTool.Require(kind);
            IReadOnlyList<VerifiedNetwork> results = NetworkVerifier.Run(networks!, kind, context);
            return Print(results, kind, parsed.GetValue(list)!, parsed.GetValue(page), context);
        });
    }

    private static int Print(IReadOnlyList<VerifiedNetwork> results, SimulatorKind simulator, string list, string? page, CommandContext context)
    {
        Table table = Table.Of(results,
        [
            new("network", "", one => Path.GetFileName(one.Listed.Network)),
            new("accelerator", "", one => one.Accelerator),
            new("images", "", one => one.Result.Images),
            new("layers", "", one => one.Result.Layers.Length),
            new("words compared", "", one => one.Result.Vectors),
            new("cycles, model", "", one => one.ModelCycles),
            new("cycles, RTL", "", one => one.Result.Cycles),
            new("bits that differ", "", one => one.Result.BitMismatches),
            new("cycles that differ", "", one => one.Result.CycleMismatches),
        ]);
        if (page is not null)
        {
            AtomicFile.Write(page,
                $"# Whole networks in RTL\n\nWritten by `codesign verify-networks {list} --simulator {EnumNames.Of(simulator)} --page {page}`: every stored word and the cycle of every event of every instruction, against the model,\n"
                + "image by image and in overlapping frames. Networks of one accelerator ran on one compiled design. `lenet5-w4a4` and `lenet5-w8a8` are trained; the others have random weights.\n\n"
                + MarkdownTable.Format(table) + $"\nSHA-256 of modules and benches: `{RtlSources.Sha256}`\n");
        }

        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(
                new
                {
                    Simulator = simulator,
                    Networks = results.Count,
                    Vectors = results.Sum(one => one.Result.Vectors),
                    BitMismatches = results.Sum(one => one.Result.BitMismatches),
                    CycleMismatches = results.Sum(one => one.Result.CycleMismatches),
                    Results = results.Select(one => new { Name = Path.GetFileName(one.Listed.Network), one.Accelerator, one.Result.Passed, Verification = NetworkVerification.Of(one.Result) }),
                },
                RunSummary.JsonOptions));
        }

        context.Output.Write(TerminalTable.Format(table, TerminalStyle.ForStandardOutput));
        foreach (VerifiedNetwork failed in results.Where(one => !one.Result.Passed))
        {
            context.Fail($"{failed.Listed.Network} on {failed.Accelerator}: {failed.Result.FirstDifference}");
        }

        return results.All(one => one.Result.Passed) ? ExitCode.Success : ExitCode.CheckFailed;
    }
}
