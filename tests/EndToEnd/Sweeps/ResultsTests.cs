// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Results;
using Cli.Sweeps;
using EndToEnd.House;
using Xunit;

namespace EndToEnd.Sweeps;

/// <summary>The list of results, its run and its page.</summary>
[Collection(Training.Name)]
public sealed class ResultsTests : IDisposable
{
    private readonly TinyExperiment _tiny = new();
    private readonly CommandContext _context = new(json: true);

    public ResultsTests()
    {
        string experiment = File.ReadAllText(_tiny.PathOf("experiment.yaml"));
        _tiny.Write("second.yaml", experiment.Replace("name: tiny", "name: second", StringComparison.Ordinal).Replace("training.yaml", "second-training.yaml", StringComparison.Ordinal));
        _tiny.Write("second-training.yaml", "base: training.yaml\nname: second\nquantized_phase: {weights: {bits: 3}}");
        _tiny.Write("float.yaml", experiment.Replace("name: tiny", "name: float", StringComparison.Ordinal).Replace("training.yaml", "float-training.yaml", StringComparison.Ordinal));
        string recipe = Repository.PathOf("configs/training/float.yaml");
        _tiny.Write("float-training.yaml", $"base: {recipe}\nname: floats\nthreads: 1\nbatch_size: 16\nfloat_phase: {{epochs: 2}}");
        _tiny.Write("results.yaml", """
            title: Tiny results
            experiments:
              - {method: W4A4, experiment: experiment.yaml, target: {accuracy: integer, at_least: 0.3}}
              - {method: W3A4, experiment: second.yaml, target: {accuracy: integer, within_of_float: 1}}
              - {method: floating point, experiment: float.yaml, target: {accuracy: float, at_least: 1}}
            """);
    }

    public void Dispose()
    {
        _context.Dispose();
        _tiny.Dispose();
    }

    [Fact]
    public void Every_experiment_gets_a_row_and_the_float_phase_is_trained_once()
    {
        ImmutableArray<ExperimentResult?> results = Run(resume: false, only: null);

        Assert.Equal(3, results.OfType<ExperimentResult>().Count());
        Assert.Equal(results[0]!.FloatAccuracy, results[1]!.FloatAccuracy);
        Assert.Null(results[2]!.Hardware);
        Assert.Equal((2, 2), (results[0]!.FloatEpochs, results[0]!.QuantizedEpochs));
        Assert.Equal(24, results[0]!.Hardware!.TestImages);
        Assert.Equal(0, results[0]!.Hardware!.TrainedQuantizedDifferences);
        Assert.Equal(4, Directory.GetDirectories(_tiny.PathOf("out/cache"), "train-*").Length); // two quantised, the float phase of both, floats alone

        string page = ResultsPage.Format(List(), results, "make");
        Assert.Contains("| tiny ", page, StringComparison.Ordinal);
        Assert.Contains("BLAS", page, StringComparison.Ordinal);
        Assert.DoesNotContain(_tiny.Root, page, StringComparison.Ordinal);
    }

    /// <summary>Also where the result is measured again from a training that is there; where some epochs were trained by nobody knows whom, it is not known.</summary>
    [Fact]
    public void How_long_a_training_took_is_kept_beside_it()
    {
        double?[] first = [.. Run(resume: false, only: null).Select(result => result!.TrainingSeconds)];
        Assert.All(first, seconds => Assert.InRange(seconds!.Value, 0.0001, 60));

        Directory.Delete(_tiny.PathOf("out/experiments"), recursive: true);
        Assert.Equal(first, Run(resume: true, only: null).Select(result => result!.TrainingSeconds));

        foreach (string folder in Directory.GetDirectories(_tiny.PathOf("out/cache"), "train-*"))
        {
            File.Delete(Path.Combine(folder, "seconds.txt"));
            File.Delete(Path.Combine(folder, "trained.sha256"));
        }

        Directory.Delete(_tiny.PathOf("out/experiments"), recursive: true);
        Assert.All(Run(resume: true, only: null), result => Assert.Null(result!.TrainingSeconds));
    }

    [Fact]
    public void Resuming_takes_what_is_finished_and_gives_the_same_page()
    {
        ImmutableArray<ExperimentResult?> part = Run(resume: false, only: "second");
        Assert.Equal([false, true, false], part.Select(result => result is not null));

        string resumed = ResultsPage.Format(List(), Run(resume: true, only: null), "make");
        Directory.Delete(_tiny.PathOf("out"), recursive: true);
        string whole = ResultsPage.Format(List(), Run(resume: false, only: null), "make");

        Assert.Equal(whole, resumed);
    }

