// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks.Description;
using NnTrain.Layers;
using NnTrain.Quantizers;
using NnTrain.Specification;

namespace NnTrain.Models;

/// <summary>From a topology and a recipe to the stages of a model, in the order of computation.</summary>
internal sealed class StageBuilder
{
    private readonly NetworkSpec _network;
    private readonly TrainingSpec _recipe;
    private readonly IReadOnlyDictionary<string, FeatureShape> _shapes;
    private readonly IReadOnlyDictionary<string, int> _readers;
    private readonly Dictionary<string, Traits> _traits = new() { [NetworkSpec.InputName] = Traits.None };
    private readonly Dictionary<string, FeatureShape> _unflattened = [];
    private readonly Dictionary<string, (int Lowest, int Highest)> _codes = new() { [NetworkSpec.InputName] = (0, (1 << Activation.ImageBits) - 1) };
    private readonly List<Stage> _stages = [];
    private readonly int _matrixLayers;
    private int _matrixLayer;

    private StageBuilder(NetworkSpec network, TrainingSpec recipe)
    {
        (_network, _recipe, _shapes, _readers) = (network, recipe, network.Shapes(), network.Readers());
        _matrixLayers = network.MatrixLayers.Count();
        _unflattened.Add(NetworkSpec.InputName, network.Input);
        for (int i = 0; i < network.Layers.Length; i++)
        {
            LayerSpec layer = network.Layers[i];
            _unflattened.Add(layer.Name, layer is FlattenSpec ? _unflattened[network.InputsOf(i)[0]] : _shapes[layer.Name]);
        }
    }

    /// <summary>The stages of a network.</summary>
    public static ImmutableArray<Stage> Build(NetworkSpec network, TrainingSpec recipe)
    {
        StageBuilder builder = new(network, recipe);
        for (int i = 0; i < network.Layers.Length;)
        {
            i += builder.Add(i);
        }

        return [.. builder._stages];
    }

    /// <summary>Adds the stage of a layer; how many layers are in it.</summary>
    private int Add(int i)
    {
        LayerSpec layer = _network.Layers[i];
        ImmutableArray<string> inputs = _network.InputsOf(i);
        switch (layer)
        {
            case MaxPoolSpec pool:
                _stages.Add(new PoolStage(pool) { Inputs = inputs, Output = layer.Name });
                _traits[layer.Name] = _traits[inputs[0]];
                _codes[layer.Name] = _codes[inputs[0]];
                return 1;
            case GlobalAveragePoolSpec mean:
                _stages.Add(new MeanStage(mean) { Inputs = inputs, Output = layer.Name });
                _traits[layer.Name] = _traits[inputs[0]];
                _codes[layer.Name] = _codes[inputs[0]];
                return 1;
            case FlattenSpec:
                _stages.Add(new FlattenStage { Inputs = inputs, Output = layer.Name });
                _traits[layer.Name] = _traits[inputs[0]] | Traits.Vector;
                _codes[layer.Name] = _codes[inputs[0]];
                return 1;
            case AddSpec or ConcatSpec:
                _stages.Add(new JoiningStage(Joining(layer)) { Inputs = inputs, Output = layer.Name });
                _traits[layer.Name] = layer.HasSigns ? Traits.Sums : Traits.None;
                _codes[layer.Name] = CodesOf(_recipe.QuantizedPhase?.OutputOf(layer, _matrixLayer, _matrixLayers));
                return 1;
            default:
                return AddMatrix(i, layer, inputs[0]);
        }
    }

    private int AddMatrix(int i, LayerSpec layer, string input)
    {
        FeatureShape shape = _shapes[input];
        string read = Signs(layer, input);
        if (layer is DenseSpec && !_traits[input].HasFlag(Traits.Vector))
        {
            // One pixel of many channels is a vector to hardware, and still a feature map here.
            string vector = $"{layer.Name} input";
            _stages.Add(new FlattenStage { Inputs = [read], Output = vector });
            _traits[vector] = _traits[read] | Traits.Vector;
            read = vector;
        }

        bool readsSigns = _traits[read].HasFlag(Traits.Signs);
        FeatureShape unflattened = _unflattened[input];
        FeatureShape window = layer is ConvolutionSpec kernel ? new(kernel.Kernel, kernel.Kernel, kernel.InputsOfOutput(shape.Channels)) : unflattened;
        (int lowest, int highest) = readsSigns ? (-1, 1) : _codes[input];
        MatrixLayerOptions options = Options(layer) with
        {
            PadsWithMinusOne = readsSigns && _recipe.QuantizedPhase?.SignPadding == SignPadding.MinusOne,
            Input = new(window, layer is ConvolutionSpec ? window.Width * window.Channels : window.Elements, lowest, highest),
        };
        MatrixLayer matrix = layer switch
        {
            ConvolutionSpec convolution => new ConvolutionLayer(convolution, shape.Channels, options),
            DenseSpec dense => new DenseLayer(dense, shape.Elements, options),
            _ => throw new ArgumentException($"layer '{layer.Name}' has no weights", nameof(layer)),
        };
        ImmutableArray<MaxPoolSpec> pools = PoolsBehind(i);
        _stages.Add(new MatrixStage(matrix, pools) { Inputs = [read], Output = pools.IsEmpty ? layer.Name : pools[^1].Name });
        _matrixLayer++;
        Traits traits = layer.HasSigns ? Traits.Sums
            : layer.Activation is null && _recipe.QuantizedPhase?.Activations.Grid == GridKind.Bipolar ? Traits.Signs
            : Traits.None;
        foreach (string name in pools.Select(pool => pool.Name).Prepend(layer.Name))
        {
            _traits[name] = traits | (layer is DenseSpec ? Traits.Vector : Traits.None);
            _codes[name] = CodesOf(options.Output);
        }

        return 1 + pools.Length;
    }

