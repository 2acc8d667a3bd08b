// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;
using Reports.Tables;

namespace Cli.Methods;

/// <summary>The page of all methods: a text that depends on results and catalogue alone.</summary>
public static class MethodsPage
{
    /// <summary>The columns of page and terminal.</summary>
    public static Table TableOf(IReadOnlyCollection<MethodResult> results) => Table.Of(results, results.Any(row => row.TrainingSeconds is not null) ? [.. Columns, TrainingTime] : Columns);

    /// <summary>The columns of the CSV file: those of the page, and what the training ran on.</summary>
    public static Table FileTableOf(IEnumerable<MethodResult> results) => Table.Of(results, [.. Columns, TrainingTime, new("environment", "", row => row.Environment)]);

    private static readonly TableColumn<MethodResult> TrainingTime = new("training", "s", row => row.TrainingSeconds);

    private static readonly ImmutableArray<TableColumn<MethodResult>> Columns =
    [
        new("method", "", row => row.Id),
        new("network", "", row => row.Network),
        new("data", "", row => row.Data),
        new("seeds", "", row => string.Join(' ', row.Seeds)),
        new("weight bits", "", row => Bits(row.WeightBits)),
        new("activation bits", "", row => Bits(row.ActivationBits)),
        new("weight storage", "Kibit", row => row.WeightStorageBits / 1024.0),
        new("float accuracy", "", row => row.FloatAccuracy, NumberStyle.Percent),
        new("trained accuracy", "", row => row.TrainedAccuracy, NumberStyle.Percent),
        new("quantized accuracy", "", row => row.QuantizedAccuracy, NumberStyle.Percent),
        new("integer accuracy", "", row => row.IntegerAccuracy, NumberStyle.Percent),
        new("differing codes", "", row => row.DifferingCodes),
        new("accelerator", "", row => row.Accelerator),
        new("cycles per inference", "", row => row.CyclesPerInference),
        new("area", "LUT", row => row.Area),
        new("energy", "nJ", row => row.Energy),
    ];

    /// <summary>Whole bits as a whole number.</summary>
    internal static Cell Bits(double bits) => bits == Math.Floor(bits) ? (Cell)(long)bits : (Cell)bits;

    /// <summary>The page in Markdown.</summary>
    /// <param name="methods">The catalogue.</param>
    /// <param name="results">Results of methods that ran.</param>
    /// <param name="claims">What papers say of them.</param>
    /// <param name="heads">The section of methods that are run longer (<see cref="HeadRows"/>).</param>
    /// <param name="command">The command that makes the page.</param>
    public static string Format(IReadOnlyList<Method> methods, IReadOnlyList<MethodResult> results, MethodClaims claims, string heads, string command) => $"""
        # Methods

        Written by `{command}`. Every method starts from one float network of three epochs (binary ones from the start) and has three epochs of its own (binary ones six, or fewer where the recipe says so, those without
        training none): what can be told apart after minutes, not what a method can do at best. The test images are for this table only. The recipes are in
        [configs/training/methods](../configs/training/methods), where each says what it leaves out of its paper.

        {RowsText(results)}
        ## Claims of papers

        {ClaimsText(results, claims)}
        ## Heads, longer

        {heads}
        ## All methods by name

        {methods.Count(method => method.Status == MethodStatus.Runs)} of {methods.Count} run; {results.Count} of them have a row above. `codesign methods ID` explains one.

        {MarkdownTable.Format(List(methods))}
        """.ReplaceLineEndings("\n");

    /// <summary>The page of a data set that is not the experiments' own: its rows.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="results">Results of methods that ran.</param>
    /// <param name="command">The command that makes the page.</param>
    public static string FormatOf(string data, IReadOnlyList<MethodResult> results, string command) => $"""
        # Methods on {data}

        Written by `{command}`: {results.Count} methods with the recipes, networks and designs of [methods-results.md](methods-results.md), which explains them, trained and run on {data}.
        Claims of papers are held against the rows of MNIST alone.

        {RowsText(results)}
        """.ReplaceLineEndings("\n");

