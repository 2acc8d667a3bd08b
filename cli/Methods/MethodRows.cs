// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using AccelModel.Specification;
using Cli.CommandLine;

namespace Cli.Methods;

/// <summary>The rows of <c>docs/methods-results.csv</c>: what was measured when each method was last run.</summary>
public static class MethodRows
{
    /// <summary>The rows of a file; none where there is no file.</summary>
    /// <exception cref="CommandException">The file is not such a table.</exception>
    public static ImmutableArray<MethodResult> Load(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        string[] lines = File.ReadAllLines(path);
        ImmutableArray<string> header = CsvLine.Fields(lines[0]);
        return [.. lines.Skip(1).Select((line, i) => Row(path, i + 2, header, CsvLine.Fields(line)))];
    }

    /// <summary>Old rows, but new ones in the place of those of the same method; in the order of a list of names.</summary>
    public static ImmutableArray<MethodResult> Merge(IEnumerable<MethodResult> old, IReadOnlyCollection<MethodResult> added, IEnumerable<string> order)
    {
        Dictionary<string, MethodResult> rows = old.ToDictionary(row => row.Id);
        foreach (MethodResult row in added)
        {
            rows[row.Id] = row;
        }

        return [.. order.Where(rows.ContainsKey).Select(id => rows[id])];
    }

    private static MethodResult Row(string path, int line, ImmutableArray<string> header, ImmutableArray<string> fields)
    {
        string Text(string key)
        {
            int index = header.IndexOf(key);
            return index >= 0 && index < fields.Length ? fields[index] : throw Damaged($"{key}: missing");
        }

        double Number(string key) => double.TryParse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw Damaged($"{key}: not a number, found '{Text(key)}'");

        double? Optional(string key) => Text(key).Length == 0 ? null : Number(key);

        CommandException Damaged(string what) => new(ExitCode.BadInput, $"{path}:{line}: {what}, allowed the table that methods run writes; without the file it is written anew");

        return new()
        {
            Id = Text("method"),
            Network = Text("network"),
            Data = Text("data"),
            Seeds = [.. Text("seeds").Split(' ').Select(seed => long.TryParse(seed, NumberStyles.Integer, CultureInfo.InvariantCulture, out long number) ? number : throw Damaged($"seeds: not numbers, found '{seed}'"))],
            WeightBits = Number("weight_bits"),
            ActivationBits = Number("activation_bits"),
            WeightStorageBits = (long)Math.Round(Number("weight_storage_kibit") * 1024),
            FloatAccuracy = Optional("float_accuracy"),
            TrainedAccuracy = Number("trained_accuracy"),
            QuantizedAccuracy = Number("quantized_accuracy"),
            IntegerAccuracy = Number("integer_accuracy"),
            DifferingCodes = (long?)Optional("differing_codes"),
            Accelerator = Text("accelerator"),
            CyclesPerInference = (long)Number("cycles_per_inference"),
            Area = Number("area_lut"),
            Energy = Optional("energy_nj"),
            TrainingSeconds = Optional("training_s"),
            Environment = Text("environment"),
        };
    }
}
