// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification.Yaml;
using NnTrain.Specification;
using NnTrain.Training;
using Xunit;

namespace NnTrain.Tests.Specification;

public sealed class TrainingSpecTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "configs", "training");

    public static TheoryData<string> Recipes => [.. Directory.GetFiles(Folder, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Every_kept_recipe_is_sound_and_bears_the_name_of_its_file(string name)
    {
        SpecIssues issues = [];
        TrainingSpec? recipe = TrainingSpecFile.Load(Path.Combine(Folder, name + ".yaml"), issues);

        Assert.Empty(issues);
        Assert.Equal(name, recipe!.Name);
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void A_recipe_survives_being_written_and_read(string name)
    {
        SpecIssues issues = [];
        TrainingSpec recipe = TrainingSpecFile.Load(Path.Combine(Folder, name + ".yaml"), issues)!;

        string text = TrainingJson.Write(recipe);

        Assert.Equal(text, TrainingJson.Write(TrainingJson.Read<TrainingSpec>(text)));
        Assert.Contains("\"kind\": \"adam\"", text);
    }

    [Fact]
    public void First_and_last_layer_take_what_they_do_not_say_from_the_others()
    {
        TrainingSpec recipe = Read(("quantized_phase.first_layer_weights.bits", "8"), ("quantized_phase.last_layer_weights.scale", "free"));
        QuantizedPhaseSpec phase = recipe.QuantizedPhase!;

        Assert.Equal(phase.Weights with { Bits = 8 }, phase.WeightsOf(0, 3));
        Assert.Equal(phase.Weights, phase.WeightsOf(1, 3));
        Assert.Equal(phase.Weights with { Scale = ScaleKind.Free }, phase.WeightsOf(2, 3));
        Assert.Equal(phase.LastLayerWeights, phase.WeightsOf(0, 1));
    }

    [Theory]
    [InlineData("weights.grid", "unsigned", "weights have signs")]
    [InlineData("weights.range", "pact", "for activations only, found 'pact'")]
    [InlineData("weights.range", "dorefa", "DoReFa's weights are odd")]
    [InlineData("weights.range", "mean_magnitude", "mean_magnitude is the scale of signs")]
    [InlineData("weights.grid", "bipolar", "a bipolar code is one bit, found 4")]
    [InlineData("weights.grid", "odd", "odd codes have no zero")]
    [InlineData("weights.bits", "1", "a signed grid needs two bits")]
    [InlineData("weights.bits", "17", "out of range, found '17', allowed 1..16")]
    [InlineData("weights.rounding", "stochastic", "not a rounding of the forward pass")]
    [InlineData("weights.rounding", "half_upp", "unknown name, found 'half_upp' (did you mean 'half_up'?)")]
    [InlineData("weights.rounding", "1", "unknown name, found '1'")]
    [InlineData("activations.grid", "signed", "not a grid of activations")]
    [InlineData("activations.bits", "9", "too wide for an activation, found 9")]
    [InlineData("activations.granularity", "per_channel", "the scale of an activation is inside the next sum")]
    [InlineData("activations.range", "mean_magnitude", "for weights only")]
    [InlineData("output.grid", "unsigned", "class scores have signs")]
    [InlineData("output.range", "pact", "for unsigned activations only")]
    [InlineData("output.gradiant", "ste", "unknown key, found 'gradiant' (did you mean 'gradient'?)")]
    public void Parts_that_do_not_fit_together_are_refused(string key, string value, string message)
    {
        SpecIssues issues = [];

        Assert.Null(TrainingSpecFile.Read(Tree(($"quantized_phase.{key}", value)), issues));

        Assert.Contains(issues, issue => issue.Message.Contains(message, StringComparison.Ordinal) && issue.Line > 0);
    }

    [Fact]
    public void Batch_norm_needs_weights_whose_sign_can_be_flipped()
    {
        SpecIssues issues = [];

        TrainingSpecFile.Read(Tree(("batch_norm", "folded"), ("quantized_phase.weights.grid", "signed")), issues);

        Assert.Contains(issues, issue => issue.KeyPath == "quantized_phase.weights.grid" && issue.Message.Contains("flips the signs", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("folded", "1", "out of range, found '1', allowed 2..65536")]
    [InlineData("none", "0", "out of range, found '0', allowed 1..65536")]
    public void Batch_norm_needs_a_batch_that_has_a_variance(string batchNorm, string size, string message)
    {
        SpecIssues issues = [];

        TrainingSpecFile.Read(Tree(("batch_norm", batchNorm), ("batch_size", size)), issues);

        SpecIssue issue = Assert.Single(issues);
        Assert.Equal(("batch_size", message), (issue.KeyPath, issue.Message));
    }

    [Fact]
    public void All_findings_come_at_once()
    {
        SpecIssues issues = [];

        TrainingSpecFile.Read(Tree(("seed", "-1"), ("quantized_phase.weights.bits", "40"), ("float_phase.epochs", "many")), issues);

        Assert.Equal(["float_phase.epochs", "quantized_phase.weights.bits", "seed"], issues.Select(issue => issue.KeyPath).Order());
    }

    [Fact]
    public void A_warm_start_needs_something_to_start_from()
    {
        SpecIssues issues = [];
        SpecMapping tree = (SpecMapping)Tree();

        Assert.Null(TrainingSpecFile.Read(tree with { Entries = [.. tree.Entries.Where(entry => entry.Key != "float_phase")] }, issues));

        Assert.Contains("nothing to start from", Assert.Single(issues).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recipe_without_any_phase_trains_nothing()
    {
        SpecIssues issues = [];
        SpecNode tree = YamlFile.Parse("name: n\nseed: 1\nthreads: 1\nbatch_size: 8\nlabel_smoothing: 0\nshift_pixels: 0\nbatch_norm: none\n", "r.yaml", issues)!;

        Assert.Null(TrainingSpecFile.Read(tree, issues));

        Assert.Contains("nothing to train", Assert.Single(issues).Message, StringComparison.Ordinal);
    }

    private static TrainingSpec Read(params (string Path, string Value)[] changes)
    {
        SpecIssues issues = [];
        TrainingSpec? recipe = TrainingSpecFile.Read(Tree(changes), issues);
        Assert.Empty(issues);
        return recipe!;
    }

    private static SpecNode Tree(params (string Path, string Value)[] changes)
    {
        SpecIssues issues = [];
        SpecNode tree = YamlFile.LoadWithBase(Path.Combine(Folder, "w4a4.yaml"), issues)!;
        foreach ((string path, string value) in changes)
        {
            tree = tree.With(path, new SpecScalar(new SpecPosition("override", 1, 1), value, Quoted: false), issues);
        }
        Assert.Empty(issues);
        return tree;
    }
}
