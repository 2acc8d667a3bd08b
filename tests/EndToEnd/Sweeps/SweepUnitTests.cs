// SPDX-License-Identifier: Apache-2.0
using Cli.Sweeps;
using Cli.Sweeps.Units;
using Xunit;

namespace EndToEnd.Sweeps;

/// <summary>Units of work, as tasks of a cluster do them: in any order, some of them twice, with the bytes of a sweep that did everything itself.</summary>
[Collection(Training.Name)]
public sealed class SweepUnitTests : IDisposable
{
    private readonly TimingSweep _timing = new();
    private readonly TinyExperiment _tiny = new();

    public void Dispose()
    {
        _timing.Dispose();
        _tiny.Dispose();
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1_024, 1)]
    [InlineData(1_025, 2)]
    [InlineData(1_000_000, 256)]
    public void Slices_cover_the_points_once_in_whole_chunks(long points, int most)
    {
        IReadOnlyList<SweepUnit> units = SweepUnits.OfPoints(points, 64);

        Assert.InRange(units.Count, 1, most);
        Assert.Equal(Enumerable.Range(0, units.Count), units.Select(unit => unit.Unit));
        Assert.All(units, unit => Assert.Equal(0, unit.First % 64));
        long next = 0;
        Assert.All(units, unit => Assert.Equal(unit.First, (next += unit.Count) - unit.Count));
        Assert.Equal(points, next);
    }

    [Fact]
    public void Units_are_read_as_they_were_written()
    {
        SweepUnit[] units = [new(0, UnitPhase.Float, 0, 0, [[1, -1, 2]]), new(1, UnitPhase.Training, 0, 0, [[0, 0, 0], [1, 0, 0]]), new(2, UnitPhase.Points, 4, 3, []) { Epochs = 5 }];
        string file = _timing.PathOf("units.jsonl");

        SweepUnits.Write(file, units);

        Assert.Equal(units.Select(Text), SweepUnits.Read(file).Select(Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("strategy: {kind: latin_hypercube, points: 1500}\n")]
    public void Points_without_values_come_out_the_same(string strategy)
    {
        SweepSpec sweep = _timing.Load(TimingSweep.Text(TimingSweep.Axes, strategy));
        Check(sweep, folder => new(_timing.PathOf(folder)), new() { Images = _ => throw new InvalidOperationException(), Log = TextWriter.Null }, phases: [UnitPhase.Points]);
    }

    [Fact]
    public void Points_with_values_come_out_the_same()
    {
        SweepSpec sweep = _tiny.Sweep(
            "{name: weight bits, keys: [training.quantized_phase.weights.bits], values: [3, 4]}",
            "{name: rows, keys: [accelerator.array.rows], values: [4, 8]}",
            "{name: width, keys: [accelerator.accumulator.width], values: [24, 99]}");
        Check(sweep, folder => new(_tiny.PathOf(folder)), new() { Images = TinyExperiment.Images, Log = TextWriter.Null }, [UnitPhase.Float, UnitPhase.Training, UnitPhase.Points]);
    }

    [Theory]
    [InlineData("{kind: nsga2, points: 10, population: 4, seed: 3}", 3)]
    [InlineData("{kind: successive_halving, points: 4, eta: 2, min_epochs: 1}", 2)]
    public void Steps_that_wait_for_each_other_come_out_the_same(string strategy, int steps)
    {
        _tiny.Write("sweep.yaml", $"""
            name: tiny
            experiment: experiment.yaml
            strategy: {strategy}
            maximise: [accuracy]
            minimise: [area.lut]
            axes:
              - {"{keys: [training.quantized_phase.weights.bits], values: [3, 4]}"}
              - {"{keys: [accelerator.array.rows], values: [2, 4, 8]}"}
              - {"{keys: [accelerator.accumulator.width], values: [20, 24, 99]}"}
            """);
        AccelModel.Specification.Yaml.SpecIssues issues = [];
        SweepSpec sweep = SweepFile.Load(_tiny.PathOf("sweep.yaml"), issues)!;
        Assert.Empty(issues);
        var environment = new SweepEnvironment { Images = TinyExperiment.Images, Log = TextWriter.Null };
        SweepFolder whole = new(_tiny.PathOf("whole")), units = new(_tiny.PathOf("units"));
        new SweepRunner(sweep, whole, environment).Run(resume: false);
        environment = environment with { FailureFolder = units.Cluster.Failures };

        int step = 0;
        for (IReadOnlyList<SweepUnit> plan = new SweepRunner(sweep, units, environment).Plan(resume: false); plan.Count > 0; plan = new SweepRunner(sweep, units, environment).PlanNext(++step))
        {
            // The last unit of a step is lost: whoever plans the next step does it.
            SweepUnits.Write(units.Cluster.Units, plan);
            Assert.All(SweepUnits.Read(units.Cluster.Units).SkipLast(1), unit => Assert.Equal(0, new SweepRunner(sweep, units, environment).RunUnit(unit)));
        }

        Assert.Equal(steps, step);
        new SweepRunner(sweep, units, environment).Run(resume: true);
        Assert.All(new[] { whole, units }, folder => Assert.NotEmpty(Directory.GetFiles(folder.Points)));
        Assert.Equal(Contents(whole.Points), Contents(units.Points));
        Assert.Equal(Contents(whole.Root, "*.csv"), Contents(units.Root, "*.csv"));
    }

    private static IEnumerable<(string Name, string Text)> Contents(string folder, string pattern = "*") =>
        Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllText(file)));

    private static void Check(SweepSpec sweep, Func<string, SweepFolder> folder, SweepEnvironment environment, UnitPhase[] phases)
    {
        SweepFolder whole = folder("whole"), units = folder("units");
        new SweepRunner(sweep, whole, environment).Run(resume: false);

        IReadOnlyList<SweepUnit> plan = new SweepRunner(sweep, units, environment).Plan(resume: false);
        Assert.Equal(phases, plan.Select(unit => unit.Phase).Distinct());
        SweepUnit lost = plan[^1];
        foreach (UnitPhase phase in phases)
        {
            // The other way round, the first one twice; one task is lost for good.
            SweepUnit[] own = [.. plan.Where(unit => unit.Phase == phase && (unit != lost || plan.Count == 1)).Reverse()];
            Assert.All([.. own, .. own.Take(1)], unit => Assert.Equal(0, new SweepRunner(sweep, units, environment with { FailureFolder = units.Cluster.Failures }).RunUnit(unit)));
        }

        Assert.False(File.Exists(units.Results));
        new SweepRunner(sweep, units, environment with { FailureFolder = units.Cluster.Failures }).Run(resume: true);

        foreach ((string one, string other) in new[] { (whole.Results, units.Results), (whole.Invalid, units.Invalid), (whole.Failures, units.Failures), (whole.Configuration, units.Configuration) })
        {
            Assert.Equal(File.ReadAllText(one), File.ReadAllText(other));
        }
    }

    private static string Text(SweepUnit unit) => $"{unit.Unit} {unit.Phase} {unit.First} {unit.Count} {unit.Epochs} {string.Join('/', unit.Points.Select(point => string.Join(',', point)))}";
}
