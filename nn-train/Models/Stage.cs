// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using NnTrain.Layers;
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Models;

/// <summary>A matrix layer with the pooling behind it and the flattening in front of it.</summary>
/// <param name="Layer">The matrix layer.</param>
/// <param name="Flattens">Whether its input becomes a vector first.</param>
/// <param name="Pools">Pooling layers behind it.</param>
internal sealed record Stage(MatrixLayer Layer, bool Flattens, ImmutableArray<MaxPoolSpec> Pools)
{
    /// <summary>Cuts a network behind the pooling layers that follow each matrix layer.</summary>
    public static ImmutableArray<Stage> Divide(NetworkSpec network, TrainingSpec recipe)
    {
        var stages = ImmutableArray.CreateBuilder<Stage>();
        int matrixLayers = network.MatrixLayers.Count();
        FeatureShape shape = network.Input;
        FeatureShape unflattened = shape;
        (int lowest, int highest) = (0, (1 << Activation.ImageBits) - 1);
        bool flattens = false;
        foreach (LayerSpec layer in network.Layers)
        {
            switch (layer)
            {
                case FlattenSpec:
                    flattens = true;
                    break;
                case MaxPoolSpec pool:
                    stages[^1] = stages[^1] with { Pools = stages[^1].Pools.Add(pool) };
                    break;
                default:
                    FeatureShape window = layer is ConvolutionSpec convolution ? new(convolution.Kernel, convolution.Kernel, shape.Channels) : unflattened;
                    MatrixLayerOptions options = OptionsOf(recipe, layer.Name, stages.Count, matrixLayers, new(window, layer is ConvolutionSpec ? window.Width * window.Channels : window.Elements, lowest, highest));
                    if (options.Output is QuantizerSpec output)
                    {
                        IGrid grid = Grids.Of(output);
                        (lowest, highest) = (grid.Lowest, grid.Highest);
                    }

                    stages.Add(new Stage(Create(layer, shape, options), flattens, []));
                    flattens = false;
                    break;
            }
            shape = layer.OutputOf(shape);
            unflattened = layer is FlattenSpec ? unflattened : shape;
        }
        return stages.ToImmutable();
    }

    /// <summary>The input in the shape that the matrix layer reads.</summary>
    public Activation Arrange(Activation input) =>
        Flattens ? input with { Values = input.Values.flatten(1) } : input;

    /// <summary>
    /// Matrix layer, quantizer, pooling: the hardware's order. In training pooling comes first, which gives the same values, since a
    /// quantizer never turns the order of two numbers around, at a quarter of the work and with the gradient at the true maximum.
    /// </summary>
    public Activation Forward(Activation input, Action<string, Activation>? observe)
    {
        Tensor sum = Layer.Accumulate(input);
        if (Layer.training)
        {
            foreach (MaxPoolSpec pool in Pools)
            {
                sum = Pool(sum, pool);
            }
            Activation pooled = Layer.Activate(sum);
            observe?.Invoke(Layer.GetName(), pooled);
            return pooled;
        }
        Activation output = Layer.Activate(sum);
        observe?.Invoke(Layer.GetName(), output);
        foreach (MaxPoolSpec pool in Pools)
        {
            output = output with { Values = Pool(output.Values, pool) };
            observe?.Invoke(pool.Name, output);
        }
        return output;
    }

    private static Tensor Pool(Tensor x, MaxPoolSpec pool) => nn.functional.max_pool2d(x, pool.Window, pool.Stride);

    private static MatrixLayer Create(LayerSpec layer, FeatureShape input, MatrixLayerOptions options) => layer switch
    {
        ConvolutionSpec convolution => new ConvolutionLayer(convolution, input.Channels, options),
        DenseSpec dense => new DenseLayer(dense, input.Elements, options),
        _ => throw new ArgumentException($"layer '{layer.Name}' has no weights", nameof(layer)),
    };

    private static MatrixLayerOptions OptionsOf(TrainingSpec recipe, string name, int matrixLayer, int matrixLayers, LayerInput input)
    {
        bool isLast = matrixLayer == matrixLayers - 1;
        QuantizedPhaseSpec? quantized = recipe.QuantizedPhase;
        return new MatrixLayerOptions
        {
            Weights = quantized?.WeightsOf(name, matrixLayer, matrixLayers),
            Output = quantized?.OutputOf(name, matrixLayer, matrixLayers),
            Transition = quantized?.WeightTransition,
            KeepsZeros = quantized?.PostTraining?.Prune is not null,
            WeightStart = quantized?.WeightStart?.Of(matrixLayer, matrixLayers) ?? 0,
            OutputStart = quantized?.ActivationStart?.Of(matrixLayer, matrixLayers) ?? 0,
            Freezes = quantized?.ActivationStart?.Freezes ?? false,
            HardTanh = recipe.HardTanh || quantized?.Activations.Grid == GridKind.Bipolar,
            MultiplierWidth = quantized?.MultiplierWidth ?? 32,
            BatchNorm = recipe.BatchNorm,
            IsLast = isLast,
            Accumulator = quantized?.Accumulator,
            Input = input,
        };
    }
}
