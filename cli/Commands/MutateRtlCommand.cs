// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text;
using System.Text.Json;
using AccelModel.Networks;
using AccelModel.Networks.Generation;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Networks;
using Reports.Terminal;
using RtlExport.Mutation;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace Cli.Commands;

/// <summary><c>codesign mutate-rtl</c>: does the exported bench notice faults of the RTL that nobody chose?</summary>
public static class MutateRtlCommand
{
    private const int Images = 2;

    /// <summary>Mutants that are looked for.</summary>
    private const int Mutants = 30;

    /// <summary>Of one run of a bench.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Option<int?> count = NumberOption.Of("--count", FormattableString.Invariant($"Mutants of the designs to run; {Mutants} if not given."), 1, 1_000_000);
        Option<int?> seed = NumberOption.Of("--seed", "Seed of the order in which faults are drawn; 1 if not given.", 0, int.MaxValue);
        var network = new Option<string[]>("--network") { Description = "Network file or name; it gets random weights. One for all designs, or one for each.", Required = true, AllowMultipleArgumentsPerToken = true };
        var accelerator = new Option<string[]>("--accelerator")
        {
            Description = "Accelerator YAML file, or several: a mutant is caught where the bench of one of them shows it.", Required = true, AllowMultipleArgumentsPerToken = true,
        };
        Option<int?> jobs = NumberOption.Of("--jobs", "Mutants that run at once; 2 if not given.", 1, 1024);
        var journal = new Option<string?>("--journal") { Description = "File that gets each result as it is there; results that it has, of the same RTL and benches, are not run again." };
        var page = new Option<string?>("--page") { Description = "Writes the result as a page of the documentation." };
        return new Command("mutate-rtl", "Mutants of the RTL, drawn from all single faults of its modules, against the exported bench.") { count, seed, network, accelerator, jobs, journal, page }.Does((parsed, context) =>
        {
            string[] networks = parsed.GetValue(network)!, accelerators = parsed.GetValue(accelerator)!;
            int mutants = parsed.GetValue(count) ?? Mutants, order = parsed.GetValue(seed) ?? 1;
            if (networks.Length != 1 && networks.Length != accelerators.Length)
            {
                throw new CommandException(ExitCode.BadInput, $"--network: found {networks.Length} networks for {accelerators.Length} designs, allowed 1 or {accelerators.Length}");
            }

            ExternalTool.Require(SimulatorKind.Icarus);
            DirectoryInfo work = Directory.CreateTempSubdirectory("codesign-mutants-");
            try
            {
                List<(string Directory, string Name)> bundles = [];
                for (int i = 0; i < accelerators.Length; i++)
                {
                    bundles.Add((Path.Combine(work.FullName, FormattableString.Invariant($"rtl{i}")), Path.GetFileNameWithoutExtension(accelerators[i])));
                    Export(networks[networks.Length == 1 ? 0 : i], accelerators[i], bundles[i].Directory);
                }

                IReadOnlyList<MutantResult> results = Run(bundles, mutants, order, new(parsed.GetValue(journal), [.. networks, .. accelerators]), parsed.GetValue(jobs) ?? 2, context);
                string command = FormattableString.Invariant(
                    $"codesign mutate-rtl --count {mutants} --seed {order} --network {string.Join(' ', networks)} --accelerator {string.Join(' ', accelerators)}");
                return Print(results, command, parsed.GetValue(page), context);
            }
            finally
            {
                work.Delete(recursive: true);
            }
        });
    }

    private static void Export(string network, string acceleratorFile, string bundle)
    {
        AcceleratorSpec accelerator = Inputs.LoadAccelerator(acceleratorFile);
        IntegerNetwork integers = GeneratorOptions.Generate(NetworkCatalogue.Load(network), accelerator);
        var issues = new SpecIssues();
        Schedule schedule = FitRules.Check(integers, null, network, accelerator, YamlFile.LoadWithBase(acceleratorFile, new())!, issues)!;
        issues.ThrowIfAny();
        int[] codes = InputCodes.Random(GeneratorOptions.DefaultSeed, Images, integers.Input).Codes;
        ExportStage.Write(schedule, FastEngine.Time(schedule), codes, Images, SpecHash.Of(new object[] { accelerator, integers }), bundle, 0, new() { Corners = true });
    }

    private static IReadOnlyList<MutantResult> Run(IReadOnlyList<(string Directory, string Name)> bundles, int count, int seed, MutationJournal journal, int jobs, CommandContext context)
    {
        using var runs = new MutationRuns(bundles, jobs, Timeout, context.Cancellation);
        if (!journal.Passes && runs.First.Original() is string difference)
        {
            throw new CommandException(ExitCode.CheckFailed, $"the RTL without any fault does not pass: {difference}");
        }

        journal.Passes = true;
        List<MutantResult> results = [];
        int counted = 0;
        using var progress = new TerminalProgress("mutate-rtl", count, "mutants", context.Log);
        foreach (MutantResult result in MutationRun.Candidates(seed).InOrder(mutant => journal.Find(mutant) ?? journal.Add(runs.Try(mutant)), jobs))
        {
            Mutant mutant = result.Mutant;
            results.Add(result);
            counted += IsOfDesign(result) ? 1 : 0;
            progress.Report(counted, $"{results.Count(one => one.Verdict == MutantVerdict.Survived)} survived");
            if (result.Verdict is MutantVerdict.Survived or MutantVerdict.Equivalent)
            {
                context.Tell($"{EnumNames.Of(result.Verdict)}: {mutant.Module}:{mutant.Line}: '{mutant.From}' -> '{mutant.To}' in: {mutant.Source}");
            }

            if (counted == count)
            {
                break;
            }
        }

        return results;
    }

    private static bool IsOfDesign(MutantResult result) => result.Verdict is MutantVerdict.Caught or MutantVerdict.Equivalent or MutantVerdict.Survived;

    private static int Print(IReadOnlyList<MutantResult> results, string command, string? page, CommandContext context)
    {
        int Count(MutantVerdict verdict) => results.Count(result => result.Verdict == verdict);
        int caught = Count(MutantVerdict.Caught), survived = Count(MutantVerdict.Survived), equivalent = Count(MutantVerdict.Equivalent);
        string summary = FormattableString.Invariant(
            $"{caught + equivalent + survived} mutants of {MutationRun.Candidates(0).Count} single faults: {caught} caught, {equivalent} equivalent, {survived} survived; {Count(MutantVerdict.NotInDesign)} more were in no part of these designs, {Count(MutantVerdict.DoesNotCompile)} did not compile");
        if (page is not null)
        {
            AtomicFile.Write(page, Page(results, command, summary));
        }

        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(
                new
                {
                    Mutants = caught + equivalent + survived,
                    Caught = caught,
                    Equivalent = equivalent,
                    Survived = survived,
                    NotInDesign = Count(MutantVerdict.NotInDesign),
                    DoesNotCompile = Count(MutantVerdict.DoesNotCompile),
                    Results = results.Select(result => new { result.Mutant.Module, result.Mutant.Line, result.Mutant.Kind, result.Mutant.From, result.Mutant.To, result.Verdict, result.Note }),
                },
                RunSummary.JsonOptions));
        }

        foreach (MutantResult result in results.Where(result => result.Verdict == MutantVerdict.Survived))
        {
            context.Warn($"survived: {result.Mutant.Module}:{result.Mutant.Line}: '{result.Mutant.From}' -> '{result.Mutant.To}' in: {result.Mutant.Source}");
        }

        context.Output.WriteLine(summary);
        return survived == 0 ? ExitCode.Success : ExitCode.CheckFailed;
    }

    private static string Page(IReadOnlyList<MutantResult> results, string command, string summary)
    {
        var text = new StringBuilder($"""
            # Mutants of the RTL

            Written by `{command} --page docs/rtl-mutants.md`: single faults, drawn in the order of the seed from all tokens of all modules that have a counterpart (operators, constants, signs, conditions, edges,
            stalls, resets). Each runs through the exported bench alone, in Icarus: image by image, in overlapping frames, on a memory that stalls at random; design after design until one shows a difference.
            {summary}. SHA-256 of modules and benches: `{RtlSources.Sha256}`. What *equivalent* means is said in [how the RTL is verified](rtl-verification.md#mutate-rtl).

            | place | kind | fault | verdict |
            |---|---|---|---|

            """);
        foreach (MutantResult result in results.Where(IsOfDesign))
        {
            Mutant mutant = result.Mutant;
            string to = mutant.To.Trim();
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {mutant.Module}:{mutant.Line} | {mutant.Kind} | `{Cell(mutant.From.Trim())}` to `{(to.Length == 0 ? "nothing" : Cell(to))}` in `{Cell(mutant.Source)}` | **{EnumNames.Of(result.Verdict)}**{(result.Note.Length > 0 ? $": {Cell(result.Note)}" : "")} |\n");
        }

        return text.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
