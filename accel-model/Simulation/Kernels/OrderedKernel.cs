// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Simulation.Kernels;

/// <summary>The additions of a tile: every segment's partial sums from zero, then their addition to the accumulators.</summary>
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
        for (int i = 0; i < tile->SegmentCount; i++)
        {
            SegmentRows segment = tile->Segments[i];
            for (int first = 0; first < segment.Rows;)
            {
                int rows = Math.Min(segment.Rows - first, MostRows - counted);
                PartialSumKernel<TSimd, TVector, T, TAddition, TSource>.Run(weights, tile->Windows, offsets, rows, lanes, tile->SumRange, tile->Sums, first == 0, ref within);
                first += rows;
                weights += (nint)rows * lanes * TSimd.Count;
                offsets += rows * lanes;
                counted += rows;
                if (counted == MostRows)
                {
                    tile->SumOverflows += Overflows(counted, within);
                    within = default;
                    counted = 0;
                }
            }
            tile->AccumulatorOverflows += TAccumulation.Add(tile->Sums, tile->Accumulators, OrderedTile.Pixels * TSimd.Count, segment.Shift, tile->AccumulatorRange);
        }
        tile->SumOverflows += Overflows(counted, within);
    }

    /// <summary>Additions of so many rows less those that stayed within the word.</summary>
    private static long Overflows(int rows, LaneCount<TVector> within) => TAddition.Counts ? ((long)rows * OrderedTile.Pixels * TSimd.Count) - TSimd.Counted(within) : 0;
}
