// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using Reports.Tables;

namespace Cli.Methods;

/// <summary>Rows of heads, one for each training, and what the page has of them: one for each method.</summary>
public static class HeadRows
{
    /// <summary>The table of trainings that lies beside a page of results.</summary>
    public static string FileOf(string page) => Path.ChangeExtension(page, null) + "-heads.csv";

    /// <summary>Old rows, but new ones in the place of those of the same method and seed; in the order of the list.</summary>
    public static ImmutableArray<MethodResult> Merge(IEnumerable<MethodResult> old, IReadOnlyCollection<MethodResult> added, MethodHeads heads)
    {
        Dictionary<(string, long), MethodResult> rows = old.ToDictionary(Key);
        foreach (MethodResult row in added)
        {
            rows[Key(row)] = row;
        }

        return [.. Runs(heads).Where(rows.ContainsKey).Select(run => rows[run])];
    }

    /// <summary>The text of the section.</summary>
    public static string Section(IReadOnlyList<MethodResult> rows, MethodHeads heads)
    {
        HashSet<(string, long)> done = [.. rows.Select(Key)];
        string[] missing = [.. Runs(heads).Where(run => !done.Contains(run)).GroupBy(run => run.Method)
            .Select(group => $"{group.Key} (seed {string.Join(", ", group.Select(run => run.Seed))})")];
        string table = rows.Count == 0 ? "" : $"\n{MarkdownTable.Format(TableOf(rows))}";
        string environments = rows.Count == 0 ? "" : $"\nTrained with: {string.Join("; ", rows.Select(row => row.Environment).Distinct())}.\n";
        return string.Create(CultureInfo.InvariantCulture, $"""
            Best methods of their families on a larger network, {heads.FloatEpochs} epochs in floating point and more of the method's own, with seeds {string.Join(", ", heads.Seeds)}: `./codesign methods heads --out runs/heads --resume` trains
            what [configs/method-heads.yaml](../configs/method-heads.yaml) lists, one training after the other; what the folder holds is not trained again. {(missing.Length == 0 ? "All have run." : $"Not run yet: {string.Join(", ", missing)}.")}
            {table}{environments}
            """);
    }

    /// <summary>One line a method: means over seeds, and the least and greatest integer accuracy.</summary>
    private static Table TableOf(IReadOnlyList<MethodResult> rows) => Table.Of(rows.GroupBy(row => row.Id).Select(group => group.ToArray()), rows.Any(row => row.TrainingSeconds is not null) ? [.. Columns, TrainingTime] : Columns);

    private static readonly ImmutableArray<TableColumn<MethodResult[]>> Columns =
    [
        new("method", "", group => group[0].Id),
        new("network", "", group => group[0].Network),
        new("seeds", "", group => string.Join(' ', group.Select(row => row.Seeds[0]))),
        new("weight bits", "", group => MethodsPage.Bits(group[0].WeightBits)),
        new("activation bits", "", group => MethodsPage.Bits(group[0].ActivationBits)),
        new("float accuracy", "", group => group.Average(row => row.FloatAccuracy), NumberStyle.Percent),
        new("integer accuracy", "", group => group.Average(row => row.IntegerAccuracy), NumberStyle.Percent),
        new("least", "", group => group.Min(row => row.IntegerAccuracy), NumberStyle.Percent),
        new("greatest", "", group => group.Max(row => row.IntegerAccuracy), NumberStyle.Percent),
        new("differing codes", "", group => group.Sum(row => row.DifferingCodes)),
        new("accelerator", "", group => group[0].Accelerator),
        new("cycles per inference", "", group => group[0].CyclesPerInference),
        new("area", "LUT", group => group[0].Area),
        new("energy", "nJ", group => group[0].Energy),
    ];

    /// <summary>The mean of the seeds of which it was kept.</summary>
    private static readonly TableColumn<MethodResult[]> TrainingTime = new("training", "s", group => group.Average(row => row.TrainingSeconds));

    private static (string Method, long Seed) Key(MethodResult row) => (row.Id, row.Seeds[0]);

    private static IEnumerable<(string Method, long Seed)> Runs(MethodHeads heads) => heads.Heads.SelectMany(head => heads.Seeds.Select(seed => (head.Method, (long)seed)));
}