    [Fact]
    public void A_changed_experiment_is_run_again()
    {
        ImmutableArray<ExperimentResult?> before = Run(resume: false, only: "tiny");
        string file = _tiny.PathOf("experiment.yaml");
        File.WriteAllText(file, File.ReadAllText(file).Replace("test_images: 24", "test_images: 8", StringComparison.Ordinal));

        ImmutableArray<ExperimentResult?> after = Run(resume: true, only: "tiny");

        Assert.Equal((24, 8), (before[0]!.Hardware!.TestImages, after[0]!.Hardware!.TestImages));
    }

    [Fact]
    public void An_experiment_that_is_not_in_the_list_is_refused_before_anything_is_written()
    {
        CommandException exception = Assert.Throws<CommandException>(() => Run(resume: false, only: "third"));

        Assert.Equal((ExitCode.BadInput, "--only third: not in the list, allowed tiny, second, float"), (exception.ExitCode, exception.Message));
        Assert.False(Directory.Exists(_tiny.PathOf("out")));
    }

    [Theory]
    [InlineData(0.99, 0.99, true)]
    [InlineData(0.9899, 0.99, false)]
    public void A_least_accuracy_is_met_at_the_value_itself(double found, double least, bool met) =>
        Assert.Equal(met, ResultsPage.Meets(new(AccuracyKind.Integer, least, null), Result(floats: null, integer: found)));

    [Theory]
    [InlineData(0.75, 0.875, 0.125, true)]
    [InlineData(0.75, 0.875, 0.0625, false)]
    [InlineData(0.9, 0.5, 0.0, true)]
    public void A_distance_from_float_is_met_from_above(double integer, double floats, double within, bool met) =>
        Assert.Equal(met, ResultsPage.Meets(new(AccuracyKind.Integer, null, within), Result(floats, integer)));

    [Fact]
    public void A_distance_from_a_float_accuracy_that_is_not_there_is_not_met() =>
        Assert.False(ResultsPage.Meets(new(AccuracyKind.Integer, null, 1), Result(floats: null, integer: 1)));

    [Fact]
    public void Findings_of_the_list_and_of_its_experiments_come_at_once()
    {
        _tiny.Write("results.yaml", """
            title: Tiny results
            experiments:
              - {method: a, experiment: experiment.yaml, target: {accuracy: integer}}
              - {method: b, experiment: experiment.yaml, target: {accuracy: integer, at_least: 2}}
              - {method: c, experiment: float.yaml, target: {accuracy: integer, at_least: 0.5}}
            """);
        SpecIssues issues = [];

        Assert.Null(ResultsList.Load(_tiny.PathOf("results.yaml"), issues));

        Assert.Equal(
            ["experiments[0].target", "experiments[1].experiment", "experiments[1].target.at_least", "experiments[2].target"],
            issues.Select(issue => issue.KeyPath));
    }

    [Fact]
    public void The_kept_list_is_valid_and_its_four_bit_rows_start_from_the_float_row()
    {
        SpecIssues issues = [];
        ResultsList? list = ResultsList.Load(Repository.PathOf("configs/results.yaml"), issues);
        Assert.Empty(issues);

        TrainingImages images = TrainingImages.Of(TinyExperiment.Images(TinyExperiment.Dataset));
        string Float(string name)
        {
            TrainedSource source = list!.Entries.Single(entry => entry.Experiment.Name == name).Experiment.Trained!;
            return TrainingCache.KeyOf(TrainingCache.FloatPart(source) ?? source, images);
        }

        Assert.Equal(Float("results-lenet-large-mnist-float"), Float("results-lenet-large-mnist-w4a4"));
        Assert.Equal(Float("results-lenet-large-mnist-float"), Float("results-lenet-large-fashion-w4a4"));
        Assert.Equal(6, list!.Entries.Length);
    }

    [Fact]
    public void The_kept_sweep_has_at_least_sixty_points_four_recipes_and_no_invalid_corner()
    {
        SpecIssues issues = [];
        SweepSpec? sweep = SweepFile.Load(Repository.PathOf("configs/sweeps/lenet-first.yaml"), issues);
        Assert.Empty(issues);

        ImmutableArray<GridPoint> grid = SweepGrid.Of(sweep!);

        Assert.InRange(grid.Length, 60, 200);
        Assert.All(grid, point => Assert.Empty(point.Reasons));
        Assert.Equal(4, grid.Select(point => AccelModel.Specification.SpecHash.Of(point.Experiment!.Trained!)).Distinct().Count());
        Assert.Single(grid.Select(point => AccelModel.Specification.SpecHash.Of(TrainingCache.FloatPart(point.Experiment!.Trained!)!)).Distinct());
    }

