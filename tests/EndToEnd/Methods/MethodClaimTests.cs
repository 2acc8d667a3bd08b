// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;
using Cli.Methods;
using EndToEnd.House;
using Xunit;

namespace EndToEnd.Methods;

/// <summary>Claims of papers against rows of the table.</summary>
public sealed class MethodClaimTests
{
    private static readonly MethodResult Row = MethodRows.Load(Repository.PathOf("docs/methods-results.csv"))[0];

    private static readonly ImmutableArray<Method> Catalogue = MethodCatalogue.Load();

    [Theory]
    [InlineData(0.981, 0.977, 0, ClaimOutcome.Holds)]
    [InlineData(0.980, 0.977, 0, ClaimOutcome.Holds)]
    [InlineData(0.979, 0.977, 0, ClaimOutcome.TooClose)]
    [InlineData(0.975, 0.977, 0, ClaimOutcome.TooClose)]
    [InlineData(0.974, 0.977, 0, ClaimOutcome.Fails)]
    [InlineData(0.970, 0.977, -0.01, ClaimOutcome.Holds)]
    [InlineData(0.966, 0.977, -0.01, ClaimOutcome.TooClose)]
    [InlineData(0.964, 0.977, -0.01, ClaimOutcome.Fails)]
    public void A_claim_holds_is_too_close_or_fails_by_the_difference_of_two_accuracies(double own, double other, double by, ClaimOutcome expected)
    {
        Dictionary<string, MethodResult> rows = new()
        {
            ["new"] = Row with { IntegerAccuracy = own, FloatAccuracy = 0.5 }, ["old"] = Row with { IntegerAccuracy = other },
        };

        (string figures, ClaimOutcome outcome) = new MethodClaim("", "", "new", "old", by, 0.003, null).Judge(rows);

        Assert.Equal(expected, outcome);
        Assert.Equal(FormattableString.Invariant($"{100 * own:0.00} against {100 * other:0.00}: {100 * (own - other):+0.00;-0.00} points"), figures);
    }

    [Fact]
    public void Without_another_method_it_is_the_float_accuracy_and_without_a_row_nothing_is_told()
    {
        Dictionary<string, MethodResult> rows = new() { ["new"] = Row with { IntegerAccuracy = 0.95, FloatAccuracy = 0.96 } };

        Assert.Equal(("95.00 against float 96.00: -1.00 points", ClaimOutcome.Fails), new MethodClaim("", "", "new", null, 0, 0.003, null).Judge(rows));
        Assert.Equal(("", ClaimOutcome.NotMeasured), new MethodClaim("", "", "new", "old", 0, 0.003, null).Judge(rows));
        Assert.Equal(("", ClaimOutcome.NotMeasured), new MethodClaim("", "", "old", null, 0, 0.003, null).Judge(rows));
    }

    /// <summary>Accuracies of different networks say nothing of methods.</summary>
    [Fact]
    public void Rows_that_are_compared_have_one_network_and_claims_that_fail_say_why()
    {
        Dictionary<string, MethodResult> rows = MethodRows.Load(Repository.PathOf("docs/methods-results.csv")).ToDictionary(row => row.Id);
        MethodClaims claims = MethodClaims.Load(Catalogue);

        Assert.All(claims.Claims.Where(claim => claim.Than is string other && rows.ContainsKey(other) && rows.ContainsKey(claim.Method)), claim =>
            Assert.Equal(rows[claim.Than!].Network, rows[claim.Method].Network));
        Assert.All(claims.Claims.Where(claim => claim.Judge(rows).Outcome == ClaimOutcome.Fails), claim => Assert.False(string.IsNullOrEmpty(claim.Why), claim.Text));
    }

    [Theory]
    [InlineData("method: wage", "claims[0].method: unknown name, found 'wage'")]
    [InlineData("method: twn\n    by: 2", "claims[0].by: out of range, found '2'")]
    [InlineData("method: twn\n    then: bwn", "claims[0].then: unknown key")]
    public void A_claim_that_cannot_be_held_against_a_row_is_refused_at_its_key(string keys, string problem)
    {
        SpecIssues issues = [];

        MethodClaims.Read(YamlFile.Parse($"margin: 0.003\nclaims:\n  - claim: c\n    source: s\n    {keys}\n", "claims.yaml", issues), Catalogue, issues);

        Assert.Contains(issues, issue => issue.ToString()!.Contains(problem, StringComparison.Ordinal));
    }
}
