// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;

namespace AccelModel.Scheduling.Steps;

/// <summary>
/// Turns the layers of a network into steps. A max pool or lookup that alone reads a step's output is fused into it; flatten is another view of the same elements; the parts
/// of a concat are written where they belong, and a tensor that only a shuffle reads is written shuffled. What cannot be written in place is copied.
/// </summary>
internal sealed class StepPlanner
{
    private readonly IntegerNetwork _network;
    private readonly AcceleratorSpec _accelerator;
    private readonly Dictionary<string, List<int>> _readers = [];
    private readonly Dictionary<string, TensorSpec> _tensors = [];
    private readonly Dictionary<string, TensorPlacement> _placements = [];
    private readonly HashSet<string> _views = [];
    private readonly List<Step> _steps = [];
    private readonly List<ScheduleFinding> _findings = [];

    private StepPlanner(IntegerNetwork network, AcceleratorSpec accelerator)
    {
        _network = network;
        _accelerator = accelerator;
        _tensors[IntegerNetwork.InputName] = network.Input;
        for (int i = 0; i < network.Layers.Length; i++)
        {
            _tensors[network.Layers[i].Name] = network.Layers[i].Output;
            foreach (string input in network.Layers[i].Inputs)
            {
                (_readers.TryGetValue(input, out List<int>? readers) ? readers : _readers[input] = []).Add(i);
            }
        }
    }

    /// <summary>The steps, and where every tensor of the network lies that a step reads or makes.</summary>
    /// <exception cref="ScheduleException">A layer that the accelerator has no step for.</exception>
    public static (ImmutableArray<Step> Steps, IReadOnlyDictionary<string, TensorPlacement> Placements) Plan(IntegerNetwork network, AcceleratorSpec accelerator)
    {
        var planner = new StepPlanner(network, accelerator);
        for (int i = 0; i < network.Layers.Length; i++)
        {
            planner.Add(i);
        }

        foreach (Step step in planner._steps)
        {
            planner.Place(step.OutputName);
            planner.Place(network.Layers[step.NetworkLayer] is ConcatLayer or ChannelShuffleLayer ? network.Layers[step.NetworkLayer].Name : step.OutputName);
        }

        planner.Place(IntegerNetwork.InputName);
        return planner._findings.Count == 0 ? ([.. planner._steps], planner._placements) : throw new ScheduleException(planner._findings);
    }

    private IReadOnlyList<int> Readers(string tensor) => _readers.TryGetValue(tensor, out List<int>? readers) ? readers : [];

    private bool IsOutput(string tensor) => tensor == _network.Layers[^1].Name;

    /// <summary>The one layer that reads a tensor, or null where there are more or it is the network's output.</summary>
    private Layer? OnlyReader(string tensor) => !IsOutput(tensor) && Readers(tensor) is [int reader] ? _network.Layers[reader] : null;

    private void Add(int index)
    {
        Layer layer = _network.Layers[index];
        TensorSpec input = _tensors[layer.Input];
        switch (layer)
        {
            case Conv2dLayer conv:
                _steps.Add(Convolution(conv, index, input));
                break;
            case DenseLayer dense:
                _steps.Add(Dense(dense, index, input));
                break;
            case MatmulLayer matmul when _accelerator.Array.ActivationWeights:
                _steps.Add(Matmul(matmul, index, input));
                break;
            case MaxPoolLayer pool:
                if (!TryFusePool(pool, index))
                {
                    _steps.Add(new PoolStep
                    {
                        NetworkLayer = index, Name = pool.Name, Inputs = [Source(pool.Input)], OutputName = pool.Name, Output = pool.Output, Input = input, IsAverage = false,
                        Window = pool.Window, Stride = pool.Stride, Padding = pool.Padding, CountIncludePad = false, PaddingCode = 0,
                    });
                }

                break;
            case AveragePoolLayer pool:
                _steps.Add(new PoolStep
                {
                    NetworkLayer = index, Name = pool.Name, Inputs = [Source(pool.Input)], OutputName = pool.Name, Output = pool.Output, Input = input, IsAverage = true,
                    Window = pool.Window, Stride = pool.Stride, Padding = pool.Padding, CountIncludePad = pool.CountIncludePad, PaddingCode = pool.PaddingCode,
                });
                break;
            case AddLayer add:
                AddPair(add, index, add.SecondInput, isProduct: false);
                break;
            case MultiplyLayer multiply:
                AddPair(multiply, index, multiply.SecondInput, isProduct: true);
                break;
            case RequantizeLayer map:
                _steps.Add(Map(index, map.Name, map.Input, map.Output) with { Requantization = map.Requantization });
                break;
            case LookupLayer lookup:
                if (!TryFuseLookup(lookup, index))
                {
                    _steps.Add(Map(index, lookup.Name, lookup.Input, lookup.Output) with { Table = lookup.Table, TableMinimum = (int)input.Format.MinRaw });
                }

                break;
            case FlattenLayer:
                _views.Add(layer.Name);
                break;
            case ConcatLayer concat:
                AddConcat(concat, index);
                break;
            case ChannelShuffleLayer shuffle:
                AddShuffle(shuffle, index);
                break;
            default:
                _findings.Add(new("array", layer.Name, $"the accelerator has no '{layer.Kind}'"));
                break;
        }
    }

