// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using NnTrain.Layers;
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
        stages = Stage.Divide(network, recipe);
        foreach (Stage stage in stages)
        {
            register_module(stage.Layer.GetName(), stage.Layer);
        }
    }

    /// <summary>Convolutions and dense layers, in order.</summary>
    public IEnumerable<MatrixLayer> MatrixLayers => stages.Select(stage => stage.Layer);

    /// <summary>Whether it computes with quantised weights and activations.</summary>
    public bool Quantized
    {
        get => stages[0].Layer.Quantized;
        set
        {
            foreach (MatrixLayer layer in MatrixLayers)
            {
                layer.Quantized = value;
            }
        }
    }

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
        Activation activation = Activation.OfImages(images);
        foreach (Stage stage in stages)
        {
            Activation input = stage.Arrange(activation);
            stage.Layer.InitializeQuantizers(input, importance?.GetValueOrDefault(stage.Layer.GetName()));
            activation = stage.Forward(input, null);
        }
    }

    /// <summary>
    /// Finds all ranges from calibration images, layer by layer, from what the layers before it, already quantised, make of them (Qiu et al. 2016, section 6.1). The model must not be in training.
    /// </summary>
    /// <param name="images">The images.</param>
    /// <param name="correctBias">
    /// Whether biases make up for the mean error of each output channel (Nagel et al. 2019, section 4.2): <c>b = b + E[y] - E[y_q]</c>, y in real numbers.
    /// </param>
    /// <param name="importance">How much an error of each weight costs, by layer; null where all cost the same.</param>
    /// <param name="correctWeights">How weight codes make up for each other's errors; null where each is rounded by itself.</param>
    public void Calibrate(Tensor images, bool correctBias, IReadOnlyDictionary<string, Tensor>? importance, WeightCorrectionSpec? correctWeights = null)
    {
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Activation activation = Activation.OfImages(images);
        Activation real = new(images, Step: null, MaximumCode: 0);
        foreach (Stage stage in stages)
        {
            MatrixLayer layer = stage.Layer;
            Activation input = stage.Arrange(activation);
            Activation realInput = stage.Arrange(real);
            layer.Quantized = false;
            Tensor ideal = layer.Accumulate(realInput);
            real = stage.Forward(realInput, null);
            layer.Quantized = true;
            layer.InitializeWeightQuantizer(importance?.GetValueOrDefault(layer.GetName()));
            if (correctWeights is not null)
            {
                layer.CorrectWeights(input, realInput, correctWeights);
            }

            if (correctBias)
            {
                layer.ShiftOutput(ChannelMeans(ideal) - ChannelMeans(layer.Accumulate(input).to_type(float32)));
            }

            layer.OutputQuantizer.Initialize(layer.Accumulate(input).to_type(float32));
            activation = stage.Forward(input, null);
        }
    }

    /// <summary>The class scores and the outputs of all layers before them, after pooling.</summary>
    public (Tensor Scores, IReadOnlyList<Tensor> Features) Features(Tensor images)
    {
        Activation activation = Quantized ? Activation.OfImages(images) : new Activation(images, Step: null, MaximumCode: 0);
        List<Tensor> features = [];
        foreach (Stage stage in stages)
        {
            activation = stage.Forward(stage.Arrange(activation), null);
            features.Add(activation.Values);
        }
        return (activation.Values, features[..^1]);
    }

    /// <summary>Shows the input of every matrix layer, in the order of computation.</summary>
    public void VisitInputs(Tensor images, Action<MatrixLayer, Activation> visit)
    {
        Activation activation = Quantized ? Activation.OfImages(images) : new Activation(images, Step: null, MaximumCode: 0);
        foreach (Stage stage in stages)
        {
            Activation input = stage.Arrange(activation);
            visit(stage.Layer, input);
            activation = stage.Forward(input, null);
        }
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Forward(input, null);

    /// <summary>The class scores, and on the way the output of every layer but flatten.</summary>
    /// <param name="images">The batch.</param>
    /// <param name="observe">Called with the layer's name and its output, in the hardware's order where the model is not training.</param>
    public Tensor Forward(Tensor images, Action<string, Activation>? observe)
    {
        Activation activation = Quantized ? Activation.OfImages(images) : new Activation(images, Step: null, MaximumCode: 0);
        foreach (Stage stage in stages)
        {
            activation = stage.Forward(stage.Arrange(activation), observe);
        }
        return activation.Values;
    }

    /// <summary>Tells every layer how far the quantised phase is; called before each of its steps.</summary>
    /// <param name="time">Epochs since its start, with fractions.</param>
    /// <param name="epochs">Epochs of it.</param>
    public void MoveTo(double time, int epochs)
    {
        foreach (MatrixLayer layer in MatrixLayers)
        {
            layer.MoveTo(time, epochs);
        }
    }

    /// <summary>Brings parameters back into their domain after a step of the optimizer.</summary>
    public void Constrain()
    {
        foreach (MatrixLayer layer in MatrixLayers)
        {
            layer.Constrain();
        }
    }

    private static Tensor ChannelMeans(Tensor sums) => sums.ndim == 4 ? sums.mean([0L, 2L, 3L]) : sums.mean([0L]);
}
