// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>Reads the entry that each lane's code names: the address in one cycle, the entry in the next. Other words pass beside the table.</summary>
internal sealed class LookupStage(LookupMemory memory, IWordSink output, int lanes, TrafficLog traffic) : IWordSink, IStage, IClocked
{
    private readonly WordRegister _beside = new(lanes, 0);
    private readonly long[] _results = new long[lanes];

    /// <inheritdoc/>
    public void Take(in WordTag tag, ReadOnlySpan<long> values, ReadOnlySpan<byte> line)
    {
        _beside.Take(tag, values, []);
        if (tag.Lookup)
        {
            traffic.Count(tag.Layer, Access.LookupRead);
            for (int lane = 0; lane < lanes; lane++)
            {
                memory.Read(lane, tag.LookupAddress + (int)(values[lane] & (LookupMemory.TableEntries - 1)));
            }
        }
    }

    /// <inheritdoc/>
    public void Evaluate()
    {
        if (!_beside.Tag.IsValid)
        {
            return;
        }
        for (int lane = 0; lane < lanes; lane++)
        {
            _results[lane] = _beside.Tag.Lookup ? memory.Output[lane] : _beside.Values[lane];
        }
        output.Take(_beside.Tag, _results, []);
    }

    /// <inheritdoc/>
    public void Advance() => _beside.Advance();

    /// <summary>Empties it.</summary>
    public void Reset() => _beside.Reset();
}

/// <summary>The end of the vector unit: the output buffer's write port, and the completion of instructions.</summary>
internal sealed class VectorOutput(AcceleratorSpec spec, OutputBuffer outputs, SemaphoreFile semaphores, UnitLog log, TrafficLog traffic) : IWordSink, IClocked
{
    private readonly int _mask = (1 << spec.Requantizer.ElementWidth) - 1;

    /// <summary>The output word that is written in this cycle, if any.</summary>
    public int? WrittenWord { get; private set; }

    /// <inheritdoc/>
    public void Take(in WordTag tag, ReadOnlySpan<long> values, ReadOnlySpan<byte> line)
    {
        WrittenWord = tag.OutputAddress;
        traffic.Count(tag.Layer, Access.OutputWrite);
        Span<ushort> word = outputs.Write(tag.OutputAddress);
        for (int lane = 0; lane < word.Length; lane++)
        {
            word[lane] = (ushort)(values[lane] & _mask);
        }
        if (tag.IsLast)
        {
            semaphores.Signal(UnitKind.Vector, tag.Signals);
            log.Completed();
        }
    }

    /// <inheritdoc/>
    public void Advance() => WrittenWord = null;
}
