// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using AccelModel.Comparison;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using Reports.Terminal;

namespace Cli.Comparison;

/// <summary><c>codesign simulate --topology F.csv</c>: cycles of a SCALE-Sim topology file, SCALE-Sim's and ours (docs/scale-sim.md). Nothing but shapes is needed.</summary>
public sealed class TopologyForm
{
    private readonly Option<string?> _topology = new("--topology") { Description = "SCALE-Sim topology file, CSV (docs/scale-sim.md): cycles of its layers, SCALE-Sim's beside ours. Stands in place of the options above." };

    private readonly Option<TopologyTiming?> _timing = EnumOption.Of("--timing", "With --topology: whose cycles are compute_cycles, SCALE-Sim's (ideal_feed) or our array's (causal).", TopologyTiming.IdealFeed);

    private readonly Option<Dataflow?> _dataflow = EnumOption.Of("--dataflow", "With --topology: what stays in the array.", Dataflow.WeightStationary);

    private readonly Option<int?> _rows = NumberOption.Of("--rows", "With --topology: rows of the array.", 1, ComparedArray.MaxExtent);

    private readonly Option<int?> _columns = NumberOption.Of("--columns", "With --topology: columns of the array.", 1, ComparedArray.MaxExtent);

    private readonly Option<bool> _doubleBuffering = new("--weight-double-buffering")
    {
        Description = "With --topology: whether our array loads the next stationary tile while it uses one; SCALE-Sim's cannot.",
        HelpName = "true|false",
        DefaultValueFactory = _ => true,
    };

    private readonly Option<double?> _clockMhz = NumberOption.Real(
        "--clock-mhz", "With --topology: also print operations per second at this clock in MHz.", AcceleratorLimits.MinClockMhz, AcceleratorLimits.MaxClockMhz);

    private Option[] Own => [_timing, _dataflow, _rows, _columns, _doubleBuffering, _clockMhz];

    /// <summary>Adds the form to a command, which otherwise needs all of <paramref name="required"/> and may have <paramref name="others"/>.</summary>
    /// <param name="command">The command.</param>
    /// <param name="required">What it needs.</param>
    /// <param name="others">What it may have.</param>
    public void AddTo(Command command, IReadOnlyList<Option> required, IReadOnlyList<Option> others)
    {
        foreach (Option option in (Option[])[_topology, .. Own])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            bool chosen = IsChosen(result);
            IEnumerable<Option> missing = chosen ? [_rows, _columns] : required;
            IEnumerable<Option> foreign = chosen ? [.. required, .. others] : Own;
            foreach (Option option in command.Options.Where(option => result.IsGiven(option)))
            {
                ReadNow(result, option);
            }

            foreach (Option option in missing.Where(option => !result.IsGiven(option)))
            {
                result.AddError($"Option '{option.Name}' is required.");
            }

            foreach (Option option in foreign.Where(option => result.IsGiven(option)))
            {
                result.AddError($"Option '{option.Name}' cannot be used {(chosen ? "with" : "without")} '{_topology.Name}'.");
            }
        });
    }

    /// <summary>Whether a command line has this form.</summary>
    public bool IsChosen(ParseResult parsed) => parsed.GetValue(_topology) is not null;

    /// <inheritdoc cref="IsChosen(ParseResult)"/>
    public bool IsChosen(CommandResult result) => result.IsGiven(_topology);

    /// <summary>Reads, computes and prints.</summary>
    public int Run(ParseResult parsed, CommandContext context)
    {
        string file = parsed.GetValue(_topology)!;
        var array = new ComparedArray(parsed.GetValue(_dataflow) ?? Dataflow.WeightStationary, parsed.GetValue(_rows)!.Value, parsed.GetValue(_columns)!.Value, parsed.GetValue(_doubleBuffering));
        TopologyTiming timing = parsed.GetValue(_timing) ?? TopologyTiming.IdealFeed;
        if (timing == TopologyTiming.Causal && !CausalTiming.Exists(array.Dataflow, array.Rows))
        {
            throw new CommandException(ExitCode.BadInput, $"--rows: found {array.Rows}, allowed {CausalTiming.LeastOutputStationaryRows}..{ComparedArray.MaxExtent} on an output-stationary array of ours");
        }

        var issues = new SpecIssues();
        Topology? topology = TopologyFile.Load(file, issues);
        TimingComparison? comparison = topology is null ? null : TimingComparison.Of(topology, array, issues);
        issues.ThrowIfAny();
        if (topology!.SkippedLayer is SpecPosition skipped)
        {
            context.Warn($"{skipped.File}:{skipped.Line}:{skipped.Column}: the first line is skipped, as SCALE-Sim does, although it reads as a layer");
        }

        var summary = TopologySummary.Of(file, topology.Format, comparison!, timing, parsed.GetValue(_clockMhz));
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(summary, RunSummary.JsonOptions));
        }

        context.Output.Write(TopologyPrinter.Text(summary, TerminalStyle.ForStandardOutput));
        return ExitCode.Success;
    }

    /// <summary>Options of a command that has errors are not read any more; reading them here tells of their errors, too.</summary>
    private static void ReadNow(CommandResult result, Option option)
    {
        try
        {
            _ = result.GetResult(option)!.GetValueOrDefault<object?>();
        }
        catch (InvalidOperationException)
        {
            // The reading has noted what it throws.
        }
    }
}
