// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification;

namespace AccelModel.Scheduling;

/// <summary>Collects one unit's instructions; their semaphores are added as later instructions turn out to depend on them.</summary>
internal abstract class UnitProgram
{
    private readonly List<SemaphoreSet> _waits = [];
    private readonly List<SemaphoreSet> _signals = [];

    /// <summary>Whether the instruction waits for it.</summary>
    public bool Waits(int index, Semaphore semaphore) => _waits[index].Contains(semaphore);

    public void Wait(int index, Semaphore semaphore) => _waits[index] = _waits[index].With(semaphore);

    public void Signal(int index, Semaphore semaphore) => _signals[index] = _signals[index].With(semaphore);

    protected (SemaphoreSet Waits, SemaphoreSet Signals) Sets(int index) => (_waits[index], _signals[index]);

    protected int AddSets()
    {
        _waits.Add(SemaphoreSet.None);
        _signals.Add(SemaphoreSet.None);
        return _waits.Count - 1;
    }
}

/// <summary>The program of one unit.</summary>
internal sealed class UnitProgram<T> : UnitProgram where T : Instruction
{
    private readonly List<T> _instructions = [];

    /// <summary>Appends an instruction; returns its index.</summary>
    public int Add(T instruction)
    {
        _instructions.Add(instruction);
        return AddSets();
    }

    public ImmutableArray<T> Build()
    {
        var program = ImmutableArray.CreateBuilder<T>(_instructions.Count);
        for (int i = 0; i < _instructions.Count; i++)
        {
            (SemaphoreSet waits, SemaphoreSet signals) = Sets(i);
            program.Add((T)(_instructions[i] with { Waits = waits, Signals = signals }));
        }

        return program.MoveToImmutable();
    }
}

/// <summary>Who writes a buffer, and how writer and reader tell each other.</summary>
/// <param name="Program">The writing unit.</param>
/// <param name="Ready">Signalled by the writer: the use is filled.</param>
/// <param name="Free">Signalled by the last reader: the slot may be overwritten by this writer.</param>
internal sealed record BufferWriter(UnitProgram Program, Semaphore Ready, Semaphore Free);

/// <summary>What is in one slot of a buffer from its first write to its last read.</summary>
/// <param name="key">What it holds.</param>
/// <param name="address">First address of the slot.</param>
/// <param name="writer">Who fills it.</param>
/// <param name="write">The instruction that fills it, or begins to.</param>
/// <param name="readers">The program that reads it.</param>
internal sealed class BufferUse(object key, int address, BufferWriter writer, int write, UnitProgram readers)
{
    private int _lastWrite = write;

    /// <summary>Who fills it.</summary>
    public BufferWriter Writer => writer;

    /// <summary>The instruction that fills it, or begins to.</summary>
    public int FirstWrite { get; } = write;

    /// <summary>First address of the slot.</summary>
    public int Base { get; } = address;

    /// <summary>The last instruction that reads it so far; -1 for none.</summary>
    public int LastReader { get; private set; } = -1;

    /// <summary>Whether it holds <paramref name="other"/>.</summary>
    public bool Holds(object other) => key.Equals(other);

    /// <summary>Names the instruction that finishes filling it (where more than one fills it).</summary>
    public void FilledBy(int write) => _lastWrite = write;

    /// <summary>It is read by <paramref name="reader"/>; the first reader waits for it to be ready.</summary>
    public void ReadBy(int reader)
    {
        if (LastReader < 0)
        {
            writer.Program.Signal(_lastWrite, writer.Ready);
            readers.Wait(reader, writer.Ready);
        }

        LastReader = reader;
    }
}

/// <summary>
/// The uses of one buffer in order. Use <c>u</c> lies in slot <c>u mod slots</c>; its writer waits for the release of use <c>u - slots</c> by the last reader of that one.
/// </summary>
internal sealed class BufferUses(BufferSpec buffer, UnitProgram readers)
{
    private readonly List<BufferUse> _uses = [];

    /// <summary>The newest use.</summary>
    public BufferUse Newest => _uses[^1];

    /// <summary>First address of the newest use's slot.</summary>
    public int Base => Newest.Base;

    /// <summary>First address of the slot that the next use will get.</summary>
    public int NextBase => _uses.Count % buffer.Slots * buffer.SlotSize;

    /// <summary>Number of the slot that the next use will get.</summary>
    public int NextSlot => _uses.Count % buffer.Slots;

    /// <summary>Number of the newest use's slot.</summary>
    public int NewestSlot => (_uses.Count - 1) % buffer.Slots;

    /// <summary>Whether the newest use holds <paramref name="key"/>.</summary>
    public bool Holds(object key) => _uses.Count > 0 && Newest.Holds(key);

    /// <summary>Starts a use that the instruction <paramref name="write"/> of <paramref name="writer"/> begins to fill.</summary>
    public BufferUse Begin(object key, BufferWriter writer, int write)
    {
        if (_uses.Count >= buffer.Slots)
        {
            writer.Program.Wait(write, writer.Free);
            readers.Signal(_uses[^buffer.Slots].LastReader, writer.Free);
        }

        _uses.Add(new(key, NextBase, writer, write, readers));
        return Newest;
    }

    /// <summary>Names the instruction that finishes filling the newest use.</summary>
    public void FilledBy(int write) => Newest.FilledBy(write);

    /// <summary>The newest use is read by <paramref name="reader"/>.</summary>
    public void ReadBy(int reader) => Newest.ReadBy(reader);

    /// <summary>
    /// Closes the circle of frames: the first uses of a frame wait for the release of the last ones of the frame before in their slots. Where the uses of two slots are an odd number, the release of the very
    /// last use comes later than that of the one before it, but is needed first: waiting for it waits for both. Adds the tokens that the first frame finds to <paramref name="initial"/>.
    /// </summary>
    public void Close(Span<int> initial)
    {
        for (int use = 0; use < Math.Min(buffer.Slots, _uses.Count); use++)
        {
            BufferUse first = _uses[use];
            BufferUse last = _uses[LastIn(use)];
            bool isCovered = use > 0 && LastIn(use) < LastIn(use - 1) && _uses[use - 1].Writer.Free == first.Writer.Free;
            if (isCovered)
            {
                continue;
            }

            first.Writer.Program.Wait(first.FirstWrite, first.Writer.Free);
            readers.Signal(last.LastReader, first.Writer.Free);
            initial[(int)first.Writer.Free]++;
        }
    }

    /// <summary>The last use in the slot of <paramref name="use"/>.</summary>
    private int LastIn(int use) => use + ((_uses.Count - 1 - use) / buffer.Slots * buffer.Slots);
}
