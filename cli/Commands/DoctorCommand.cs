// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json;
using Cli.CommandLine;
using Cli.Doctor;
using Cli.Experiments;
using NnTrain.Data;
using Reports.Tables;
using Reports.Terminal;

namespace Cli.Commands;

/// <summary><c>codesign doctor</c>: what is here, what is missing, and the command that gets it.</summary>
public static class DoctorCommand
{
    private sealed record Row(string Name, string State, string? Version, string NeededFor, string? Get);

    /// <summary>The command.</summary>
    public static Command Create() =>
        new Command("doctor", "List every tool, library, BLAS and data set with version, state and the command that gets it.").Does((_, context) => Run(context));

    private static int Run(CommandContext context)
    {
        List<Row> rows = [.. Toolbox.Examine(CommandContext.Repository).Select(tool => new Row(tool.Name, tool.State, tool.Version, tool.NeededFor, tool.Version is null ? tool.Command : null))];
        rows.Add(new("torch binding", "built in", typeof(TorchSharp.torch).Assembly.GetName().Name, "training", null));
        string root = DataFolder.Path;
        foreach (string name in DatasetCatalogue.Names(root))
        {
            DatasetDescription dataset = DatasetCatalogue.Find(name, root);
            IReadOnlyList<string> problems = DatasetLoader.Problems(dataset, root);
            rows.Add(new(dataset.Name, problems.Count == 0 ? "found" : "missing", problems.Count == 0 ? $"{dataset.TrainingImages} + {dataset.TestImages} images" : null, "data set", problems.Count == 0 ? null : dataset.GetCommand));
        }

        if (context.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new { Tools = rows }, RunSummary.JsonOptions));
        }

        context.Output.Write(TerminalTable.Format(
            Table.Of(rows,
            [
                new("name", "", row => row.Name), new("state", "", row => row.State), new("version", "", row => row.Version),
                new("needed for", "", row => row.NeededFor), new("to get it", "", row => row.Get),
            ]),
            TerminalStyle.ForStandardOutput));
        return ExitCode.Success;
    }
}
