// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Scheduling;

namespace AccelModel.Hardware;

/// <summary>Copies memory words into the buffers, a word for each beat.</summary>
public sealed class LoadSequencer(
    ImmutableArray<LoadInstruction> program,
    SemaphoreFile semaphores,
    UnitLog log,
    TrafficLog traffic,
    DmaEngine port,
    ExternalMemory memory,
    ActivationBuffer activations,
    LineBuffer weights,
    LineBuffer parameters,
    int elementsPerWord) : UnitSequencer<LoadInstruction>(UnitKind.Load, program, semaphores, log), IPortClient
{
    private readonly Register<bool> _granted = new();
    private readonly Register<int> _beatsLeft = new();
    private readonly Register<int> _memoryAddress = new();
    private readonly Register<int> _bufferAddress = new();
    private readonly Register<int> _wordOfLine = new();

    /// <inheritdoc/>
    public bool Requests => State == UnitState.Run && !_granted.Current;

    /// <inheritdoc/>
    public bool OnLastBeat => _beatsLeft.Current == 1;

    /// <inheritdoc/>
    public override void Advance()
    {
        base.Advance();
        _granted.Advance();
        _beatsLeft.Advance();
        _memoryAddress.Advance();
        _bufferAddress.Advance();
        _wordOfLine.Advance();
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
        Copy(memory.Read(_memoryAddress.Current));
        _memoryAddress.Next = _memoryAddress.Current + 1;
        _beatsLeft.Next = _beatsLeft.Current - 1;
        ends = OnLastBeat;
        if (ends)
        {
            Complete();
        }
        return CycleKind.Busy;
    }

    private void Copy(ReadOnlySpan<byte> word)
    {
        switch (Instruction.Target)
        {
            case LoadTarget.Activation:
                traffic.Count(Layer, Access.ActivationLoad);
                activations.Write(_bufferAddress.Current, word);
                _bufferAddress.Next = _bufferAddress.Current + elementsPerWord;
                break;
            case LoadTarget.Weight:
                traffic.Count(Layer, Access.WeightLoad);
                CopyIntoLine(weights, word);
                break;
            default:
                traffic.Count(Layer, Access.ParameterLoad);
                CopyIntoLine(parameters, word);
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
