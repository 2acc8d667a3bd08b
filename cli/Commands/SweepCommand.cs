// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Sweeps;
using Reports.Figures;
using Reports.Html;
using Reports.Sweeps;
using Reports.Terminal;

namespace Cli.Commands;

/// <summary><c>codesign sweep SWEEP.yaml</c>: many designs and experiments, with tables, figures and the Pareto front.</summary>
public static class SweepCommand
{
    private const int MaxWorkers = 256;

    private sealed record Request(string File, string Output, bool Resume, int Workers, long MaxPoints, double? PointTimeout);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var sweep = new Argument<string>("SWEEP") { Description = "Sweep YAML file." };
        var output = new Option<string>("--out") { Description = "Folder of the sweep.", Required = true };
        var resume = new Option<bool>("--resume") { Description = "Take the trainings and points that the folder already holds." };
        var workers = new Option<int>("--workers") { Description = "Points that are worked on at once; the results have the same bytes for any number.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var maxPoints = new Option<long>("--max-points") { Description = "The most points that a sweep may have.", DefaultValueFactory = _ => SweepFile.MaxPoints };
        var timeout = new Option<double?>("--point-timeout") { Description = "Seconds after which a point that computes values is given up and counted as failed." };
        return new Command("sweep", "Run many designs and experiments: accuracy, area, time and energy against each other, with the Pareto front.") { sweep, output, resume, workers, maxPoints, timeout }
            .Does((parsed, context) => Run(
                new(parsed.GetValue(sweep)!, parsed.GetValue(output)!, parsed.GetValue(resume), parsed.GetValue(workers), parsed.GetValue(maxPoints), parsed.GetValue(timeout)), context));
    }

    private static int Run(Request request, CommandContext context)
    {
        Check(request);
        long start = Stopwatch.GetTimestamp();
        SpecIssues issues = [];
        SweepSpec? sweep = SweepFile.Load(request.File, issues, request.MaxPoints);
        issues.ThrowIfAny();
        FigureRenderers.Default.RequireTools();
        var folder = new SweepFolder(request.Output);
        var environment = new SweepEnvironment
        {
            Images = name => TrainingStage.Images(name, context),
            Log = context.Log,
            Workers = request.Workers,
            PointTimeout = request.PointTimeout is double seconds ? TimeSpan.FromSeconds(seconds) : null,
            Cancellation = context.Cancellation,
        };
        SweepResult result;
        try
        {
            result = new SweepRunner(sweep!, folder, environment).Run(request.Resume);
        }
        catch (OperationCanceledException)
        {
            context.Tell($"what is finished is kept; to go on: codesign sweep '{request.File}' --out '{request.Output}' --resume");
            throw;
        }

        string page = SweepFiles.Write(result, folder, FigureRenderers.Default);
        Print(result, folder, page, Stopwatch.GetElapsedTime(start).TotalSeconds, context);
        return result.Failed > 0 ? ExitCode.CheckFailed : ExitCode.Success;
    }

    private static void Check(Request request)
    {
        if (request.Workers is < 1 or > MaxWorkers)
        {
            throw new CommandException(ExitCode.BadInput, $"--workers: found {request.Workers}, allowed 1..{MaxWorkers}");
        }

        if (request.MaxPoints < 1)
        {
            throw new CommandException(ExitCode.BadInput, $"--max-points: found {request.MaxPoints}, allowed at least 1");
        }

        if (request.PointTimeout is <= 0 or > 1e6 or double.NaN)
        {
            throw new CommandException(ExitCode.BadInput, FormattableString.Invariant($"--point-timeout: found {request.PointTimeout}, allowed above 0 up to 1000000"));
        }
    }

    private static void Print(SweepResult result, SweepFolder folder, string page, double seconds, CommandContext context)
    {
        SweepReportData data = result.Report();
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(
                new
                {
                    data.Name,
                    Points = result.Measured,
                    result.Invalid,
                    result.Failed,
                    Seconds = Math.Round(seconds, 3),
                    Pareto = result.Tally.Front.Select(point => point.Id),
                    ResultsCsv = folder.Results,
                    Report = page,
                },
                RunSummary.JsonOptions));
        }

        if (data.Points.Count > 0)
        {
            context.Output.WriteLine("on a Pareto front:");
            context.Output.Write(TerminalTable.Format(SweepFiles.Front(data), TerminalStyle.ForStandardOutput));
            context.Output.Write(TerminalScatter.Format(SweepReport.Build(data).Figures.First(), TerminalStyle.ForStandardOutput));
        }

        foreach (SweepFailure failure in data.Failures)
        {
            context.Warn($"could not run {failure.Id}: {failure.Reason.ReplaceLineEndings("; ")}");
        }

        if (result.Invalid + result.Failed > data.Failures.Count)
        {
            context.Warn(FormattableString.Invariant($"... and {result.Invalid + result.Failed - data.Failures.Count} more: {folder.Invalid}, {folder.Failures}"));
        }

        if (data.Feasible == 0)
        {
            context.Warn("no point keeps to all constraints: the front is empty");
        }

        string feasible = data.Feasible is long count ? FormattableString.Invariant($", {count} of them keep to the constraints") : "";
        string shared = result.Sweep.NeedsValues ? FormattableString.Invariant($"{result.Trainings} trainings") : FormattableString.Invariant($"{result.Schedules} schedules");
        context.Output.WriteLine(FormattableString.Invariant(
            $"{result.Measured} points{feasible}, {result.Invalid} invalid, {result.Failed} failed, {shared}; area, energy and clock are assumed; report: {page}"));
    }
}
