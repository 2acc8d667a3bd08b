// SPDX-License-Identifier: Apache-2.0
namespace RtlExport.Tools;

/// <summary>Keeps the folder of compiled benches from growing without end.</summary>
internal static class BenchCache
{
    /// <summary>Compiled benches that are kept; a bench has some megabytes.</summary>
    private const int Most = 64;

    /// <summary>Removes those that were used longest ago.</summary>
    public static void Prune(string folder)
    {
        foreach (DirectoryInfo old in new DirectoryInfo(folder).EnumerateDirectories()
            .Where(bench => !bench.Name.StartsWith(VerilatorRuntime.Prefix, StringComparison.Ordinal)).OrderByDescending(bench => bench.LastWriteTimeUtc).Skip(Most))
        {
            try
            {
                old.Delete(recursive: true);
            }
            catch (IOException)
            {
                // Another process removes it, too.
            }
        }
    }
}
