// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;
using NnTrain.Lowering;
using NnTrain.Specification;
using NnTrain.Tests.Training;
using NnTrain.Training;
using Xunit;

namespace NnTrain.Tests.Lowering;

/// <summary>Lowering of networks whose parameters are set by hand, against formulas in double precision.</summary>
[Collection(TrainingCollection.Name)]
public sealed class NetworkLoweringTests
{
    private const int Channels = 6;

    private static readonly AcceleratorSpec Design = TestAccelerators.Load("systolic-16x16-int8");

    /// <summary>One pixel, six hidden units, two classes: every input code can be tried.</summary>
    private static readonly NetworkSpec OnePixel = new()
    {
        Name = "one_pixel",
        Input = new FeatureShape(1, 1, 1),
        Layers =
        [
            new FlattenSpec { Name = "flatten" },
            new DenseSpec { Name = "hidden", Outputs = Channels },
            new DenseSpec { Name = "scores", Outputs = 2 },
        ],
    };

    [Fact]
    public void A_threshold_is_the_sign_of_the_batch_norm_for_every_code_and_either_gain()
    {
        float[] gammas = [1, -1, 0.5f, -0.25f, 2, -3];
        float[] betas = [0.1f, 0.2f, -0.3f, 0.01f, 0, 0];
        float[] means = [0.25f, -0.125f, 0.3f, 0.5f, 0.5f, -0.5f];
        float[] signs = [1, 1, -1, -1, 1, -1];
        TrainedNetwork trained = WithParameters("w1a1", new()
        {
            ["hidden.weight"] = signs,
            ["hidden.norm.gamma"] = gammas,
            ["hidden.norm.beta"] = betas,
            ["hidden.norm.mean"] = means,
        });

        IntegerNetwork network = NetworkLowering.Lower(trained, Design);

        for (int code = 0; code < 256; code++)
        {
            int[] hidden = ReferenceInterpreter.Run(network, [code], 1).LayerOutputs[1];
            for (int c = 0; c < Channels; c++)
            {
                double normalized = (gammas[c] * ((signs[c] * code / 256.0) - means[c]) / Math.Sqrt(1 + 1e-5)) + betas[c];
                Assert.Equal(normalized >= 0 ? 1 : -1, hidden[c]);
            }
        }
        Requantization requantization = ((DenseLayer)network.Layers[1]).Requantization;
        Assert.True(requantization.IsSign);
        Assert.Equal("sfix2_En0", network.Layers[1].Output.Format.ToString());
    }

    [Fact]
    public void A_folded_batch_norm_is_within_one_code_of_the_real_one_for_every_code_and_either_gain()
    {
        float[] gammas = [4, -4, 2, -1, 8, -12];
        float[] betas = [0.1f, 1.2f, -0.3f, 0.4f, 0, 0];
        float[] means = [0.0625f, -0.03125f, -0.1f, 0.125f, -0.125f, 0.125f];
        float[] weights = [0.25f, -0.25f, 0.25f, 0.25f, -0.25f, 0.25f];
        TrainedNetwork trained = WithParameters("w2a2", new()
        {
            ["hidden.weight"] = weights,
            ["hidden.norm.gamma"] = gammas,
            ["hidden.norm.beta"] = betas,
            ["hidden.norm.mean"] = means,
            ["hidden.weightQuantizer.range.step"] = [0.25f, 0.25f, 0.25f, 0.25f, 0.25f, 0.25f],
            ["hidden.outputQuantizer.range.step"] = [0.3f],
        });

        IntegerNetwork network = NetworkLowering.Lower(trained, Design);

        for (int code = 0; code < 256; code++)
        {
            int[] hidden = ReferenceInterpreter.Run(network, [code], 1).LayerOutputs[1];
            for (int c = 0; c < Channels; c++)
            {
                double normalized = (gammas[c] * ((weights[c] * code / 256.0) - means[c]) / Math.Sqrt(1 + 1e-5)) + betas[c];
                double ideal = Math.Clamp(normalized / 0.3, 0, 3);
                Assert.InRange(hidden[c], ideal - 0.5 - 0.02, ideal + 0.5 + 0.02);
            }
        }
        Assert.Equal(RequantizationKind.MultiplierShift, ((DenseLayer)network.Layers[1]).Requantization.Kind);
    }

