// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Specification;
using Xunit;

namespace AccelModel.Tests.Scheduling;

/// <summary>The closed forms are the solutions of the contract's recurrences, which are followed here read by read.</summary>
public sealed class ArrayTimingTests
{
    public static TheoryData<Dataflow, bool> Arrays => new()
    {
        { Dataflow.WeightStationary, true },
        { Dataflow.WeightStationary, false },
        { Dataflow.InputStationary, true },
        { Dataflow.InputStationary, false },
        { Dataflow.OutputStationary, true },
        { Dataflow.OutputStationary, false },
    };

    [Theory]
    [MemberData(nameof(Arrays))]
    public void Occupancy_and_completion_follow_from_the_reads_one_by_one(Dataflow dataflow, bool doubleBuffering)
    {
        foreach ((int rows, int columns) in (ReadOnlySpan<(int, int)>)[(2, 2), (2, 5), (5, 2), (3, 3), (8, 3)])
        {
            foreach (MatmulWork work in Works())
            {
                MatmulTiming expected = dataflow switch
                {
                    Dataflow.WeightStationary => Swapped(rows, columns, rows, doubleBuffering, work.Vectors, work.Segments, work),
                    Dataflow.InputStationary => Swapped(rows, columns, columns, doubleBuffering, work.Channels, (work.Vectors + columns - 1) / columns * work.Segments, work),
                    _ => OutputStationary(rows, columns, work),
                };
                Assert.Equal(expected, ArrayTiming.Of(dataflow, rows, columns, doubleBuffering, work));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Arrays))]
    public void A_time_that_leaves_64_bits_is_not_returned(Dataflow dataflow, bool doubleBuffering)
    {
        Assert.Throws<OverflowException>(() => ArrayTiming.Of(dataflow, 4, 4, doubleBuffering, new(1L << 62, 1L << 10, 1L << 62)));
        Assert.Throws<OverflowException>(() => ArrayTiming.Of(dataflow, 4, 4, doubleBuffering, new(long.MaxValue, 1, long.MaxValue)));
    }

    private static IEnumerable<MatmulWork> Works() =>
        from vectors in (int[])[1, 2, 3, 7, 16, 17]
        from segments in (int[])[1, 2, 5]
        from channels in (int[])[1, 4, 19]
        from interval in (int[])[1, 3]
        from table in (int[])[0, 6]
        select new MatmulWork(vectors, segments, channels, interval, table);

    /// <summary>Section 4.1, event by event: D lines enter, a swap, then one streamed vector every I cycles.</summary>
    private static MatmulTiming Swapped(int rows, int columns, long lines, bool doubleBuffering, long streamed, long segments, MatmulWork work)
    {
        long cycles = streamed * work.Interval;
        long line = work.TableLines, first = 0;
        for (long segment = 0; segment < segments; segment++)
        {
            if (doubleBuffering)
            {
                long swap = segment == 0 ? line + lines : Math.Max(line + lines, first + cycles - 1);
                (first, line) = (swap + 1, swap + lines);
            }
            else
            {
                first = line + lines;
                line = first + cycles + lines - 1;
            }
        }

        long lastRead = first;
        for (long vector = 1; vector < streamed; vector++)
        {
            lastRead += work.Interval;
        }

        return new(first + (doubleBuffering ? Math.Max(cycles, lines - 1) : cycles + lines - 1), lastRead + work.Interval - 1 + rows + columns);
    }

    /// <summary>Section 4.3: R steps of I cycles a segment, for each group of R pixels; the sums then leave down the columns.</summary>
    private static MatmulTiming OutputStationary(int rows, int columns, MatmulWork work)
    {
        long cycle = work.TableLines;
        for (long group = 0; group * rows < work.Vectors; group++)
        {
            for (long segment = 0; segment < work.Segments; segment++)
            {
                for (int step = 0; step < rows; step++)
                {
                    cycle += work.Interval;
                }
            }
        }

        long lastWrite = Enumerable.Range(0, rows).Max(row => cycle + rows + columns - 1 + (rows - 1 - row));
        return new(cycle, lastWrite);
    }
}
