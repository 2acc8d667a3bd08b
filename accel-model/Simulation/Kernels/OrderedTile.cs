// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace AccelModel.Simulation.Kernels;

/// <summary>What an ordered kernel adds in one call: segments one after the other, for <see cref="OrderedTile.Pixels"/> pixels and one vector of output channels.</summary>
internal unsafe struct OrderedTile<T, TAccumulator>
    where T : unmanaged
    where TAccumulator : unmanaged
{
    /// <summary><c>[segment][row][lane][channel]</c>.</summary>
    public T* Weights;

    /// <summary>First element of each pixel's window.</summary>
    public T** Windows;

    /// <summary>Elements from there to the activation, <c>[segment][row][lane]</c>.</summary>
    public int* Offsets;

    /// <summary>The segments.</summary>
    public SegmentRows* Segments;

    /// <summary>How many there are.</summary>
    public int SegmentCount;

    /// <summary>Products of one addition.</summary>
    public int Lanes;

    /// <summary>The word of the partial sums.</summary>
    public WordRange<T> SumRange;

    /// <summary>The word of the accumulators.</summary>
    public WordRange<TAccumulator> AccumulatorRange;

    /// <summary>Room for partial sums, <c>[<see cref="OrderedTile.SegmentsAtATime"/>][pixel][channel]</c>.</summary>
    public T* Sums;

    /// <summary>What accumulators begin with, and the result, <c>[pixel][channel]</c>.</summary>
    public TAccumulator* Accumulators;

    /// <summary>Overflows of partial sums are added to it.</summary>
    public long SumOverflows;

    /// <summary>Overflows of accumulators are added to it.</summary>
    public long AccumulatorOverflows;
}

/// <summary>A partial sum that starts at zero and is added to the accumulator.</summary>
/// <param name="Rows">Additions.</param>
/// <param name="SafeRows">Additions before the first one that can overflow.</param>
/// <param name="Shift">Left shift of the finished sum.</param>
internal readonly record struct SegmentRows(int Rows, int SafeRows, int Shift);

/// <summary>Size of what ordered kernels compute in one call.</summary>
internal static class OrderedTile
{
    /// <summary>Pixels.</summary>
    public const int Pixels = 8;

    /// <summary>Segments whose partial sums are kept, so that accumulators are read and written once for all of them.</summary>
    public const int SegmentsAtATime = 8;

    /// <summary>Output channels: the lanes of one vector.</summary>
    public static int Channels<T>(InstructionSet set)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
        set switch
        {
            InstructionSet.Scalar => Simd1<T>.Count,
            InstructionSet.Avx512 => Simd512<T>.Count,
            _ => Simd256<T>.Count,
        };
}
