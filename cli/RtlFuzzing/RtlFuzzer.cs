// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Cli.CommandLine;
using Fuzzing;
using RtlExport.Tools;

namespace Cli.RtlFuzzing;

/// <summary>Draws designs, runs their networks through model and RTL, and makes a design that differs small.</summary>
internal sealed class RtlFuzzer(RtlFuzzSpec spec, RtlFuzzFolder folder, int workers, CancellationToken cancellation)
{
    /// <summary>A compile of a small design takes seconds, so that this is longer than any of them.</summary>
    private static readonly TimeSpan DesignLimit = TimeSpan.FromMinutes(10);

    /// <summary>Runs the seeds that are wanted and not yet there; each result is kept at once.</summary>
    /// <param name="designs">Designs in all.</param>
    /// <param name="onDone">Is told of each new result.</param>
    /// <exception cref="OperationCanceledException">It was interrupted; what is finished is kept.</exception>
    public IReadOnlyList<FuzzedDesign> Run(int designs, Action<FuzzedDesign> onDone)
    {
        IReadOnlyDictionary<int, FuzzedDesign> kept = folder.Results();
        int[] wanted = [.. Enumerable.Range(spec.Seed, designs)];
        var gate = new Lock();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation };

        // Designs take different times: each worker takes the next one, in order.
        Parallel.ForEach(System.Collections.Concurrent.Partitioner.Create(wanted.Where(seed => !kept.ContainsKey(seed)), System.Collections.Concurrent.EnumerablePartitionerOptions.NoBuffering), parallel, seed =>
        {
            FuzzedDesign result = Compare(seed);
            lock (gate)
            {
                folder.Add(result);
                onDone(result);
            }
        });
        IReadOnlyDictionary<int, FuzzedDesign> all = folder.Results();
        return [.. wanted.Select(seed => all[seed])];
    }

    private FuzzedDesign Compare(int seed)
    {
        var clock = Stopwatch.StartNew();
        var choices = new ChoiceSource(seed);
        FuzzedDesign result = Compare(choices, spec.Simulator) with { Seed = seed };
        return result.Difference is null
            ? result with { Seconds = clock.Elapsed.TotalSeconds }
            : result with { File = folder.KeepFailure(seed, Smallest([.. choices.Taken]), spec), Seconds = clock.Elapsed.TotalSeconds };
    }

    /// <summary>Draws from the choices and compares; an exception is a difference.</summary>
    private FuzzedDesign Compare(ChoiceSource choices, SimulatorKind simulator)
    {
        DirectoryInfo work = Directory.CreateTempSubdirectory("codesign-fuzz-");
        try
        {
            DesignCase drawn = DesignCase.Draw(choices, CaseSize.Small, spec.NetworksPerDesign);
            var options = new VerificationOptions { WorkDirectory = folder.Benches, Quick = true, Timeout = DesignLimit, Cancellation = cancellation };
            IReadOnlyList<VerificationResult> results = DesignComparison.Run(drawn, simulator, options, work.FullName);
            return new()
            {
                Seed = 0,
                Networks = results.Count,
                Vectors = results.Sum(result => result.Vectors),
                BitMismatches = results.Sum(result => result.BitMismatches),
                CycleMismatches = results.Sum(result => result.CycleMismatches),
                Cycles = results.Sum(result => result.Cycles * result.Images),
                Difference = results.FirstOrDefault(result => !result.Passed)?.FirstDifference?.ToString(),
                Parameters = DesignParameters.Of(drawn.Accelerator),
            };
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or OperationCanceledException or ToolMissingException))
        {
            return new() { Seed = 0, Difference = $"{exception.GetType().Name}: {exception.Message}" };
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    /// <summary>The smallest choices that still differ in the same way. Icarus compiles in no time, so that it does the trials where it differs, too.</summary>
    private IReadOnlyList<int> Smallest(IReadOnlyList<int> failing)
    {
        string? original = Difference(failing, spec.Simulator);
        SimulatorKind simulator = ExternalTool.Find("iverilog") is not null && Difference(failing, SimulatorKind.Icarus) is not null ? SimulatorKind.Icarus : spec.Simulator;
        return Shrinker.Shrink(failing, candidate => Difference(candidate, simulator) is string found && Kind(found) == Kind(original), simulator == SimulatorKind.Icarus ? 300 : 30);

        string? Difference(IReadOnlyList<int> choices, SimulatorKind kind) => Compare(new ChoiceSource(choices), kind).Difference;

        static string? Kind(string? difference) => difference?.Split(':')[0];
    }
}
