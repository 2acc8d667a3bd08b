// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;

namespace AccelModel.Simulation;

/// <summary>
/// Cycles and values of a schedule without ticking: time from closed formulas per instruction, values from exact integer matrix products, with the same result as
/// the register-accurate model on every cycle, bit and overflow.
/// </summary>
public static class FastEngine
{
    /// <summary>The timeline and all counters of one inference. Time never depends on data.</summary>
    /// <exception cref="InvalidScheduleException">A unit waits for a signal that never comes, or an instruction breaks the contract.</exception>
    public static TimingResult Time(Schedule schedule)
    {
        FastEngineRules.Check(schedule);
        return new FastEngineTimeline(schedule).Run();
    }

    /// <summary>The codes that come out for a batch of images, and every overflow of every layer.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="input">Codes, image after image, each in rows, columns, channels order.</param>
    /// <param name="images">Images in <paramref name="input"/>.</param>
    /// <param name="options">How the work is done; two threads and the machine's best instructions unless given.</param>
    /// <exception cref="ArgumentException">The input has the wrong length, or a code outside its format; or an option asks for what this machine has not.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static ValueResult Execute(Schedule schedule, ReadOnlyMemory<int> input, int images, ExecutionOptions? options = null) =>
        new FastEngineExecution(schedule, images, options ?? new ExecutionOptions()).Run(input);
}
