// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>The buffers that the load unit writes.</summary>
/// <param name="Activations">Written by the run, or with a constant.</param>
/// <param name="Weights">Written by the memory word.</param>
/// <param name="Parameters">Written by the memory word.</param>
/// <param name="Operands">Written by the run, or with a constant.</param>
/// <param name="Lookup">Written by the memory word.</param>
/// <param name="Factors">Written by the run, or with a constant.</param>
public sealed record LoadBuffers(ActivationBuffer Activations, LineBuffer Weights, LineBuffer Parameters, OperandBuffer Operands, LookupMemory Lookup, FactorBuffer Factors);

/// <summary>Copies memory into the buffers, a memory word for each beat: lines and tables word by word, activations and operands run by run; or fills runs with a constant.</summary>
public sealed class LoadSequencer(
    ImmutableArray<LoadInstruction> program,
    SemaphoreFile semaphores,
    UnitLog log,
    TrafficLog traffic,
    DmaEngine port,
    ExternalMemory memory,
    LoadBuffers buffers,
    AcceleratorSpec spec)
    : UnitSequencer<LoadInstruction>(UnitKind.Load, [.. program.Select(load => InRuns(load, spec.ElementsPerWord))], semaphores, log), IPortClient
{
    private readonly Register<bool> _granted = new();

    // Words of lines and tables.
    private readonly Register<int> _beatsLeft = new();
    private readonly Register<int> _memoryAddress = new();
    private readonly Register<int> _bufferAddress = new();
    private readonly Register<int> _wordOfLine = new();

    // Runs of elements.
    private readonly ElementRuns _runs = new(spec);

    /// <inheritdoc/>
    public bool Requests => State == UnitState.Run && !_granted.Current;

    /// <inheritdoc/>
    public bool UsesMemory => !Instruction.Fill;

    /// <inheritdoc/>
    public int MemoryWord => Instruction.IsElementwise ? _runs.MemoryWord : _memoryAddress.Current;

    /// <inheritdoc/>
    public bool OnLastBeat => Instruction.IsElementwise ? _runs.OnLastBeat(Instruction) : _beatsLeft.Current == 1;

    /// <inheritdoc/>
    public override void Advance()
    {
        base.Advance();
        _granted.Advance();
        _beatsLeft.Advance();
        _memoryAddress.Advance();
        _bufferAddress.Advance();
        _wordOfLine.Advance();
        _runs.Advance();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        _granted.Reset();
    }

    /// <inheritdoc/>
    protected override void Begin()
    {
        _granted.Next = false;
        _beatsLeft.Next = Instruction.Beats;
        _memoryAddress.Next = Instruction.MemoryAddress;
        _bufferAddress.Next = Instruction.BufferAddress;
        _wordOfLine.Next = 0;
        _runs.Load(Instruction.PerFrame ? Instruction with { MemoryAddress = Instruction.MemoryAddress + FrameOffset } : Instruction);
    }

    /// <inheritdoc/>
    protected override CycleKind Run(out bool ends)
    {
        ends = false;
        if (!_granted.Current)
        {
            _granted.Next = port.Granted == UnitKind.Load;
            return CycleKind.PortWait;
        }
        if (!port.Beat)
        {
            return CycleKind.Latency;
        }
        ends = OnLastBeat;
        if (Instruction.IsElementwise)
        {
            CopyElements();
        }
        else
        {
            CopyWord(memory.Read(_memoryAddress.Current));
        }
        if (ends)
        {
            Complete();
        }
        return CycleKind.Busy;
    }

    /// <summary>Whole words for the activation or operand buffer are one run.</summary>
    private static LoadInstruction InRuns(LoadInstruction load, int elementsPerWord) => load.IsElementwise && load.Beats > 0
        ? load with { Beats = 0, MemoryAddress = load.MemoryAddress * elementsPerWord, Run = load.Beats * elementsPerWord }
        : load;

    private void CopyElements()
    {
        int count = _runs.ElementsInBeat(Instruction);
        ElementBuffer buffer = Instruction.Target switch
        {
            LoadTarget.Activation => buffers.Activations,
            LoadTarget.Operand => buffers.Operands,
            _ => buffers.Factors,
        };
        Span<ushort> elements = buffer.Write(_runs.BufferAddress, count);
        if (Instruction.Fill)
        {
            traffic.Count(Layer, Access.Fill);
            elements.Fill((ushort)(Instruction.FillCode & ((1 << spec.Requantizer.ElementWidth) - 1)));
        }
        else
        {
            switch (Instruction.Target)
            {
                case LoadTarget.Activation:
                    traffic.Count(Layer, Access.ActivationLoad);
                    traffic.Count(Layer, Access.ActivationElement, count);
                    break;
                case LoadTarget.Operand:
                    traffic.Count(Layer, Access.OperandLoad);
                    traffic.Count(Layer, Access.OperandElement, count);
                    break;
                default:
                    traffic.Count(Layer, Access.WeightLoad);
                    break;
            }
            Extract(memory.Read(_runs.MemoryWord), _runs.Offset, elements);
        }
        _runs.Step(Instruction);
    }

    private void Extract(ReadOnlySpan<byte> word, int offset, Span<ushort> elements)
    {
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = spec.ElementBytes == 1 ? word[offset + i] : (ushort)(word[2 * (offset + i)] | word[(2 * (offset + i)) + 1] << 8);
        }
    }

    private void CopyWord(ReadOnlySpan<byte> word)
    {
        _memoryAddress.Next = _memoryAddress.Current + 1;
        _beatsLeft.Next = _beatsLeft.Current - 1;
        switch (Instruction.Target)
        {
            case LoadTarget.Weight:
                traffic.Count(Layer, Access.WeightLoad);
                CopyIntoLine(buffers.Weights, word);
                break;
            case LoadTarget.Parameter:
                traffic.Count(Layer, Access.ParameterLoad);
                CopyIntoLine(buffers.Parameters, word);
                break;
            default:
                traffic.Count(Layer, Access.LookupLoad);
                buffers.Lookup.Write(_bufferAddress.Current, word);
                _bufferAddress.Next = _bufferAddress.Current + word.Length;
                break;
        }
    }

    private void CopyIntoLine(LineBuffer buffer, ReadOnlySpan<byte> word)
    {
        buffer.Write(_bufferAddress.Current, _wordOfLine.Current, word);
        bool lineEnds = _wordOfLine.Current == buffer.WordsPerLine - 1;
        _wordOfLine.Next = lineEnds ? 0 : _wordOfLine.Current + 1;
        _bufferAddress.Next = lineEnds ? _bufferAddress.Current + 1 : _bufferAddress.Current;
    }
}
