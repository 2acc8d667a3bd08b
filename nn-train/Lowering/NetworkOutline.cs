// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using NnTrain.Quantizers;
using NnTrain.Rewriting;
using NnTrain.Specification;

namespace NnTrain.Lowering;

/// <summary>
/// The integer network that a recipe will end in, with any weights that there can be: shapes and formats are known before any training, and so is whether a design can run it.
/// </summary>
public static class NetworkOutline
{
    /// <summary>The outline of a recipe for hardware that rounds with <paramref name="rounding"/>; null for a recipe without quantised phase.</summary>
    public static IntegerNetwork? Of(NetworkSpec network, TrainingSpec recipe, RoundingMode rounding) =>
        recipe.QuantizedPhase is not QuantizedPhaseSpec phase ? null
        : phase.BitAllocation is NoiseAllocationSpec noise ? Of(network, phase with { LayerBits = NoiseAllocation.Of(network, phase, noise) }, rounding, recipe.InputThreshold is not null)
        : Of(network, phase, rounding, recipe.InputThreshold is not null);

    /// <summary>The outline of a quantised phase with the bits that its layers were given, or those of its sentences.</summary>
    /// <param name="network">The topology.</param>
    /// <param name="phase">The phase.</param>
    /// <param name="rounding">How hardware rounds.</param>
    /// <param name="imagesAreSigns">Whether the images become signs.</param>
    public static IntegerNetwork Of(NetworkSpec network, QuantizedPhaseSpec phase, RoundingMode rounding, bool imagesAreSigns = false)
    {
        int matrixLayers = network.MatrixLayers.Count();
        int matrixLayer = 0;
        var layers = ImmutableArray.CreateBuilder<Layer>();
        TensorSpec images = Tensor(network.Input, new(false, 8, 0));
        Dictionary<string, Planned> tensors = new() { [NetworkSpec.InputName] = new(images, false) };
        for (int i = 0; i < network.Layers.Length; i++)
        {
            LayerSpec layer = network.Layers[i];
            ImmutableArray<string> inputs = network.InputsOf(i);
            Planned first = tensors[inputs[0]];
            FeatureShape shape = layer.OutputOf([.. inputs.Select(name => ShapeOf(tensors[name].Tensor))]);
            string name = inputs[0];
            QuantizerSpec quantizer = phase.OutputOf(layer, matrixLayer, matrixLayers);
            if (layer is ConvolutionSpec or DenseSpec && (name == NetworkSpec.InputName ? imagesAreSigns : first.IsSigned && phase.Activations.Grid == GridKind.Bipolar))
            {
                name = TrainingSpec.SignsBefore(layer.Name);
                layers.Add(new RequantizeLayer
                {
                    Name = name, Input = inputs[0], Output = first.Tensor with { Format = Format(phase.Activations) }, Requantization = Thresholds(1, Grids.Of(phase.Activations), rounding),
                });
                first = first with { Tensor = layers[^1].Output };
            }

            TensorSpec output = Tensor(shape, layer is ConvolutionSpec or DenseSpec or IJoiningSpec ? Format(quantizer) : first.Tensor.Format);
            switch (layer)
            {
                case ConvolutionSpec convolution:
                    QuantizerSpec weights = phase.WeightsOf(layer.Name, matrixLayer++, matrixLayers);
                    layers.Add(new Conv2dLayer
                    {
                        Name = layer.Name, Input = name, Output = output,
                        Weights = Extremes(weights, convolution.Channels, convolution.Kernel, convolution.Kernel, convolution.InputsOfOutput(first.Tensor.Channels)), WeightFormat = Format(weights),
                        Stride = (convolution.Stride, convolution.Stride), Dilation = (1, 1), Groups = convolution.Groups ?? 1,
                        PaddingCode = phase.SignPadding == SignPadding.MinusOne && first.Tensor.Format == Format(phase.Activations) ? -1 : 0,
                        Padding = new(convolution.Padding, convolution.Padding, convolution.Padding, convolution.Padding),
                        Requantization = Requantized(convolution.Channels, quantizer, rounding),
                    });
                    break;
                case DenseSpec dense:
                    QuantizerSpec denseWeights = phase.WeightsOf(layer.Name, matrixLayer++, matrixLayers);
                    layers.Add(new DenseLayer
                    {
                        Name = layer.Name, Input = name, Output = output, Weights = Extremes(denseWeights, dense.Outputs, first.Tensor.Elements),
                        WeightFormat = Format(denseWeights), Requantization = Requantized(dense.Outputs, quantizer, rounding),
                    });
                    break;
                case MaxPoolSpec pool:
                    layers.Add(new MaxPoolLayer
                    {
                        Name = layer.Name, Input = name, Output = output, Window = (pool.Window, pool.Window), Stride = (pool.Stride, pool.Stride),
                    });
                    break;
                case GlobalAveragePoolSpec:
                    layers.Add(new AveragePoolLayer
                    {
                        Name = layer.Name, Input = name, Output = output, Window = (first.Tensor.Height, first.Tensor.Width), Stride = (first.Tensor.Height, first.Tensor.Width),
                    });
                    break;
                case AddSpec:
                    Requantization term = Term(rounding);
                    layers.Add(new AddLayer
                    {
                        Name = layer.Name, Input = name, SecondInput = inputs[1], Output = output, LeftShift = 0, First = term, Second = term, Requantization = Shift(1, output.Format, rounding),
                    });
                    break;
                case ConcatSpec:
                    string[] parts = [.. inputs.Select((_, part) => FormattableString.Invariant($"{layer.Name}_part{part + 1}"))];
                    layers.AddRange(parts.Select((part, p) => new RequantizeLayer
                    {
                        Name = part, Input = inputs[p], Output = tensors[inputs[p]].Tensor with { Format = output.Format }, Requantization = Shift(1, output.Format, rounding),
                    }));
                    layers.Add(new ConcatLayer { Name = layer.Name, Input = parts[0], OtherInputs = [.. parts[1..]], Output = output });
                    break;
                default:
                    layers.Add(new FlattenLayer { Name = layer.Name, Input = name, Output = output });
                    break;
            }

            if (layer is ConvolutionSpec or DenseSpec && Grids.Of(quantizer) is { HasTable: true } grid)
            {
                Layer entries = CodeTables.Entries(layers[^1], grid);
                layers[^1] = entries;
                layers.Add(CodeTables.Codes(entries with { Name = layer.Name, Output = output }, entries, [.. Enumerable.Repeat(0, grid.Ladder.Length), grid.Highest]));
            }

            tensors.Add(layer.Name, new(output, layer.HasSigns || (layer is MaxPoolSpec or GlobalAveragePoolSpec or FlattenSpec && first.IsSigned)));
        }

        return new() { Name = network.Name, Input = images, Layers = layers.ToImmutable() };
    }

