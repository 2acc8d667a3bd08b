// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using NnTrain.Quantizers;
using NnTrain.Rewriting;
using NnTrain.Specification;

namespace NnTrain.Lowering;

/// <summary>
/// The integer network that a recipe will end in, with zero weights: shapes and formats are known before any training, and so is whether a design can run it.
/// </summary>
public static class NetworkOutline
{
    /// <summary>The outline of a recipe for hardware that rounds with <paramref name="rounding"/>; null for a recipe without quantised phase.</summary>
    public static IntegerNetwork? Of(NetworkSpec network, TrainingSpec recipe, RoundingMode rounding) =>
        recipe.QuantizedPhase is not QuantizedPhaseSpec phase ? null
        : phase.BitAllocation is NoiseAllocationSpec noise ? Of(network, phase with { LayerBits = NoiseAllocation.Of(network, phase, noise) }, rounding)
        : Of(network, phase, rounding);

    /// <summary>The outline of a quantised phase with the bits that its layers were given, or those of its sentences.</summary>
    public static IntegerNetwork Of(NetworkSpec network, QuantizedPhaseSpec phase, RoundingMode rounding)
    {
        FeatureShape shape = network.Input;
        var input = new TensorSpec(shape.Height, shape.Width, shape.Channels, new(false, 8, 0));
        int matrixLayers = network.MatrixLayers.Count();
        int matrixLayer = 0;
        var layers = ImmutableArray.CreateBuilder<Layer>();
        string name = IntegerNetwork.InputName;
        FixedPointFormat format = input.Format;
        QuantizerSpec quantizer = phase.Activations;
        foreach (LayerSpec layer in network.Layers)
        {
            FeatureShape from = shape;
            shape = layer.OutputOf(shape);
            if (layer is ConvolutionSpec or DenseSpec)
            {
                quantizer = phase.OutputOf(layer.Name, matrixLayer, matrixLayers);
                format = Format(quantizer);
            }

            var output = new TensorSpec(shape.Height, shape.Width, shape.Channels, format);
            layers.Add(layer switch
            {
                ConvolutionSpec convolution => new Conv2dLayer
                {
                    Name = layer.Name, Input = name, Output = output,
                    Weights = Extremes(phase.WeightsOf(layer.Name, matrixLayer, matrixLayers), convolution.Channels, convolution.Kernel, convolution.Kernel, from.Channels),
                    WeightFormat = Format(phase.WeightsOf(layer.Name, matrixLayer++, matrixLayers)),
                    Stride = (convolution.Stride, convolution.Stride), Dilation = (1, 1), Groups = 1, PaddingCode = 0,
                    Padding = new(convolution.Padding, convolution.Padding, convolution.Padding, convolution.Padding),
                    Requantization = Requantized(convolution.Channels, quantizer, rounding),
                },
                DenseSpec dense => new DenseLayer
                {
                    Name = layer.Name, Input = name, Output = output, Weights = Extremes(phase.WeightsOf(layer.Name, matrixLayer, matrixLayers), dense.Outputs, from.Elements),
                    WeightFormat = Format(phase.WeightsOf(layer.Name, matrixLayer++, matrixLayers)), Requantization = Requantized(dense.Outputs, quantizer, rounding),
                },
                MaxPoolSpec pool => new MaxPoolLayer
                {
                    Name = layer.Name, Input = name, Output = output, Window = (pool.Window, pool.Window), Stride = (pool.Stride, pool.Stride),
                },
                _ => new FlattenLayer { Name = layer.Name, Input = name, Output = output },
            });
            name = layer.Name;
        }

        return new() { Name = network.Name, Input = input, Layers = layers.ToImmutable() };
    }

    private static FixedPointFormat Format(QuantizerSpec quantizer) => Grids.Of(quantizer).Format(0);

    /// <summary>Weights of the greatest magnitude that training can leave, of both signs: what holds them holds all.</summary>
    private static IntegerTensor Extremes(QuantizerSpec weights, params int[] shape)
    {
        int greatest = Grids.Of(weights).Highest;
        return new([.. shape], [.. Enumerable.Range(0, shape.Aggregate(1, (product, extent) => product * extent)).Select(i => i % 2 == 0 ? greatest : -greatest)]);
    }

    private static Requantization Requantized(int channels, QuantizerSpec output, RoundingMode rounding) =>
        Grids.Of(output) is { Ladder.IsEmpty: false } ladder ? Thresholds(channels, ladder, rounding) : Shift(channels, Format(output), rounding);

    private static Requantization Thresholds(int channels, IGrid grid, RoundingMode rounding) => new()
    {
        Kind = RequantizationKind.Thresholds,
        Bias = [.. new long[channels]],
        Rounding = rounding,
        Minimum = grid.Lowest,
        Maximum = grid.Highest,
        Thresholds = [.. new long[channels * grid.Ladder.Length]],
        ThresholdsPerChannel = grid.Ladder.Length,
        ThresholdStep = grid.CodeStep,
    };

    private static Requantization Shift(int channels, FixedPointFormat format, RoundingMode rounding) => new()
    {
        Kind = RequantizationKind.Shift,
        Bias = [.. new long[channels]],
        Shift = [0],
        Rounding = rounding,
        Minimum = (int)format.MinRaw,
        Maximum = (int)format.MaxRaw,
    };
}
