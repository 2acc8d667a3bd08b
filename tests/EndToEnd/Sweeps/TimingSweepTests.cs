// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using AccelModel.Costs;
using AccelModel.Networks;
using AccelModel.Networks.Generation;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Cli.CommandLine;
using Cli.Devices;
using Cli.Networks;
using Cli.Sweeps;
using Cli.Sweeps.Cluster;
using Cli.Sweeps.Metrics;
using Cli.Sweeps.Storage;
using Cli.Sweeps.Timing;
using Reports.Html;
using Reports.Sweeps;
using Xunit;

namespace EndToEnd.Sweeps;

/// <summary>Points without values: what they share changes nothing, and neither do threads, kills and damage.</summary>
public sealed class TimingSweepTests : IDisposable
{
    private readonly TimingSweep _here = new();

    public void Dispose() => _here.Dispose();

    [Fact]
    public void A_point_has_the_figures_of_its_own_schedule_on_its_own_design()
    {
        SweepSpec sweep = _here.Load(TimingSweep.Text(TimingSweep.Axes));
        var evaluator = new TimingEvaluator(sweep);
        var designs = new SweepDesigns(sweep);
        int[][] points = [.. sweep.Space.All()];
        var random = new Random(3);
        random.Shuffle(points);

        int measured = 0;
        foreach (int[] point in points.Take(150))
        {
            PointOutcome outcome = evaluator.Evaluate(point);
            AcceleratorSpec? design = designs.Read(designs.TreeOf(point), point, out string problem);
            if (design is null)
            {
                Assert.Equal((OutcomeKind.Invalid, problem), (outcome.Kind, outcome.Reason));
                continue;
            }

            IntegerNetwork network = NetworkGenerator.Generate(NetworkCatalogue.Load("lenet5"), NetworkFormats.For(design), 1);
            if (HardwareFit.Check(network, design).Length > 0)
            {
                Assert.Equal(OutcomeKind.Invalid, outcome.Kind);
                continue;
            }

            Schedule schedule = Scheduler.Schedule(network, design);
            TimingResult timing = FastEngine.Time(schedule);
            Assert.Equal(DesignArea.Of(design).Resources.Lut, outcome.Figures[0]);
            Assert.Equal(timing.Cycles / design.ClockMhz, outcome.Figures[5]);
            Assert.Equal(timing.Cycles, outcome.Figures[6]);
            Assert.Equal(timing.Layers.Sum(layer => layer.Traffic.LoadBytes), outcome.Figures[8]);
            measured++;
        }

        Assert.InRange(measured, 15, 140);
        Assert.InRange(evaluator.Schedules, 1, measured - 1);
    }

    [Theory]
    [InlineData("a.name: x", true)]
    [InlineData("clock_mhz: 7", true)]
    [InlineData("array.partial_sum_width: 17", true)]
    [InlineData("accumulator.overflow: wrap", true)]
    [InlineData("array.rows: 8", false)]
    [InlineData("memory.latency_cycles: 3", false)]
    [InlineData("array.activation_width: 4", false)]
    [InlineData("accumulator.width: 46", false)]
    public void Designs_share_schedules_only_where_nothing_that_times_depend_on_differs(string change, bool shared)
    {
        AccelModel.Specification.Yaml.SpecIssues issues = [];
        AccelModel.Specification.Yaml.SpecNode tree = AccelModel.Specification.Yaml.YamlFile.LoadWithBase(NetworkCatalogue.Accelerator, issues)!;
        string[] parts = change.Replace("a.name", "name", StringComparison.Ordinal).Split(": ");
        AcceleratorSpec design = AcceleratorFile.Read(tree, issues)!;
        AcceleratorSpec changed = AcceleratorFile.ReadMembers(tree.With(parts[0], new AccelModel.Specification.Yaml.SpecScalar(tree.Position, parts[1], false), issues), issues);

        Assert.Empty(issues);
        Assert.NotEqual(design, changed);
        Assert.Equal(shared, TimingKey.Of(design) == TimingKey.Of(changed));
    }

