// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Specification.Yaml;
using Cli.Experiments;
using Cli.Sweeps;
using NnTrain.Lowering;
using NnTrain.Specification;
using Xunit;

namespace EndToEnd.Sweeps;

/// <summary>Bits of single layers, as a recipe says them and a sweep varies them.</summary>
[Collection(Training.Name)]
public sealed class LayerBitsTests : IDisposable
{
    private readonly TinyExperiment _tiny = new();

    public void Dispose() => _tiny.Dispose();

    [Theory]
    [InlineData(1)]   // codes 0 and 1
    [InlineData(2)]
    public void They_are_those_of_the_integers_and_of_what_was_foreseen_and_read_back(int activations)
    {
        ExperimentSpec experiment = Load("layer_bits", $"{{conv: {{weights: 3, activations: {activations}}}, dense: {{weights: 2}}}}", []);
        TrainedSource source = experiment.Trained! with { Training = experiment.Trained.Training with { QuantizedPhase = experiment.Trained.Training.QuantizedPhase! with { Epochs = 0 } } };

        IntegerNetwork foreseen = NetworkOutline.Of(source.Network, source.Training, experiment.Accelerator.Requantizer.Rounding)!;
        var cache = new TrainingCache(_tiny.PathOf("cache"), TextWriter.Null);
        IntegerNetwork lowered = NetworkLowering.Lower(cache.Get(source, TrainingImages.Of(TinyExperiment.Images(TinyExperiment.Dataset))).Network, experiment.Accelerator);

        Assert.All(new[] { foreseen, lowered }, network =>
        {
            Conv2dLayer conv = network.Layers.OfType<Conv2dLayer>().Single();
            Assert.Equal((3, activations, 2), (conv.WeightFormat.Width, conv.Output.Format.Width, network.Layers.OfType<DenseLayer>().Single().WeightFormat.Width));
        });
        ResolvedConfiguration resolved = ResolvedConfiguration.Of(experiment);
        SpecIssues issues = [];
        ExperimentSpec again = ExperimentFile.Load(_tiny.Write("resolved.yaml", resolved.Yaml), [], issues)!;
        Assert.Empty(issues);
        Assert.Equal(resolved.Sha256, ResolvedConfiguration.Of(again).Sha256);
    }

    [Fact]
    public void A_layer_with_a_sentence_of_its_own_is_foreseen_and_read_back()
    {
        ExperimentSpec experiment = Load("layer_weights", "{conv: {bits: 3}}", []);

        IntegerNetwork foreseen = NetworkOutline.Of(experiment.Trained!.Network, experiment.Trained.Training, experiment.Accelerator.Requantizer.Rounding)!;

        Assert.Equal(3, foreseen.Layers.OfType<Conv2dLayer>().Single().WeightFormat.Width);
        Assert.Equal(experiment.Trained.Training.QuantizedPhase!.Weights.Bits, foreseen.Layers.OfType<DenseLayer>().Single().WeightFormat.Width);
        SpecIssues issues = [];
        ResolvedConfiguration resolved = ResolvedConfiguration.Of(experiment);
        ExperimentSpec again = ExperimentFile.Load(_tiny.Write("resolved.yaml", resolved.Yaml), [], issues)!;
        Assert.Empty(issues);
        Assert.Equal(3, again.Trained!.Training.QuantizedPhase!.LayerWeights!["conv"].Bits);
        Assert.Equal(resolved.Sha256, ResolvedConfiguration.Of(again).Sha256);
    }

    [Theory]
    [InlineData("layer_bits", "{cnov: {weights: 3}}", "training.yaml:6:", "quantized_phase.layer_bits.cnov: no layer with bits of its own, found 'cnov' (did you mean 'conv'?), allowed conv, dense")]
    [InlineData("layer_bits", "{dense: {activations: 3}}", "training.yaml:6:", "quantized_phase.layer_bits.dense.activations: the class scores have the bits of 'output', allowed with every layer but the last")]
    [InlineData("layer_bits", "{conv: {weights: 9}}", "training.yaml:6:", "quantized_phase.layer_bits.conv.weights: out of range, found '9', allowed 2..8")]
    [InlineData("layer_bits", "{conv: {bits: 3}}", "training.yaml:6:", "quantized_phase.layer_bits.conv.bits: unknown key, found 'bits', allowed weights, activations")]
    [InlineData("layer_weights", "{cnov: {bits: 3}}", "training.yaml:6:", "quantized_phase.layer_weights.cnov: no layer with weights, found 'cnov' (did you mean 'conv'?), allowed conv, dense")]
    public void What_no_layer_has_is_a_finding(string key, string value, string place, string finding)
    {
        SpecIssues issues = [];
        Load(key, value, issues);
        string text = Assert.Single(issues).ToString();
        Assert.Contains(place, text, StringComparison.Ordinal);
        Assert.EndsWith(finding, text, StringComparison.Ordinal);
    }

    [Fact]
    public void One_bit_of_codes_with_signs_is_a_finding()
    {
        SpecIssues issues = [];
        Load("activations", "{grid: signed}, layer_bits: {conv: {activations: 1}}", issues);
        Assert.Contains(issues, issue => issue.ToString().EndsWith("layer_bits.conv.activations: one bit is for codes 0 and 1, found the grid 'signed', allowed unsigned, or 2..8", StringComparison.Ordinal));
    }

    private ExperimentSpec Load(string key, string value, SpecIssues issues)
    {
        string recipe = File.ReadAllText(_tiny.PathOf("training.yaml")).TrimEnd();
        _tiny.Write("training.yaml", recipe.Replace("multiplier_width: 12}", $"multiplier_width: 12, {key}: {value}}}", StringComparison.Ordinal));
        return ExperimentFile.Load(_tiny.PathOf("experiment.yaml"), [], issues)!;
    }
}
