// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Sweeps;
using Cli.Sweeps.Metrics;
using Cli.Sweeps.Storage;

namespace Cli.Comparison;

/// <summary>The figures of a run or a sweep: by what they are of (the network, a layer, a point) and by their name.</summary>
/// <param name="Kind">"run" or "sweep".</param>
/// <param name="Items">What there is, in order.</param>
public sealed record FigureSet(string Kind, IReadOnlyList<(string Item, IReadOnlyDictionary<string, double> Figures)> Items)
{
    /// <summary>What a run's figures of the whole network are called.</summary>
    public const string Whole = "inference";

    /// <summary>The figures of a folder.</summary>
    /// <exception cref="CommandException">It holds neither a run nor a sweep.</exception>
    public static FigureSet Load(string directory)
    {
        string summary = Path.Combine(new RunFolder(directory).Simulation, "summary.json");
        var sweep = new SweepFolder(directory);
        return File.Exists(summary) ? OfRun(summary)
            : File.Exists(sweep.Results) ? OfSweep(sweep)
            : throw new CommandException(
                ExitCode.BadInput, $"{directory}: neither a run nor a sweep, found no simulation/summary.json and no {Path.GetFileName(sweep.Results)}, allowed a folder that run or sweep wrote");
    }

    private static FigureSet OfRun(string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file));
            JsonElement root = document.RootElement;
            List<(string, IReadOnlyDictionary<string, double>)> items = [(Whole, Numbers(root))];
            items.AddRange(root.GetProperty("layers").EnumerateArray().Select(layer => (layer.GetProperty("name").GetString()!, (IReadOnlyDictionary<string, double>)Numbers(layer))));
            return new("run", items);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new CommandException(ExitCode.BadInput, $"{file}: damaged: {exception.Message}", exception);
        }
    }

    /// <summary>Every number of an object, those of objects within it by their path.</summary>
    private static Dictionary<string, double> Numbers(JsonElement element)
    {
        Dictionary<string, double> numbers = [];
        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Number)
            {
                numbers.Add(member.Name, member.Value.GetDouble());
            }
            else if (member.Value.ValueKind == JsonValueKind.Object)
            {
                foreach ((string name, double value) in Numbers(member.Value))
                {
                    numbers.Add($"{member.Name}.{name}", value);
                }
            }
        }

        return numbers;
    }

    private static FigureSet OfSweep(SweepFolder folder)
    {
        ResultTable table = ResultTable.Open(folder);
        return new("sweep",
        [
            .. table.Rows().Select(row => (
                string.Join(", ", table.Keys.Zip(table.KeysOf(row)).Where(entry => entry.Second.Length > 0).Select(entry => $"{entry.First} {entry.Second}")),
                (IReadOnlyDictionary<string, double>)table.Metrics.Where(metric => table.ValueOf(row, metric) is not null).ToDictionary(metric => metric.Name, metric => table.ValueOf(row, metric)!.Value))),
        ]);
    }
}
