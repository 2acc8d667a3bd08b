// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Xunit;

namespace AccelModel.Tests.Differential;

/// <summary>Frames that overlap: every frame gives the codes of its image alone, and both engines agree on every cycle of every instruction of every frame.</summary>
public sealed class FrameTests
{
    private const int Cases = 1000;
    private const int FirstSeed = 40_000;

    private static readonly CaseSize Frames = CaseSize.Small with { Images = 5 };

    [Fact]
    public void Overlapping_frames_give_the_codes_of_each_image_and_the_cycles_of_the_fast_engine()
    {
        var failures = new ConcurrentBag<(int Seed, string Difference)>();
        int several = 0, sooner = 0;
        Parallel.For(FirstSeed, FirstSeed + Cases, seed =>
        {
            RandomCase drawn = RandomCase.Draw(new ChoiceSource(seed), Frames);
            if (Engines.FirstDifferenceInFrames(drawn) is string difference)
            {
                failures.Add((seed, difference));
                return;
            }

            Interlocked.Add(ref several, drawn.Images > 2 ? 1 : 0);
            Interlocked.Add(ref sooner, drawn.Images > 1 && FastEngine.Time(drawn.Schedule, drawn.Images).Cycles < drawn.Images * FastEngine.Time(drawn.Schedule).Cycles ? 1 : 0);
        });

        Assert.True(failures.IsEmpty, string.Join('\n', failures.OrderBy(failure => failure.Seed).Take(5)));
        Assert.True(several > Cases / 2, $"{several} of {Cases} cases have more than two frames");
        Assert.True(sooner > Cases / 2, $"{sooner} of {Cases} runs are shorter than their inferences one after the other");
    }

    [Fact]
    public void Constants_that_stay_on_chip_are_loaded_once_and_change_no_code()
    {
        int resident = 0, sooner = 0;
        Parallel.For(FirstSeed, FirstSeed + (Cases / 2), seed =>
        {
            RandomCase drawn = RandomCase.Draw(new ChoiceSource(seed), Frames);
            BuffersSpec buffers = drawn.Accelerator.Buffers;
            AcceleratorSpec accelerator = drawn.Accelerator with
            {
                Mapping = drawn.Accelerator.Mapping with { ResidentWeights = true },
                Buffers = buffers with
                {
                    Weight = buffers.Weight with { Size = 64 * buffers.Weight.Size }, Parameter = buffers.Parameter with { Size = 32 * buffers.Parameter.Size },
                },
            };
            Schedule schedule;
            try
            {
                schedule = Scheduler.Schedule(drawn.Network, accelerator);
            }
            catch (ScheduleException exception)
            {
                Assert.All(exception.Findings, finding => Assert.Contains("mapping.resident_weights", finding.Message, StringComparison.Ordinal));
                return;
            }

            Interlocked.Increment(ref resident);
            Assert.True(schedule.LoadPrologue > 0);
            Assert.All(schedule.Load.Skip(schedule.LoadPrologue), load => Assert.True(load.IsElementwise));
            Assert.Null(Engines.FirstDifference(drawn with { Accelerator = accelerator, Schedule = schedule }));
            Assert.Null(Engines.FirstDifferenceInFrames(drawn with { Accelerator = accelerator, Schedule = schedule }));
            TimingResult run = FastEngine.Time(schedule, 3);

            // Constants come once; activations that are weights come with every frame.
            long constants = schedule.Load.Where(load => load.Target == LoadTarget.Weight).Sum(load => (long)load.Beats) * accelerator.Memory.BytesPerCycle;
            long factors = FastEngine.Time(schedule).Layers.Sum(layer => layer.Traffic.WeightLoadBytes) - constants;
            Assert.Equal(schedule.Load.Any(load => load.Target == LoadTarget.Factor), factors > 0);
            Assert.Equal(constants + (3 * factors), run.Layers.Sum(layer => layer.Traffic.WeightLoadBytes));
            Schedule reloaded = Scheduler.Schedule(drawn.Network, accelerator with { Mapping = drawn.Accelerator.Mapping });
            FrameTiming stays = FastEngine.SteadyState(schedule), comes = FastEngine.SteadyState(reloaded);
            Interlocked.Add(ref sooner, stays.PeriodCycles * comes.PeriodFrames < comes.PeriodCycles * stays.PeriodFrames ? 1 : 0);
        });

        Assert.True(resident > Cases / 4, $"{resident} of {Cases / 2} cases fit");
        Assert.True(sooner > resident / 2, $"{sooner} of {resident} are sooner");
    }

    [Fact]
    public void Constants_that_do_not_fit_are_refused_by_the_buffer()
    {
        RandomCase drawn = Enumerable.Range(FirstSeed, 1000).Select(seed => RandomCase.Draw(new ChoiceSource(seed)))
            .First(sample => sample.Schedule.Load.Count(load => load.Target == LoadTarget.Weight) > 4);
        AcceleratorSpec accelerator = drawn.Accelerator with { Mapping = drawn.Accelerator.Mapping with { ResidentWeights = true } };

        ScheduleException exception = Assert.Throws<ScheduleException>(() => Scheduler.Schedule(drawn.Network, accelerator));

        ScheduleFinding finding = exception.Findings.First(finding => finding.KeyPath == "buffers.weight.size");
        Assert.StartsWith($"all constants are to stay on chip (mapping.resident_weights), found a size of {accelerator.Buffers.Weight.Size}, allowed at least ", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_order_of_stages_in_every_cycle_changes_no_frame()
    {
        for (int seed = FirstSeed; seed < FirstSeed + 20; seed++)
        {
            Assert.Null(Engines.FirstDifferenceInFrames(RandomCase.Draw(new ChoiceSource(seed), Frames), shuffleSeed: seed));
        }
    }

    [Fact]
    public void The_steady_state_is_that_of_a_long_run()
    {
        Parallel.For(FirstSeed, FirstSeed + (Cases / 5), seed =>
        {
            Schedule schedule = RandomCase.Draw(new ChoiceSource(seed)).Schedule;
            FrameTiming steady = FastEngine.SteadyState(schedule);
            int frames = steady.SteadyFrom + (3 * steady.PeriodFrames) + 4;
            long[] ends = [.. FastEngine.Time(schedule, frames).Timeline.Where(e => e.Unit == UnitKind.Store && e.Index == schedule.Store.Length - 1).Select(e => e.End)];
            Assert.Equal(frames, ends.Length);
            Assert.Equal(steady.FirstFrameCycles, ends[0] + 1);

            // The last frame has no successor that would take the port from it.
            for (int frame = steady.SteadyFrom; frame + steady.PeriodFrames < frames - 2; frame++)
            {
                Assert.True(ends[frame + steady.PeriodFrames] - ends[frame] == steady.PeriodCycles, $"seed {seed}, frame {frame}: {steady}, ends {string.Join(' ', ends)}");
            }
        });
    }
}
