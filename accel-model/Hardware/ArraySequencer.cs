// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>What the array's sequencer is connected to.</summary>
/// <param name="Spec">The design.</param>
/// <param name="Program">The unit's program.</param>
/// <param name="Semaphores">The semaphores.</param>
/// <param name="Log">The unit's log.</param>
/// <param name="Traffic">The count of accesses.</param>
/// <param name="Activations">The activation buffer.</param>
/// <param name="Weights">The weight buffer.</param>
/// <param name="Factors">The factor buffer.</param>
/// <param name="Vectors">Tags of what is in flight.</param>
/// <param name="Control">The array's end.</param>
public sealed record ArrayConnections(
    AcceleratorSpec Spec,
    ImmutableArray<MatmulInstruction> Program,
    SemaphoreFile Semaphores,
    UnitLog Log,
    TrafficLog Traffic,
    ActivationBuffer Activations,
    LineBuffer Weights,
    FactorBuffer Factors,
    VectorsInFlight Vectors,
    Latch<ArrayControl> Control);

/// <summary>Reads the buffers for the array: first the lines of the codebook, if there is one, then weights and activations in the order of the array's dataflow.</summary>
public abstract class ArraySequencer : UnitSequencer<MatmulInstruction>
{
    private readonly ArrayConnections _connections;
    private readonly Register<int> _tableLine = new();

    private protected ArraySequencer(ArrayConnections connections)
        : base(UnitKind.Array, connections.Program, connections.Semaphores, connections.Log)
    {
        _connections = connections;
    }

    private protected AcceleratorSpec Spec => _connections.Spec;

    /// <summary>Whether the products of the unit's PEs take a cycle for each bit.</summary>
    private protected bool IsSerial => Spec.Array.ProcessingElement == ProcessingElementKind.BitSerial;

    /// <summary>First line of the weights, behind the codebook.</summary>
    private protected int FirstWeightLine => Instruction.WeightAddress + Instruction.TableLines;

    /// <summary>Addresses from one line of a segment to the next: a line, or the elements of the factor buffer between them.</summary>
    private protected int LineStride => Instruction.ActivationWeights ? Instruction.WeightLineStride : 1;

    /// <summary>Addresses from the first line of a segment to that of the next, of so many lines each.</summary>
    private protected int SegmentStride(int lines) => Instruction.ActivationWeights ? Instruction.WeightSegmentStride : lines;

    private CodeOffset Factors => !Instruction.ActivationWeights ? default
        : Spec.Array.HasOperandOffsets ? new(Instruction.WeightCodesSigned, Instruction.WeightOffset) : new(true, 0);

    /// <summary>The sequencer of a design's dataflow.</summary>
    public static ArraySequencer Of(ArrayConnections connections) => connections.Spec.Array.Dataflow switch
    {
        Dataflow.InputStationary => new InputStationarySequencer(connections),
        Dataflow.OutputStationary => new OutputStationarySequencer(connections),
        _ => new WeightStationarySequencer(connections),
    };

    /// <inheritdoc/>
    public override void Advance()
    {
        base.Advance();
        _tableLine.Advance();
    }

    /// <inheritdoc/>
    protected sealed override void Begin()
    {
        _tableLine.Next = 0;
        BeginSums();
    }

    /// <inheritdoc/>
    protected sealed override CycleKind Run(out bool ends)
    {
        ArrayControl control = default;
        CycleKind kind = CycleKind.Fill;
        ends = false;
        if (_tableLine.Current < Instruction.TableLines)
        {
            ReadLine(Instruction.WeightAddress + _tableLine.Current);
            _tableLine.Next = _tableLine.Current + 1;
            control = new() { TableLine = _tableLine.Next };
        }
        else
        {
            kind = RunSums(ref control, out ends);
        }
        _connections.Control.Send(control with { Factors = Factors });
        return kind;
    }

    /// <summary>The start cycle: counters take their first values at the clock edge.</summary>
    private protected abstract void BeginSums();

    /// <summary>One cycle behind those of the table.</summary>
    private protected abstract CycleKind RunSums(ref ArrayControl control, out bool ends);

    /// <summary>Gives the address of a weight line, or of its first element in the factor buffer.</summary>
    private protected void ReadLine(int line)
    {
        _connections.Traffic.Count(Layer, Access.WeightRead);
        _connections.Factors.Select(Instruction.ActivationWeights);
        if (Instruction.ActivationWeights)
        {
            _connections.Factors.Read(line, Instruction.WeightColumnPitch, Instruction.WeightLanePitch);
        }
        else
        {
            _connections.Weights.Read(line);
        }
    }

    /// <summary>Gives the address of an activation vector, counted from the instruction's.</summary>
    private protected void ReadVector(int offset)
    {
        _connections.Traffic.Count(Layer, Access.ActivationRead);
        _connections.Activations.Read(Instruction.ActivationAddress + offset);
    }

    /// <summary>What a vector of a tile is at the buffer's output: in the last tile the last elements may be masked.</summary>
    /// <param name="isLastTile">Whether it is a vector of a kernel row's last tile.</param>
    /// <param name="digit">Number of the digit.</param>
    private protected ActivationControl Activation(bool isLastTile, int digit) => new()
    {
        Elements = isLastTile && Instruction.LastTileElements > 0 ? Instruction.LastTileElements : Spec.VectorElements,
        Codes = Spec.Array.HasOperandOffsets ? new(Instruction.ActivationCodesSigned, Instruction.ActivationOffset) : new(Instruction.ActivationSigned, 0),
        IsSigned = Instruction.ActivationSigned,
        DigitShift = digit * Spec.DigitWidth,
        Bits = -1,
    };

    /// <summary>The step of a product that is in its <paramref name="cycle"/>-th cycle.</summary>
    private protected ProductStep Step(int cycle)
    {
        bool isLast = cycle == Instruction.Interval - 1;
        return new(cycle, cycle == 0, isLast, isLast && Instruction.ActivationSigned);
    }

    /// <summary>Numbers what enters the array in the next cycle.</summary>
    private protected int Enter(in VectorTag tag) => _connections.Vectors.Enter(tag);

    /// <summary>The outputs of a pixel and a channel in a segment of the instruction's.</summary>
    private protected OutputPlace Place(int segment, int pixel, int channel) => new()
    {
        Instruction = InstructionIndex,
        Frame = Frame,
        Layer = Layer,
        Segment = Instruction.Origin.Segment + segment,
        Pixel = pixel,
        Channel = channel,
    };
}
