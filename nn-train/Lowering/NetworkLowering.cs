// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;
using NnTrain.Layers;
using NnTrain.Models;
using NnTrain.Quantizers;
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
        IntegerNetwork network = new Lowered(trained, model, accelerator.Requantizer).Run();
        NetworkValidator.ThrowIfInvalid(network);
        return network;
    }

    /// <summary>A lowering on its way: what is known of the tensors made so far, by name.</summary>
    private sealed class Lowered(TrainedNetwork trained, NetworkModel model, RequantizerSpec hardware)
    {
        private readonly Dictionary<string, MatrixLayer> _matrices = model.MatrixLayers.ToDictionary(layer => layer.GetName());
        private readonly Dictionary<string, JoiningLayer> _joins = model.JoiningLayers.ToDictionary(layer => layer.GetName());
        private readonly Dictionary<string, SignLayer> _signs = model.SignLayers.ToDictionary(layer => layer.GetName());
        private readonly ImmutableArray<Layer>.Builder _layers = ImmutableArray.CreateBuilder<Layer>();
        private readonly Dictionary<string, Made> _tensors = [];

        public IntegerNetwork Run()
        {
            FeatureShape images = trained.Network.Input;
            TensorSpec input = Tensor(images, new FixedPointFormat(Signed: false, Activation.ImageBits, Activation.ImageBits));
            _tensors.Add(NetworkSpec.InputName, new(input, Math.ScaleB(1, -Activation.ImageBits), images));
            for (int i = 0; i < trained.Network.Layers.Length; i++)
            {
                Add(trained.Network.Layers[i], trained.Network.InputsOf(i));
            }

            return new IntegerNetwork { Name = trained.Network.Name, Input = input, Layers = _layers.ToImmutable() };
        }

        private void Add(LayerSpec spec, ImmutableArray<string> inputs)
        {
            FeatureShape shape = spec.OutputOf([.. inputs.Select(name => ShapeOf(_tensors[name].Tensor))]);
            if (_matrices.TryGetValue(spec.Name, out MatrixLayer? matrix))
            {
                AddMatrix(spec, matrix, Signs(spec.Name, inputs[0]), shape);
            }
            else if (_joins.TryGetValue(spec.Name, out JoiningLayer? join))
            {
                Layer layer = JoiningLowering.Lower(spec.Name, join, [.. inputs.Select(name => new JoinedTensor(name, _tensors[name].Tensor, _tensors[name].Step))], shape, hardware, _layers.Add);
                Add(layer, join.OutputStep, shape);
            }
            else
            {
                Made input = _tensors[inputs[0]];
                Add(LowerOther(spec, inputs[0], input.Tensor, Tensor(shape, input.Tensor.Format)), input.Step, spec is FlattenSpec ? input.Unflattened : shape);
            }
        }

        private void AddMatrix(LayerSpec spec, MatrixLayer matrix, string inputName, FeatureShape shape)
        {
            Made input = _tensors[inputName];
            MatrixConstants constants = matrix.Constants(input.Step);
            Layer lowered = LowerMatrix(spec, matrix, constants, new Place(inputName, input.Unflattened, input.Tensor.Format, shape), hardware);
            if (matrix.OutputQuantizer.Table is ImmutableArray<int> table)
            {
                Layer entries = CodeTables.Entries(lowered, matrix.OutputQuantizer.Grid);
                _layers.Add(entries);
                lowered = CodeTables.Codes(lowered, entries, table);
            }

            Add(lowered, constants.OutputStep, shape);
        }

        /// <summary>A threshold layer where a matrix layer reads signs of a tensor; the name of what it reads.</summary>
        private string Signs(string matrix, string inputName)
        {
            if (!_signs.TryGetValue(TrainingSpec.SignsBefore(matrix), out SignLayer? signs))
            {
                return inputName;
            }

            Made input = _tensors[inputName];
            IGrid grid = new SignGrid();
            Add(
                new RequantizeLayer
                {
                    Name = signs.GetName(),
                    Input = inputName,
                    Output = input.Tensor with { Format = grid.Format(FractionBits(signs.OutputStep)) },
                    Requantization = new Requantization
                    {
                        Kind = RequantizationKind.Thresholds,
                        Bias = [0],
                        Rounding = hardware.Rounding,
                        Minimum = grid.Lowest,
                        Maximum = grid.Highest,
                        Thresholds = [signs.Threshold(input.Step)],
                        ThresholdsPerChannel = 1,
                        ThresholdStep = grid.CodeStep,
                    },
                },
                signs.OutputStep,
                input.Unflattened);
            return signs.GetName();
        }

        private void Add(Layer layer, double step, FeatureShape unflattened)
        {
            _layers.Add(layer);
            _tensors.Add(layer.Name, new(layer.Output, step, unflattened));
        }

        private static FeatureShape ShapeOf(TensorSpec tensor) => new(tensor.Height, tensor.Width, tensor.Channels);
    }

    /// <summary>A tensor that was made.</summary>
    /// <param name="Tensor">Shape and format.</param>
    /// <param name="Step">The value of a code.</param>
    /// <param name="Unflattened">Its shape before any flattening.</param>
    private sealed record Made(TensorSpec Tensor, double Step, FeatureShape Unflattened);

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
                Weights = WeightLayout.Convolution(codes, convolution.Channels, convolution.InputsOfOutput(place.Input.Channels), convolution.Kernel),
                WeightFormat = weightFormat,
                Stride = (convolution.Stride, convolution.Stride),
                Padding = new Padding(convolution.Padding, convolution.Padding, convolution.Padding, convolution.Padding),
                Dilation = (1, 1),
                Groups = convolution.Groups ?? 1,
                PaddingCode = matrix.PaddingCode,
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

    private static Layer LowerOther(LayerSpec spec, string inputName, TensorSpec input, TensorSpec output) => spec switch
    {
        MaxPoolSpec pool => new MaxPoolLayer
        {
            Name = spec.Name,
            Input = inputName,
            Output = output,
            Window = (pool.Window, pool.Window),
            Stride = (pool.Stride, pool.Stride),
        },
        GlobalAveragePoolSpec => new AveragePoolLayer
        {
            Name = spec.Name,
            Input = inputName,
            Output = output,
            Window = (input.Height, input.Width),
            Stride = (input.Height, input.Width),
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
    internal static int FractionBits(double step) => Math.ScaleB(1, Math.ILogB(step)) == step ? -Math.ILogB(step) : 0;

    internal static TensorSpec Tensor(FeatureShape shape, FixedPointFormat format) => new(shape.Height, shape.Width, shape.Channels, format);

    /// <summary>What a matrix layer reads and makes.</summary>
    /// <param name="InputName">The tensor it reads.</param>
    /// <param name="Input">Its shape before any flattening, whose order of elements dense weights follow.</param>
    /// <param name="InputFormat">Its codes.</param>
    /// <param name="Output">Shape of what it makes.</param>
    private sealed record Place(string InputName, FeatureShape Input, FixedPointFormat InputFormat, FeatureShape Output);
}
