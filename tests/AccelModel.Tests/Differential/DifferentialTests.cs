// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Xunit;

namespace AccelModel.Tests.Differential;

/// <summary>Random networks on random designs: every output bit, overflow, cycle, stall and traffic figure of every engine is the same.</summary>
public class DifferentialTests
{
    /// <summary>Pairs of a network and a design in the usual test run.</summary>
    private const int Pairs = 3000;

    private const int FirstSeed = 20_000;

    [Fact]
    public void All_engines_agree_on_random_networks_and_designs() => Agree(FirstSeed, Pairs, CaseSize.Small);

    [Fact]
    public void All_engines_agree_on_larger_networks_and_designs() => Agree(500_000, 24, CaseSize.Large);

    /// <summary>A pool whose padding is more than its stride: bands of fewer rows have taller windows, and one of them did not fit the operand buffer.</summary>
    [Fact]
    public void All_engines_agree_where_lower_bands_have_taller_windows() => Agree(2_027_652, 1, CaseSize.Small);

    [Fact]
    public void All_engines_agree_on_optimised_schedules()
    {
        for (int seed = 700_000; seed < 700_100; seed++)
        {
            RandomCase drawn = RandomCase.Draw(new ChoiceSource(seed));
            RandomCase optimised = drawn with { Schedule = ScheduleOptimizer.Schedule(drawn.Network, drawn.Accelerator) };
            Assert.True(Engines.FirstDifference(optimised) is null, $"seed {seed}: {Engines.FirstDifference(optimised)}");
        }
    }

    private static void Agree(int firstSeed, int pairs, CaseSize size)
    {
        var failures = new ConcurrentBag<(int Seed, string Difference)>();
        Parallel.For(firstSeed, firstSeed + pairs, (seed, loop) =>
        {
            if (Difference(new ChoiceSource(seed), size) is string difference)
            {
                failures.Add((seed, difference));
                if (failures.Count > 20)
                {
                    loop.Stop();
                }
            }
        });

        if (!failures.IsEmpty)
        {
            (int seed, _) = failures.MinBy(failure => failure.Seed);
            Assert.Fail($"{failures.Count} of {pairs} pairs differ; the first, seed {seed}, shrunk:\n{Shrunk(seed, size)}");
        }
    }