    /// <summary>A tensor, and whether it has sums of either sign.</summary>
    private sealed record Planned(TensorSpec Tensor, bool IsSigned);

    private static TensorSpec Tensor(FeatureShape shape, FixedPointFormat format) => new(shape.Height, shape.Width, shape.Channels, format);

    private static FeatureShape ShapeOf(TensorSpec tensor) => new(tensor.Height, tensor.Width, tensor.Channels);

    private static Requantization Term(RoundingMode rounding)
    {
        const int Most = (1 << 23) - 1;
        return new() { Kind = RequantizationKind.Shift, Bias = [0], Shift = [0], Rounding = rounding, Minimum = -Most, Maximum = Most };
    }

    private static FixedPointFormat Format(QuantizerSpec quantizer) => Grids.Of(quantizer).Format(0);

    /// <summary>Weights of all values that training can leave, the greatest first: what holds them holds all.</summary>
    private static IntegerTensor Extremes(QuantizerSpec weights, params int[] shape)
    {
        int[] values = [.. ValuesOf(weights, Grids.Of(weights)).OrderByDescending(Math.Abs)];
        return new([.. shape], [.. Enumerable.Range(0, shape.Aggregate(1, (product, extent) => product * extent)).Select(i => values[i % values.Length])]);
    }

    /// <summary>Codes that weights can have; of a table any, but no more of them than it has entries.</summary>
    private static IEnumerable<int> ValuesOf(QuantizerSpec weights, IGrid grid)
    {
        if (weights is not { HasCodebook: true, CodebookBits: int bits } || 1 << bits > grid.Highest - grid.Lowest)
        {
            return grid.Codes;
        }

        int steps = (1 << bits) - 1;
        return Enumerable.Range(0, steps + 1).Select(entry => grid.Lowest + ((grid.Highest - grid.Lowest) * entry / steps));
    }

    private static Requantization Requantized(int channels, QuantizerSpec output, RoundingMode rounding) =>
        Grids.Of(output) is { Ladder.IsEmpty: false } ladder ? Thresholds(channels, ladder, rounding) : Shift(channels, Format(output), rounding);

    private static Requantization Thresholds(int channels, IGrid grid, RoundingMode rounding) => new()
    {
        Kind = RequantizationKind.Thresholds,
        Bias = [.. new long[channels]],
        Rounding = rounding,
        Minimum = grid.HasTable ? 0 : grid.Lowest,
        Maximum = grid.HasTable ? grid.Ladder.Length : grid.Highest,
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