    [Fact]
    public void Any_number_of_workers_writes_the_same_bytes()
    {
        SweepSpec sweep = _here.Load(TimingSweep.Text(TimingSweep.Axes, "constraints: [latency < 1 ms]\n"));
        SweepResult one = Run(sweep, "one", workers: 1), many = Run(sweep, "many", workers: 7);

        Assert.All(new[] { "results.csv", "invalid.csv", "failures.csv" }, file => Assert.Equal(Read("one", file), Read("many", file)));
        Assert.Equal(one.Tally.Front.Select(point => point.Id), many.Tally.Front.Select(point => point.Id));
        Assert.Equal(1 + one.Measured, Read("one", "results.csv").Count(letter => letter == '\n'));
        Assert.Equal(sweep.Space.All().Count(), one.Measured + one.Invalid);
        Assert.True(one.Schedules < one.Measured / 10, $"{one.Schedules} schedules for {one.Measured} points");
    }

    [Fact]
    public void The_folder_is_in_use_until_its_report_is_written()
    {
        SweepSpec sweep = _here.Load(TimingSweep.Text("axes:\n  - {keys: [accelerator.clock_mhz], values: [50, 100]}\n"));
        SweepFolder folder = new(_here.PathOf("out"));
        bool asked = false;
        new SweepRunner(sweep, folder, new() { Images = _ => throw new InvalidOperationException("no image is needed"), Log = TextWriter.Null, Workers = 1 }).Run(resume: false, _ =>
        {
            asked = true;
            Assert.Throws<FolderInUseException>(() => FolderLock.Take(folder.Root));
            Assert.Equal("running", SweepStatus.Of(folder).State);
        });

        Assert.True(asked);
        FolderLock.Take(folder.Root).Dispose();
    }

    [Fact]
    public void Every_figure_of_a_report_says_where_it_comes_from()
    {
        SweepSpec sweep = _here.Load(TimingSweep.Text(
            "axes:\n  - {keys: [accelerator.clock_mhz], values: [50, 100]}\n",
            "constraints: [macs > 1, cycles_per_frame > 1, first_frame_cycles > 1, arithmetic_intensity > 0, clock < 0.2 GHz, fmax > 1 MHz, device_share.zynq-7020 < 9]\nmaximise: [frames_per_second]\n", "systolic-16x16-int8"));

        SweepResult result = Run(sweep, "out");
        IReadOnlyList<SweepMetric> metrics = result.Report().Metrics;

        Assert.Contains(metrics, metric => metric.Name == "device_share.zynq-7020");
        string[][] rows = [.. Read("out", "results.csv").Split(CsvLine.End, StringSplitOptions.RemoveEmptyEntries).Select(line => CsvLine.Fields(line).ToArray())];
        double Figure(int row, string name) => double.Parse(rows[row][Array.IndexOf(rows[0], name)], CultureInfo.InvariantCulture);
        Assert.Equal((50, 100), (Figure(1, "clock_mhz"), Figure(2, "clock_mhz")));
        Assert.Equal(Figure(1, "macs") / (Figure(1, "dram_read_bytes") + Figure(1, "dram_write_bytes")), Figure(1, "arithmetic_intensity"), 1e-9);
        Assert.InRange(Figure(1, "first_frame_cycles"), Figure(1, "cycles_per_frame"), 2 * Figure(1, "cycles_per_inference"));
        Assert.InRange(Figure(1, "fmax_mhz"), 5, 100);
        Assert.All(metrics, metric => Assert.NotNull(metric.Provenance));
        Assert.Equal(ProvenanceKind.Assumed, metrics.Single(metric => metric.Name == "frames_per_second").Provenance!.Kind);
    }

