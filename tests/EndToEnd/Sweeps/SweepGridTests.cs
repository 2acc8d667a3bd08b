// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;
using Cli.Sweeps;
using Xunit;

namespace EndToEnd.Sweeps;

/// <summary>Order, overrides and invalid corners of the grid.</summary>
public sealed class SweepGridTests : IDisposable
{
    private readonly TinyExperiment _tiny = new();

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void The_last_axis_changes_fastest()
    {
        SweepSpec sweep = _tiny.Sweep(
            "{name: rows, keys: [accelerator.array.rows], values: [2, 4]}",
            "{name: seed, keys: [training.seed], values: [1, 2, 3]}",
            "{name: columns, keys: [accelerator.array.columns], values: [4, 2]}");

        ImmutableArray<GridPoint> grid = SweepGrid.Of(sweep);

        string[] expected =
        [
            "p01 2 1 4", "p02 2 1 2", "p03 2 2 4", "p04 2 2 2", "p05 2 3 4", "p06 2 3 2",
            "p07 4 1 4", "p08 4 1 2", "p09 4 2 4", "p10 4 2 2", "p11 4 3 4", "p12 4 3 2",
        ];
        Assert.Equal(expected, grid.Select(point => $"{point.Id} {string.Join(' ', sweep.Axes.Zip(point.Coordinates, (axis, value) => axis.Label(value)))}"));
    }

    [Fact]
    public void Values_reach_accelerator_network_training_and_experiment()
    {
        SweepSpec sweep = _tiny.Sweep(
            "{name: shape, keys: [accelerator.array.rows, accelerator.array.columns], values: [[2, 8]]}",
            "{name: channels, keys: ['network.layers[0].channels'], values: [6]}",
            "{name: bits, keys: [training.quantized_phase.weights.bits, training.quantized_phase.activations.bits], values: [3]}",
            "{name: images, keys: [test_images], values: [7]}");

        global::Cli.Experiments.ExperimentSpec experiment = Assert.Single(SweepGrid.Of(sweep)).Experiment!;

        Assert.Equal((2, 8), (experiment.Accelerator.Array.Rows, experiment.Accelerator.Array.Columns));
        Assert.Equal(6, Assert.IsType<NnTrain.Specification.ConvolutionSpec>(experiment.Trained!.Network.Layers[0]).Channels);
        Assert.Equal((3, 3), (experiment.Trained.Training.QuantizedPhase!.Weights.Bits, experiment.Trained.Training.QuantizedPhase.Activations.Bits));
        Assert.Equal(7, experiment.TestImages);
    }

    [Fact]
    public void A_whole_file_can_be_a_value()
    {
        string other = House.Repository.PathOf("configs/accelerators/systolic-16x16-w4a4.yaml");

        ImmutableArray<GridPoint> grid = SweepGrid.Of(_tiny.Sweep($"{{name: design, keys: [accelerator], values: ['{other}']}}"));

        Assert.Equal("systolic-16x16-w4a4", grid[0].Experiment!.Accelerator.Name);
    }

    [Fact]
    public void A_method_is_a_recipe_by_its_name()
    {
        string recipe = House.Repository.PathOf("configs/training/methods/tflite-ptq.yaml");

        ImmutableArray<GridPoint> grid = SweepGrid.Of(_tiny.Sweep(
            $"{{keys: [training], values: [tflite-ptq, '{recipe}', wage, pakt]}}", $"{{keys: [accelerator], values: ['{House.Repository.PathOf("configs/accelerators/systolic-16x16-int8.yaml")}']}}"));

        Assert.Equal(AccelModel.Specification.SpecHash.Of(grid[1].Experiment!.Trained!.Training), AccelModel.Specification.SpecHash.Of(grid[0].Experiment!.Trained!.Training));
        Assert.StartsWith("a method without a recipe, found 'wage' (planned)", Assert.Single(grid[2].Reasons).Message, StringComparison.Ordinal);
        Assert.StartsWith("no such file, and no method, found 'pakt' (did you mean 'pact'?)", Assert.Single(grid[3].Reasons).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_invalid_corner_keeps_its_findings_with_their_places()
    {
        ImmutableArray<GridPoint> grid = SweepGrid.Of(_tiny.Sweep(
            "{name: rows, keys: [accelerator.array.rows], values: [4, 999]}",
            "{name: width, keys: [accelerator.array.partial_sum_width], values: [12, 99]}"));

        Assert.Equal([true, false, false, false], grid.Select(point => point.Experiment is not null));
        Assert.Equal(["array.partial_sum_width"], grid[1].Reasons.Select(issue => issue.KeyPath));
        Assert.Equal(["array.rows", "array.partial_sum_width"], grid[3].Reasons.Select(issue => issue.KeyPath));
        SpecIssue rows = grid[2].Reasons[0];
        Assert.Equal((_tiny.PathOf("sweep.yaml"), 4, 62), (rows.File, rows.Line, rows.Column));
        Assert.Contains("found '999'", rows.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_everywhere_is_an_error_of_the_files()
    {
        SweepSpec sweep = _tiny.Sweep("{name: rows, keys: [accelerator.array.rows], values: [400, 800]}");

        SpecException findings = Assert.Throws<SpecException>(() => SweepGrid.Of(sweep));

        Assert.Equal(2, findings.Issues.Length);
        Assert.All(findings.Issues, issue => Assert.Contains("allowed 1..128", issue.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_recipe_in_floating_point_only_is_an_invalid_corner()
    {
        string floats = House.Repository.PathOf("configs/training/float.yaml");

        ImmutableArray<GridPoint> grid = SweepGrid.Of(_tiny.Sweep($"{{name: recipe, keys: [training], values: ['{floats}', training.yaml]}}"));

        Assert.Contains("floating point only", Assert.Single(grid[0].Reasons).Message, StringComparison.Ordinal);
        Assert.NotNull(grid[1].Experiment);
    }
}
