// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using NnTrain.Layers;
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Models;

/// <summary>
/// A network under training: the topology of a <see cref="NetworkSpec"/> with the parts of a <see cref="TrainingSpec"/>. Maps images,
/// <c>code / 256</c> in the order image, channel, row, column, to class scores.
/// </summary>
public sealed class NetworkModel : nn.Module<Tensor, Tensor>
{
    private readonly ImmutableArray<Stage> stages;

    /// <summary>A model with all weights zero; see <see cref="InitializeWeights"/>.</summary>
    public NetworkModel(NetworkSpec network, TrainingSpec recipe)
        : base(network.Name)
    {
        stages = StageBuilder.Build(network, recipe);
        foreach (nn.Module module in stages.Select(stage => stage.Module).OfType<nn.Module>())
        {
            register_module(module.GetName(), module);
        }
    }

    /// <summary>Convolutions and dense layers, in order.</summary>
    public IEnumerable<MatrixLayer> MatrixLayers => stages.OfType<MatrixStage>().Select(stage => stage.Layer);

    /// <summary>Sums and concatenations, in order.</summary>
    public IEnumerable<JoiningLayer> JoiningLayers => stages.OfType<JoiningStage>().Select(stage => stage.Layer);

    /// <summary>Signs in front of matrix layers, in order.</summary>
    public IEnumerable<SignLayer> SignLayers => stages.OfType<SignStage>().Select(stage => stage.Layer);

    /// <summary>Whether it computes with quantised weights and activations.</summary>
    public bool Quantized
    {
        get => MatrixLayers.First().Quantized;
        set
        {
            foreach (IQuantizedPart part in Parts)
            {
                part.Quantized = value;
            }
        }
    }

    private IEnumerable<IQuantizedPart> Parts => stages.Select(stage => stage.Part).OfType<IQuantizedPart>();

    /// <summary>Random initial weights, layer after layer from one stream.</summary>
    /// <param name="uniform">The next number of [0, 1).</param>
    public void InitializeWeights(Func<double> uniform)
    {
        foreach (MatrixLayer layer in MatrixLayers)
        {
            layer.InitializeWeights(uniform);
        }
    }

    /// <summary>
    /// Sets what all quantizers start from: layer by layer, from what the layers before it, already quantised, make of one batch.
    /// </summary>
    /// <param name="images">The batch.</param>
    /// <param name="importance">How much an error of each weight costs, by layer; null where all cost the same.</param>
    public void InitializeQuantizers(Tensor images, IReadOnlyDictionary<string, Tensor>? importance = null)
    {
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Run(Activation.OfImages(images), (stage, inputs) =>
        {
            stage.InitializeQuantizers(inputs, importance);
            return stage.Forward(inputs, null);
        });
    }

    /// <summary>
    /// Finds all ranges from calibration images, layer by layer, from what the layers before it, already quantised, make of them (Qiu et al. 2016, section 6.1). The model must not be in training.
    /// </summary>
    /// <param name="images">The images.</param>
    /// <param name="correctBias">
    /// Which mean error of each output channel biases make up for (Nagel et al. 2019, section 4.2), null for none: <c>b = b + E[y] - E[y_q]</c>, y in real numbers.
    /// </param>
    /// <param name="importance">How much an error of each weight costs, by layer; null where all cost the same.</param>
    /// <param name="correctWeights">How weight codes make up for each other's errors; null where each is rounded by itself.</param>
    /// <param name="learnRounding">Whether it is learned which way weights are rounded.</param>
    public void Calibrate(Tensor images, BiasError? correctBias, IReadOnlyDictionary<string, Tensor>? importance, WeightCorrectionSpec? correctWeights = null, bool learnRounding = false)
    {
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Activation> real = new() { [NetworkSpec.InputName] = InReal(images) };
        Run(Activation.OfImages(images), (stage, inputs) =>
        {
            using DisposeScope ofStage = NewDisposeScope();
            real[stage.Output] = Kept(stage.Calibrate(inputs, [.. stage.Inputs.Select(name => real[name])], new(correctBias, correctWeights, learnRounding, importance)), ofStage);
            return Kept(stage.Forward(inputs, null), ofStage);
        });
    }

    /// <summary>The class scores and the outputs of all layers with weights before them, after pooling.</summary>
    public (Tensor Scores, IReadOnlyList<Tensor> Features) Features(Tensor images)
    {
        List<Tensor> features = [];
        Activation scores = Run(Start(images), (stage, inputs) =>
        {
            Activation output = stage.Forward(inputs, null);
            if (stage is MatrixStage)
            {
                features.Add(output.Values);
            }

            return output;
        });
        return (scores.Values, features[..^1]);
    }

