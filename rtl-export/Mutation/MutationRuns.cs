// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace RtlExport.Mutation;

/// <summary>Mutants that run at once, each on copies of the bundles of its own. The bundles without any fault are checked once, before the first mutant.</summary>
/// <param name="bundles">The bundles, each with the name of its design.</param>
/// <param name="timeout">Of one run of a bench.</param>
/// <param name="cancellation">Cancels.</param>
public sealed class MutationRuns(IReadOnlyList<(string Directory, string Name)> bundles, TimeSpan timeout, CancellationToken cancellation) : IDisposable
{
    private readonly ConcurrentBag<MutationRun> _idle = [];
    private readonly ConcurrentBag<string> _copies = [];
    private readonly Lazy<MutationRun> _first = new(() => new(bundles, timeout, cancellation));
    private int _started;

    /// <summary>Runs one mutant; any number of threads may call it.</summary>
    /// <exception cref="InvalidOperationException">A bundle without any fault does not pass.</exception>
    public MutantResult Try(Mutant mutant)
    {
        MutationRun first = _first.Value;
        if (!_idle.TryTake(out MutationRun? run))
        {
            run = Interlocked.Increment(ref _started) == 1 ? first : first.On(Copy());
        }

        MutantResult result = run.Try(mutant);
        _idle.Add(run);
        return result;
    }

    /// <summary>Removes the copies.</summary>
    public void Dispose()
    {
        foreach (string copy in _copies)
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private List<string> Copy()
    {
        string folder = Directory.CreateTempSubdirectory("codesign-mutants-").FullName;
        _copies.Add(folder);
        List<string> copies = [];
        foreach ((string directory, _) in bundles)
        {
            string copy = Path.Combine(folder, FormattableString.Invariant($"rtl{copies.Count}"));
            foreach (string file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Where(file => !file.Contains($"{Path.DirectorySeparatorChar}{Vectors.RtlBundle.BuildFolder}{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
            {
                string place = Path.Combine(copy, Path.GetRelativePath(directory, file));
                Directory.CreateDirectory(Path.GetDirectoryName(place)!);
                File.Copy(file, place);
            }

            copies.Add(copy);
        }

        return copies;
    }
}

/// <summary>Results of many threads in the order of what they are of.</summary>
public static class OrderedResults
{
    /// <summary>Applies <paramref name="function"/> to the items, <paramref name="jobs"/> at a time and in their order; gives the results in their order, each as soon as it and all before it are there.</summary>
    public static IEnumerable<TResult> InOrder<T, TResult>(this IEnumerable<T> items, Func<T, TResult> function, int jobs) => Partitioner.Create(items, EnumerablePartitionerOptions.NoBuffering)
        .AsParallel().AsOrdered().WithDegreeOfParallelism(jobs).WithMergeOptions(ParallelMergeOptions.NotBuffered).Select(function);
}
