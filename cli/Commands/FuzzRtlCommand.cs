// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.RtlFuzzing;
using Reports.Terminal;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace Cli.Commands;

/// <summary><c>codesign fuzz-rtl</c>: random designs with random networks, the model against the RTL.</summary>
public static class FuzzRtlCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<int?> designs = NumberOption.Of("--designs", "Designs to draw; 12 if not given.", 1, 1_000_000);
        Option<int?> seed = NumberOption.Of("--seed", "Seed of the first design; the next ones follow; 1 if not given.", 0, 1_000_000_000);
        Option<int?> networks = NumberOption.Of("--networks", "Networks that run on each compiled design; 3 if not given.", 1, 1000);
        Option<SimulatorKind?> simulator = EnumOption.Of("--simulator", "RTL simulator.", SimulatorKind.Verilator);
        Option<int?> workers = NumberOption.Of("--workers", "Designs at a time; as many as there are processors if not given.", 1, 1024);
        var output = new Option<string?>("--out") { Description = "Folder that keeps results and failures; a temporary one if not given." };
        var resume = new Option<bool>("--resume") { Description = "Go on with the run that the folder holds." };
        var page = new Option<string?>("--page") { Description = "Writes the result as a page of the documentation." };
        return new Command("fuzz-rtl", "Random designs with random networks: the RTL against the model, every bit and every cycle.") { designs, seed, networks, simulator, workers, output, resume, page }
            .Does((parsed, context) =>
            {
                var spec = new RtlFuzzSpec
                {
                    Seed = parsed.GetValue(seed) ?? 1,
                    NetworksPerDesign = parsed.GetValue(networks) ?? 3,
                    Simulator = parsed.GetValue(simulator) ?? SimulatorKind.Verilator,
                    RtlSha256 = RtlSources.Sha256,
                };
                ExternalTool.Require(spec.Simulator);
                return Run(spec, parsed.GetValue(designs) ?? 12, parsed.GetValue(output), parsed.GetValue(resume), parsed.GetValue(workers) ?? Environment.ProcessorCount, parsed.GetValue(page), context);
            });
    }

    private static int Run(RtlFuzzSpec spec, int designs, string? output, bool resume, int workers, string? page, CommandContext context)
    {
        string root = output ?? Directory.CreateTempSubdirectory("codesign-fuzz-").FullName;
        var folder = new RtlFuzzFolder(root);
        folder.Open(spec, resume);
        IReadOnlyList<FuzzedDesign> results;
        int before = folder.Results().Keys.Count(seed => seed >= spec.Seed && seed < spec.Seed + designs), done = 0, differ = 0;
        using (TerminalProgress? progress = designs > before ? new("fuzz-rtl", designs - before, "designs", context.Log) : null)
        {
            try
            {
                results = new RtlFuzzer(spec, folder, workers, context.Cancellation).Run(designs, result =>
                {
                    differ += result.Difference is null ? 0 : 1;
                    progress?.Report(++done, $"{differ} differ");
                });
            }
            catch (OperationCanceledException) when (output is not null)
            {
                context.Tell($"what is finished is kept; to go on: the same command with --out '{output}' --resume");
                throw;
            }
        }

        FuzzedDesign[] failed = [.. results.Where(result => result.Difference is not null)];
        if (page is not null)
        {
            AtomicFile.Write(page, RtlFuzzPage.Of(spec, results));
        }

        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(
                new
                {
                    Designs = results.Count,
                    Networks = results.Sum(result => result.Networks),
                    Vectors = results.Sum(result => result.Vectors),
                    BitMismatches = results.Sum(result => result.BitMismatches),
                    CycleMismatches = results.Sum(result => result.CycleMismatches),
                    Failures = failed.Select(result => new { result.Seed, result.File, result.Difference }),
                    spec.Simulator,
                    SecondsPerDesign = Math.Round(results.Average(result => result.Seconds), 2),
                },
                RunSummary.JsonOptions));
        }

        foreach (FuzzedDesign result in failed)
        {
            context.Fail($"seed {result.Seed}: {result.Difference} (made small: {result.File})");
        }

        context.Output.WriteLine(FormattableString.Invariant(
            $"{results.Count} designs, {results.Sum(result => result.Networks)} networks, {results.Sum(result => result.Vectors):N0} vectors, {failed.Length} designs differ; {results.Average(result => result.Seconds):0.0} s a design"));
        if (output is null && failed.Length == 0)
        {
            Directory.Delete(root, recursive: true);
        }

        return failed.Length == 0 ? ExitCode.Success : ExitCode.CheckFailed;
    }
}
