// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace RtlExport.Mutation;

/// <summary>Mutants that run at once, each on copies of the bundles of its own.</summary>
public sealed class MutationRuns : IDisposable
{
    private readonly ConcurrentBag<MutationRun> _idle = [];
    private readonly List<string> _copies = [];

    /// <summary>Runs on <paramref name="bundles"/>, each with the name of its design.</summary>
    /// <param name="bundles">The bundles.</param>
    /// <param name="jobs">Mutants that run at once.</param>
    /// <param name="timeout">Of one run of a bench.</param>
    /// <param name="cancellation">Cancels.</param>
    public MutationRuns(IReadOnlyList<(string Directory, string Name)> bundles, int jobs, TimeSpan timeout, CancellationToken cancellation)
    {
        First = new(bundles, timeout, cancellation);

        // All copies are made before the first fault is.
        for (int job = 1; job < jobs; job++)
        {
            _idle.Add(First.On(Copy(bundles)));
        }

        _idle.Add(First);
    }

    /// <summary>The one on the bundles themselves.</summary>
    public MutationRun First { get; }

    /// <summary>Runs one mutant; as many threads as there are jobs may call it.</summary>
    public MutantResult Try(Mutant mutant)
    {
        if (!_idle.TryTake(out MutationRun? run))
        {
            throw new InvalidOperationException("more threads than jobs");
        }

        try
        {
            return run.Try(mutant);
        }
        finally
        {
            _idle.Add(run);
        }
    }

    /// <summary>Removes the copies.</summary>
    public void Dispose()
    {
        foreach (string copy in _copies)
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private List<string> Copy(IReadOnlyList<(string Directory, string Name)> bundles)
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
