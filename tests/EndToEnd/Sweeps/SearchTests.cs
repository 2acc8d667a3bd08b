// SPDX-License-Identifier: Apache-2.0
using Cli.Sweeps;
using Cli.Sweeps.Space;
using Cli.Sweeps.Strategies;
using Xunit;

namespace EndToEnd.Sweeps;

/// <summary>Which points strategies try.</summary>
public sealed class SearchTests : IDisposable
{
    private readonly TimingSweep _here = new();

    public void Dispose() => _here.Dispose();

    [Theory]
    [InlineData(StrategyKind.Random)]
    [InlineData(StrategyKind.LatinHypercube)]
    [InlineData(StrategyKind.Nsga2)]
    public void No_point_is_tried_twice_and_a_seed_decides(StrategyKind kind)
    {
        PointSpace space = _here.Load(TimingSweep.Text(TimingSweep.Axes)).Space;
        HashSet<string> all = [.. space.All().Select(point => string.Join(' ', point))];

        string[] first = [.. Tried(kind, 300, 1, space)], again = [.. Tried(kind, 300, 1, space)], other = [.. Tried(kind, 300, 2, space)];

        Assert.Equal(300, first.Distinct().Count());
        Assert.All(first, point => Assert.Contains(point, all));
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Theory]
    [InlineData(StrategyKind.Random)]
    [InlineData(StrategyKind.LatinHypercube)]
    [InlineData(StrategyKind.Nsga2)]
    public void A_search_of_more_points_than_there_are_ends_with_all_of_them(StrategyKind kind)
    {
        PointSpace space = Grid(3, 4, 2);

        Assert.Equal(space.All().Select(point => string.Join(' ', point)).Order(), Tried(kind, 100, 1, space).Order());
    }

    [Fact]
    public void A_latin_hypercube_takes_every_value_of_every_axis_equally_often()
    {
        PointSpace space = Grid(50, 25, 10);

        string[] points = [.. Tried(StrategyKind.LatinHypercube, 50, 4, space)];

        for (int axis = 0; axis < 3; axis++)
        {
            int[] counts = [.. points.GroupBy(point => point.Split(' ')[axis]).Select(group => group.Count())];
            Assert.Equal(space.Axes[axis].Values.Length, counts.Length);
            Assert.All(counts, count => Assert.Equal(50 / space.Axes[axis].Values.Length, count));
        }
    }

    /// <summary>Costs whose front is known: both are least on the line a + b = 40 of a grid of 20,000 points, where all else is 0.</summary>
    [Fact]
    public void Nsga2_finds_the_front_of_a_known_problem_with_a_tenth_of_the_points()
    {
        PointSpace space = Grid(20, 20, 10, 5);
        double[] Costs(int[] p) => [p[0] + (3 * p[2]) + (2 * p[3]), 19 - p[0] + Math.Abs(p[1] - 7) + (2 * p[2]) + p[3]];

        for (ulong seed = 1; seed <= 10; seed++)
        {
            int[][] tried = [.. Run(new(StrategyKind.Nsga2, 2_000, 40, seed), space, Costs)];
            int found = tried.Count(point => point is [_, 7, 0, 0]);
            Assert.InRange(found, 19, 20);
        }
    }

    [Fact]
    public void Nsga2_tries_the_points_to_start_from_first_and_none_of_them_again()
    {
        SweepSpec sweep = _here.Load(TimingSweep.Text(TimingSweep.Axes));
        string[] Values(int[] point) => [.. point.Select((index, axis) => sweep.Axes[axis].Values[index].Label)];
        int[][] some = [.. sweep.Space.All().Where(point => !point.Contains(PointSpace.Absent)).Where((_, i) => i % 50 == 7).Take(3)];
        string start = string.Join(", ", some.Select(point => $"[{string.Join(", ", Values(point))}]"));
        string line = $"strategy: {{kind: nsga2, points: 100, population: 20, start: [{start}]}}\n";
        StrategySpec strategy = _here.Load(TimingSweep.Text(TimingSweep.Axes, line)).Strategy;

        ISearch search = Searches.Of(strategy, sweep.Space)!;
        IReadOnlyList<int[]> first = search.Next([]);
        Assert.Equal(some, first.Take(3));
        Assert.Equal(20, first.Count);
        IReadOnlyList<int[]> second = search.Next([.. first.Select(point => new SearchPoint(point, 0, [point[0], -point[0]]))]);
        Assert.DoesNotContain(second, point => first.Any(known => known.AsSpan().SequenceEqual(point)));

        var environment = new SweepEnvironment { Images = _ => throw new InvalidOperationException("no image is needed"), Log = TextWriter.Null };
        new SweepRunner(_here.Load(TimingSweep.Text(TimingSweep.Axes, line)), new(_here.PathOf("out")), environment).Run(resume: false);
        Assert.Contains($"  start: [[{Values(some[0])[0]}, ", File.ReadAllText(_here.PathOf("out/sweep.yaml")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[[8]]", "start[0]")]
    [InlineData("[]", "start")]
    public void A_start_that_is_no_point_is_found(string start, string key)
    {
        string[] found = _here.Findings(TimingSweep.Text(TimingSweep.Axes, $"strategy: {{kind: nsga2, points: 100, population: 20, start: {start}}}\n"));
        Assert.Contains(found, finding => finding.Contains($"strategy.{key}", StringComparison.Ordinal));
    }

    [Fact]
    public void Nsga2_goes_where_the_constraints_hold()
    {
        PointSpace space = Grid(40, 40);
        ISearch search = Searches.Of(new(StrategyKind.Nsga2, 300, 20, 1), space)!;
        List<SearchPoint> last = [];
        int feasible = 0;
        while (search.Next(last) is { Count: > 0 } points)
        {
            // One point in 160 keeps to the constraint.
            last = [.. points.Select(point => new SearchPoint(point, Math.Max(0, 75 - point[0] - point[1]), [point[0]]))];
            feasible += last.Count(point => point.Violation == 0);
        }

        Assert.Equal(10, feasible);
    }

    private PointSpace Grid(params int[] sizes)
    {
        string[] keys = ["memory.latency_cycles", "memory.burst_beats", "clock_mhz", "array.rows"];
        return _here.Load(TimingSweep.Text("axes:\n" + string.Concat(sizes.Select((size, i) => $"  - {{keys: [accelerator.{keys[i]}], range: {{from: 1, to: {size}}}}}\n")))).Space;
    }

    private static IEnumerable<string> Tried(StrategyKind kind, int points, ulong seed, PointSpace space) =>
        Run(new(kind, points, 20, seed), space, point => [point[0], -point[1]]).Select(point => string.Join(' ', point));

    private static List<int[]> Run(StrategySpec strategy, PointSpace space, Func<int[], double[]> costs)
    {
        ISearch search = Searches.Of(strategy, space)!;
        List<int[]> all = [];
        List<SearchPoint> last = [];
        while (search.Next(last) is { Count: > 0 } points)
        {
            all.AddRange(points);
            last = [.. points.Select(point => new SearchPoint(point, 0, costs(point)))];
        }

        return all;
    }
}
