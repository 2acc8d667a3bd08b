// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Sweeps;
using Reports.Figures;
using Reports.Sweeps;
using Reports.Terminal;

namespace Cli.Commands;

/// <summary><c>codesign sweep SWEEP.yaml</c>: a grid of experiments with tables, figures and Pareto fronts.</summary>
public static class SweepCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var sweep = new Argument<string>("SWEEP") { Description = "Sweep YAML file." };
        var output = new Option<string>("--out") { Description = "Folder of the sweep.", Required = true };
        var resume = new Option<bool>("--resume") { Description = "Take the trainings and points that the folder already holds." };
        return new Command("sweep", "Run a grid of experiments: accuracy against area and latency, with Pareto fronts.") { sweep, output, resume }
            .Does((parsed, context) => Run(parsed.GetValue(sweep)!, parsed.GetValue(output)!, parsed.GetValue(resume), context));
    }

    private static int Run(string file, string output, bool resume, CommandContext context)
    {
        SpecIssues issues = [];
        SweepSpec? sweep = SweepFile.Load(file, issues);
        issues.ThrowIfAny();
        FigureRenderers.Default.RequireTools();
        var folder = new SweepFolder(output);
        var environment = new SweepEnvironment
        {
            Images = name => TrainingStage.Images(name, context),
            Log = context.Log,
            Cancellation = context.Cancellation,
        };
        SweepResult result;
        try
        {
            result = new SweepRunner(sweep!, folder, environment).Run(resume);
        }
        catch (OperationCanceledException)
        {
            context.Tell($"what is finished is kept; to go on: codesign sweep '{file}' --out '{output}' --resume");
            throw;
        }

        string page = SweepFiles.Write(result, folder, FigureRenderers.Default);
        Print(result, output, page, context);
        return ExitCode.Success;
    }

    private static void Print(SweepResult result, string output, string page, CommandContext context)
    {
        SweepReportData data = result.Report();
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(
                new
                {
                    data.Name,
                    data.ConfigSha256,
                    Points = data.Points.Count,
                    Failed = data.Failures.Count,
                    result.Trainings,
                    FrontArea = SweepTables.AreaFront(data).Select(point => point.Id),
                    FrontLatency = SweepTables.LatencyFront(data).Select(point => point.Id),
                    OutputDirectory = output,
                },
                RunSummary.JsonOptions));
        }

        if (data.Points.Count > 0)
        {
            context.Output.WriteLine("on a Pareto front:");
            context.Output.Write(TerminalTable.Format(SweepFiles.Front(data), TerminalStyle.ForStandardOutput));
        }

        foreach (SweepFailure failure in data.Failures)
        {
            context.Warn($"could not run {failure.Id}: {failure.Reason.ReplaceLineEndings("; ")}");
        }

        context.Output.WriteLine(FormattableString.Invariant(
            $"{data.Points.Count} points, {data.Failures.Count} failed, {result.Trainings} trainings; area and clock are assumed; report: {page}"));
    }
}
