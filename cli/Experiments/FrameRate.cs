// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;

namespace Cli.Experiments;

/// <summary>How fast inferences follow each other.</summary>
/// <param name="CyclesPerFrame">Cycles from one frame's end to the next one's, in the mean of a period.</param>
/// <param name="FirstFrameCycles">Cycles of the first of such frames.</param>
/// <param name="FramesPerSecond">Clock over <paramref name="CyclesPerFrame"/>.</param>
public readonly record struct FrameRate(double CyclesPerFrame, long FirstFrameCycles, double FramesPerSecond)
{
    /// <summary>The rate of a schedule at its design's clock.</summary>
    public static FrameRate Of(Schedule schedule)
    {
        FrameTiming steady = FastEngine.SteadyState(schedule);
        double cycles = (double)steady.PeriodCycles / steady.PeriodFrames;
        return new(cycles, steady.FirstFrameCycles, schedule.Accelerator.ClockMhz * 1e6 / cycles);
    }
}
