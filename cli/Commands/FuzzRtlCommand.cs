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
        var designs = new Option<int>("--designs") { Description = "Designs to draw.", DefaultValueFactory = _ => 12 };
        var seed = new Option<int>("--seed") { Description = "Seed of the first design; the next ones follow.", DefaultValueFactory = _ => 1 };
        var networks = new Option<int>("--networks") { Description = "Networks that run on each compiled design.", DefaultValueFactory = _ => 3 };
        Option<SimulatorKind?> simulator = EnumOption.Of("--simulator", "RTL simulator.", SimulatorKind.Verilator);
        var workers = new Option<int?>("--workers") { Description = "Designs at a time; as many as there are processors if not given." };
        var output = new Option<string?>("--out") { Description = "Folder that keeps results and failures; a temporary one if not given." };
        var resume = new Option<bool>("--resume") { Description = "Go on with the run that the folder holds." };
        var page = new Option<string?>("--page") { Description = "Writes the result as a page of the documentation." };
        return new Command("fuzz-rtl", "Random designs with random networks: the RTL against the model, every bit and every cycle.") { designs, seed, networks, simulator, workers, output, resume, page }
            .Does((parsed, context) =>
            {
                foreach (Option<int> option in new[] { designs, networks })
                {
                    if (parsed.GetValue(option) < 1)
                    {
                        throw new CommandException(ExitCode.BadInput, $"{option.Name}: out of range, found '{parsed.GetValue(option)}', allowed 1 and more");
                    }
                }

                var spec = new RtlFuzzSpec
                {
                    Seed = parsed.GetValue(seed),
                    NetworksPerDesign = parsed.GetValue(networks),
                    Simulator = parsed.GetValue(simulator) ?? SimulatorKind.Verilator,
                    RtlSha256 = RtlSources.Sha256,
                };
                ExternalTool.Require(spec.Simulator);
                return Run(spec, parsed.GetValue(designs), parsed.GetValue(output), parsed.GetValue(resume), Math.Max(1, parsed.GetValue(workers) ?? Environment.ProcessorCount), parsed.GetValue(page), context);
            });
    }

    private static int Run(RtlFuzzSpec spec, int designs, string? output, bool resume, int workers, string? page, CommandContext context)
    {
        string root = output ?? Directory.CreateTempSubdirectory("codesign-fuzz-").FullName;
        var folder = new RtlFuzzFolder(root);
        folder.Open(spec, resume);
        IReadOnlyList<FuzzedDesign> results;
        int before = folder.Results().Keys.Count(seed => seed >= spec.Seed && seed < spec.Seed + designs), done = 0, differ = 0;
        using (var progress = new TerminalProgress("fuzz-rtl", Math.Max(1, designs - before), "designs", context.Log))
        {
            try
            {
                results = new RtlFuzzer(spec, folder, workers, context.Cancellation).Run(designs, result =>
                {
                    differ += result.Difference is null ? 0 : 1;
                    progress.Report(++done, $"{differ} differ");
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
