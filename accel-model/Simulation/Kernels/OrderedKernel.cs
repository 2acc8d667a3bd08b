// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Simulation.Kernels;

/// <summary>The additions of a tile: partial sums from zero, segment by segment, then their addition to the accumulators in the same order.</summary>
internal static unsafe class OrderedKernel<TSimd, TVector, T, TAddition, TSource, TAccumulator, TAccumulation>
    where TSimd : struct, ISimd<TVector, T>
    where T : unmanaged
    where TAddition : struct, IBoundedAddition
    where TSource : struct, IActivationSource
    where TAccumulator : unmanaged
    where TAccumulation : struct, IAccumulation<T, TAccumulator>
{
    /// <summary>Rows that a lane can count.</summary>
    private static int MostRows => (sizeof(T) == sizeof(short) ? short.MaxValue : int.MaxValue) / OrderedTile.Pixels;

    public static void Run(OrderedTile<T, TAccumulator>* tile)
    {
        T* weights = tile->Weights;
        int* offsets = tile->Offsets;
        int lanes = tile->Lanes;
        LaneCount<TVector> within = default;
        int counted = 0;
        int words = OrderedTile.Pixels * TSimd.Count;
        for (int i = 0; i < tile->SegmentCount; i += OrderedTile.SegmentsAtATime)
        {
            SegmentRows* segments = tile->Segments + i;
            int count = Math.Min(OrderedTile.SegmentsAtATime, tile->SegmentCount - i);
            T* sums = tile->Sums;
            for (int segment = 0; segment < count; segment++, sums += words)
            {
                for (int first = 0; first < segments[segment].Rows;)
                {
                    int rows = Math.Min(segments[segment].Rows - first, MostRows - counted);
                    int safe = lanes == 1 ? Math.Max(0, Math.Min(segments[segment].SafeRows - first, rows)) : 0;
                    PartialSumKernel<TSimd, TVector, T, TAddition, TSource>.Run(weights, tile->Windows, offsets, rows, safe, lanes, tile->SumRange, sums, first == 0, ref within);
                    first += rows;
                    weights += (nint)rows * lanes * TSimd.Count;
                    offsets += rows * lanes;
                    counted += rows - safe;
                    if (counted == MostRows)
                    {
                        tile->SumOverflows += Overflows(counted, within);
                        within = default;
                        counted = 0;
                    }
                }
            }
            tile->AccumulatorOverflows += TAccumulation.Add(tile->Sums, segments, count, tile->Accumulators, words, tile->AccumulatorRange);
        }
        tile->SumOverflows += Overflows(counted, within);
    }

    /// <summary>Additions of so many rows less those that stayed within the word.</summary>
    private static long Overflows(int rows, LaneCount<TVector> within) => TAddition.Counts ? ((long)rows * OrderedTile.Pixels * TSimd.Count) - TSimd.Counted(within) : 0;
}
