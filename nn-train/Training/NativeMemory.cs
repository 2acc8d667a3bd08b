// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace NnTrain.Training;

/// <summary>
/// Settings of glibc's allocator for a tensor library. A step of training takes and frees the same tens of megabytes again and again; by itself the allocator gives them back to the system
/// each time, which then clears every page anew: up to a sixth of a step. What the environment says stays.
/// </summary>
internal static partial class NativeMemory
{
    // malloc.h
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;
    private const int ArenaMax = -8;

    private const int KeptBytes = 512 << 20;

    // The most that glibc takes.
    private const int LargestMmapThreshold = 32 << 20;

    private static readonly Lazy<bool> Once = new(Set);

    /// <summary>Sets them, once in a process.</summary>
    public static void Keep() => _ = Once.Value;

    private static bool Set()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            foreach ((string variable, int option, int value) in (ReadOnlySpan<(string, int, int)>)
                [("MALLOC_TRIM_THRESHOLD_", TrimThreshold, KeptBytes), ("MALLOC_MMAP_THRESHOLD_", MmapThreshold, LargestMmapThreshold), ("MALLOC_ARENA_MAX", ArenaMax, 1)])
            {
                if (Environment.GetEnvironmentVariable(variable) is null)
                {
                    _ = SetOption(option, value);
                }
            }

            return true;
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library.
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