    /// <summary>The tensor that has the elements of a view: a flatten's input.</summary>
    private string Source(string tensor)
    {
        while (_views.Contains(tensor))
        {
            string name = tensor;
            tensor = _network.Layers.Single(layer => layer.Name == name).Input;
        }

        return tensor;
    }

    private bool IsReadFlat(string tensor) => Readers(tensor).Any(reader => _network.Layers[reader] switch
    {
        FlattenLayer => true,
        DenseLayer => _tensors[tensor].Pixels > 1,
        _ => false,
    });

    private MapStep Map(int index, string name, string input, TensorSpec output) => new()
    {
        NetworkLayer = index, Name = name, Inputs = [Source(input)], OutputName = name, Output = output, Input = _tensors[input], Requantization = null,
    };

    private void AddPair(Layer layer, int index, string second, bool isProduct)
    {
        (FixedPointFormat a, FixedPointFormat b) = (_tensors[layer.Input].Format, _tensors[second].Format);
        int element = _accelerator.Requantizer.ElementWidth;
        if (a.Signed != b.Signed && (a.Signed ? b : a).Width >= element)
        {
            _findings.Add(new(
                "requantizer.element_width", layer.Name,
                $"reads a signed and an unsigned tensor, whose codes must be less than {element} bits to be read as signed elements, found {(a.Signed ? b : a)}"));
        }

        _steps.Add(Pair(layer, index, second, isProduct));
    }

    private PairStep Pair(Layer layer, int index, string second, bool isProduct) => new()
    {
        NetworkLayer = index, Name = layer.Name, Inputs = [Source(layer.Input), Source(second)], OutputName = layer.Name, Output = layer.Output, Layer = layer, IsProduct = isProduct,
        Formats = new(_tensors[layer.Input].Format, _tensors[second].Format), BroadcastSecond = _tensors[second].Pixels == 1 && layer.Output.Pixels > 1,
    };

    private bool TryFusePool(MaxPoolLayer pool, int index)
    {
        // Windows in the accumulators have no padding. Overlapping ones need the whole layer there, so a vector unit that can pool by itself does.
        bool plain = pool.Padding == Padding.None && !pool.CeilMode;
        bool overlapping = MatrixStep.Overlaps(pool.Window, pool.Stride) && _accelerator.Vector.Elementwise;
        int at = _steps.FindIndex(step => step.OutputName == pool.Input);
        if (!plain || overlapping || at < 0 || _steps[at] is not MatrixStep { PoolLayer: null, LookupLayer: null, Second: null } matrix || OnlyReader(pool.Input) != pool)
        {
            return false;
        }

        _steps[at] = matrix with { PoolLayer = index, PoolWindow = pool.Window, PoolStride = pool.Stride, Output = pool.Output, OutputName = pool.Name };
        return true;
    }

    private bool TryFuseLookup(LookupLayer lookup, int index)
    {
        int at = _steps.FindIndex(step => step.OutputName == lookup.Input);
        if (at < 0 || _steps[at].Table.Length > 0 || OnlyReader(lookup.Input) != lookup)
        {
            return false;
        }

        _steps[at] = _steps[at] with
        {
            LookupLayer = index, Table = lookup.Table, TableMinimum = (int)_tensors[lookup.Input].Format.MinRaw, Output = lookup.Output, OutputName = lookup.Name,
        };
        return true;
    }

    /// <summary>Whether a step's output can be written as a part of another tensor: it is nobody's part yet, and no reader needs its pixels to be consecutive.</summary>
    private bool CanBePart(string tensor) =>
        _steps.Any(step => step.OutputName == tensor) && !_placements.ContainsKey(tensor) && !IsReadFlat(tensor) && !IsOutput(tensor);

    private void AddConcat(ConcatLayer concat, int index)
    {
        int channel = 0;
        var seen = new HashSet<string>();
        foreach (string input in concat.Inputs)
        {
            TensorSpec tensor = _tensors[input];
            if (seen.Add(input) && (CanBePart(input) || IsOwnRoot(input)))
            {
                _placements[input] = new(concat.Name, channel, 1);
            }
            else
            {
                string copy = $"{concat.Name}:{channel}";
                _tensors[copy] = tensor;
                _placements[copy] = new(concat.Name, channel, 1);
                _steps.Add(Map(index, concat.Name, input, tensor) with { OutputName = copy });
            }

            channel += tensor.Channels;
        }
    }

