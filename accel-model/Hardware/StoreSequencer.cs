// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>
/// Writes output words to external memory or into the activation buffer: for each pixel the memory words that it touches, in rising order, with strobes; element by element where
/// channels do not lie side by side. Or fills pixels of the activation buffer with a constant.
/// </summary>
public sealed class StoreSequencer(
    ImmutableArray<StoreInstruction> program,
    SemaphoreFile semaphores,
    UnitLog log,
    TrafficLog traffic,
    DmaEngine port,
    ExternalMemory memory,
    OutputBuffer outputs,
    ActivationBuffer activations,
    AcceleratorSpec spec) : UnitSequencer<StoreInstruction>(UnitKind.Store, program, semaphores, log), IPortClient
{
    private readonly int _elementBytes = spec.ElementBytes;
    private readonly int _elementsPerWord = spec.ElementsPerWord;
    private readonly int _wordShift = BitOperations.Log2((uint)spec.ElementsPerWord);
    private readonly Register<bool> _granted = new();
    private readonly AddressLoop _pixels = new(2);
    private readonly Register<int> _outputAddress = new();

    // First channel of the next beat, and its place in the pixel.
    private readonly Register<int> _channel = new();
    private readonly Register<int> _channelOffset = new();

    /// <inheritdoc/>
    public bool Requests => State == UnitState.Run && !_granted.Current;

    /// <inheritdoc/>
    public bool UsesMemory => Instruction.Target == StoreTarget.Memory;

    /// <inheritdoc/>
    public int MemoryWord => ElementAddress >> _wordShift;

    /// <inheritdoc/>
    public bool OnLastBeat => _pixels.IsLast && PixelEnds;

    private int ElementAddress => _pixels.Address + _channelOffset.Current;

    /// <summary>Position in the memory word of the beat's first element; only a pixel's first beat can start inside a word. A fill knows no words.</summary>
    private int Offset => Instruction.Fill ? 0 : ElementAddress & (_elementsPerWord - 1);

    private int ChannelsInBeat => Instruction.ChannelPitch == 1 ? Math.Min(_elementsPerWord - Offset, Instruction.Channels - _channel.Current) : 1;

    private ReadOnlySpan<ushort> Elements => outputs.Output.Slice(Instruction.FirstChannel + _channel.Current, ChannelsInBeat);

    private bool PixelEnds => _channel.Current + ChannelsInBeat == Instruction.Channels;

    /// <inheritdoc/>
    public override void Advance()
    {
        base.Advance();
        _granted.Advance();
        _pixels.Advance();
        _outputAddress.Advance();
        _channel.Advance();
        _channelOffset.Advance();
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
        _pixels.Load(Instruction.MemoryAddress + (Instruction.PerFrame ? FrameOffset : 0), (Instruction.Rows, Instruction.RowPitch), (Instruction.Columns, Instruction.PixelPitch));
        _outputAddress.Next = Instruction.OutputAddress;
        _channel.Next = _channelOffset.Next = 0;
    }

    /// <inheritdoc/>
    protected override CycleKind Run(out bool ends)
    {
        ends = false;
        if (!_granted.Current)
        {
            if (port.Granted == UnitKind.Store)
            {
                _granted.Next = true;
                ReadWord();
            }
            return CycleKind.PortWait;
        }
        if (!port.Beat)
        {
            return CycleKind.Latency;
        }
        Write();
        ends = OnLastBeat;
        if (ends)
        {
            Complete();
        }
        else if (PixelEnds)
        {
            // The next word is there in the next cycle, so that beats can follow each other.
            ReadWord();
            _pixels.Step();
        }
        _channel.Next = PixelEnds ? 0 : _channel.Current + ChannelsInBeat;
        _channelOffset.Next = PixelEnds ? 0 : _channelOffset.Current + (Instruction.ChannelPitch == 1 ? ChannelsInBeat : Instruction.ChannelPitch);
        return CycleKind.Busy;
    }

    private void ReadWord()
    {
        if (!Instruction.Fill)
        {
            traffic.Count(Layer, Access.OutputRead);
            outputs.Read(_outputAddress.Current);
            _outputAddress.Next = _outputAddress.Current + 1;
        }
    }

    private void Write()
    {
        if (Instruction.Fill)
        {
            traffic.Count(Layer, Access.Fill);
            activations.Write(ElementAddress, ChannelsInBeat).Fill((ushort)(Instruction.FillCode & ((1 << spec.Requantizer.ElementWidth) - 1)));
        }
        else if (UsesMemory)
        {
            WriteMemory(Elements);
        }
        else
        {
            traffic.Count(Layer, Access.ForwardElement, ChannelsInBeat);
            Elements.CopyTo(activations.Write(ElementAddress, ChannelsInBeat));
        }
    }

    private void WriteMemory(ReadOnlySpan<ushort> elements)
    {
        traffic.Count(Layer, Access.Store);
        traffic.Count(Layer, Access.StoreElement, elements.Length);
        memory.Write(ElementAddress >> _wordShift);
        for (int i = 0; i < elements.Length; i++)
        {
            for (int part = 0; part < _elementBytes; part++)
            {
                int position = ((Offset + i) * _elementBytes) + part;
                memory.WriteData[position] = (byte)(elements[i] >> (8 * part));
                memory.WriteStrobes[position] = true;
            }
        }
    }
}
