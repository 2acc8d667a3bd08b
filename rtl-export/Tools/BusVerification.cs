// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;

namespace RtlExport.Tools;

/// <summary>
/// What <c>codesign verify --bus axi</c> runs of one bundle: every image with a memory that is always ready and with random stalls on both buses, programs through the registers and out of memory,
/// frames that overlap, and one image each with error responses to reads and to writes, with a region of no words, with a load that fails, and where no memory is. Cycles belong to the plain port.
/// </summary>
internal static class BusVerification
{
    private const string Frames = "+frames", FromMemory = "+program_memory";

    /// <summary>Of a run of one image.</summary>
    internal const string OneImage = "+images=1";

    /// <summary>What the bench is told in each run.</summary>
    public static IEnumerable<ImmutableArray<string>> Plan(bool overlaps, uint? seed)
    {
        ImmutableArray<string> frames = overlaps ? [Frames] : [];
        if (seed is uint only)
        {
            yield return [Stalls(only)];
            yield return [Stalls(only), FromMemory, .. frames];
            yield break;
        }

        yield return [];
        yield return [Stalls(1), FromMemory];
        yield return [Stalls(2)];
        yield return [Stalls(3), FromMemory, .. frames];
        yield return ["+bus_error=1", OneImage];
        yield return ["+bus_error=2", OneImage, Stalls(4)];
        yield return ["+bus_error=3", OneImage];
        yield return ["+bus_error=4", OneImage];
        yield return ["+bus_error=5", OneImage, Stalls(5)];
    }

    /// <summary>Sums up the runs up to the first that failed; cycles are those of an inference in the first, whose memory is always ready.</summary>
    public static VerificationResult Sum(IReadOnlyList<VerificationResult> runs)
    {
        VerificationResult first = runs[0], last = runs[^1];
        string output = string.Concat(runs.Select(run => run.Output));
        return first with
        {
            Passed = last.Passed,
            Bus = MemoryBus.Axi,
            Runs = runs.Count,
            Vectors = runs.Sum(run => run.Vectors),
            BitMismatches = runs.Sum(run => run.BitMismatches),
            CycleMismatches = 0,
            FirstDifference = Broken(last) ?? last.FirstDifference,
            Layers = [.. first.Layers.Select((layer, i) => layer with { Vectors = runs.Sum(run => Of(run, i).Vectors), Mismatches = runs.Sum(run => Of(run, i).Mismatches) })],
            Output = output,
        };

        static LayerVerification Of(VerificationResult run, int layer) => layer < run.Layers.Length ? run.Layers[layer] : new("", 0, 0);
    }

    /// <summary>The rule of a bus that was broken first, where one was and no word differs.</summary>
    private static Difference? Broken(VerificationResult run)
    {
        if (run.Passed || run.BitMismatches > 0)
        {
            return null;
        }

        string? line = run.Output.Split('\n').FirstOrDefault(line => line.StartsWith("VIOLATION ", StringComparison.Ordinal));
        return line is null ? null : new Difference { Kind = "protocol", Line = line, Clock = run.FirstDifference?.Clock };
    }

    private static string Stalls(uint seed) => string.Create(CultureInfo.InvariantCulture, $"+stalls={seed}");
}
