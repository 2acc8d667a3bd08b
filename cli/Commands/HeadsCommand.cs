// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Methods;
using Cli.Results;
using Reports.Tables;

namespace Cli.Commands;

/// <summary><c>codesign methods heads</c>: the methods of <c>configs/method-heads.yaml</c>, longer, on a larger network, with several seeds; their section of the page of results.</summary>
internal static class HeadsCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var ids = new Option<string?>("--ids") { Description = "These methods of the list only: ID,ID,..." };
        var seeds = new Option<string?>("--seeds") { Description = "These seeds of the list only: 1,2,..." };
        var output = new Option<string>("--out") { Description = "Folder of trainings and results.", DefaultValueFactory = _ => Path.Combine("runs", "heads") };
        var page = new Option<string?>("--page") { Description = "The page whose section is written; docs/methods-results.md if not given." };
        var resume = new Option<bool>("--resume") { Description = "Take what the folder already holds." };
        return new Command("heads", "Train and run the methods of configs/method-heads.yaml longer, with several seeds (many hours), one after the other.") { ids, seeds, output, page, resume }
            .Does((parsed, context) => Run(parsed.GetValue(ids), parsed.GetValue(seeds), new(parsed.GetValue(output)!), parsed.GetValue(page) ?? MethodsCommand.DefaultPage, parsed.GetValue(resume), context));
    }

    private static int Run(string? ids, string? seeds, ResultsFolder folder, string page, bool resume, CommandContext context)
    {
        ImmutableArray<Method> methods = MethodCatalogue.Load();
        MethodHeads heads = MethodHeads.Load(methods);
        string[] names = Chosen(ids, [.. heads.Heads.Select(head => head.Method)], "--ids");
        string[] numbers = Chosen(seeds, [.. heads.Seeds.Select(seed => seed.ToString(CultureInfo.InvariantCulture))], "--seeds");
        SpecIssues issues = [];
        (MethodHead Head, ResultEntry Entry)[] runs =
        [
            .. heads.Heads.Where(head => names.Contains(head.Method)).SelectMany(head => numbers.Select(seed =>
                (head, heads.EntryOf(head, int.Parse(seed, CultureInfo.InvariantCulture), methods.First(method => method.Id == head.Method), issues)))),
        ];
        issues.ThrowIfAny();

        // Hours each: a page that has what is finished is worth more than one at the end.
        List<MethodResult> results = [];
        foreach ((MethodHead head, ResultEntry entry) in runs)
        {
            ExperimentResult result;
            try
            {
                result = new ResultsRunner(new ResultsList("Heads", [entry]), folder, name => TrainingStage.Images(name, context), context).Run(resume || results.Count > 0, only: null)[0]!;
            }
            catch (OperationCanceledException)
            {
                context.Tell($"what is finished is kept; to go on: codesign methods heads --out '{folder.Root}' --resume");
                throw;
            }

            results.Add(MethodResult.Of(head.Method, entry.Experiment, result));
            Write(page, methods, heads, results);
        }

        return MethodsCommand.Told(page, results, context);
    }

    private static void Write(string page, ImmutableArray<Method> methods, MethodHeads heads, IReadOnlyCollection<MethodResult> added)
    {
        string file = HeadRows.FileOf(page);
        AtomicFile.Write(file, CsvTable.Format(MethodsPage.FileTableOf(HeadRows.Merge(MethodRows.Load(file), added, heads))));
        MethodsCommand.WritePage(page, methods, MethodRows.Load(Path.ChangeExtension(page, ".csv")), []);
    }

    private static string[] Chosen(string? text, string[] all, string option)
    {
        string[] chosen = text is null ? all : [.. text.Split(',', StringSplitOptions.TrimEntries).Distinct()];
        return chosen.FirstOrDefault(name => !all.Contains(name)) is string unknown
            ? throw new CommandException(ExitCode.BadInput, $"{option}: not in the list, found '{unknown}'{NearestName.Suggestion(unknown, all)}, allowed {string.Join(", ", all)}")
            : chosen;
    }
}