    private static string RowsText(IReadOnlyList<MethodResult> results) => $"""
        {MarkdownTable.Format(TableOf(results))}
        *Trained*: the fake-quantised forward pass. *Quantized*: integer codes with exact sums. *Integer*: the accelerator. *Differing codes*: quantized against integer, over all
        tensors and test images. *Weight storage*: without biases and scales. *Training*: the method's own, by the clock of the machine that it ran on, where it was kept. Area, clock and energy as [costs.md](costs.md) has them.

        Trained with: {string.Join("; ", results.Select(result => result.Environment).Distinct())}; which row with what is in the CSV file beside this page.

        """;

    /// <summary>Where measurements disagree with papers, plainly, and where they do not.</summary>
    private static string ClaimsText(IReadOnlyList<MethodResult> results, MethodClaims claims)
    {
        Dictionary<string, MethodResult> rows = results.ToDictionary(row => row.Id);
        (MethodClaim Claim, string Figures, ClaimOutcome Outcome)[] judged = [.. claims.Claims.Select(claim => (claim, judgement: claim.Judge(rows))).Select(pair => (pair.claim, pair.judgement.Figures, pair.judgement.Outcome))];
        int Count(ClaimOutcome outcome) => judged.Count(row => row.Outcome == outcome);
        Table table = Table.Of(judged,
        [
            new("method", "", row => row.Claim.Method),
            new("than", "", row => row.Claim.Than ?? "its float network"),
            new("claim", "", row => row.Claim.Text),
            new("source", "", row => row.Claim.Source),
            new("here", "", row => row.Figures),
            new("holds", "", row => row.Outcome == ClaimOutcome.TooClose && row.Claim.Margin != claims.Margin ? $"too close (below {NumberText.Percent(row.Claim.Margin)})" : Verdict(row.Outcome)),
            new("why not", "", row => row.Outcome == ClaimOutcome.Fails ? row.Claim.Why ?? "not known" : ""),
        ]);
        return $"""
            Integer accuracy against that of another row, or against the float accuracy of the same one: of {judged.Length} claims {Count(ClaimOutcome.Holds)} hold here, {Count(ClaimOutcome.TooClose)} are too close to tell (one
            seed each; below {NumberText.Percent(claims.Margin)} points, or what the claim's line says), {Count(ClaimOutcome.Fails)} do not hold{(Count(ClaimOutcome.NotMeasured) == 0 ? "" : $", {Count(ClaimOutcome.NotMeasured)} have no row yet")}. A claim that does not hold after minutes on lenet5 may hold where its
            paper measured it. The claims are those of [configs/method-claims.yaml](../configs/method-claims.yaml).

            {MarkdownTable.Format(table)}
            """;
    }

    private static string Verdict(ClaimOutcome outcome) => outcome switch
    {
        ClaimOutcome.Holds => "yes",
        ClaimOutcome.TooClose => "too close",
        ClaimOutcome.Fails => "no",
        _ => "not measured",
    };

    /// <summary>The catalogue as a table.</summary>
    public static Table List(IEnumerable<Method> methods) => Table.Of(methods,
    [
        new("method", "", method => method.Id),
        new("year", "", method => method.Year.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        new("family", "", method => EnumNames.Of(method.Family)),
        new("quantises", "", method => string.Join(' ', method.Quantises)),
        new("hardware class", "", method => string.Join(' ', method.HardwareClasses)),
        new("status", "", method => Status(method)),
    ]);

    /// <summary>The status with what belongs to it: <c>part of jacob-int8</c>, <c>planned: fixed-point training</c>.</summary>
    public static string Status(Method method) => method.Status switch
    {
        MethodStatus.Runs => "runs",
        MethodStatus.PartOf => $"part of {method.PartOf}",
        MethodStatus.Planned => $"planned: {method.Reason}",
        _ => $"not applicable: {method.Reason}",
    };
}
