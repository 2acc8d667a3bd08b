// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Sweeps;
using Cli.Sweeps.Cluster;
using Cli.Sweeps.Storage;
using Cli.Sweeps.Units;
using Reports.Figures;

namespace Cli.Commands;

/// <summary><c>codesign sweep status | cancel</c>, and what tasks of a cluster and worker processes run: <c>unit</c>, <c>merge</c>, <c>worker</c>.</summary>
public static class SweepJobCommands
{
    /// <summary>How far a sweep is.</summary>
    public static Command Status()
    {
        Argument<string> folder = Folder();
        return new Command("status", "How far a sweep is, on this machine or on a cluster.") { folder }.Does((parsed, context) =>
        {
            SweepStatus status = SweepStatus.Of(new(parsed.GetValue(folder)!));
            if (context.Json)
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(status, RunSummary.JsonOptions));
            }

            context.Output.WriteLine($"{status.Name}: {status.State}{(status.Step > 1 ? FormattableString.Invariant($", step {status.Step}") : "")}");
            foreach (PhaseStatus phase in status.Phases)
            {
                context.Output.WriteLine(FormattableString.Invariant(
                    $"  {EnumNames.Of(phase.Phase),-8}  job {phase.Job}: {phase.Finished} of {phase.Units} finished{(phase.Failed > 0 ? $", {phase.Failed} of them with failures" : "")}, {phase.Running} running, {phase.Waiting} waiting"));
            }

            if (!status.Reasons.IsEmpty)
            {
                context.Output.WriteLine($"  waiting for: {string.Join(", ", status.Reasons)}");
            }

            return ExitCode.Success;
        });
    }

    /// <summary>Ends the jobs of a sweep.</summary>
    public static Command Cancel()
    {
        Argument<string> folder = Folder();
        return new Command("cancel", "End the jobs of a sweep on a cluster; what is finished is kept.") { folder }.Does((parsed, context) =>
        {
            var sweep = new SweepFolder(parsed.GetValue(folder)!);
            ClusterJobs jobs = ClusterJobs.Load(sweep.Cluster)
                ?? throw new CommandException(ExitCode.BadInput, $"{sweep.Root}: nothing of it was submitted to a cluster, allowed a folder that sweep --slurm began");
            Slurm.Cancel(jobs.Numbers);
            bool merged = sweep.Cluster.FinishedWith(null) is not null;
            (jobs with { Cancelled = !merged }).Save(sweep.Cluster);
            if (context.Json)
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(new { Cancelled = !merged, Jobs = jobs.Numbers }, RunSummary.JsonOptions));
            }

            context.Output.WriteLine(merged ? "it was finished" : $"cancelled jobs {string.Join(", ", jobs.Numbers)}; what is finished is kept, --resume goes on with it");
            return ExitCode.Success;
        });
    }

    /// <summary>Does one unit of a sweep: what a task of a cluster runs.</summary>
    public static Command Unit()
    {
        Argument<string> folder = Folder();
        var number = new Argument<int>("N") { Description = "Number of the unit." };
        Option<int?> workers = SweepCommand.Workers();
        return new Command("unit", "Do one unit of a sweep: what a task of a cluster runs.") { folder, number, workers }.Hide().Does((parsed, context) =>
        {
            var sweep = new SweepFolder(parsed.GetValue(folder)!);
            int wanted = parsed.GetValue(number);
            IReadOnlyList<SweepUnit> units = SweepUnits.Read(sweep.Cluster.Units);
            SweepUnit unit = units.FirstOrDefault(unit => unit.Unit == wanted)
                ?? throw new CommandException(ExitCode.BadInput, $"{sweep.Cluster.Units}: no such unit, found {wanted}, allowed 0..{units.Count - 1}");
            long failed = RunnerOf(sweep, SweepCommand.WorkersIn(parsed, workers), context).RunUnit(unit);
            context.Tell(FormattableString.Invariant($"unit {wanted} ({EnumNames.Of(unit.Phase)}): done, {failed} failed"));
            int code = failed == 0 ? ExitCode.Success : ExitCode.CheckFailed;
            sweep.Cluster.Finish(wanted, code);
            return code;
        });
    }

    /// <summary>Ends a sweep on a cluster, or its step where a strategy chooses points by what came of others.</summary>
    public static Command Merge()
    {
        Argument<string> folder = Folder();
        Option<int?> workers = SweepCommand.Workers();
        return new Command("merge", "End a sweep on a cluster: do what no unit finished, submit the next step of a strategy that has one, else write tables and report.") { folder, workers }.Hide().Does((parsed, context) =>
        {
            long start = Stopwatch.GetTimestamp();
            FigureRenderers.Default.RequireTools();
            var sweep = new SweepFolder(parsed.GetValue(folder)!);
            sweep.RemoveHalfWritten();
            SweepRunner runner = RunnerOf(sweep, SweepCommand.WorkersIn(parsed, workers), context);
            if (ClusterJobs.Load(sweep.Cluster) is ClusterJobs jobs && GoesOn(runner, jobs, sweep, context))
            {
                return ExitCode.Success;
            }

            int code = SweepCommand.RunToEnd(runner, resume: true, sweep, start, context);
            sweep.Cluster.Finish(null, code);
            return code;
        });
    }

    /// <summary>Does pieces of work that another process asks for.</summary>
    public static Command Worker()
    {
        var sweep = new Argument<string>("SWEEP") { Description = "Sweep YAML file." };
        var output = new Option<string>("--out") { Description = "Folder of the sweep.", Required = true };
        Option<int?> threads = NumberOption.Of("--threads", "Threads of a point; 1 if not given.", 1, 1024);
        return new Command("worker", "Do pieces of work that the process that started it asks for.") { sweep, output, threads }.Hide().Does((parsed, context) =>
        {
            SpecIssues issues = [];
            SweepSpec? spec = SweepFile.Load(parsed.GetValue(sweep)!, issues, long.MaxValue - 1);
            issues.ThrowIfAny();
            new WorkerHost(spec!, new(parsed.GetValue(output)!), name => TrainingStage.Images(name, context), parsed.GetValue(threads) ?? 1).Serve();
            return ExitCode.Success;
        });
    }

    /// <summary>Submits the next step, where there is one and the cluster takes it.</summary>
    private static bool GoesOn(SweepRunner runner, ClusterJobs jobs, SweepFolder folder, CommandContext context)
    {
        if (Environment.GetEnvironmentVariable("SLURM_JOB_ID") is { Length: > 0 } own && jobs.Jobs[^1].Job != own)
        {
            // It was requeued after it had done its work.
            context.Tell($"job {jobs.Jobs[^1].Job} ends the sweep");
            return true;
        }

        IReadOnlyList<SweepUnit> units = runner.PlanNext(jobs.Steps);
        if (units.Count == 0)
        {
            return false;
        }

        try
        {
            ClusterJobs next = ClusterSubmission.Submit(folder.Load(), folder, units, runner.Threads, submit: true, context, jobs.Steps + 1);
            context.Tell(FormattableString.Invariant($"step {next.Steps}: jobs {string.Join(", ", next.Numbers)}, {units.Count} units"));
            return true;
        }
        catch (Exception exception) when (exception is CommandException or RtlExport.Tools.ToolMissingException)
        {
            context.Warn($"the next step cannot be submitted from here, this task does the rest: {exception.Message}");
            return false;
        }
    }

    private static SweepRunner RunnerOf(SweepFolder folder, int workers, CommandContext context)
    {
        SweepSpec sweep = folder.Load();
        SweepEnvironment environment = SweepCommand.EnvironmentOf(sweep, folder, sweep.Limits, workers, context);
        return new(sweep, folder, environment with { FailureFolder = folder.Cluster.Failures });
    }

    private static Command Hide(this Command command)
    {
        command.Hidden = true;
        return command;
    }

    private static Argument<string> Folder() => new("DIR") { Description = "Folder of the sweep." };
}
