// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Tests.Differential;
using AccelModel.Tests.Simulation;
using Xunit;

namespace AccelModel.Tests.Hardware;

/// <summary>The model that ticks and the engine that computes agree on every event, counter and traffic figure.</summary>
public sealed class AgainstFastEngineTests
{
    [Fact]
    public void Scheduled_random_networks_take_the_same_time()
    {
        for (int seed = 2000; seed < 2150; seed++)
        {
            RandomCase drawn = RandomCase.Draw(new ChoiceSource(seed));
            Bench.AssertSame(FastEngine.Time(drawn.Schedule), RegisterAccurateModel.Run(drawn.Schedule, drawn.Input).Timing, $"seed {seed}");
        }
    }

    [Fact]
    public void Random_programs_take_the_same_time_or_come_to_the_same_standstill()
    {
        int standstills = 0, finished = 0;
        for (int seed = 0; seed < 1000; seed++)
        {
            Schedule schedule = RandomPrograms.Of(new Random(seed));
            TimingResult expected;
            try
            {
                expected = FastEngine.Time(schedule);
            }
            catch (InvalidScheduleException standstill)
            {
                var found = Assert.Throws<InvalidScheduleException>(() => Bench.Run(schedule));
                Assert.Equal((standstill.Unit, standstill.Instruction, standstill.Semaphore), (found.Unit, found.Instruction, found.Semaphore));
                standstills++;
                continue;
            }
            Bench.AssertSame(expected, Bench.Run(schedule).Timing, $"seed {seed}");
            finished++;
        }
        Assert.True(standstills > 100 && finished > 100);
    }
}