    /// <summary>A concat or shuffle, which is a root without a step of its own, can be a part of another.</summary>
    private bool IsOwnRoot(string tensor) =>
        _network.Layers.Any(layer => layer.Name == tensor && layer is ConcatLayer) && !_placements.ContainsKey(tensor) && !IsReadFlat(tensor) && !IsOutput(tensor);

    private void AddShuffle(ChannelShuffleLayer shuffle, int index)
    {
        if ((CanBePart(shuffle.Input) || IsOwnRoot(shuffle.Input)) && OnlyReader(shuffle.Input) == shuffle && PartsAreUnread(shuffle.Input))
        {
            _placements[shuffle.Input] = new(shuffle.Name, 0, shuffle.Groups);
            return;
        }

        string copy = $"{shuffle.Name}:0";
        _tensors[copy] = shuffle.Output;
        _placements[copy] = new(shuffle.Name, 0, shuffle.Groups);
        _steps.Add(Map(index, shuffle.Name, shuffle.Input, shuffle.Output) with { OutputName = copy });
    }

    /// <summary>Whether only the concat reads each part of it: a shuffled tensor cannot be read part by part.</summary>
    private bool PartsAreUnread(string tensor) => _placements.Where(placement => placement.Value.Root == tensor)
        .All(part => (part.Key.Contains(':') || Readers(part.Key).Count == 1) && PartsAreUnread(part.Key));

    /// <summary>Resolves a tensor's place through the tensors that it is a part of.</summary>
    private TensorPlacement Place(string tensor)
    {
        if (!_placements.TryGetValue(tensor, out TensorPlacement place))
        {
            return _placements[tensor] = new(tensor, 0, 1);
        }

        if (place.Root == tensor)
        {
            return place;
        }

        TensorPlacement root = Place(place.Root);
        return root.Root == place.Root
            ? place
            : _placements[tensor] = new(root.Root, root.Channel + place.Channel, Math.Max(root.ShuffleGroups, place.ShuffleGroups));
    }

    private MatrixStep Convolution(Conv2dLayer conv, int index, TensorSpec input) => new()
    {
        NetworkLayer = index,
        Name = conv.Name,
        Inputs = [Source(conv.Input)],
        OutputName = conv.Name,
        Output = conv.Output,
        Input = input,
        ConvRows = conv.Output.Height,
        ConvColumns = conv.Output.Width,
        OutputChannels = conv.Output.Channels,
        KernelRows = conv.Weights.Shape[1],
        KernelColumns = conv.Weights.Shape[2],
        Stride = conv.Stride,
        Dilation = conv.Dilation,
        Padding = conv.Padding,
        PaddingCode = conv.PaddingCode,
        Groups = conv.Groups,
        Weights = conv.Weights.Values,
        Requantization = conv.Requantization,
    };

    private MatrixStep Matmul(MatmulLayer matmul, int index, TensorSpec input) =>
        OneByOne(matmul, index, [Source(matmul.Input), Source(matmul.SecondInput)], input, [], matmul.Requantization) with
        {
            Second = _tensors[matmul.SecondInput],
            TransposeSecond = matmul.TransposeSecond,
            InputOffset = matmul.FirstOffset,
            SecondOffset = matmul.SecondOffset,
        };

    private MatrixStep Dense(DenseLayer dense, int index, TensorSpec input) =>
        OneByOne(dense, index, [Source(dense.Input)], new TensorSpec(1, 1, input.Elements, input.Format), dense.Weights.Values, dense.Requantization);

    /// <summary>What multiplies each pixel by itself: a convolution with a kernel of one pixel.</summary>
    private static MatrixStep OneByOne(
        Layer layer, int index, ImmutableArray<string> inputs, TensorSpec input, ImmutableArray<int> weights, Requantization requantization) => new()
    {
        NetworkLayer = index,
        Name = layer.Name,
        Inputs = inputs,
        OutputName = layer.Name,
        Output = layer.Output,
        Input = input,
        ConvRows = layer.Output.Height,
        ConvColumns = layer.Output.Width,
        OutputChannels = layer.Output.Channels,
        KernelRows = 1,
        KernelColumns = 1,
        Stride = (1, 1),
        Dilation = (1, 1),
        Padding = Padding.None,
        PaddingCode = 0,
        Groups = 1,
        Weights = weights,
        Requantization = requantization,
    };
}