    /// <summary>Everything is counted layer by layer, and every cycle and every nanojoule under one name.</summary>
    [Fact]
    public void Figures_of_layers_and_causes_add_up_to_those_of_the_inference()
    {
        string[] layers = ["conv1", "pool1", "conv2", "pool2", "dense1", "dense2", "dense3"];
        string[] each = ["cycles", "macs", "dram_read_bytes", "energy_nj"];
        string[] loads = ["activation_load_bytes", "weight_load_bytes", "parameter_load_bytes", "operand_load_bytes", "lookup_load_bytes"];
        string[] states = [.. LayerFigures.Totals.Select(metric => metric.Name).Where(name => name.StartsWith("stall_cycles.", StringComparison.Ordinal))];
        string[] energies = [.. LayerFigures.Totals.Select(metric => metric.Name).Where(name => name.StartsWith("energy_nj.", StringComparison.Ordinal))];
        string[] asked = [.. layers.SelectMany(layer => each.Select(figure => $"layer.{layer}.{figure}")), "macs", "store_bytes", "units.array.busy", .. loads, .. states, .. energies];
        SweepSpec sweep = _here.Load(TimingSweep.Text(
            "axes:\n  - {keys: [accelerator.clock_mhz], values: [50, 100]}\n  - {keys: [accelerator.accumulator.width], values: [25, 26]}\n", $"minimise: [{string.Join(", ", asked)}]\n"));

        SweepResult result = Run(sweep, "out");

        Assert.Equal((4, 1), (result.Measured, result.Schedules));
        Assert.All(result.Report().Metrics, metric => Assert.NotNull(metric.Provenance));
        string[] lines = File.ReadAllLines(_here.PathOf("out/results.csv"));
        string[] header = [.. CsvLine.Fields(lines[0])];
        foreach (string[] row in lines.Skip(1).Select(line => CsvLine.Fields(line).ToArray()))
        {
            double Figure(string name) => double.Parse(row[Array.IndexOf(header, name)], CultureInfo.InvariantCulture);
            double Sum(IEnumerable<string> names) => names.Sum(Figure);
            Assert.Equal(Figure("cycles_per_inference"), Sum(layers.Select(layer => $"layer.{layer}.cycles")));
            Assert.Equal(Figure("cycles_per_inference"), Figure("units.array.busy") + Sum(states));
            Assert.Equal(416_520, Sum(layers.Select(layer => $"layer.{layer}.macs")));
            Assert.Equal(Figure("dram_read_bytes"), Sum(layers.Select(layer => $"layer.{layer}.dram_read_bytes")));
            Assert.Equal(Figure("dram_read_bytes"), Sum(loads));
            Assert.Equal(Figure("dram_write_bytes"), Figure("store_bytes"));
            Assert.Equal(Figure("energy_nj"), Sum(layers.Select(layer => $"layer.{layer}.energy_nj")), 1e-6);
            Assert.Equal(Figure("energy_nj"), Sum(energies), 1e-6);
        }

        double[] accumulate = [.. lines.Skip(1).Select(line => double.Parse(CsvLine.Fields(line)[Array.IndexOf(header, "energy_nj.accumulator_buffer")], CultureInfo.InvariantCulture))];
        Assert.Equal((accumulate[0], accumulate[1]), (accumulate[2], accumulate[3]));
        Assert.True(accumulate[0] < accumulate[1], "wider sums take more, though they share a schedule");
    }

