// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification;

namespace AccelModel.Scheduling;

/// <summary>Collects one unit's instructions; their semaphores are added as later instructions turn out to depend on them.</summary>
internal sealed class UnitProgram<T> where T : Instruction
{
    private readonly List<T> _instructions = [];
    private readonly List<SemaphoreSet> _waits = [];
    private readonly List<SemaphoreSet> _signals = [];

    /// <summary>Appends an instruction; returns its index.</summary>
    public int Add(T instruction)
    {
        _instructions.Add(instruction);
        _waits.Add(SemaphoreSet.None);
        _signals.Add(SemaphoreSet.None);
        return _instructions.Count - 1;
    }

    public void Wait(int index, Semaphore semaphore) => _waits[index] = _waits[index].With(semaphore);

    public void Signal(int index, Semaphore semaphore) => _signals[index] = _signals[index].With(semaphore);

    public ImmutableArray<T> Build() =>
        [.. _instructions.Select((instruction, i) => (T)(instruction with { Waits = _waits[i], Signals = _signals[i] }))];
}

/// <summary>
/// The uses of one buffer in order. Use <c>u</c> lies in slot <c>u mod slots</c>; its writer waits for the release of use <c>u - slots</c> by the last reader of that one.
/// </summary>
internal sealed class BufferUses<TWriter, TReader>(BufferSpec buffer, UnitProgram<TWriter> writers, UnitProgram<TReader> readers, Semaphore ready, Semaphore free)
    where TWriter : Instruction
    where TReader : Instruction
{
    private readonly List<int> _lastReader = [];
    private int _lastWriter = -1;
    private object? _key;
    private bool _hasReader;

    /// <summary>First address of the newest use's slot.</summary>
    public int Base => (_lastReader.Count - 1) % buffer.Slots * buffer.SlotSize;

    /// <summary>Whether the newest use holds <paramref name="key"/>.</summary>
    public bool Holds(object key) => key.Equals(_key);

    /// <summary>First address of the slot that the next use will get.</summary>
    public int NextBase => _lastReader.Count % buffer.Slots * buffer.SlotSize;

    /// <summary>Starts a use that <paramref name="writer"/> begins to fill.</summary>
    public void Begin(object key, int writer)
    {
        int use = _lastReader.Count;
        if (use >= buffer.Slots)
        {
            writers.Wait(writer, free);
            readers.Signal(_lastReader[use - buffer.Slots], free);
        }

        _lastReader.Add(-1);
        _key = key;
        _lastWriter = writer;
        _hasReader = false;
    }

    /// <summary>Names the instruction that finishes filling the newest use (where more than one fills it).</summary>
    public void FilledBy(int writer) => _lastWriter = writer;

    /// <summary>The newest use is read by <paramref name="reader"/>; the first reader waits for it to be ready.</summary>
    public void ReadBy(int reader)
    {
        if (!_hasReader)
        {
            writers.Signal(_lastWriter, ready);
            readers.Wait(reader, ready);
            _hasReader = true;
        }

        _lastReader[^1] = reader;
    }
}
