// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json;
using Cli.CommandLine;
using Cli.Comparison;
using Cli.Experiments;
using Reports.Tables;
using Reports.Terminal;

namespace Cli.Commands;

/// <summary><c>codesign compare A B</c>: what differs between two runs or two sweeps, figure by figure.</summary>
public static class CompareCommand
{
    private const int MostPrinted = 60;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var first = new Argument<string>("A") { Description = "Folder of a run or a sweep." };
        var second = new Argument<string>("B") { Description = "Folder of another one of the same kind." };
        Option<double?> tolerance = NumberOption.Real("--tolerance", "Largest change that passes, as a share of A's figure: 0.01 is one percent; 0 if not given.", 0, double.PositiveInfinity);
        return new Command("compare", "Compare two runs or two sweeps, per layer or point and metric; exit code 1 past a tolerance.") { first, second, tolerance }
            .Does((parsed, context) => Run(parsed.GetValue(first)!, parsed.GetValue(second)!, parsed.GetValue(tolerance) ?? 0, context));
    }

    private static int Run(string first, string second, double tolerance, CommandContext context)
    {
        (FigureSet a, FigureSet b) = (FigureSet.Load(first), FigureSet.Load(second));
        if (a.Kind != b.Kind)
        {
            throw new CommandException(ExitCode.BadInput, $"found a {a.Kind} ({first}) and a {b.Kind} ({second}), allowed two runs or two sweeps");
        }

        IReadOnlyList<FigureDifference> differences = FigureComparison.Of(a, b);
        FigureDifference[] exceeding = [.. differences.Where(difference => difference.Exceeds(tolerance))];
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(
                new { a.Kind, Compared = a.Items.Sum(item => item.Figures.Count), Tolerance = tolerance, Passed = exceeding.Length == 0, Exceeding = exceeding.Length, Differences = differences },
                RunSummary.JsonOptions));
        }

        if (differences.Count > 0)
        {
            context.Output.Write(TerminalTable.Format(Table.Of(differences.OrderByDescending(difference => difference.Exceeds(tolerance)).Take(MostPrinted),
            [
                new(a.Kind == "run" ? "layer" : "point", "", difference => difference.Item),
                new("metric", "", difference => difference.Metric),
                new("A", "", difference => difference.A),
                new("B", "", difference => difference.B),
                new("change", "", difference => difference.Change, NumberStyle.Percent),
            ]), TerminalStyle.ForStandardOutput));
        }

        context.Output.WriteLine(FormattableString.Invariant(
            $"{differences.Count} figures differ{(differences.Count > MostPrinted ? $" ({MostPrinted} of them shown)" : "")}, {exceeding.Length} by more than {tolerance * 100:0.###} %"));
        return exceeding.Length == 0 ? ExitCode.Success : ExitCode.CheckFailed;
    }
}
