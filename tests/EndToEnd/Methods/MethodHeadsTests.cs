// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;
using Cli.Methods;
using Cli.Results;
using EndToEnd.House;
using Xunit;

namespace EndToEnd.Methods;

/// <summary>Methods that are run longer, with several seeds.</summary>
public sealed class MethodHeadsTests
{
    private static readonly ImmutableArray<Method> Catalogue = MethodCatalogue.Load();

    private static readonly MethodHeads Kept = MethodHeads.Load(Catalogue);

    private static readonly MethodResult Row = MethodRows.Load(Repository.PathOf("docs/methods-results.csv"))[0] with { Id = "inq", Seeds = [1] };

    [Fact]
    public void Every_training_of_the_list_is_the_method_s_experiment_with_another_network_seed_and_length()
    {
        SpecIssues issues = [];
        foreach (MethodHead head in Kept.Heads)
        {
            foreach (int seed in Kept.Seeds)
            {
                ResultEntry entry = Kept.EntryOf(head, seed, Catalogue.First(method => method.Id == head.Method), issues);

                Assert.Empty(issues);
                Assert.Equal($"head-{head.Method}-{seed}", entry.Experiment.Name);
                Assert.Equal("lenet_large", entry.Experiment.Trained!.Network.Name);
                Assert.Equal((seed, Kept.FloatEpochs, head.Epochs), (entry.Experiment.Trained.Training.Seed, entry.Experiment.Trained.Training.FloatPhase!.Epochs, entry.Experiment.Trained.Training.QuantizedPhase!.Epochs));
                Assert.Equal(head.Method, entry.Experiment.Trained.Training.Name);
            }
        }
    }

    [Fact]
    public void A_line_of_the_section_has_means_over_seeds_and_what_is_missing_is_named()
    {
        MethodResult[] rows = [Row with { IntegerAccuracy = 0.990, FloatAccuracy = 0.991, DifferingCodes = 2 }, Row with { Seeds = [3], IntegerAccuracy = 0.993, FloatAccuracy = 0.992, DifferingCodes = 0 }];
        MethodHeads heads = Kept with { Seeds = [1, 2, 3], Heads = [new("inq", 6), new("twn", 6)] };

        string text = HeadRows.Section(rows, heads);

        string[] cells = [.. text.Split('\n').Single(line => line.StartsWith("| inq ", StringComparison.Ordinal)).Split('|', StringSplitOptions.TrimEntries)];
        Assert.Equal(["1 3", "99.15", "99.15", "99.00", "99.30", "2"], [cells[3], .. cells[6..11]]);
        Assert.Contains("Not run yet: inq (seed 2), twn (seed 1, 2, 3).", text, StringComparison.Ordinal);
        Assert.Contains("All have run.", HeadRows.Section(rows, heads with { Seeds = [1, 3], Heads = [new("inq", 6)] }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_takes_the_place_of_the_same_method_s_and_seed_s()
    {
        MethodHeads heads = Kept with { Seeds = [1, 2, 3], Heads = [new("twn", 6), new("inq", 6)] };
        MethodResult better = Row with { IntegerAccuracy = 0.5 };

        ImmutableArray<MethodResult> merged = HeadRows.Merge([Row, Row with { Seeds = [2] }, Row with { Id = "dsq" }], [better, Row with { Id = "twn", Seeds = [3] }], heads);

        Assert.Equal([("twn", 3L, Row.IntegerAccuracy), ("inq", 1, 0.5), ("inq", 2, Row.IntegerAccuracy)], merged.Select(row => (row.Id, row.Seeds[0], row.IntegerAccuracy)));
    }

    [Theory]
    [InlineData("{method: wage, epochs: 1}", "heads[0].method: unknown name, found 'wage'")]
    [InlineData("{method: twn, epochs: -1}", "heads[0].epochs: out of range, found '-1'")]
    [InlineData("{method: twn, epochs: 1}\n  - {method: twn, epochs: 2}", "heads[1].method: not unique, found 'twn' again")]
    public void A_list_that_says_nothing_that_can_be_run_is_refused_at_its_key(string head, string problem)
    {
        SpecIssues issues = [];

        MethodHeads.Read(YamlFile.Parse($"network: n.yaml\nseeds: [1]\nfloat_epochs: 1\nheads:\n  - {head}\n", "heads.yaml", issues), Catalogue, issues);

        Assert.Contains(issues, issue => issue.ToString()!.Contains(problem, StringComparison.Ordinal));
    }
}