    [Fact]
    public void The_kept_list_of_models_is_valid_and_its_claims_are_about_its_experiments()
    {
        SpecIssues issues = [];
        ResultsList? list = ResultsList.Load(Repository.PathOf("configs/models.yaml"), issues);
        Assert.Empty(issues);

        Assert.True(list!.Claims.Length >= 6);
        Assert.All(list.Claims, claim => Assert.NotEmpty(claim.Source));
    }

    [Theory]
    [InlineData(0.9, 0.8, 0.1, true, "90.00 against 80.00: +10.00 points")]
    [InlineData(0.9, 0.8, 0.11, false, "90.00 against 80.00: +10.00 points")]
    [InlineData(0.8, 0.803, -0.003, true, "80.00 against 80.30: -0.30 points")]
    [InlineData(0.8, 0.804, -0.003, false, "80.00 against 80.40: -0.40 points")]
    public void A_claim_holds_from_its_least_difference_on(double integer, double other, double by, bool holds, string figures)
    {
        Dictionary<string, ExperimentResult> results = new() { ["a"] = Result(floats: other, integer), ["b"] = Result(floats: null, other) };

        Assert.Equal((figures, holds), new ResultClaim("", "", ClaimCheck.Accuracy, "a", "b", by).Judge(results));
        Assert.Equal((figures.Replace("against ", "against float ", StringComparison.Ordinal), holds), new ResultClaim("", "", ClaimCheck.Accuracy, "a", null, by).Judge(results));
        Assert.Null(new ResultClaim("", "", ClaimCheck.Accuracy, "a", "c", by).Judge(results));
    }

    [Fact]
    public void Powers_of_two_are_all_or_not()
    {
        ResultClaim claim = new("", "", ClaimCheck.PowersOfTwo, "a", null, 0);

        Assert.True(claim.Judge(new Dictionary<string, ExperimentResult> { ["a"] = Result(1, 1) with { PowerOfTwoShare = 1 } })!.Value.Holds);
        Assert.False(claim.Judge(new Dictionary<string, ExperimentResult> { ["a"] = Result(1, 1) with { PowerOfTwoShare = 0.9999 } })!.Value.Holds);
        Assert.Null(claim.Judge(new Dictionary<string, ExperimentResult> { ["a"] = Result(1, 1) }));
    }

    [Fact]
    public void Findings_of_claims_name_their_keys()
    {
        _tiny.Write("results.yaml", """
            title: Tiny results
            experiments:
              - {method: a, experiment: experiment.yaml}
            claims:
              - {claim: c, source: s, experiment: tine, by: 0}
              - {claim: c, source: s, experiment: tiny, than: tiny}
              - {claim: c, source: s, check: powers_of_two, experiment: tiny, by: 0}
            """);
        SpecIssues issues = [];

        Assert.Null(ResultsList.Load(_tiny.PathOf("results.yaml"), issues));

        Assert.Equal(["claims[0].experiment", "claims[1].by", "claims[2].by"], issues.Select(issue => issue.KeyPath).Order(StringComparer.Ordinal));
    }

    private ResultsList List()
    {
        SpecIssues issues = [];
        ResultsList? list = ResultsList.Load(_tiny.PathOf("results.yaml"), issues);
        Assert.Empty(issues);
        return list!;
    }

    private ImmutableArray<ExperimentResult?> Run(bool resume, string? only) =>
        new ResultsRunner(List(), new(_tiny.PathOf("out")), TinyExperiment.Images, _context).Run(resume, only);

    private static ExperimentResult Result(double? floats, double integer) => new()
    {
        Key = "", ConfigSha256 = "", Dataset = "", Network = "", Seed = 0, FloatEpochs = 0, QuantizedEpochs = 0, Environment = new("", "", 1),
        FloatAccuracy = floats,
        Hardware = new()
        {
            TestImages = 1, TrainedAccuracy = 0, QuantizedAccuracy = 0, IntegerAccuracy = integer, TrainedQuantizedDifferences = 0, TrainedQuantizedRate = 0,
            QuantizedIntegerDifferences = 0, Accelerator = "", CyclesPerInference = 1, LatencyUs = 1, Lut = 1, Overflows = 0,
        },
    };
}
