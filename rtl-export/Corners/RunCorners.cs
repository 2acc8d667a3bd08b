// SPDX-License-Identifier: Apache-2.0
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace RtlExport.Corners;

/// <summary>What a run finds of the one before it: nothing may be left but what is in the memories.</summary>
internal static class RunCorners
{
    private const string Group = "runs";

    /// <summary>The corners.</summary>
    public static IEnumerable<CornerCoverage> Of(IReadOnlyList<CoveredProgram> programs)
    {
        CoveredProgram[] again = [.. programs.Where(program => program.Runs > 1)];
        yield return CornerCount.Of(Group, "a run after one that ended with fewer tokens than it began with", again.Where(program => program.Frames == 1 && EndsWithFewer(program)).Select(program => program.Name));
        yield return CornerCount.Of(Group, "a run after one of several frames", again.Where(program => program.Frames > 1).Select(program => program.Name));
    }

    private static bool EndsWithFewer(CoveredProgram program) =>
        Enum.GetValues<Semaphore>().Any(semaphore => !program.Schedule.InitialSemaphores.IsEmpty && SpentTokens.Left(program.Schedule, semaphore) < program.Schedule.InitialSemaphores[(int)semaphore]);
}
