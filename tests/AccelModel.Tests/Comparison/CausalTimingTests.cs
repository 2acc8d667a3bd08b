// SPDX-License-Identifier: Apache-2.0
using AccelModel.Comparison;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Tests.Hardware;
using Xunit;

namespace AccelModel.Tests.Comparison;

/// <summary>Our figures are those of the machine that ticks, and the terms explain all of the difference.</summary>
public sealed class CausalTimingTests
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
    public void The_terms_and_the_cycles_of_SCALE_Sim_add_up_to_ours(Dataflow dataflow, bool doubleBuffering)
    {
        foreach ((int rows, int columns) in (ReadOnlySpan<(int, int)>)[(2, 1), (2, 2), (3, 5), (5, 3), (16, 4)])
        {
            foreach (GemmShape shape in Shapes())
            {
                long idealFeed = ScaleSimTiming.Of(dataflow, rows, columns, shape).Cycles;
                CausalFigures causal = CausalTiming.Of(dataflow, rows, columns, doubleBuffering, shape);
                Assert.Equal(causal.Cycles, idealFeed + causal.Differences.Sum(difference => difference.Cycles));
                Assert.Equal(Enum.GetValues<DifferenceTerm>(), causal.Differences.Select(difference => difference.Term));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Arrays))]
    public void The_machine_that_ticks_takes_as_many_cycles(Dataflow dataflow, bool doubleBuffering)
    {
        foreach ((int rows, int columns) in (ReadOnlySpan<(int, int)>)[(2, 1), (2, 3), (3, 2), (4, 4)])
        {
            foreach (GemmShape shape in Shapes())
            {
                int tile = dataflow == Dataflow.InputStationary ? (int)shape.N : columns;
                MatmulInstruction whole = Bench.Matmul((int)shape.M, ((int)shape.K + rows - 1) / rows);
                IEnumerable<MatmulInstruction> tiles =
                    from first in Enumerable.Range(0, (int)shape.N)
                    where first % tile == 0
                    select whole with { Channels = Math.Min(tile, (int)shape.N - first) };
                TimingResult timing = Bench.Run(Bench.Schedule(Spec(dataflow, rows, columns, doubleBuffering), array: tiles)).Timing;
                Assert.Equal(timing.Cycles, CausalTiming.Of(dataflow, rows, columns, doubleBuffering, shape).Cycles);
            }
        }
    }

    [Fact]
    public void A_large_layer_keeps_a_weight_stationary_array_busy_in_all_but_the_first_and_the_last_cycles()
    {
        // 2 to issue, 17 until the first vector, 3 segments of 100 vectors, 32 from the last vector's read to the last write.
        CausalFigures causal = CausalTiming.Of(Dataflow.WeightStationary, 16, 16, true, new(100, 16, 48));
        Assert.Equal(2 + 17 + 300 + 32, causal.Cycles);
    }

    [Fact]
    public void An_output_stationary_array_has_at_least_two_rows()
    {
        Assert.False(CausalTiming.Exists(Dataflow.OutputStationary, 1));
        Assert.True(CausalTiming.Exists(Dataflow.OutputStationary, 2));
        Assert.True(CausalTiming.Exists(Dataflow.WeightStationary, 1));
    }

    private static AcceleratorSpec Spec(Dataflow dataflow, int rows, int columns, bool doubleBuffering)
    {
        AcceleratorSpec spec = Bench.Spec(rows, columns, 1, doubleBuffering);
        return spec with
        {
            Array = spec.Array with { Dataflow = dataflow },
            Buffers = spec.Buffers with { Weight = spec.Buffers.Weight with { Size = 1024 }, Accumulator = spec.Buffers.Accumulator with { Size = 1024 } },
        };
    }

    private static IEnumerable<GemmShape> Shapes() =>
        from m in (int[])[1, 2, 9, 33]
        from n in (int[])[1, 5, 16]
        from k in (int[])[1, 4, 17]
        select new GemmShape(m, n, k);
}
