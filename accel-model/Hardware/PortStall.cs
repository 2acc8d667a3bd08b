// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Scheduling;

namespace AccelModel.Hardware;

/// <summary>One beat that the memory could pass in this cycle.</summary>
/// <param name="Cycle">The cycle.</param>
/// <param name="Unit">Load or store.</param>
/// <param name="Instruction">Position in the unit's program.</param>
/// <param name="IsLast">Whether it is the command's last.</param>
public readonly record struct PortBeat(long Cycle, UnitKind Unit, int Instruction, bool IsLast);

/// <summary>A memory that is not always ready. The answer depends on the beat alone.</summary>
public interface IPortStall
{
    /// <summary>Whether the beat has to wait in this cycle.</summary>
    bool Withholds(in PortBeat beat);
}

/// <summary>Withholds beats at random: in <c>chance</c> of 256 cycles, by a hash of seed and cycle.</summary>
public sealed class RandomStall(uint seed, int chance) : IPortStall
{
    /// <inheritdoc/>
    public bool Withholds(in PortBeat beat)
    {
        // SplitMix64 (Steele, Lea, Flood 2014) of the cycle.
        ulong z = ((ulong)seed << 32) + ((ulong)beat.Cycle * 0x9E3779B97F4A7C15);
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return (int)((z ^ z >> 31) & 0xFF) < chance;
    }
}

/// <summary>Withholds each command's last beat until the cycle in which it was recorded to complete: replays the completions of another run.</summary>
/// <param name="load">Completion cycles of the loads, in program order.</param>
/// <param name="store">Completion cycles of the stores, in program order.</param>
public sealed class RecordedCompletions(ImmutableArray<long> load, ImmutableArray<long> store) : IPortStall
{
    /// <inheritdoc/>
    public bool Withholds(in PortBeat beat) =>
        beat.IsLast && beat.Cycle < (beat.Unit == UnitKind.Load ? load : store)[beat.Instruction];
}
