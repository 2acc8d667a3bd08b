// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>
/// Addresses of a rectangle of runs, beat by beat: a beat takes what the run has in one memory word, or, where nothing is read, as many elements as a memory word has.
/// </summary>
internal sealed class ElementRuns(AcceleratorSpec spec) : IClocked
{
    private readonly int _elementsPerWord = spec.ElementsPerWord;
    private readonly int _wordShift = BitOperations.Log2((uint)spec.ElementsPerWord);
    private readonly AddressLoop _memory = new(2);
    private readonly AddressLoop _buffer = new(2);

    // First element of the next beat, counted from the run's.
    private readonly Register<int> _position = new();

    /// <summary>Memory word of the beat.</summary>
    public int MemoryWord => (_memory.Address + _position.Current) >> _wordShift;

    /// <summary>Position in that word of the beat's first element; only a run's first beat can start inside a word.</summary>
    public int Offset => (_memory.Address + _position.Current) & (_elementsPerWord - 1);

    /// <summary>Buffer address of the beat's first element.</summary>
    public int BufferAddress => _buffer.Address + _position.Current;

    /// <summary>At the clock edge: stands at the first element of the first run.</summary>
    public void Load(LoadInstruction load)
    {
        _memory.Load(load.MemoryAddress, (load.Rows, load.MemoryRowPitch), (load.Columns, load.MemoryColumnPitch));
        _buffer.Load(load.BufferAddress, (load.Rows, load.BufferRowPitch), (load.Columns, load.BufferColumnPitch));
        _position.Next = 0;
    }

    /// <summary>Elements of the beat.</summary>
    public int ElementsInBeat(LoadInstruction load) => Math.Min(_elementsPerWord - (load.Fill ? 0 : Offset), load.Run - _position.Current);

    /// <summary>Whether the beat is the last of all runs.</summary>
    public bool OnLastBeat(LoadInstruction load) => _buffer.IsLast && EndsRun(load);

    /// <summary>At the clock edge: goes on to the next beat.</summary>
    public void Step(LoadInstruction load)
    {
        if (EndsRun(load))
        {
            _memory.Step();
            _buffer.Step();
            _position.Next = 0;
        }
        else
        {
            _position.Next = _position.Current + ElementsInBeat(load);
        }
    }

    /// <inheritdoc/>
    public void Advance()
    {
        _memory.Advance();
        _buffer.Advance();
        _position.Advance();
    }

    private bool EndsRun(LoadInstruction load) => _position.Current + ElementsInBeat(load) == load.Run;
}