    /// <summary>Shows the input of every matrix layer, in the order of computation.</summary>
    public void VisitInputs(Tensor images, Action<MatrixLayer, Activation> visit) => Run(Start(images), (stage, inputs) =>
    {
        if (stage is MatrixStage matrix)
        {
            visit(matrix.Layer, inputs[0]);
        }

        return stage.Forward(inputs, null);
    });

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Forward(input, null);

    /// <summary>The class scores, and on the way the output of every layer but flatten.</summary>
    /// <param name="images">The batch.</param>
    /// <param name="observe">Called with the layer's name and its output, in the hardware's order where the model is not training.</param>
    public Tensor Forward(Tensor images, Action<string, Activation>? observe)
    {
        // What a stage makes on its way is several times its output, and without gradients and an observer nobody asks for it again.
        bool releases = observe is null && !is_grad_enabled();
        return Run(Start(images), (stage, inputs) =>
        {
            using DisposeScope? ofStage = releases ? NewDisposeScope() : null;
            Activation output = stage.Forward(inputs, observe);
            return ofStage is null ? output : Kept(output, ofStage);
        }).Values;
    }

    /// <summary>Tells every layer how far the quantised phase is; called before each of its steps.</summary>
    /// <param name="time">Epochs since its start, with fractions.</param>
    /// <param name="epochs">Epochs of it.</param>
    public void MoveTo(double time, int epochs)
    {
        foreach (IQuantizedPart part in Parts)
        {
            part.MoveTo(time, epochs);
        }
    }

    /// <summary>Lets quantizers round at random in the next forward pass, where their sentences say so.</summary>
    /// <param name="seed">The recipe's.</param>
    /// <param name="step">Steps of the phase before this one.</param>
    public void RoundAtRandom(long seed, long step) => SetNoise(index => new RoundingNoise(seed, step, index));

    /// <summary>All codes are those that the integer network has, until the next <see cref="RoundAtRandom"/>.</summary>
    public void RoundAsAfterwards() => SetNoise(_ => null);

    private void SetNoise(Func<int, RoundingNoise?> ofQuantizer)
    {
        foreach ((int index, Quantizer quantizer) in Parts.SelectMany(part => part.Quantizers).Index())
        {
            quantizer.Noise = quantizer.Spec.TrainingRounding == TrainingRounding.Stochastic ? ofQuantizer(index) : null;
        }
    }

    /// <summary>
    /// Statistics of batch norm taken anew, as means over batches, with weights and ranges as they are. Signs whose real weights hover around zero flip from step to step however small the steps are; the running averages
    /// are then those of many networks, of which the last one is none (Nagel et al. 2022, arXiv:2203.11086, section 4). The model is in training afterwards.
    /// </summary>
    /// <param name="batches">Images.</param>
    public void AverageNorms(IEnumerable<Tensor> batches)
    {
        using IDisposable ungraded = no_grad();
        train();
        foreach (JoiningLayer layer in JoiningLayers)
        {
            layer.OutputQuantizer.eval();
        }

        foreach ((int index, Tensor images) in batches.Index())
        {
            using DisposeScope scope = NewDisposeScope();
            foreach (MatrixLayer layer in MatrixLayers)
            {
                layer.AverageNorm(index);
            }

            forward(images);
        }

        train();
        foreach (MatrixLayer layer in MatrixLayers)
        {
            layer.AverageNorm(null);
        }
    }

    /// <summary>Brings parameters back into their domain after a step of the optimizer.</summary>
    public void Constrain()
    {
        foreach (IQuantizedPart part in Parts)
        {
            part.Constrain();
        }
    }

    private Activation Start(Tensor images) => Quantized ? Activation.OfImages(images) : InReal(images);

    private static Activation InReal(Tensor images) => new(images, Step: null, MaximumCode: 0);

    /// <summary>An output that outlives the scope of its stage.</summary>
    private static Activation Kept(Activation output, DisposeScope ofStage)
    {
        foreach (Tensor tensor in output.Step is Tensor step ? [output.Values, step] : (Tensor[])[output.Values])
        {
            ofStage.MoveToOuter(tensor);
        }

        return output;
    }

    /// <summary>Stage after stage; the output of the last one.</summary>
    private Activation Run(Activation images, Func<Stage, ImmutableArray<Activation>, Activation> step)
    {
        Dictionary<string, Activation> tensors = new() { [NetworkSpec.InputName] = images };
        foreach (Stage stage in stages)
        {
            tensors[stage.Output] = step(stage, [.. stage.Inputs.Select(name => tensors[name])]);
        }

        return tensors[stages[^1].Output];
    }
}
