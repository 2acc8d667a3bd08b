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

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "Mutants of the design to run.", DefaultValueFactory = _ => 25 };
        var seed = new Option<int>("--seed") { Description = "Seed of the order in which faults are drawn.", DefaultValueFactory = _ => 1 };
        var network = new Option<string>("--network") { Description = "Network file or name; it gets random weights.", Required = true };
        var accelerator = new Option<string>("--accelerator") { Description = "Accelerator YAML file.", Required = true };
        var page = new Option<string?>("--page") { Description = "Writes the result as a page of the documentation." };
        return new Command("mutate-rtl", "Mutants of the RTL, drawn from all single faults of its modules, against the exported bench.") { count, seed, network, accelerator, page }.Does((parsed, context) =>
        {
            if (parsed.GetValue(count) < 1)
            {
                throw new CommandException(ExitCode.BadInput, $"--count: out of range, found '{parsed.GetValue(count)}', allowed 1 and more");
            }

            ExternalTool.Require(SimulatorKind.Icarus);
            DirectoryInfo work = Directory.CreateTempSubdirectory("codesign-mutants-");
            try
            {
                string bundle = Path.Combine(work.FullName, "rtl");
                Export(parsed.GetValue(network)!, parsed.GetValue(accelerator)!, bundle);
                IReadOnlyList<MutantResult> results = Run(bundle, parsed.GetValue(count), parsed.GetValue(seed), context);
                string command = FormattableString.Invariant(
                    $"codesign mutate-rtl --count {parsed.GetValue(count)} --seed {parsed.GetValue(seed)} --network {parsed.GetValue(network)} --accelerator {parsed.GetValue(accelerator)}");
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
        IntegerNetwork integers = GeneratorOptions.Generate(NetworkCatalogue.Load(network), NetworkFormats.For(accelerator), GeneratorOptions.DefaultSeed);
        Schedule schedule = Scheduler.Schedule(integers, accelerator);
        int[] codes = InputCodes.Random(GeneratorOptions.DefaultSeed, Images, integers.Input).Codes;
        ExportStage.Write(schedule, FastEngine.Time(schedule), codes, Images, SpecHash.Of(new object[] { accelerator, integers }), bundle);
    }

    private static IReadOnlyList<MutantResult> Run(string bundle, int count, int seed, CommandContext context)
    {
        VerificationResult original = RtlVerifier.Verify(bundle, SimulatorKind.Icarus, new() { Cancellation = context.Cancellation });
        if (!original.Passed)
        {
            throw new CommandException(ExitCode.CheckFailed, $"the RTL without any fault does not pass: {original.FirstDifference}");
        }

        List<MutantResult> results = [];
        int counted = 0;
        using var progress = new TerminalProgress("mutate-rtl", count, "mutants", context.Log);
        foreach (Mutant mutant in MutationRun.Candidates(seed))
        {
            MutantResult result = MutationRun.Try(mutant, bundle, TimeSpan.FromMinutes(2), context.Cancellation);
            results.Add(result);
            counted += result.Verdict is MutantVerdict.Caught or MutantVerdict.Survived ? 1 : 0;
            progress.Report(counted, $"{results.Count(one => one.Verdict == MutantVerdict.Survived)} survived");
            if (counted == count)
            {
                break;
            }
        }

        return results;
    }

    private static int Print(IReadOnlyList<MutantResult> results, string command, string? page, CommandContext context)
    {
        int Count(MutantVerdict verdict) => results.Count(result => result.Verdict == verdict);
        int caught = Count(MutantVerdict.Caught), survived = Count(MutantVerdict.Survived);
        string summary = FormattableString.Invariant(
            $"{caught + survived} mutants of {MutationRun.Candidates(0).Count} single faults: {caught} caught, {survived} survived; {Count(MutantVerdict.NotInDesign)} more were in no part of this design, {Count(MutantVerdict.DoesNotCompile)} did not compile");
        if (page is not null)
        {
            AtomicFile.Write(page, Page(results, command, summary));
        }

        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(
                new
                {
                    Mutants = caught + survived,
                    Caught = caught,
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
        var text = new StringBuilder($"# Mutants of the RTL\n\nWritten by `{command} --page docs/rtl-mutants.md`: single faults drawn from all tokens of all modules that have a counterpart (operators, constants, signs,\nconditions, edges, resets), each run through the exported bench alone, in Icarus. {summary}.\n\n| module | line | kind | fault | verdict |\n|---|---|---|---|---|\n");
        foreach (MutantResult result in results.Where(result => result.Verdict is MutantVerdict.Caught or MutantVerdict.Survived))
        {
            Mutant mutant = result.Mutant;
            string source = mutant.Source.Replace("|", "\\|", StringComparison.Ordinal), from = mutant.From.Trim().Replace("|", "\\|", StringComparison.Ordinal), to = mutant.To.Trim().Replace("|", "\\|", StringComparison.Ordinal);
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{mutant.Module}` | {mutant.Line} | {mutant.Kind} | `{from}` to `{(to.Length == 0 ? "nothing" : to)}` in `{source}` | {EnumNames.Of(result.Verdict)}{(result.Note.Length > 0 ? $" ({result.Note})" : "")} |\n");
        }

        return text.ToString();
    }
}