    [Fact]
    public void The_front_is_that_of_all_pairs_compared()
    {
        SweepSpec sweep = _here.Load(TimingSweep.Text(TimingSweep.Axes, "constraints: [latency < 1 ms]\nminimise: [area.lut, latency_us, energy_nj]\n"));
        SweepResult result = Run(sweep, "out");

        ImmutableArray<string>[] rows = [.. Read("out", "results.csv").Split(CsvLine.End, StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(CsvLine.Fields)];
        string[] header = Read("out", "results.csv").Split(CsvLine.End)[0].Split(',');
        int[] columns = [.. new[] { "area.lut", "latency_us", "energy_nj" }.Select(name => Array.IndexOf(header, name))];
        (string Id, double[] Costs)[] feasible = [.. rows.Where(row => row[^1] == "true").Select(row => (row[0], columns.Select(c => double.Parse(row[c], CultureInfo.InvariantCulture)).ToArray()))];
        string[] expected =
        [
            .. feasible.Where(point => !feasible.Any(other => other.Costs.Zip(point.Costs).All(pair => pair.First <= pair.Second) && other.Costs.Zip(point.Costs).Any(pair => pair.First < pair.Second)))
                .Select(point => point.Id),
        ];

        Assert.Equal(expected, result.Tally.Front.Select(point => point.Id));
        Assert.All(rows, row => Assert.Equal(double.Parse(row[columns[1]], CultureInfo.InvariantCulture) < 1000 ? "true" : "false", row[^1]));
        Assert.NotEmpty(expected);
    }

    [Theory]
    [InlineData(0, "cut")]
    [InlineData(1, "cut")]
    [InlineData(2, "flip")]
    [InlineData(3, "flip")]
    [InlineData(4, "flip")]
    public void A_journal_that_was_cut_or_damaged_anywhere_ends_in_the_same_tables(int seed, string damage)
    {
        SweepSpec sweep = _here.Load(TimingSweep.Text(TimingSweep.Axes));
        Run(sweep, "out");
        string[] before = [Read("out", "results.csv"), Read("out", "invalid.csv")];
        string journal = _here.PathOf("out/points.journal");
        byte[] bytes = File.ReadAllBytes(journal);
        int at = new Random(seed).Next(200, bytes.Length);
        if (damage == "flip")
        {
            bytes[at] ^= 4;
        }

        File.WriteAllBytes(journal, damage == "cut" ? bytes[..at] : bytes);
        var log = new StringWriter();
        int first = 0;

        Run(sweep, "out", resume: true, log: log, finished: done => first = first == 0 ? done : first);

        Assert.Equal<IEnumerable<string>>(before, [Read("out", "results.csv"), Read("out", "invalid.csv")]);
        Assert.Equal(damage == "flip", log.ToString().Contains("damaged, what is lost is computed again", StringComparison.Ordinal));
    }

    [Fact]
    public void A_second_process_in_a_folder_is_told_who_is_there()
    {
        SweepSpec sweep = _here.Load(TimingSweep.Text(TimingSweep.Axes));
        Directory.CreateDirectory(_here.PathOf("out"));
        using FolderLock held = FolderLock.Take(_here.PathOf("out"));

        CommandException refused = Assert.Throws<FolderInUseException>(() => Run(sweep, "out"));

        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Contains($"in use by process {Environment.ProcessId} on ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_another_sweep_is_not_resumed()
    {
        string text = TimingSweep.Text("axes:\n  - {keys: [accelerator.array.rows], values: [4, 8]}\n");
        Run(_here.Load(text), "out");

        CommandException refused = Assert.Throws<CommandException>(() => Run(_here.Load(text.Replace("name: small", "name: other", StringComparison.Ordinal)), "out", resume: true));

        Assert.Contains("holds another sweep, found 'small', allowed 'other'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Changed_axes_compute_anew_and_equal_ones_nothing()
    {
        string text = TimingSweep.Text("axes:\n  - {keys: [accelerator.array.rows], values: [4, 8, 16]}\n");
        SweepResult first = Run(_here.Load(text), "out");
        SweepResult again = Run(_here.Load(text), "out", resume: true);
        SweepResult grown = Run(_here.Load(text.Replace("8, 16]", "8, 16, 32]", StringComparison.Ordinal)), "out", resume: true);

        Assert.Equal([3, 0, 4], new[] { first, again, grown }.Select(result => result.Schedules));
        Assert.Equal([3, 3, 4], new[] { first, again, grown }.Select(result => result.Measured));
    }

    [Fact]
    public void An_experiment_without_an_objective_of_values_trains_nothing()
    {
        using var tiny = new TinyExperiment();
        AccelModel.Specification.Yaml.SpecIssues issues = [];
        SweepSpec? sweep = SweepFile.Load(tiny.Write("sweep.yaml", """
            name: tiny
            experiment: experiment.yaml
            minimise: [area.lut, latency_us]
            axes:
              - {keys: [training.quantized_phase.weights.bits, accelerator.array.weight_width], values: [3, 4]}
              - {keys: ['network.layers[0].channels'], values: [4, 6]}
              - {keys: [accelerator.array.rows], values: [2, 4, 8]}
            """), issues);
        Assert.Empty(issues);

        var environment = new SweepEnvironment { Images = _ => throw new InvalidOperationException("no image is needed"), Log = TextWriter.Null };
        SweepResult result = new SweepRunner(sweep!, new(tiny.PathOf("out")), environment).Run(resume: false);

        Assert.Equal((12, 0, 0), (result.Measured, result.Invalid, result.Failed));
        Assert.DoesNotContain("accuracy", result.Row.Header, StringComparison.Ordinal);
    }

    private string Read(string folder, string file) => File.ReadAllText(_here.PathOf($"{folder}/{file}"));

    private SweepResult Run(SweepSpec sweep, string folder, int workers = 2, bool resume = false, TextWriter? log = null, Action<int>? finished = null) => new SweepRunner(
        sweep,
        new(_here.PathOf(folder)),
        new() { Images = _ => throw new InvalidOperationException("no image is needed"), Log = log ?? TextWriter.Null, Workers = workers, PointFinished = finished }).Run(resume);
}
