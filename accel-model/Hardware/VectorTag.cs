// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Scheduling;

namespace AccelModel.Hardware;

/// <summary>What travels with an activation vector through the array to the accumulators.</summary>
public readonly record struct VectorTag
{
    /// <summary>Accumulator word that the sums are added to.</summary>
    public int AccumulatorAddress { get; init; }

    /// <summary>Whether they are added to what the word holds (else to zero).</summary>
    public bool Accumulates { get; init; }

    /// <summary>Left shift of the sums: the digit's weight.</summary>
    public int DigitShift { get; init; }

    /// <summary>Whether this is its instruction's last vector.</summary>
    public bool IsLast { get; init; }

    /// <summary>Signalled when the last vector is written.</summary>
    public SemaphoreSet Signals { get; init; }

    /// <summary>Position in the array's program.</summary>
    public int Instruction { get; init; }

    /// <summary>Scheduled layer.</summary>
    public int Layer { get; init; }

    /// <summary>Flat index of the layer's un-pooled output in column 0; column c adds c.</summary>
    public int Output { get; init; }

    /// <summary>Index in the layer's plan.</summary>
    public int Segment { get; init; }
}

/// <summary>
/// The tags of the vectors in flight, so that the array's registers carry a number only. Numbers start at 1; 0 is the bubble.
/// In hardware the tag is a few more bits next to the valid bit of the bottom row.
/// </summary>
public sealed class VectorsInFlight(int atMost)
{
    private readonly VectorTag[] _tags = new VectorTag[(int)BitOperations.RoundUpToPowerOf2((uint)atMost + 1)];
    private int _last;

    /// <summary>The tag of a vector in flight.</summary>
    public ref readonly VectorTag this[int vector] => ref _tags[vector & (_tags.Length - 1)];

    /// <summary>Numbers a vector that enters.</summary>
    public int Enter(in VectorTag tag)
    {
        _last++;
        _tags[_last & (_tags.Length - 1)] = tag;
        return _last;
    }

    /// <summary>Starts again at 1.</summary>
    public void Reset() => _last = 0;
}