    /// <summary>The tensor that a matrix layer multiplies: signs of its input where the recipe has signs and the input has other values with signs, or is an image that is to be signs.</summary>
    private string Signs(LayerSpec layer, string input)
    {
        if (!_recipe.ReadsSigns(isImage: input == NetworkSpec.InputName, isSigned: _traits[input].HasFlag(Traits.Sums)))
        {
            return input;
        }

        bool ofImages = input == NetworkSpec.InputName;
        string name = TrainingSpec.SignsBefore(layer.Name);
        SignLayer signs = new(name, _recipe.QuantizedPhase?.Activations, ofImages ? _recipe.InputThreshold!.Value : 0, ofImages);
        _stages.Add(new SignStage(signs) { Inputs = [input], Output = name });
        _traits[name] = (_traits[input] & Traits.Vector) | Traits.Signs;
        return name;
    }

    /// <summary>Pooling that alone reads a layer, or the pooling before it.</summary>
    private ImmutableArray<MaxPoolSpec> PoolsBehind(int i)
    {
        var pools = ImmutableArray.CreateBuilder<MaxPoolSpec>();
        for (int next = i + 1; next < _network.Layers.Length && _network.Layers[next] is MaxPoolSpec pool; next++)
        {
            string source = _network.Layers[next - 1].Name;
            if (_network.InputsOf(next)[0] != source || _readers[source] != 1)
            {
                break;
            }

            pools.Add(pool);
        }

        return pools.ToImmutable();
    }

    private JoiningLayer Joining(LayerSpec layer)
    {
        QuantizedPhaseSpec? phase = _recipe.QuantizedPhase;
        JoiningOptions options = new(
            phase?.OutputOf(layer, _matrixLayer, _matrixLayers),
            layer.Activation == ActivationKind.Relu,
            phase?.MultiplierWidth ?? 32,
            phase?.ActivationStart?.Of(Math.Min(_matrixLayer, _matrixLayers - 1), _matrixLayers) ?? 0);
        return layer is AddSpec sum ? new SumLayer(sum, options) : new ConcatenationLayer((ConcatSpec)layer, options);
    }

    private MatrixLayerOptions Options(LayerSpec layer)
    {
        QuantizedPhaseSpec? quantized = _recipe.QuantizedPhase;
        return new MatrixLayerOptions
        {
            Weights = quantized?.WeightsOf(layer.Name, _matrixLayer, _matrixLayers),
            Output = quantized?.OutputOf(layer, _matrixLayer, _matrixLayers),
            Transition = quantized?.WeightTransition,
            KeepsZeros = quantized?.PostTraining?.Prune is not null,
            WeightStart = quantized?.WeightStart?.Of(_matrixLayer, _matrixLayers) ?? 0,
            OutputStart = quantized?.ActivationStart?.Of(_matrixLayer, _matrixLayers) ?? 0,
            Freezes = quantized?.ActivationStart?.Freezes ?? false,
            HardTanh = layer.Activation is null && (_recipe.HardTanh || quantized?.Activations.Grid == GridKind.Bipolar),
            MultiplierWidth = quantized?.MultiplierWidth ?? 32,
            BatchNorm = _recipe.BatchNorm,
            Norm = _recipe.Norm,
            NormFreeze = quantized?.NormFreezeEpoch ?? double.PositiveInfinity,
            Accumulator = quantized?.Accumulator,
            Input = new(new(1, 1, 1), 1, 0, 0),
            IsLinear = _matrixLayer == _matrixLayers - 1 || layer.Activation == ActivationKind.None,
        };
    }

    /// <summary>The least and the greatest code; nothing in floating point only.</summary>
    private static (int Lowest, int Highest) CodesOf(QuantizerSpec? sentence) => sentence is null ? (0, 0) : (Grids.Of(sentence).Lowest, Grids.Of(sentence).Highest);

    /// <summary>What is known of a tensor.</summary>
    [Flags]
    private enum Traits
    {
        /// <summary>Nothing.</summary>
        None = 0,

        /// <summary>Sums of either sign, of several bits.</summary>
        Sums = 1,

        /// <summary>-1 and +1 where it is quantised.</summary>
        Signs = 2,

        /// <summary>No feature map.</summary>
        Vector = 4,
    }
}
