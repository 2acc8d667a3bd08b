// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Sweeps;
using Cli.Sweeps.Cluster;
using Cli.Sweeps.Strategies;
using Cli.Sweeps.Units;
using Reports.Figures;
using Reports.Html;
using Reports.Sweeps;
using Reports.Terminal;

namespace Cli.Commands;

/// <summary><c>codesign sweep SWEEP.yaml</c>: many designs and experiments, with tables, figures and the Pareto front.</summary>
public static class SweepCommand
{
    private const int MaxWorkers = 256;

    private sealed record Request(string File, string Output, bool Resume, int Workers, long MaxPoints, double? PointTimeout, string? PointMemory, bool Slurm, bool Submit)
    {
        /// <summary>How the command goes on after an interruption.</summary>
        public string Again => $"codesign sweep '{File}' --out '{Output}' --resume";
    }

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var sweep = new Argument<string>("SWEEP") { Description = "Sweep YAML file." };
        var output = new Option<string>("--out") { Description = "Folder of the sweep.", Required = true };
        var resume = new Option<bool>("--resume") { Description = "Take the trainings and points that the folder already holds." };
        Option<int?> workers = Workers();
        Option<long?> maxPoints = NumberOption.Of("--max-points", FormattableString.Invariant($"The most points that a sweep may have; {SweepFile.MaxPoints} if not given."), 1L, long.MaxValue);
        Option<double?> timeout = NumberOption.Real(
            "--point-timeout", "Seconds after which a point that computes values is given up and counted as failed.", 0, PointLimits.MostSeconds, above: true, helpName: "SECONDS");
        var memory = new Option<string?>("--point-memory") { Description = "Memory that a point that computes values, or a training, may take; what takes more is counted as failed.", HelpName = "'2 GiB'" };
        var slurm = new Option<bool>("--slurm") { Description = "Submit the work to Slurm, through a folder that all its nodes see: trainings, then points, then tables and report." };
        var noSubmit = new Option<bool>("--no-submit") { Description = "With --slurm: write the batch scripts to the folder slurm, to be changed, and submit nothing." };
        return new Command("sweep", "Run many designs and experiments: accuracy, area, time and energy against each other, with the Pareto front.")
        {
            sweep, output, resume, workers, maxPoints, timeout, memory, slurm, noSubmit,
            SweepJobCommands.Status(), SweepJobCommands.Cancel(), SweepJobCommands.Unit(), SweepJobCommands.Merge(), SweepJobCommands.Worker(),
        }.Does((parsed, context) => Run(
            new(
                parsed.GetValue(sweep)!,
                parsed.GetValue(output)!,
                parsed.GetValue(resume),
                WorkersIn(parsed, workers),
                Math.Min(parsed.GetValue(maxPoints) ?? SweepFile.MaxPoints, long.MaxValue - 1),
                parsed.GetValue(timeout),
                parsed.GetValue(memory),
                parsed.GetValue(slurm) || parsed.GetValue(noSubmit),
                !parsed.GetValue(noSubmit)),
            context));
    }

    /// <summary>The option <c>--workers</c>.</summary>
    internal static Option<int?> Workers() =>
        NumberOption.Of("--workers", "Points that are worked on at once; as many as there are processors if not given. The results have the same bytes for any number.", 1, MaxWorkers);

    /// <summary>The number of workers that is wanted, or one for each processor.</summary>
    internal static int WorkersIn(ParseResult parsed, Option<int?> workers) => parsed.GetValue(workers) ?? Environment.ProcessorCount;

    /// <summary>What a sweep runs with.</summary>
    internal static SweepEnvironment EnvironmentOf(SweepSpec sweep, SweepFolder folder, PointLimits limits, int workers, CommandContext context)
    {
        var environment = new SweepEnvironment
        {
            Images = name => TrainingStage.Images(name, context), Log = context.Log, Workers = workers, Limits = limits, Cancellation = context.Cancellation,
        };
        return environment with { Worker = () => new WorkerPool(sweep, folder, environment) };
    }

    /// <summary>Runs a sweep to its end, writes what people read of it, and prints it.</summary>
    /// <returns>The exit code.</returns>
    internal static int RunToEnd(SweepRunner runner, bool resume, SweepFolder folder, long start, CommandContext context)
    {
        string page = "";
        SweepResult result = runner.Run(resume, done => page = SweepFiles.Write(done, folder, FigureRenderers.Default));
        Print(result, folder, page, Stopwatch.GetElapsedTime(start).TotalSeconds, context);
        return result.Failed > 0 ? ExitCode.CheckFailed : result.Measured == 0 ? ExitCode.BadInput : ExitCode.Success;
    }

    private static int Run(Request request, CommandContext context)
    {
        PointLimits given = LimitsOf(request);
        long start = Stopwatch.GetTimestamp();
        SpecIssues issues = [];
        SweepSpec? sweep = SweepFile.Load(request.File, issues, request.MaxPoints);
        issues.ThrowIfAny();
        if (given != PointLimits.None && !sweep!.NeedsValues)
        {
            throw new CommandException(ExitCode.BadInput, "--point-timeout, --point-memory: limits are for points that compute values, found a sweep that computes none");
        }

        if (sweep!.Strategy is { Kind: not StrategyKind.Grid, Points: int wanted } && sweep.Space.Count(wanted) is long all && all < wanted)
        {
            context.Log.WriteLine(FormattableString.Invariant($"sweep: strategy.points asks for {wanted} points, there are {all}: at most all of them are tried"));
        }

        FigureRenderers.Default.RequireTools();
        var folder = new SweepFolder(request.Output);
        ClusterJobs.RequireNone(folder);
        SweepEnvironment environment = EnvironmentOf(sweep!, folder, sweep!.Limits.With(given.Seconds, given.MemoryBytes), request.Workers, context);
        if (request.Slurm)
        {
            return Submit(request, sweep!, folder, environment, context);
        }

        try
        {
            int code = RunToEnd(new SweepRunner(sweep!, folder, environment), request.Resume, folder, start, context);
            folder.Cluster.Forget();
            return code;
        }
        catch (Exception exception)
        {
            throw Told(CommandRunner.Unwrap(exception), request.Again, context);
        }
    }

    /// <summary>What ends a sweep is told together with the way to go on.</summary>
    private static Exception Told(Exception exception, string again, CommandContext context)
    {
        switch (exception)
        {
            case OperationCanceledException:
                context.Tell($"what is finished is kept; to go on: {again}");
                return exception;
            case IOException:
                return new CommandException(ExitCode.BadInput, $"{exception.Message}; what is finished is kept; when the disk can be written again: {again}", exception);
            default:
                return exception;
        }
    }

    private static int Submit(Request request, SweepSpec sweep, SweepFolder folder, SweepEnvironment environment, CommandContext context)
    {
        if (environment.Limits != sweep.Limits)
        {
            throw new CommandException(ExitCode.BadInput, "--point-timeout, --point-memory: not with --slurm; write limits into the sweep file, where every task finds them");
        }

        if (request.Submit)
        {
            Slurm.Require();
        }

        var runner = new SweepRunner(sweep, folder, environment);
        IReadOnlyList<SweepUnit> units = runner.Plan(request.Resume);
        if (!runner.KnowsPoints)
        {
            context.Tell(units.Count == 0
                ? "the strategy chooses points by what came of others: one task does all of them"
                : "the strategy chooses points by what came of others: the job that ends a step submits the next one");
        }

        ClusterJobs jobs = ClusterSubmission.Submit(sweep, folder, units, runner.Threads, request.Submit, context);
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { sweep.Name, Submitted = request.Submit, jobs.Jobs, Folder = folder.Cluster.Root }, RunSummary.JsonOptions));
        }

        foreach (ClusterJob job in jobs.Jobs)
        {
            string tasks = FormattableString.Invariant($"{job.Units} {(job.Units == 1 ? "task" : "tasks")}");
            context.Output.WriteLine($"{EnumNames.Of(job.Phase),-8}  {(request.Submit ? $"job {job.Job}" : folder.Cluster.ScriptOf(job.Phase))}, {tasks}");
        }

        context.Output.WriteLine(request.Submit
            ? $"to look at it: codesign sweep status '{folder.Root}'; to end it: codesign sweep cancel '{folder.Root}'"
            : $"nothing was submitted; to do so: {request.Again} --slurm");
        return ExitCode.Success;
    }

    private static PointLimits LimitsOf(Request request)
    {
        long? memory = request.PointMemory is string text
            ? PointLimits.Bytes(text) ?? throw new CommandException(ExitCode.BadInput, $"--point-memory: not a size of memory, found '{text}', allowed {PointLimits.MemoryForm}")
            : null;
        return new(request.PointTimeout, null, memory);
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

        context.Output.Write(FrontSummary.Format(data, folder.Results, TerminalStyle.ForStandardOutput));
        foreach (SweepFailure failure in data.Failures)
        {
            context.Warn($"could not run {failure.Id}: {failure.Reason.ReplaceLineEndings("; ")}");
        }

        if (result.Invalid + result.Failed > data.Failures.Count)
        {
            context.Warn(FormattableString.Invariant($"... and {result.Invalid + result.Failed - data.Failures.Count} more: {folder.Invalid}, {folder.Failures}"));
        }

        if (result.Measured == 0 && result.Failed == 0)
        {
            context.Warn("no point can run");
        }
        else if (data.Feasible == 0)
        {
            context.Warn("no point keeps to all constraints: the front is empty");
        }

        string feasible = data.Feasible is long count ? FormattableString.Invariant($", {count} of them keep to the constraints") : "";
        string shared = result.Sweep.NeedsValues ? FormattableString.Invariant($"{result.Trainings} trainings") : FormattableString.Invariant($"{result.Schedules} schedules");
        context.Output.WriteLine(FormattableString.Invariant(
            $"{result.Measured} points{feasible}, {result.Invalid} invalid, {result.Failed} failed, {shared}; {result.Basis}; report: {page}"));
    }
}
