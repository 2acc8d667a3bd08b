// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AccelModel.Specification.Yaml;
using Cli.Devices;
using Reports.Tables;

namespace Cli.Results;

/// <summary>Writes the page of results: a text that depends on the results alone.</summary>
public static class ResultsPage
{
    private sealed record Row(ResultEntry Entry, ExperimentResult Result)
    {
        public HardwareResult? Hardware => Result.Hardware;
    }

    /// <summary>The page in Markdown.</summary>
    /// <param name="list">The list.</param>
    /// <param name="results">One result per entry; null where there is none.</param>
    /// <param name="command">The command that makes the page.</param>
    public static string Format(ResultsList list, IReadOnlyList<ExperimentResult?> results, string command)
    {
        Row[] rows = [.. list.Entries.Zip(results).Where(pair => pair.Second is not null).Select(pair => new Row(pair.First, pair.Second!))];
        (AccelModel.Costs.Provenance provenance, string basis) = DesignArea.Basis(DesignArea.DefaultTarget);
        string[] environments = [.. rows.Select(row => Environment(row.Result)).Distinct()];
        string claims = list.Claims.IsEmpty ? "" : $"## Claims\n\nWhat papers say, at this scale: integer accuracies on the test images, without any choice by them.\n\n{MarkdownTable.Format(Claims(list, rows))}\n";
        return $"""
            # {list.Title}

            Written by `{command}`, which trains and runs every experiment below from its file. The test images are used for these tables only:
            no epoch and no setting was chosen by them. Training repeats to the last bit for one tensor library, BLAS and number of threads; everything
            behind the trained network repeats everywhere.

            ## Accuracy

            Percent of the test images. *Float*: the network before quantisation. *Trained*: the fake-quantised forward pass. *Quantized*: integer codes
            with exact sums. *Integer*: the modelled accelerator, overflows included.

            {MarkdownTable.Format(Accuracies(rows))}
            ## Codes

            Codes that differ, over every layer and test image: trained against quantized (none with power-of-two scales), quantized against integer (none
            without overflow).

            {MarkdownTable.Format(Codes(rows))}
            {claims}## Hardware

            Cycles of one inference with nothing resident. The clock is assumed: the accelerator file's. Areas are {provenance.ToString().ToLowerInvariant()}: {basis} ([area.md](area.md)).

            {MarkdownTable.Format(Hardware(rows))}
            ## Where it was trained

            {string.Join('\n', environments.Select(environment => $"- {environment}"))}

            ## Experiments

            {string.Join('\n', rows.Select(row => $"- `{row.Entry.Experiment.Name}`: {Sentence(row.Entry.Experiment.Description)} Configuration `{row.Result.ConfigSha256}`."))}

            """.ReplaceLineEndings("\n");
    }

    /// <summary>Whether a result reaches its target.</summary>
    public static bool Meets(ResultTarget? target, ExperimentResult result)
    {
        if (target is null)
        {
            return true;
        }

        double? found = target.Accuracy == AccuracyKind.Float ? result.FloatAccuracy : result.Hardware?.IntegerAccuracy;
        return found is double accuracy
            && !(accuracy < target.AtLeast)
            && (target.WithinOfFloat is not double within || (result.FloatAccuracy is double reference && accuracy >= reference - within));
    }

    /// <summary>Claims with the figures that are there.</summary>
    private static Table Claims(ResultsList list, Row[] rows)
    {
        Dictionary<string, ExperimentResult> results = rows.ToDictionary(row => row.Entry.Experiment.Name, row => row.Result);
        return Table.Of(list.Claims.Select(claim => (claim, judged: claim.Judge(results))),
        [
            new("claim", "", row => row.claim.Text),
            new("source", "", row => row.claim.Source),
            new("here", "", row => row.judged?.Figures ?? ""),
            new("holds", "", row => row.judged is null ? "" : row.judged.Value.Holds ? "yes" : "no"),
        ]);
    }

    private static Table Accuracies(IEnumerable<Row> rows) => Table.Of(rows,
    [
        new("experiment", "", row => row.Entry.Experiment.Name),
        new("method", "", row => row.Entry.Method),
        new("data set", "", row => row.Result.Dataset),
        new("network", "", row => row.Result.Network),
        new("seed", "", row => row.Result.Seed),
        new("epochs", "float + quantised", row => FormattableString.Invariant($"{row.Result.FloatEpochs} + {row.Result.QuantizedEpochs}")),
        new("float", "", row => row.Result.FloatAccuracy, NumberStyle.Percent),
        new("trained", "", row => row.Hardware?.TrainedAccuracy, NumberStyle.Percent),
        new("quantized", "", row => row.Hardware?.QuantizedAccuracy, NumberStyle.Percent),
        new("integer", "", row => row.Hardware?.IntegerAccuracy, NumberStyle.Percent),
        new("target", "", row => row.Entry.Target is ResultTarget target ? Target(target) : ""),
        new("met", "", row => row.Entry.Target is null ? "" : Meets(row.Entry.Target, row.Result) ? "yes" : "no"),
    ]);

    private static Table Codes(IEnumerable<Row> rows) => Table.Of(rows.Where(row => row.Hardware is not null),
    [
        new("experiment", "", row => row.Entry.Experiment.Name),
        new("test images", "", row => row.Hardware!.TestImages),
        new("trained against quantized", "", row => row.Hardware!.TrainedQuantizedDifferences),
        new("share of all codes", "", row => row.Hardware!.TrainedQuantizedRate.ToString("0.0e0", CultureInfo.InvariantCulture)),
        new("quantized against integer", "", row => row.Hardware!.QuantizedIntegerDifferences),
        new("overflows", "", row => row.Hardware!.Overflows),
    ]);

    private static Table Hardware(IEnumerable<Row> rows) => Table.Of(rows.Where(row => row.Hardware is not null),
    [
        new("experiment", "", row => row.Entry.Experiment.Name),
        new("accelerator", "", row => row.Hardware!.Accelerator),
        new("cycles per inference", "", row => row.Hardware!.CyclesPerInference),
        new("latency", "µs", row => row.Hardware!.LatencyUs),
        new("area", "LUT", row => row.Hardware!.Lut),
    ]);

    private static string Target(ResultTarget target)
    {
        string accuracy = EnumNames.Of(target.Accuracy);
        string?[] parts =
        [
            target.AtLeast is double least ? $"{accuracy} ≥ {NumberText.Percent(least)}" : null,
            target.WithinOfFloat is double within ? $"{accuracy} ≥ float − {NumberText.Percent(within)}" : null,
        ];
        return string.Join(", ", parts.OfType<string>());
    }

    /// <summary>What an experiment was trained with, in words.</summary>
    internal static string Environment(ExperimentResult result) => FormattableString.Invariant(
        $"{result.Environment.TensorLibrary}, BLAS {result.Environment.Blas}, {result.Environment.Threads} {(result.Environment.Threads == 1 ? "thread" : "threads")}");

    private static string Sentence(string text) => text.Length == 0 || text.EndsWith('.') ? text : text + ".";
}
