// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Scheduling;

namespace AccelModel.Hardware;

/// <summary>Which cycle of a product it is; kinds of one cycle do not look.</summary>
/// <param name="Bit">The bit of the activations that is multiplied.</param>
/// <param name="IsFirst">Whether the product begins.</param>
/// <param name="IsLast">Whether it is complete after this cycle.</param>
/// <param name="Subtracts">Whether it is a bit of sign.</param>
public readonly record struct ProductStep(int Bit, bool IsFirst, bool IsLast, bool Subtracts);

/// <summary>Which output of which layer a sum belongs to, for the log of overflows: no hardware.</summary>
public readonly record struct OutputPlace
{
    /// <summary>Position in the array's program.</summary>
    public int Instruction { get; init; }

    /// <summary>The frame.</summary>
    public int Frame { get; init; }

    /// <summary>Scheduled layer.</summary>
    public int Layer { get; init; }

    /// <summary>Index in the layer's plan.</summary>
    public int Segment { get; init; }

    /// <summary>Index of the (first) pixel among the instruction's vectors.</summary>
    public int Pixel { get; init; }

    /// <summary>Index of the (first) channel among the instruction's.</summary>
    public int Channel { get; init; }
}

/// <summary>Where sums that leave the array go.</summary>
public readonly record struct SumTarget
{
    /// <summary>Accumulator word; of the first pixel, where there are several.</summary>
    public int Address { get; init; }

    /// <summary>Pixels that exist: words, of which one lane is written (input stationary) or which follow each other in time (output stationary).</summary>
    public int Words { get; init; }

    /// <summary>The lane, on an input-stationary array.</summary>
    public int Lane { get; init; }

    /// <summary>Whether they are added to what is there (else to zero).</summary>
    public bool Accumulates { get; init; }

    /// <summary>Left shift of the sums: the digit's weight.</summary>
    public int DigitShift { get; init; }

    /// <summary>Whether these are their instruction's last sums.</summary>
    public bool IsLast { get; init; }

    /// <summary>Signalled when the last sums are written.</summary>
    public SemaphoreSet Signals { get; init; }

    /// <summary>The outputs that they belong to.</summary>
    public OutputPlace Place { get; init; }

    /// <summary>Number of the segment's last addition, for the log of overflows.</summary>
    public int LastAddition { get; init; }
}

/// <summary>What goes through the array with one cycle of streaming.</summary>
public readonly record struct VectorTag
{
    /// <summary>Which cycle of the products it is.</summary>
    public ProductStep Step { get; init; }

    /// <summary>Where the sums go.</summary>
    public SumTarget Target { get; init; }

    /// <summary>Whether every column filters its own channel.</summary>
    public bool Filters { get; init; }

    /// <summary>Then: rows that take part, from the first on.</summary>
    public int FilterRows { get; init; }

    /// <summary>Output stationary: which group of elements each row sends.</summary>
    public int Group { get; init; }

    /// <summary>Output stationary: number of the addition in its pass.</summary>
    public int Addition { get; init; }

    /// <summary>Output stationary: whether the addition is the last of its pass.</summary>
    public bool EndsPass { get; init; }
}

/// <summary>
/// The tags of what is in flight, so that the array's registers carry a number only. Numbers start at 1; 0 is the bubble.
/// In hardware the tag is a few bits next to a valid bit: those of the product go with the operands, the others with the bottom row.
/// </summary>
public sealed class VectorsInFlight(int atMost)
{
    private readonly VectorTag[] _tags = new VectorTag[(int)BitOperations.RoundUpToPowerOf2((uint)atMost + 1)];
    private int _last;

    /// <summary>The tag of a number in flight.</summary>
    public ref readonly VectorTag this[int vector] => ref _tags[vector & (_tags.Length - 1)];

    /// <summary>Numbers what enters.</summary>
    public int Enter(in VectorTag tag)
    {
        _last++;
        _tags[_last & (_tags.Length - 1)] = tag;
        return _last;
    }

    /// <summary>Starts again at 1.</summary>
    public void Reset() => _last = 0;
}
