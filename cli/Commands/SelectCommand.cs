// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Sweeps;
using Cli.Sweeps.Storage;

namespace Cli.Commands;

/// <summary><c>codesign select SWEEP</c>: the best point of a finished sweep, taken to RTL.</summary>
public static class SelectCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var sweep = new Argument<string>("SWEEP") { Description = "Folder of a finished sweep." };
        var objective = new Option<string>("--objective") { Description = "What the point is to be best in: 'min area.lut', 'max accuracy'.", Required = true };
        var where = new Option<string?>("--where") { Description = "What it must keep to: 'accuracy >= 0.985 and fits(zynq-7020)'." };
        var export = new Option<string?>("--export") { Description = "Folder for its network, its accelerator file and its RTL bundle." };
        return new Command("select", "Choose a point of a finished sweep and take it to RTL.") { sweep, objective, where, export }.Does((parsed, context) =>
        {
            PointChoice choice = PointChoice.Parse(parsed.GetValue(objective)!, parsed.GetValue(where));
            var folder = new SweepFolder(parsed.GetValue(sweep)!);
            ResultTable table = ResultTable.Open(folder);
            if (choice.Best(table, new(folder, table)) is not IReadOnlyList<string> row)
            {
                throw new CommandException(ExitCode.CheckFailed, $"{folder.Root}: no point keeps to '{parsed.GetValue(where)}'");
            }

            string? directory = parsed.GetValue(export);
            if (directory is not null)
            {
                new PointExport(folder, context).Write(table, row, directory);
            }

            Print(table, row, directory, context);
            return ExitCode.Success;
        });
    }

    private static void Print(ResultTable table, IReadOnlyList<string> row, string? directory, CommandContext context)
    {
        Dictionary<string, string> settings = table.Keys.Zip(table.KeysOf(row)).Where(entry => entry.Second.Length > 0).ToDictionary(entry => entry.First, entry => entry.Second);
        Dictionary<string, double?> figures = table.Metrics.ToDictionary(metric => metric.Name, metric => table.ValueOf(row, metric));
        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { Id = row[0], Settings = settings, Figures = figures, OutputDirectory = directory }, RunSummary.JsonOptions));
        }

        int width = settings.Keys.Concat(figures.Keys).Append("").Max(name => name.Length);
        context.Output.WriteLine(row[0]);
        foreach ((string name, string value) in settings.Concat(figures.Where(entry => entry.Value is not null).Select(entry => KeyValuePair.Create(entry.Key, FormattableString.Invariant($"{entry.Value}")))))
        {
            context.Output.WriteLine($"  {name.PadRight(width)}  {value}");
        }

        if (directory is not null)
        {
            context.Output.WriteLine($"RTL: {Path.Combine(directory, "rtl")}; to check it: codesign verify {Path.Combine(directory, "rtl")}");
        }
    }
}
