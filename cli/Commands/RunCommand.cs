// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;

namespace Cli.Commands;

/// <summary><c>codesign run EXPERIMENT.yaml</c>: train, lower, simulate, export, verify, report.</summary>
public static class RunCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var experiment = new Argument<string>("EXPERIMENT") { Description = "Experiment YAML file." };
        var output = new Option<string?>("--out") { Description = "Folder of the run; runs/<name> if not given." };
        var resume = new Option<bool>("--resume") { Description = "Go on with what an interrupted run of the same experiment left." };
        return new Command("run", "Train, lower, simulate, export, verify and report: the whole way from YAML to checked RTL.") { experiment, output, resume }
            .Does((parsed, context) => Run(parsed.GetValue(experiment)!, parsed.GetValue(output), parsed.GetValue(resume), context));
    }

    /// <summary>The experiment of a file.</summary>
    /// <exception cref="SpecException">There are findings.</exception>
    public static ExperimentSpec Load(string file)
    {
        var issues = new SpecIssues();
        ExperimentSpec? experiment = ExperimentFile.Load(file, [], issues);
        issues.ThrowIfAny();
        return experiment!;
    }

    private static int Run(string file, string? output, bool resume, CommandContext context)
    {
        ExperimentSpec experiment = Load(file);
        ThrowIfWithoutCodes(experiment, file);
        string directory = output ?? Path.Combine("runs", experiment.Name);
        RunSummary summary = Run(experiment, file, directory, resume, context);
        if (context.Json)
        {
            Console.Out.WriteLine(summary.ToJson());
        }

        context.Output.Write(RunPrinter.LayerTable(summary.Layers));
        context.Output.Write(RunPrinter.Summary(summary));
        context.Output.WriteLine($"report: {Path.Combine(directory, "report.html")}");
        return Verdict(summary, context);
    }

    /// <summary>A recipe in floating point only is one for <c>train</c>: nothing that comes after it has anything to work on.</summary>
    private static void ThrowIfWithoutCodes(ExperimentSpec experiment, string file)
    {
        if (experiment.Trained is { Training: { QuantizedPhase: null } recipe })
        {
            SpecIssues issues = [];
            issues.Add(YamlFile.LoadWithBase(file, issues)!, new("training", $"recipe '{recipe.Name}' is in floating point only, allowed one with a quantized_phase; codesign train takes it as it is"));
            issues.ThrowIfAny();
        }
    }

    private static RunSummary Run(ExperimentSpec experiment, string file, string directory, bool resume, CommandContext context)
    {
        try
        {
            return new ExperimentRunner(experiment, new RunFolder(directory), context).Run(resume);
        }
        catch (OperationCanceledException)
        {
            context.Tell($"to go on: codesign run '{file}' --out '{directory}' --resume");
            throw;
        }
    }

    private static int Verdict(RunSummary summary, CommandContext context)
    {
        if (summary.Verification is { Passed: false } check)
        {
            context.Fail($"the RTL differs from the model: {check.FirstDifference}");
            return ExitCode.CheckFailed;
        }

        // Overflowing hardware computes something else than exact sums, and is meant to.
        if (summary is { QuantizedIntegerDifferences: > 0, Overflows: 0 })
        {
            context.Fail($"the accelerator differs from the quantized network in {summary.QuantizedIntegerDifferences} codes without any overflow");
            return ExitCode.CheckFailed;
        }

        return ExitCode.Success;
    }
}
