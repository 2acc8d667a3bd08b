// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;
using NnTrain.Layers;
using NnTrain.Models;
using NnTrain.Specification;
using NnTrain.Training;

namespace NnTrain.Lowering;

/// <summary>A trained network that has no integer form on a design.</summary>
public sealed class LoweringException(string layer, string problem) : Exception($"layer '{layer}' cannot be lowered: {problem}")
{
    /// <summary>The layer.</summary>
    public string Layer { get; } = layer;
}

/// <summary>
/// From a trained network to integers. What the recipe decides (codes, scales, biases) comes from the trained network; what the hardware
/// decides (rounding, width of the multiplier) from the design. Whether the design can run the result is
/// <see cref="HardwareFit"/>'s question.
/// </summary>
public static class NetworkLowering
{
    /// <summary>Lowers a network.</summary>
    /// <exception cref="LoweringException">A layer has no integer form.</exception>
    /// <exception cref="ArgumentException">The recipe is in floating point only.</exception>
    public static IntegerNetwork Lower(TrainedNetwork trained, AcceleratorSpec accelerator)
    {
        if (trained.Recipe.QuantizedPhase is null)
        {
            throw new ArgumentException($"recipe '{trained.Recipe.Name}' is in floating point only, there are no codes", nameof(trained));
        }
        using NetworkModel model = trained.CreateModel();
        Dictionary<string, MatrixLayer> matrices = model.MatrixLayers.ToDictionary(layer => layer.GetName());
        double step = Math.ScaleB(1, -Activation.ImageBits);
        FeatureShape shape = trained.Network.Input;
        TensorSpec input = Tensor(shape, new FixedPointFormat(Signed: false, Activation.ImageBits, Activation.ImageBits));
        IntegerNetwork network = new() { Name = trained.Network.Name, Input = input, Layers = [] };

        FeatureShape unflattened = shape;
        string inputName = IntegerNetwork.InputName;
        foreach (LayerSpec spec in trained.Network.Layers)
        {
            FeatureShape outputShape = spec.OutputOf(shape);
            Layer layer;
            if (matrices.TryGetValue(spec.Name, out MatrixLayer? matrix))
            {
                MatrixConstants constants = matrix.Constants(step);
                layer = LowerMatrix(spec, matrix, constants, new Place(inputName, unflattened, input.Format, outputShape), accelerator.Requantizer);
                step = constants.OutputStep;
            }
            else
            {
                layer = LowerOther(spec, inputName, Tensor(outputShape, input.Format));
            }
            network = network with { Layers = network.Layers.Add(layer) };
            unflattened = spec is FlattenSpec ? unflattened : outputShape;
            (shape, input, inputName) = (outputShape, layer.Output, layer.Name);
        }
        NetworkValidator.ThrowIfInvalid(network);
        return network;
    }

    private static Layer LowerMatrix(LayerSpec spec, MatrixLayer matrix, MatrixConstants constants, Place place, RequantizerSpec hardware)
    {
        TensorSpec tensor = Tensor(place.Output, matrix.OutputQuantizer.Grid.Format(FractionBits(constants.OutputStep)));
        (int[] codes, Requantization requantization) = ConstantChannels.Simplify(
            FlipNegativeGains(matrix.WeightCodes(), constants),
            RequantizationLowering.Lower(spec.Name, constants, matrix.OutputQuantizer.Grid, hardware),
            Math.Max(-place.InputFormat.MinRaw, place.InputFormat.MaxRaw));
        FixedPointFormat weightFormat = matrix.WeightQuantizer.Grid.Format(0);
        return spec switch
        {
            ConvolutionSpec convolution => new Conv2dLayer
            {
                Name = spec.Name,
                Input = place.InputName,
                Output = tensor,
                Weights = WeightLayout.Convolution(codes, convolution.Channels, place.Input.Channels, convolution.Kernel),
                WeightFormat = weightFormat,
                Stride = (convolution.Stride, convolution.Stride),
                Padding = new Padding(convolution.Padding, convolution.Padding, convolution.Padding, convolution.Padding),
                Dilation = (1, 1),
                Groups = 1,
                PaddingCode = 0,
                Requantization = requantization,
            },
            DenseSpec dense => new AccelModel.Networks.DenseLayer
            {
                Name = spec.Name,
                Input = place.InputName,
                Output = tensor,
                Weights = WeightLayout.Dense(codes, dense.Outputs, place.Input),
                WeightFormat = weightFormat,
                Requantization = requantization,
            },
            _ => throw new LoweringException(spec.Name, "it has no weights"),
        };
    }

    private static Layer LowerOther(LayerSpec spec, string inputName, TensorSpec output) => spec switch
    {
        MaxPoolSpec pool => new MaxPoolLayer
        {
            Name = spec.Name,
            Input = inputName,
            Output = output,
            Window = (pool.Window, pool.Window),
            Stride = (pool.Stride, pool.Stride),
        },
        FlattenSpec => new FlattenLayer { Name = spec.Name, Input = inputName, Output = output },
        _ => throw new LoweringException(spec.Name, "the integer network has no such layer"),
    };

    /// <summary>Scales are positive in hardware: a channel with a negative gain has its weights negated.</summary>
    private static int[] FlipNegativeGains(int[] weights, MatrixConstants constants)
    {
        int perChannel = weights.Length / constants.Gains.Length;
        return [.. weights.Select((code, index) => constants.Gains[index / perChannel] < 0 ? -code : code)];
    }

    /// <summary>The binary point of a power-of-two step; 0 where the step is none, and a code's unit has no power of two.</summary>
    private static int FractionBits(double step) => Math.ScaleB(1, Math.ILogB(step)) == step ? -Math.ILogB(step) : 0;

    private static TensorSpec Tensor(FeatureShape shape, FixedPointFormat format) => new(shape.Height, shape.Width, shape.Channels, format);

    /// <summary>What a matrix layer reads and makes.</summary>
    /// <param name="InputName">The tensor it reads.</param>
    /// <param name="Input">Its shape before any flattening, whose order of elements dense weights follow.</param>
    /// <param name="InputFormat">Its codes.</param>
    /// <param name="Output">Shape of what it makes.</param>
    private sealed record Place(string InputName, FeatureShape Input, FixedPointFormat InputFormat, FeatureShape Output);
}
