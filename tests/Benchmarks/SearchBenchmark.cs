// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification.Yaml;
using Cli.Networks;
using Cli.Sweeps;
using Cli.Sweeps.Storage;
using Cli.Sweeps.Strategies;
using Cli.Sweeps.Timing;

namespace Benchmarks;

/// <summary>
/// Hypervolume of what searches find with a tenth of a grid's points, as a share of that of the whole grid: the part of the box between the grid's best and worst area and latency that
/// some point dominates.
/// </summary>
internal static class SearchBenchmark
{
    private const int Seeds = 10;
    private const int Share = 10;

    private const string Axes = """
        axes:
          - {keys: [accelerator.array.dataflow], values: [weight_stationary, output_stationary]}
          - {keys: [accelerator.array.rows], values: [4, 8, 12, 16, 32]}
          - {keys: [accelerator.array.columns], values: [4, 8, 12, 16, 32]}
          - {keys: [accelerator.array.lanes], values: [1, 2]}
          - {keys: [accelerator.array.weight_double_buffering], values: [true, false]}
          - {keys: [accelerator.memory.bytes_per_cycle], range: {from: 4, to: 32, scale: power_of_two}}
          - {keys: [accelerator.buffers.weight.size], range: {from: 128, to: 2048, scale: power_of_two}}
          - {keys: [accelerator.accumulator.width], values: [20, 24, 28, 32, 40]}

        """;

    public static void Run(Figures figures)
    {
        string folder = Directory.CreateTempSubdirectory("codesign-benchmark-").FullName;
        string file = Path.Combine(folder, "sweep.yaml");
        File.WriteAllText(file, $"name: search\naccelerator: {NetworkCatalogue.Accelerator}\nnetwork: lenet5\nminimise: [area.lut, latency_us]\n{Axes}");
        SpecIssues issues = [];
        SweepSpec sweep = SweepFile.Load(file, issues)!;
        issues.ThrowIfAny();
        var evaluator = new TimingEvaluator(sweep);
        var row = new ResultRow(sweep);
        int[][] points = [.. sweep.Space.All()];
        var outcomes = new SearchPoint[points.Length];
        Parallel.For(0, points.Length, i =>
        {
            PointOutcome outcome = evaluator.Evaluate(points[i]);
            outcomes[i] = new(points[i], row.Violation(outcome), outcome.Kind == OutcomeKind.Measured ? row.Costs(outcome) : []);
        });
        Dictionary<string, SearchPoint> known = outcomes.ToDictionary(outcome => string.Join(' ', outcome.Point));
        SearchPoint[] measured = [.. outcomes.Where(outcome => outcome.Costs.Length > 0)];
        double[] best = [.. Enumerable.Range(0, 2).Select(o => measured.Min(point => point.Costs[o]))], worst = [.. Enumerable.Range(0, 2).Select(o => measured.Max(point => point.Costs[o]))];
        double whole = Volume(measured, best, worst);
        foreach (StrategyKind kind in new[] { StrategyKind.Nsga2, StrategyKind.LatinHypercube, StrategyKind.Random })
        {
            double[] shares = [.. Enumerable.Range(1, Seeds).Select(seed => Volume(Search(new(kind, points.Length / Share, 40, (ulong)seed), sweep, known), best, worst) / whole).Order()];
            figures.Add(
                $"{EnumNames.Of(kind)}: {points.Length / Share} of {points.Length} points of lenet5, {measured.Length} of them valid, {Seeds} seeds",
                $"hypervolume {shares[0]:0.0000} (least), {shares[Seeds / 2]:0.0000} (median), {shares[^1]:0.0000} (greatest)",
                $"1, the whole grid's",
                shares[0],
                kind == StrategyKind.Nsga2 ? Goal.Least(0.95) : null);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static List<SearchPoint> Search(StrategySpec strategy, SweepSpec sweep, Dictionary<string, SearchPoint> known)
    {
        ISearch search = Searches.Of(strategy, sweep.Space)!;
        List<SearchPoint> all = [], last = [];
        while (search.Next(last) is { Count: > 0 } points)
        {
            last = [.. points.Select(point => known[string.Join(' ', point)])];
            all.AddRange(last);
        }

        return all;
    }

    /// <summary>Area that is dominated, in the unit square.</summary>
    private static double Volume(IEnumerable<SearchPoint> points, double[] best, double[] worst)
    {
        double volume = 0, low = 1;
        foreach ((double x, double y) in points.Where(point => point.Costs.Length > 0)
            .Select(point => ((point.Costs[0] - best[0]) / (worst[0] - best[0]), (point.Costs[1] - best[1]) / (worst[1] - best[1]))).Order())
        {
            if (y < low)
            {
                volume += (1 - x) * (low - y);
                low = y;
            }
        }

        return volume;
    }
}
