// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Devices;
using Cli.Experiments;
using Cli.Methods;
using Cli.Results;
using Reports.Tables;
using Reports.Terminal;

namespace Cli.Commands;

/// <summary><c>codesign methods</c>: methods of quantisation by name; what each is; trains and runs those that have a recipe.</summary>
public static class MethodsCommand
{
    private const string CommandLineText = "./codesign methods run --out runs/methods";

    /// <summary>The command with its parts.</summary>
    public static Command Create()
    {
        var id = new Argument<string?>("ID") { Description = "A method to explain; all are listed if not given.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("methods", "Methods of quantisation by name: what they are, which run here, and how they do.") { id };
        command.Does((parsed, context) => parsed.GetValue(id) is string name ? Explain(name, context) : List(context));

        var ids = new Option<string?>("--ids") { Description = "These methods only: ID,ID,..." };
        var family = new Option<string?>("--family") { Description = $"Methods of this family only: {string.Join(", ", EnumNames.All<MethodFamily>())}." };
        var data = new Option<string?>("--data") { Description = "Data set in place of the experiments' own; its page is docs/methods-results-DATA.md." };
        var output = new Option<string>("--out") { Description = "Folder of trainings and results.", DefaultValueFactory = _ => Path.Combine("runs", "methods") };
        var page = new Option<string?>("--page") { Description = "The page to write; docs/methods-results.md if not given. Rows of methods that are not run now are kept from the CSV file beside it." };
        var resume = new Option<bool>("--resume") { Description = "Take what the folder already holds." };
        command.Subcommands.Add(new Command("run", "Train and run methods on one protocol, and write docs/methods-results.md.") { ids, family, data, output, page, resume }
            .Does((parsed, context) => Run(
                parsed.GetValue(ids),
                parsed.GetValue(family),
                parsed.GetValue(data),
                new(parsed.GetValue(output)!),
                parsed.GetValue(page) ?? PageOf(parsed.GetValue(data)),
                parsed.GetValue(resume),
                context)));
        command.Subcommands.Add(HeadsCommand.Create());
        var file = new Option<string?>("--page") { Description = "The page to write; docs/methods-results.md if not given. Its rows are those of the CSV file beside it." };
        command.Subcommands.Add(new Command("page", "Write the page of results anew from its CSV file and the catalogue, without running anything.") { file }
            .Does((parsed, context) => Page(parsed.GetValue(file) ?? DefaultPage, context)));
        return command;
    }

    internal static string DefaultPage => Path.Combine(CommandContext.Repository, "docs", "methods-results.md");

    /// <summary>The page of a data set; null for that of the experiments.</summary>
    private static string PageOf(string? data) => data is null ? DefaultPage : Path.ChangeExtension(DefaultPage, null) + $"-{data}.md";

    private static int Page(string page, CommandContext context)
    {
        ImmutableArray<Method> all = MethodCatalogue.Load();
        ImmutableArray<MethodResult> kept = MethodRows.Load(Path.ChangeExtension(page, ".csv"));
        string? data = kept.Select(row => row.Data).FirstOrDefault(data => page.EndsWith($"-{data}.md", StringComparison.Ordinal));
        int rows = WritePage(page, all, kept, [], data);
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { Page = page, Rows = rows }, RunSummary.JsonOptions));
            return ExitCode.Success;
        }

        context.Output.WriteLine($"{page}: {rows} rows");
        return ExitCode.Success;
    }

    /// <summary>The page, and the table beside it; the number of its rows.</summary>
    internal static int WritePage(string page, ImmutableArray<Method> all, IEnumerable<MethodResult> old, IReadOnlyCollection<MethodResult> added, string? data = null)
    {
        ImmutableArray<MethodResult> rows = [.. MethodRows.Merge(old, added, MethodCatalogue.Running(all)).Select(WithArea)];
        AtomicFile.Write(page, data is null
            ? MethodsPage.Format(all, rows, MethodClaims.Load(all), HeadRows.Section(MethodRows.Load(HeadRows.FileOf(page)), MethodHeads.Load(all)), CommandLineText)
            : MethodsPage.FormatOf(data, rows, $"./codesign methods run --data {data} --out runs/methods-{data}"));
        AtomicFile.Write(Path.ChangeExtension(page, ".csv"), CsvTable.Format(MethodsPage.FileTableOf(rows)));
        return rows.Length;
    }

    /// <summary>A row with the area of its design by the present area model, which is all that a row has of it.</summary>
    private static MethodResult WithArea(MethodResult row)
    {
        AcceleratorSpec? design = ExperimentFile.Load(MethodCatalogue.ExperimentOf(row.Id), [], [], checkFit: false)?.Accelerator;
        return design?.Name == row.Accelerator ? row with { Area = DesignArea.Of(design).Resources.Lut } : row;
    }

    private static int List(CommandContext context)
    {
        ImmutableArray<Method> methods = MethodCatalogue.Load();
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { Methods = methods.Select(JsonOf) }, RunSummary.JsonOptions));
            return ExitCode.Success;
        }

        context.Output.Write(TerminalTable.Format(MethodsPage.List(methods), TerminalStyle.ForStandardOutput));
        context.Output.WriteLine($"{methods.Length} methods, {methods.Count(method => method.Status == MethodStatus.Runs)} run");
        return ExitCode.Success;
    }

    private static int Explain(string id, CommandContext context)
    {
        Method method = Find(MethodCatalogue.Load(), id, "ID");
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(JsonOf(method), RunSummary.JsonOptions));
            return ExitCode.Success;
        }

        string source = method.Arxiv is string arxiv ? $"{method.Year}, arXiv:{arxiv}" : $"{method.Year}; {method.Reference}";
        context.Output.WriteLine($"{method.Id}: {method.Title} ({source})");
        context.Output.WriteLine($"{EnumNames.Of(method.Family)}{(method.Quantises.IsEmpty ? "" : $"; quantises {string.Join(", ", method.Quantises)}")}; {MethodsPage.Status(method)}{(method.Status == MethodStatus.PartOf ? $": {method.Reason}" : "")}");
        foreach (string hardware in method.HardwareClasses)
        {
            context.Output.WriteLine($"{hardware,-4} {HardwareClasses.Sentences[hardware]}");
        }

        foreach (string formula in method.Formulas)
        {
            context.Output.WriteLine($"     {formula}");
        }

        if (MethodCatalogue.ForwardRecipeOf(method.Id) is string forward)
        {
            context.Output.WriteLine($"forward:    {Path.GetRelativePath(CommandContext.Repository, forward)}");
        }

        if ((method.Status == MethodStatus.Runs ? method.Id : method.PartOf) is string recipe)
        {
            context.Output.WriteLine($"recipe:     {Path.GetRelativePath(CommandContext.Repository, MethodCatalogue.RecipeOf(recipe))}");
            context.Output.WriteLine($"experiment: {Path.GetRelativePath(CommandContext.Repository, MethodCatalogue.ExperimentOf(recipe))}");
            foreach (string line in File.ReadLines(MethodCatalogue.RecipeOf(recipe)).TakeWhile(line => line.StartsWith('#')))
            {
                context.Output.WriteLine(line.TrimStart('#', ' '));
            }
        }

        return ExitCode.Success;
    }

    private static int Run(string? ids, string? family, string? data, ResultsFolder folder, string page, bool resume, CommandContext context)
    {
        ImmutableArray<Method> all = MethodCatalogue.Load();
        ImmutableArray<Method> chosen = Choose(all, ids, family);
        SpecIssues issues = [];
        ResultEntry[] entries = [.. chosen.Select(method => EntryOf(method, data, issues))];
        issues.ThrowIfAny();
        ImmutableArray<MethodResult> old = MethodRows.Load(Path.ChangeExtension(page, ".csv"));

        ImmutableArray<ExperimentResult?> found;
        try
        {
            found = new ResultsRunner(new ResultsList("Methods", [.. entries]), folder, name => TrainingStage.Images(name, context), context).Run(resume, only: null);
        }
        catch (OperationCanceledException)
        {
            context.Tell($"what is finished is kept; to go on: codesign methods run --out '{folder.Root}' --resume");
            throw;
        }

        MethodResult[] results = [.. chosen.Zip(entries, found).Select(row => MethodResult.Of(row.First.Id, row.Second.Experiment, row.Third!))];
        WritePage(page, all, old, results, data);
        return Told(page, results, context);
    }

    /// <summary>Says where the page is, and the results as JSON or as a table.</summary>
    internal static int Told(string page, IReadOnlyCollection<MethodResult> results, CommandContext context)
    {
        context.Tell($"page: {page}");
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { Results = results }, RunSummary.JsonOptions));
        }

        context.Output.Write(TerminalTable.Format(MethodsPage.TableOf(results), TerminalStyle.ForStandardOutput));
        return ExitCode.Success;
    }

    private static ImmutableArray<Method> Choose(ImmutableArray<Method> all, string? ids, string? family)
    {
        if (family is not null && !EnumNames.TryParse(family, out MethodFamily _))
        {
            throw new CommandException(ExitCode.BadInput, $"--family: unknown, found '{family}', allowed {string.Join(", ", EnumNames.All<MethodFamily>())}");
        }

        Method[] named = ids is null
            ? [.. all.Where(method => method.Status == MethodStatus.Runs)]
            : [.. ids.Split(',', StringSplitOptions.TrimEntries).Distinct().Select(id => Runnable(Find(all, id, "--ids")))];
        ImmutableArray<Method> chosen = [.. named.Where(method => family is null || EnumNames.Of(method.Family) == family)];
        return chosen.IsEmpty
            ? throw new CommandException(ExitCode.BadInput, $"--family {family}: nothing to run, allowed a family of the chosen methods")
            : chosen;
    }

    private static Method Find(ImmutableArray<Method> all, string id, string option) =>
        all.FirstOrDefault(method => method.Id == id) ?? throw new CommandException(
            ExitCode.BadInput, $"{option}: unknown method, found '{id}'{NearestName.Suggestion(id, all.Select(method => method.Id))}, allowed the names that codesign methods lists");

    private static Method Runnable(Method method) => method.Status == MethodStatus.Runs
        ? method
        : throw new CommandException(ExitCode.BadInput, $"--ids: '{method.Id}' has no recipe of its own ({MethodsPage.Status(method)}), allowed methods that run");

    private static ResultEntry EntryOf(Method method, string? data, SpecIssues issues)
    {
        string file = MethodCatalogue.ExperimentOf(method.Id);
        SpecScalar Scalar(string text) => new(SpecPosition.StartOf("--data"), text, Quoted: true);
        ExperimentSpec? experiment = ExperimentFile.Load(file, [], issues);
        if (data is not null && experiment is not null)
        {
            experiment = ExperimentFile.Load(file, [new("name", Scalar($"{experiment.Name}-{data}")), new("dataset", Scalar(data))], issues);
        }

        return new(method.Title, file, experiment!, new ResultTarget(AccuracyKind.Integer, AtLeast: null, WithinOfFloat: null));
    }

    private static object JsonOf(Method method) => new
    {
        method.Id,
        method.Title,
        method.Year,
        method.Arxiv,
        method.Reference,
        Family = EnumNames.Of(method.Family),
        method.Quantises,
        HardwareClass = method.HardwareClasses.FirstOrDefault(),
        method.HardwareClasses,
        Status = EnumNames.Of(method.Status),
        method.Exact,
        method.PartOf,
        method.Reason,
        method.Formulas,
    };
}
