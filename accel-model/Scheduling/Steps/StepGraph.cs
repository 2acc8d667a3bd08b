// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Scheduling.Emission;
using AccelModel.Scheduling.Search;
using AccelModel.Scheduling.Tiles;
using AccelModel.Specification;

namespace AccelModel.Scheduling.Steps;

/// <summary>Who reads what among the steps, and what may be forwarded on chip.</summary>
internal sealed class StepGraph
{
    private readonly IntegerNetwork _network;
    private readonly ImmutableArray<Step> _steps;
    private readonly IReadOnlyDictionary<string, TensorPlacement> _placements;
    private readonly Dictionary<string, TensorSpec> _tensors;

    public StepGraph(IntegerNetwork network, ImmutableArray<Step> steps, IReadOnlyDictionary<string, TensorPlacement> placements)
    {
        _network = network;
        _steps = steps;
        _placements = placements;
        _tensors = network.Layers.ToDictionary(layer => layer.Name, layer => layer.Output);
        _tensors[IntegerNetwork.InputName] = network.Input;
        string last = network.Layers[^1].Name;
        while (!placements.ContainsKey(last))
        {
            // A flatten at the end is another view of what it reads.
            last = network.Layers.Single(layer => layer.Name == last).Input;
        }

        OutputTensor = last;
    }

    /// <summary>The tensor that holds the network's output.</summary>
    public string OutputTensor { get; }

    /// <summary>A tensor of the network.</summary>
    public TensorSpec TensorOf(string name) => _tensors[name];

    /// <summary>An input of a step of the vector unit with the extents in which the step reads it.</summary>
    public TensorSpec InputAs(Step step, int input) => step switch
    {
        PoolStep pool => pool.Input,
        MapStep map => map.Input,
        PairStep { BroadcastSecond: true } when input == 1 => _tensors[step.Inputs[1]] is var tensor ? new(1, 1, tensor.Elements, tensor.Format) : throw new InvalidOperationException(),
        PairStep pair => step.Output with { Format = input == 0 ? pair.Formats.First : pair.Formats.Second },
        _ => throw new InvalidOperationException(),
    };

    /// <summary>Whether the next step is the only one that reads a step's output, so that it needs no place in memory.</summary>
    public bool IsOnlyReadByNext(int index) =>
        _steps.Sum(step => step.Inputs.Count(input => input == _steps[index].OutputName)) == 1 && OutputTensor != _steps[index].OutputName;

    /// <summary>Whether there is any choice with which a step may forward its output.</summary>
    public bool MayForward(int index, AcceleratorSpec accelerator)
    {
        if (!IsForwardable(index, accelerator))
        {
            return false;
        }

        return Fits((MatrixStep)_steps[index + 1]) && (_steps[index] is not MatrixStep step || Fits(step));

        bool Fits(MatrixStep step) => Enum.GetValues<SegmentMapping>()
            .Where(mapping => mapping != SegmentMapping.ColumnFilter || StepCandidates.CanFilter(step, accelerator))
            .Select(mapping => new MatrixTiling(step, LeastWork.Whole(step, mapping), accelerator))
            .Any(tiling => tiling.Bands.Count == 1 && !tiling.Misfits().Any());
    }

    /// <summary>
    /// Whether step <paramref name="index"/> may forward its output: the next step is a matrix step that reads it whole, in one band and chunk; the tensor is not a part of another;
    /// and the step itself has at most one use of the activation buffer, so that the forwarded tensor is the next.
    /// </summary>
    public bool CanForward(int index, IReadOnlyList<StepChoice> choices, AcceleratorSpec accelerator)
    {
        if (!IsForwardable(index, accelerator))
        {
            return false;
        }

        var next = (MatrixStep)_steps[index + 1];
        if (_steps[index] is MatrixStep step)
        {
            var own = new MatrixTiling(step, choices[index], accelerator);
            if (own.Bands.Count > 1 || own.Chunks.Count > 1)
            {
                return false;
            }
        }

        var tiling = new MatrixTiling(next, choices[index + 1], accelerator);
        InputWindow window = tiling.Window(tiling.Bands[0], tiling.Chunks[0]);
        return tiling.Bands.Count == 1 && tiling.Chunks.Count == 1
            && (IsFlat(index, next)
                ? window is { Rows: 1, Columns: 1, FirstRow: 0, FirstColumn: 0 }
                : (window.FirstRow + window.Rows >= next.Input.Height && window.FirstColumn + window.Columns >= next.Input.Width));
    }

    /// <summary>The window in which step <paramref name="index"/> expects what is forwarded to it.</summary>
    public ForwardWindow ForwardWindowTo(int index, StepChoice choice, AcceleratorSpec accelerator)
    {
        var next = (MatrixStep)_steps[index];
        var tiling = new MatrixTiling(next, choice, accelerator);
        TensorSpec tensor = _steps[index - 1].Output;
        return new(tiling.Window(tiling.Bands[0], tiling.Chunks[0]), tensor.Height, tensor.Width, next.PaddingCode) { IsFlat = IsFlat(index - 1, next), Channels = tensor.Channels };
    }

    /// <summary>What forwarding needs of network and design, whatever is chosen.</summary>
    private bool IsForwardable(int index, AcceleratorSpec accelerator)
    {
        string output = _steps[index].OutputName;
        return index + 1 < _steps.Length && accelerator.Buffers.Activation.DoubleBuffered && _steps[index + 1] is MatrixStep next && next.Inputs[0] == output
            && _placements[output] is { ShuffleGroups: 1 } place && place.Root == output && output != OutputTensor;
    }

    private bool IsFlat(int index, MatrixStep next) => next.Input.Pixels == 1 && _steps[index].Output.Pixels > 1;
}
