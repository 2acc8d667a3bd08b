// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Simulation;

namespace AccelModel.Scheduling;

/// <summary>
/// What a schedule must be so that its programs can run again and again (docs/architecture.md, section 2.1): what runs in every frame takes as many tokens of each semaphore as it gives, so that each frame
/// begins with the counts with which the first one began.
/// </summary>
public static class FrameRules
{
    /// <summary>Most tokens that a semaphore can have at cycle 0.</summary>
    public const int MostInitialTokens = 3;

    /// <summary>Most frames of one run.</summary>
    public const int MostFrames = 65_535;

    /// <summary>Frames after which a search for a steady state is given up.</summary>
    public const int MostTransientFrames = 4_096;

    /// <exception cref="ArgumentException">No number of frames.</exception>
    /// <exception cref="InvalidScheduleException">The programs cannot run so often.</exception>
    public static void Check(Schedule schedule, int frames)
    {
        if (frames is < 1 or > MostFrames)
        {
            throw new ArgumentException($"{frames} frames, expected 1..{MostFrames}", nameof(frames));
        }

        if (Finding(schedule, frames) is { } finding)
        {
            throw finding;
        }
    }

    /// <summary>Whether the programs can run more than once.</summary>
    public static bool Repeats(Schedule schedule) => Finding(schedule, 2) is null;

    private static InvalidScheduleException? Finding(Schedule schedule, int frames)
    {
        if (schedule.LoadPrologue < 0 || (schedule.LoadPrologue > 0 && schedule.LoadPrologue >= schedule.Load.Length))
        {
            return new($"a prologue of {schedule.LoadPrologue} loads, expected fewer than the program's {schedule.Load.Length}", UnitKind.Load, 0);
        }

        if (!schedule.InitialSemaphores.IsEmpty && (schedule.InitialSemaphores.Length != SemaphoreSet.Count || schedule.InitialSemaphores.Any(count => count is < 0 or > MostInitialTokens)))
        {
            return new($"initial counts {string.Join(' ', schedule.InitialSemaphores)}, expected none or {SemaphoreSet.Count} of 0..{MostInitialTokens}", UnitKind.Load, 0);
        }

        for (int i = 0; i < schedule.Load.Length; i++)
        {
            LoadInstruction load = schedule.Load[i];
            if (i < schedule.LoadPrologue && (load.Waits.Mask | load.Signals.Mask) != 0)
            {
                return new($"Load instruction {i}: it runs once and waits for or signals {load.Waits} {load.Signals}, expected neither", UnitKind.Load, i);
            }

            if (load.PerFrame && (!load.IsElementwise || load.Fill || load.Run == 0))
            {
                return new($"Load instruction {i}: an address that moves with the frame, expected only of runs from external memory", UnitKind.Load, i);
            }
        }

        for (int i = 0; i < schedule.Store.Length; i++)
        {
            if (schedule.Store[i] is { PerFrame: true } store && store.Target != StoreTarget.Memory)
            {
                return new($"Store instruction {i}: an address that moves with the frame, expected only in external memory", UnitKind.Store, i);
            }
        }

        return frames == 1 ? null : Unbalanced(schedule) ?? TooFar(schedule, frames);
    }

    private static InvalidScheduleException? Unbalanced(Schedule schedule)
    {
        Span<int> balance = stackalloc int[SemaphoreSet.Count];
        IEnumerable<Instruction> repeated = [.. schedule.Load.Skip(schedule.LoadPrologue), .. schedule.Array, .. schedule.Vector, .. schedule.Store];
        foreach (Instruction instruction in repeated)
        {
            for (int mask = instruction.Signals.Mask; mask != 0; mask &= mask - 1)
            {
                balance[BitOperations.TrailingZeroCount(mask)]++;
            }

            for (int mask = instruction.Waits.Mask; mask != 0; mask &= mask - 1)
            {
                balance[BitOperations.TrailingZeroCount(mask)]--;
            }
        }

        for (int s = 0; s < balance.Length; s++)
        {
            if (balance[s] != 0)
            {
                var semaphore = (Semaphore)s;
                Instruction first = repeated.First(instruction => instruction.Signals.Contains(semaphore) || instruction.Waits.Contains(semaphore));
                return new(
                    $"a frame leaves {balance[s]} tokens more of {semaphore} than it found, expected as many signals as waits in what runs in every frame", first.Unit, 0, semaphore);
            }
        }

        return null;
    }

    private static InvalidScheduleException? TooFar(Schedule schedule, int frames)
    {
        long words = schedule.Memory.Words + ((frames - 1L) * schedule.FrameStrideWords);
        long bytes = words * schedule.Accelerator.Memory.BytesPerCycle;
        return bytes > int.MaxValue ? new($"{frames} frames take {bytes} bytes of external memory, expected at most {int.MaxValue}", UnitKind.Load, 0) : null;
    }
}
