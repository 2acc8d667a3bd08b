// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification.Yaml;
using Cli.Sweeps;
using Cli.Sweeps.Strategies;
using Xunit;

namespace EndToEnd.Sweeps;

/// <summary>What a sweep file may say, and where its findings are placed.</summary>
public sealed class SweepFileTests : IDisposable
{
    private readonly TinyExperiment _tiny = new();

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void A_scalar_goes_to_every_key_and_a_list_to_the_keys_one_by_one()
    {
        SweepSpec sweep = _tiny.Sweep(
            "{name: shape, keys: [accelerator.array.rows, accelerator.array.columns], values: [2, [4, 8]]}");

        SweepAxis axis = Assert.Single(sweep.Axes);
        Assert.Equal(["2", "4x8"], axis.Values.Select(value => value.Label));
        Assert.Equal(["2", "2"], axis.Values[0].ByKey.Select(node => node.Text));
        Assert.Equal(["4", "8"], axis.Values[1].ByKey.Select(node => node.Text));
    }

    [Theory]
    [InlineData("{name: a, keys: [acelerator.array.rows], values: [1]}", "4:22: axes[0].keys[0]: not a key of experiments that can vary, found 'acelerator.array.rows' (did you mean 'accelerator'?)")]
    [InlineData("{name: a, keys: [training.seed, dataset], values: [[1, 2, 3]]}", "4:56: axes[0].values[0]: wrong number of items, found 3, allowed a list of 2..2 items")]
    [InlineData("{name: a, keys: [training.seed], values: [1, 2, 1]}", "4:46: axes[0].values: found '1' more than once")]
    [InlineData("{name: a, keys: [training.seed, training.seed], values: [1]}", "4:21: axes[0].keys: two axes cannot set one key, found 'training.seed' again")]
    [InlineData("{name: a, keys: [training.seed], values: []}", "4:46: axes[0].values: wrong number of items, found 0")]
    [InlineData("{name: a, keys: [training.seed], values: [{b: 1}]}", "4:47: axes[0].values[0]: not a text, found a section")]
    [InlineData("{name: a, keys: [training.seed], value: [1]}", "4:38: axes[0].value: unknown key, found 'value' (did you mean 'values'?)")]
    public void A_finding_names_its_place(string axis, string finding)
    {
        SpecIssues issues = Load($"name: tiny\nexperiment: experiment.yaml\naxes:\n  - {axis}\n");

        Assert.Contains(issues, issue => $"{issue.Line}:{issue.Column}: {issue.KeyPath}: {issue.Message}".StartsWith(finding, StringComparison.Ordinal));
    }

    [Fact]
    public void All_findings_come_at_once()
    {
        SpecIssues issues = Load("""
            name: tiny
            experiment: missing.yaml
            color_by: nothing
            plot_over: b
            test_images: 0
            axes:
              - {name: a, keys: [training.seed], values: [1]}
              - {name: a, keys: [training.threads], values: [1]}
              - {name: b, keys: [dataset], values: [mnist]}
            """);

        Assert.Equal(["experiment", "color_by", "plot_over", "test_images", "axes[1].name"], issues.Select(issue => issue.KeyPath));
        Assert.Contains(issues, issue => issue.Message == "not an axis of numbers, found 'b', allowed a, a");
    }

    [Fact]
    public void A_grid_beyond_the_limit_is_refused()
    {
        string values = string.Join(", ", Enumerable.Range(1, 400));
        SpecIssues issues = Load($$"""
            name: tiny
            experiment: experiment.yaml
            axes:
              - {name: a, keys: [training.seed], values: [{{values}}]}
              - {name: b, keys: [training.batch_size], values: [{{values}}]}
            """);

        Assert.Equal("too many points, found 160000, allowed at most 100000 (--max-points)", Assert.Single(issues).Message);
    }

    private SpecIssues Load(string text)
    {
        SpecIssues issues = [];
        Assert.Null(SweepFile.Load(_tiny.Write("sweep.yaml", text), issues));
        return issues;
    }

    [Fact]
    public void The_kept_sweeps_have_no_findings_and_points_that_can_run()
    {
        string[] files = Directory.GetFiles(House.Repository.PathOf("configs/sweeps"), "*.yaml");
        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            SpecIssues issues = [];
            SweepSpec sweep = SweepFile.Load(file, issues)!;
            Assert.Empty(issues);
            int[] last = Searches.Of(sweep.Strategy, sweep.Space)?.Next([])[^1] ?? sweep.Space.All().Last();
            Assert.True(sweep.Experiment.Length > 0
                ? SweepGrid.PointOf(sweep, "last", last).Experiment is not null
                : new global::Cli.Sweeps.Timing.SweepDesigns(sweep).Of(last, out _) is not null);
        });
    }
}