    [Fact]
    public void A_shift_network_computes_its_formula_for_every_code()
    {
        float[] weights = [0.5f, -0.5f, 0.875f, 0.125f, -0.25f, 0.25f];
        float[] biases = [0, 0.5f, -0.25f, 0.001f, 1, 0.0625f];
        TrainedNetwork trained = WithParameters("w4a4", new()
        {
            ["hidden.weight"] = weights,
            ["hidden.bias"] = biases,
            ["hidden.weightQuantizer.range.step"] = [0.125f, 0.125f, 0.125f, 0.125f, 0.125f, 0.125f],
            ["hidden.outputQuantizer.range.step"] = [0.0625f],
        });

        IntegerNetwork network = NetworkLowering.Lower(trained, Design);

        Requantization requantization = ((DenseLayer)network.Layers[1]).Requantization;
        Assert.Equal(RequantizationKind.Shift, requantization.Kind);
        Assert.Equal(7, Assert.Single(requantization.Shift));
        Assert.Equal(biases.Select(bias => (long)Math.Floor((bias * 2048) + 0.5)), requantization.Bias.ToArray());
        Assert.Equal("ufix4_En4", network.Layers[1].Output.Format.ToString());
        for (int code = 0; code < 256; code++)
        {
            int[] hidden = ReferenceInterpreter.Run(network, [code], 1).LayerOutputs[1];
            for (int c = 0; c < Channels; c++)
            {
                double real = (weights[c] * code / 256) + (Math.Floor((biases[c] * 2048) + 0.5) / 2048);
                Assert.Equal((int)Math.Clamp(Math.Floor((real * 16) + 0.5), 0, 15), hidden[c]);
            }
        }
    }

    [Fact]
    public void A_channel_that_gives_one_code_for_every_input_gets_weights_of_zero_and_a_small_bias()
    {
        TrainedNetwork trained = WithParameters("w4a4", new()
        {
            ["hidden.weight"] = [0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f],
            ["hidden.bias"] = [-900, 0, 900, -0.51f, -0.45f, 0],
            ["hidden.weightQuantizer.range.step"] = [0.125f, 0.125f, 0.125f, 0.125f, 0.125f, 0.125f],
            ["hidden.outputQuantizer.range.step"] = [0.0625f],
        });

        IntegerNetwork network = NetworkLowering.Lower(trained, Design);

        DenseLayer hidden = (DenseLayer)network.Layers[1];
        Assert.Equal([0, 4, 0, 0, 4, 4], hidden.Weights.Values.ToArray());
        Assert.Equal((0L, 15L * 128, 0L), (hidden.Requantization.Bias[0], hidden.Requantization.Bias[2], hidden.Requantization.Bias[3]));
        foreach (int code in new[] { 0, 128, 255 })
        {
            int[] codes = ReferenceInterpreter.Run(network, [code], 1).LayerOutputs[1];
            Assert.Equal((0, 15, 0), (codes[0], codes[2], codes[3]));
        }
    }

    [Fact]
    public void A_scale_that_no_multiplier_holds_is_refused_with_the_layer()
    {
        TrainedNetwork trained = WithParameters("w4a4-lsq", new()
        {
            ["hidden.weightQuantizer.range.step"] = [1000, 1000, 1000, 1000, 1000, 1000],
            ["hidden.outputQuantizer.range.step"] = [1e-5f],
        });

        Assert.Equal("hidden", Assert.Throws<LoweringException>(() => NetworkLowering.Lower(trained, Design)).Layer);
    }

    [Fact]
    public void Parameters_of_another_network_are_refused()
    {
        TrainedNetwork trained = WithParameters("w4a4", []);

        Assert.Throws<InvalidDataException>(() => (trained with { Parameters = trained.Parameters.Remove("hidden.bias") }).CreateModel());
        Assert.Throws<InvalidDataException>(() => (trained with
        {
            Parameters = trained.Parameters.SetItem("hidden.bias", NpyArray.FromFloats([2], [0f, 0f])),
        }).CreateModel());
    }

    /// <summary>A network as if trained, its parameters at their start but for the given ones.</summary>
    private static TrainedNetwork WithParameters(string recipe, Dictionary<string, float[]> values)
    {
        TrainingSpec spec = TestRecipes.Short(recipe);
        QuantizedPhaseSpec phase = spec.QuantizedPhase!;
        spec = spec with { QuantizedPhase = phase with { FirstLayerWeights = phase.Weights } };
        using Models.NetworkModel model = new(OnePixel, spec);
        model.InitializeWeights(new SeededRandom(1).NextUniform);
        ImmutableSortedDictionary<string, NpyArray> parameters = ModelState.Read(ModelState.Of(model));
        parameters = parameters.SetItem("scores.outputQuantizer.range.maximum", NpyArray.FromFloats([], [64f]));
        foreach ((string name, float[] value) in values)
        {
            parameters = parameters.SetItem(name, NpyArray.FromFloats(parameters[name].Shape.AsSpan(), value));
        }
        return new TrainedNetwork
        {
            Network = OnePixel,
            Recipe = spec,
            Environment = new TrainingEnvironment("none", "none", 1),
            Epochs = [],
            FloatAccuracy = null,
            TrainedAccuracy = null,
            Parameters = parameters,
        };
    }
}
