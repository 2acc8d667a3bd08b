// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Results;

namespace Cli.Commands;

/// <summary><c>codesign results</c>: trains and runs the experiments whose figures the documentation shows, and writes docs/results.md.</summary>
public static class ResultsCommand
{
    private const string CommandLineText = "./codesign results";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var list = new Option<string?>("--list") { Description = "Which experiments; configs/results.yaml if not given." };
        var output = new Option<string>("--out") { Description = "Folder of trainings and results.", DefaultValueFactory = _ => Path.Combine("runs", "results") };
        var page = new Option<string?>("--page") { Description = "The page to write when every experiment has a result; docs/results.md if not given." };
        var only = new Option<string?>("--only") { Description = "Run this experiment alone." };
        var resume = new Option<bool>("--resume") { Description = "Take what the folder already holds." };
        return new Command("results", "Train and run the experiments behind docs/results.md (up to two hours) and write that page.") { list, output, page, only, resume }
            .Does((parsed, context) => Run(
                parsed.GetValue(list) ?? Path.Combine(CommandContext.Repository, "configs", "results.yaml"),
                new(parsed.GetValue(output)!),
                parsed.GetValue(page) ?? Path.Combine(CommandContext.Repository, "docs", "results.md"),
                parsed.GetValue(only),
                parsed.GetValue(resume),
                context));
    }

    private static int Run(string file, ResultsFolder folder, string page, string? only, bool resume, CommandContext context)
    {
        SpecIssues issues = [];
        ResultsList? list = ResultsList.Load(file, issues);
        issues.ThrowIfAny();
        ImmutableArray<ExperimentResult?> results;
        try
        {
            results = new ResultsRunner(list!, folder, name => TrainingStage.Images(name, context), context).Run(resume, only);
        }
        catch (OperationCanceledException)
        {
            context.Tell($"what is finished is kept; to go on: codesign results --out '{folder.Root}' --resume");
            throw;
        }

        string text = ResultsPage.Format(list!, results, CommandLine(file, folder, page));
        AtomicFile.Write(folder.Page, text);
        string written = folder.Page;
        if (results.All(result => result is not null))
        {
            AtomicFile.Write(page, text);
            written = page;
        }

        return Report(list!, results, written, context);
    }

    /// <summary>The command that makes a page, with paths from the checkout's folder.</summary>
    private static string CommandLine(string file, ResultsFolder folder, string page)
    {
        string Relative(string path) => Path.GetRelativePath(CommandContext.Repository, path).Replace('\\', '/');
        bool isUsual = Relative(file) == "configs/results.yaml";
        return isUsual ? $"{CommandLineText} --out runs/results" : $"{CommandLineText} --list {Relative(file)} --out {Path.GetRelativePath(".", folder.Root)} --page {Relative(page)}";
    }

    private static int Report(ResultsList list, ImmutableArray<ExperimentResult?> results, string page, CommandContext context)
    {
        string[] missed = [.. list.Entries.Zip(results).Where(pair => pair.Second is not null && !ResultsPage.Meets(pair.First.Target, pair.Second)).Select(pair => pair.First.Experiment.Name)];
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(
                new { Page = page, Experiments = results.OfType<ExperimentResult>().Count(), Missed = missed, Results = results.OfType<ExperimentResult>() }, RunSummary.JsonOptions));
        }

        context.Output.Write(File.ReadAllText(page));
        context.Output.WriteLine($"page: {page}");
        if (missed.Length > 0)
        {
            context.Fail($"target not met by {string.Join(", ", missed)}");
            return ExitCode.CheckFailed;
        }

        return ExitCode.Success;
    }
}