    [Fact]
    public void The_random_pairs_cover_every_mode()
    {
        RandomCase[] cases = [.. Enumerable.Range(FirstSeed, Pairs).AsParallel().Select(seed => RandomCase.Draw(new ChoiceSource(seed)))];
        foreach (RoundingMode rounding in Enum.GetValues<RoundingMode>())
        {
            foreach (OverflowMode overflow in Enum.GetValues<OverflowMode>())
            {
                int count = cases.Count(c => c.Accelerator.Requantizer.Rounding == rounding && c.Accelerator.Array.Overflow == overflow);
                Assert.True(count >= 100, $"{rounding} with {overflow} occurs {count} times");
            }
        }

        InterpreterResult[] results = [.. cases.AsParallel().AsOrdered().Select(Engines.Reference)];
        int saturating = results.Count(result => result.Overflows.Any(layer => layer.PartialSums > 0));
        int accumulating = results.Count(result => result.Overflows.Any(layer => layer.Accumulators > 0));
        int varied = results.Count(result => result.Output.Distinct().Count() > 1);
        Assert.True(saturating >= 300, $"{saturating} cases overflow a partial sum");
        Assert.True(accumulating >= 100, $"{accumulating} cases overflow an accumulator");
        Assert.True(varied >= 800, $"{varied} cases have more than one output code");

        AtLeast(500, c => !c.Accelerator.Array.WeightDoubleBuffering, "single-buffered weights");
        AtLeast(300, c => c.Accelerator.Array.Lanes > 1, "several lanes");
        AtLeast(300, c => c.Schedule.Array.Any(m => m.Digits > 1), "digit passes");
        AtLeast(100, c => c.Schedule.Array.Any(m => m.Accumulate), "weights in several chunks");
        AtLeast(300, c => c.Schedule.Array.Any(m => m.Vectors == 1), "single vectors");
        AtLeast(200, c => c.Schedule.Layers.Any(l => l.PoolLayer is not null), "fused pooling");
        AtLeast(100, c => c.Schedule.Store.Any(s => s.Target == StoreTarget.Activation), "tensors forwarded on chip");
        AtLeast(5, c => c.Schedule.Array.Any(m => m.ColumnFilter), "column filters");
        AtLeast(100, c => c.Schedule.Vector.Any(v => v.Post), "second requantisers");
        AtLeast(200, c => c.Network.Layers.Any(ComparedCase.RoundsTwice), "double rounding");
        foreach (Dataflow dataflow in Enum.GetValues<Dataflow>())
        {
            AtLeast(10, c => c.Accelerator.Array.Dataflow == dataflow && c.Schedule.Array.Any(m => m.ActivationWeights), $"activations as weights, {dataflow}");
            AtLeast(3, c => c.Accelerator.Array.Dataflow == dataflow && c.Schedule.Array.Any(m => m.ActivationOffset != 0), $"offsets of activations, {dataflow}");
            AtLeast(3, c => c.Accelerator.Array.Dataflow == dataflow && c.Schedule.Array.Any(m => m.WeightOffset != 0), $"offsets of factors, {dataflow}");
        }

        AtLeast(3, c => c.Accelerator.Array.Lanes > 1 && c.Network.Layers.OfType<MatmulLayer>().Any(layer => !layer.TransposeSecond), "second tensors as they are, on lanes");
        AtLeast(100, c => c.Schedule.Array.GroupBy(m => m.Layer).Any(g => g.Count() > 4), "several tiles of a layer");
        AtLeast(500, c => c.Accelerator.Mapping.Convolution == ConvolutionMapping.ChannelTiles, "channel tiles");

        void AtLeast(int minimum, Func<RandomCase, bool> property, string name)
        {
            int count = cases.Count(property);
            Assert.True(count >= minimum, $"{name}: {count} of {cases.Length}, expected at least {minimum}");
        }
    }

    [Fact]
    public void A_planted_fault_is_found_and_shrunk_to_a_small_case()
    {
        // The fault: a design with more than two rows is taken to be wrong.
        IReadOnlyList<int> failing = Enumerable.Range(0, 100).Select(Taken).First(HasManyRows);
        IReadOnlyList<int> shrunk = Shrinker.Shrink(failing, HasManyRows);
        RandomCase smallest = RandomCase.Draw(new ChoiceSource(shrunk));
        Assert.Equal(3, smallest.Accelerator.Array.Rows);
        Assert.Single(smallest.Network.Layers);
        Assert.All(smallest.Input, code => Assert.Equal(0, code));
        Assert.Contains("rows: 3\n", smallest.ToYaml(), StringComparison.Ordinal);

        static IReadOnlyList<int> Taken(int seed)
        {
            var choices = new ChoiceSource(seed);
            RandomCase.Draw(choices);
            return choices.Taken;
        }

        static bool HasManyRows(IReadOnlyList<int> choices) => RandomCase.Draw(new ChoiceSource(choices)).Accelerator.Array.Rows > 2;
    }

    private static string? Difference(ChoiceSource choices, CaseSize size)
    {
        try
        {
            return Engines.FirstDifference(RandomCase.Draw(choices, size));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return exception.ToString();
        }
    }

    private static string Shrunk(int seed, CaseSize size)
    {
        var choices = new ChoiceSource(seed);
        Difference(choices, size);
        IReadOnlyList<int> smallest = Shrinker.Shrink([.. choices.Taken], candidate => Difference(new ChoiceSource(candidate), size) is not null);
        return Difference(new ChoiceSource(smallest), size) + "\n" + RandomCase.Draw(new ChoiceSource(smallest), size).ToYaml();
    }
}
