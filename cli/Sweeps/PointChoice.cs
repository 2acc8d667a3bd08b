// SPDX-License-Identifier: Apache-2.0
using Cli.CommandLine;
using Cli.Sweeps.Metrics;
using Cli.Sweeps.Storage;
using Reports.Figures;

namespace Cli.Sweeps;

/// <summary>What is asked of a finished sweep: <c>min area.lut</c> where <c>accuracy &gt;= 0.985 and latency &lt; 200 us</c>.</summary>
/// <param name="Objective">What the point is to be best in.</param>
/// <param name="Constraints">What it must keep to.</param>
public sealed record PointChoice(SweepObjective Objective, IReadOnlyList<Constraint> Constraints)
{
    /// <summary>Reads both texts.</summary>
    /// <exception cref="CommandException">Either of them says nothing; the message has all that is wrong.</exception>
    public static PointChoice Parse(string objective, string? where)
    {
        List<string> problems = [];
        string[] words = objective.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Goal? goal = words.FirstOrDefault() switch { "min" or "minimise" => Goal.Minimize, "max" or "maximise" => Goal.Maximize, _ => null };
        Metric? metric = null;
        if (goal is null || words.Length != 2)
        {
            problems.Add($"--objective: found '{objective}', allowed 'min METRIC' or 'max METRIC'");
        }
        else if ((metric = MetricTable.Find(words[1], out string problem)) is null)
        {
            problems.Add($"--objective: {problem}");
        }

        List<Constraint> constraints = [];
        foreach (string text in where?.Split(" and ", StringSplitOptions.TrimEntries) ?? [])
        {
            if (Constraint.Parse(text, out string problem) is Constraint constraint)
            {
                constraints.Add(constraint);
            }
            else
            {
                problems.Add($"--where: {problem}");
            }
        }

        return problems.Count == 0 ? new(new(metric!, goal!.Value), constraints) : throw new CommandException(ExitCode.BadInput, string.Join("\nerror: ", problems));
    }

    /// <summary>The best row of a table, the first of several; null where none keeps to the constraints.</summary>
    /// <param name="table">The table.</param>
    /// <param name="designs">What is asked of a row.</param>
    /// <exception cref="CommandException">The table has no column for a metric.</exception>
    public IReadOnlyList<string>? Best(ResultTable table, RowDesigns designs)
    {
        Metric[] missing = [.. Constraints.Select(constraint => constraint.Metric).Append(Objective.Metric).Where(metric => !designs.Knows(metric)).Distinct()];
        if (missing.Length > 0)
        {
            throw new CommandException(
                ExitCode.BadInput,
                $"the sweep computed no {string.Join(", ", missing.Select(metric => metric.Name))}, allowed {string.Join(", ", table.Metrics.Select(metric => metric.Name))}");
        }

        IReadOnlyList<string>? best = null;
        double least = double.PositiveInfinity;
        foreach (IReadOnlyList<string> row in table.Rows().Where(row => Constraints.All(constraint => constraint.Holds(designs.ValueOf(row, constraint.Metric)))))
        {
            double cost = Objective.Cost(designs.ValueOf(row, Objective.Metric));
            if (cost < least)
            {
                (best, least) = (row, cost);
            }
        }

        return best;
    }
}
