// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace RtlExport.Corners;

/// <summary>The same programs with fewer tokens: a buffer's next use waits for the last one's release although there is a second slot, so that units wait where they otherwise never do.</summary>
public static class SingleSlots
{
    /// <summary>Takes a token of each semaphore that has several before the first cycle, as long as the programs still come to their end. Values stay: units only wait longer.</summary>
    /// <param name="schedule">The programs.</param>
    /// <param name="kept">Semaphores that keep their tokens, so that a unit comes to another one earlier.</param>
    public static Schedule Of(Schedule schedule, SemaphoreSet kept = default)
    {
        for (int s = 0; s < schedule.InitialSemaphores.Length; s++)
        {
            if (schedule.InitialSemaphores[s] > 1 && !kept.Contains((Semaphore)s))
            {
                Schedule fewer = schedule with { InitialSemaphores = schedule.InitialSemaphores.SetItem(s, 1) };
                schedule = Ends(fewer) ? fewer : schedule;
            }
        }

        return schedule;
    }

    private static bool Ends(Schedule schedule)
    {
        try
        {
            FastEngine.Time(schedule);
            return true;
        }
        catch (InvalidScheduleException)
        {
            return false;
        }
    }
}
