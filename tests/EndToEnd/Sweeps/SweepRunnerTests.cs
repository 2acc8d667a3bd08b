// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification.Yaml;
using Cli.CommandLine;
using Cli.Sweeps;
using Reports.Figures;
using Xunit;

namespace EndToEnd.Sweeps;

/// <summary>Sweeps that run: what is shared, what is kept, and that interruptions leave no trace.</summary>
[Collection(Training.Name)]
public sealed class SweepRunnerTests : IDisposable
{
    private readonly TinyExperiment _tiny = new();
    private readonly SweepSpec _sweep;

    public SweepRunnerTests() => _sweep = _tiny.Sweep(
        "{name: weight bits, keys: [training.quantized_phase.weights.bits], values: [3, 4]}",
        "{name: rows, keys: [accelerator.array.rows], values: [4, 8]}",
        "{name: width, keys: [accelerator.array.partial_sum_width, accelerator.accumulator.width], values: [8, 24, 99]}");

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void A_grid_is_run_with_one_training_per_recipe_and_invalid_points_are_counted()
    {
        SweepResult result = Run("out", resume: false);

        Assert.Equal(2, result.Trainings);
        Assert.Equal(3, Directory.GetDirectories(Folder("out").Cache, "train-*").Length); // two recipes and the float phase that they share
        Assert.Equal(8, result.Report().Points.Count);
        Assert.Equal(["p03", "p06", "p09", "p12"], result.Report().Failures.Select(failure => failure.Id[..3]));
        Assert.All(result.Report().Failures, failure => Assert.StartsWith("sweep.yaml:6:", failure.Reason, StringComparison.Ordinal));
        Assert.Equal((8, 4, 0), (result.Measured, result.Invalid, result.Failed));
    }

    [Fact]
    public void Wider_sums_overflow_less_and_cost_more()
    {
        SweepResult result = Run("out", resume: false);

        double[] lut = Figures(result, "area.lut"), overflows = Figures(result, "overflows");
        for (int i = 0; i < lut.Length; i += 2)
        {
            Assert.True(lut[i] < lut[i + 1]);
            Assert.Equal(0, overflows[i + 1]);
        }

        Assert.Contains(overflows, count => count > 0);
        Assert.All(Figures(result, "test_images"), count => Assert.Equal(24, count));
        Assert.All(Figures(result, "accuracy"), accuracy => Assert.InRange(accuracy * 24, 0, 24));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void An_interrupted_sweep_ends_with_the_same_bytes(int pointsBefore)
    {
        Run("whole", resume: false);
        using (var stop = new CancellationTokenSource())
        {
            Assert.Throws<OperationCanceledException>(() => Run("parts", resume: false, stop, finished =>
            {
                if (finished == pointsBefore)
                {
                    stop.Cancel();
                }
            }));
        }

        Assert.Equal(pointsBefore, Directory.GetFiles(Folder("parts").Points).Length);
        int computed = 0;
        Run("parts", resume: true, finished: _ => computed++);

        Assert.Equal(8 - pointsBefore, computed);
        Assert.Equal(Contents("whole"), Contents("parts"));
    }

    [Fact]
    public void A_sweep_that_is_stopped_while_it_trains_ends_with_the_same_bytes()
    {
        Run("whole", resume: false);
        using (var stop = new CancellationTokenSource())
        {
            stop.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => Run("parts", resume: false, stop));
        }

        Run("parts", resume: true);

        Assert.Equal(Contents("whole"), Contents("parts"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"sha256\": ")]
    [InlineData("{\"sha256\": \"0\", \"result\": {\"network_sha256\": \"0\"}}")]
    public void A_damaged_point_is_noticed_and_computed_again(string damage)
    {
        Run("out", resume: false);
        Dictionary<string, string> before = Contents("out");
        string file = Directory.GetFiles(Folder("out").Points).Order(StringComparer.Ordinal).First();
        File.WriteAllText(file, damage);

        int computed = 0;
        var log = new StringWriter();
        Run("out", resume: true, finished: _ => computed++, log: log);

        Assert.Equal(1, computed);
        Assert.Contains($"{file}: damaged, computed again", log.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, Contents("out"));
    }

    [Fact]
    public void A_changed_number_in_a_point_is_noticed()
    {
        Run("out", resume: false);
        Dictionary<string, string> before = Contents("out");
        string file = Directory.GetFiles(Folder("out").Points).Order(StringComparer.Ordinal).First();
        string text = File.ReadAllText(file);
        File.WriteAllText(file, text.Replace("\"test_images\": 24", "\"test_images\": 23", StringComparison.Ordinal));
        Assert.NotEqual(text, File.ReadAllText(file));

        Run("out", resume: true);

        Assert.Equal(before, Contents("out"));
    }

    [Fact]
    public void A_finished_sweep_computes_nothing_again()
    {
        Run("out", resume: false);
        Directory.Delete(Folder("out").Cache, recursive: true);
        int computed = 0;

        Run("out", resume: true, finished: _ => computed++);

        Assert.Equal(0, computed);
        Assert.False(Directory.Exists(Folder("out").Cache));
    }

    /// <summary>Points that were measured without the figures of layers are measured again, once; the trainings are not.</summary>
    [Fact]
    public void Figures_that_nobody_asked_for_before_are_worked_out_when_somebody_does()
    {
        Run("out", resume: false);
        SpecIssues issues = [];
        SweepSpec asking = SweepFile.Load(
            _tiny.Write("asking.yaml", File.ReadAllText(_sweep.File).Replace("axes:", "constraints: [layer.dense.cycles > 1, layer.conv.overflows >= 0, layer.dense.overflows >= 0, layer.conv.observed_partial_sum_bits > 0, weight_bound_bits < 49, observed_accumulator_bits < 49, type_bound_bits < 49]\naxes:", StringComparison.Ordinal)), issues)!;
        Assert.Empty(issues);
        int computed = 0;
        SweepEnvironment environment = new() { Images = TinyExperiment.Images, Log = TextWriter.Null, PointFinished = _ => computed++ };

        SweepResult result = new SweepRunner(asking, Folder("out"), environment).Run(resume: true);

        Assert.Equal(8, computed);
        Assert.Equal(Figures(result, "overflows"), Figures(result, "layer.conv.overflows").Zip(Figures(result, "layer.dense.overflows"), (conv, dense) => conv + dense));
        double[] types = Figures(result, "type_bound_bits"), weights = Figures(result, "weight_bound_bits"), observed = Figures(result, "observed_accumulator_bits"), overflows = Figures(result, "overflows");
        for (int i = 0; i < types.Length; i++)
        {
            // Designs have 8 and 24 bits in turn: what they lose is what is wider.
            Assert.True(observed[i] <= weights[i] && weights[i] <= types[i], $"{observed[i]}, {weights[i]}, {types[i]} bits");
            Assert.Equal(overflows[i] > 0, observed[i] > (i % 2 == 0 ? 8 : 24));
        }

        new SweepRunner(asking, Folder("out"), environment).Run(resume: true);
        Assert.Equal(8, computed);
    }

    [Fact]
    public void Points_of_another_training_are_not_mixed_in()
    {
        SweepResult before = Run("out", resume: false);
        string[] files = [.. Directory.GetFiles(Folder("out").Points).Order(StringComparer.Ordinal)];
        foreach (string file in files)
        {
            PointResult point = ResultFile.Load<PointResult>(file, TextWriter.Null)!;
            ResultFile.Save(file, point with { NetworkSha256 = "another", Measurement = point.Measurement! with { Accuracy = 0.123 } });
        }

        File.Delete(files[0]);
        SweepResult after = Run("out", resume: true);

        Assert.Equal(4, Figures(after, "accuracy").Count(accuracy => accuracy == 0.123));
        Assert.Equal(before.Measured, after.Measured);
    }

    [Fact]
    public void Other_images_of_the_same_name_are_another_sweep()
    {
        Run("out", resume: false);
        int computed = 0;
        SweepEnvironment environment = new()
        {
            Images = _ => TinyExperiment.Images("others"), Log = TextWriter.Null, PointFinished = _ => computed++,
        };

        new SweepRunner(_sweep, Folder("out"), environment).Run(resume: true);

        Assert.Equal(8, computed);
    }

    [Fact]
    public void A_folder_with_something_in_it_is_refused()
    {
        Directory.CreateDirectory(_tiny.PathOf("out"));
        File.WriteAllText(_tiny.PathOf("out/notes.txt"), "mine");

        CommandException fresh = Assert.Throws<CommandException>(() => Run("out", resume: false));
        CommandException resumed = Assert.Throws<CommandException>(() => Run("out", resume: true));

        Assert.Equal((ExitCode.BadInput, ExitCode.BadInput), (fresh.ExitCode, resumed.ExitCode));
        Assert.Contains("--resume", fresh.Message, StringComparison.Ordinal);
        Assert.Contains("holds no sweep", resumed.Message, StringComparison.Ordinal);
        Assert.Equal(["notes.txt"], Directory.GetFileSystemEntries(_tiny.PathOf("out")).Select(Path.GetFileName));
    }

    [Fact]
    public void A_training_that_diverges_fails_its_points_and_no_others()
    {
        // With a decay of 1 each step multiplies the weights by 1 - rate.
        SweepSpec sweep = _tiny.Sweep(
            "{name: rate, keys: [training.float_phase.optimizer.learning_rate], values: [0.003, 100]}",
            "{name: decay, keys: [training.float_phase.optimizer.weight_decay], values: [1]}",
            "{name: optimizer, keys: [training.float_phase.optimizer.kind, training.float_phase.optimizer.momentum], values: [[sgd, 0.9]]}",
            "{name: rows, keys: [accelerator.array.rows], values: [4, 8]}");

        SweepResult result = new SweepRunner(sweep, Folder("out"), Environment()).Run(resume: false);

        Assert.Equal(["p1", "p2"], result.Report().Points.Select(point => point.Id));
        Assert.Equal((2, 0, 2), (result.Measured, result.Invalid, result.Failed));
        Assert.All(result.Report().Failures, failure => Assert.StartsWith("training diverged", failure.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_network_that_turns_out_not_to_fit_is_a_failed_point_that_is_kept()
    {
        // Adam moves every bias by about the rate at each step: thousands of the accumulator's units, which 8 bits do not hold.
        SweepSpec sweep = _tiny.Sweep(
            "{name: rate, keys: [training.quantized_phase.optimizer.learning_rate], values: [0.05]}",
            "{name: width, keys: [accelerator.accumulator.width], values: [8, 46]}");

        SweepResult first = new SweepRunner(sweep, Folder("out"), Environment()).Run(resume: false);
        int computed = 0;
        SweepResult second = new SweepRunner(sweep, Folder("out"), Environment(finished: _ => computed++)).Run(resume: true);

        Assert.Contains(": bias of channel ", Assert.Single(first.Report().Failures).Reason, StringComparison.Ordinal);
        Assert.Equal(first.Report().Failures, second.Report().Failures);
        Assert.Equal(0, computed);
    }

    [Fact]
    public void Tables_and_report_are_written_with_one_line_per_point()
    {
        SweepResult result = Run("out", resume: false);

        string page = SweepFiles.Write(result, Folder("out"), new NoFigures());

        string[] csv = File.ReadAllLines(_tiny.PathOf("out/results.csv"));
        Assert.StartsWith(
            "id,training.quantized_phase.weights.bits,accelerator.array.rows,accelerator.array.partial_sum_width,accelerator.accumulator.width,accuracy,area.lut,", csv[0], StringComparison.Ordinal);
        Assert.Equal(["p01", "p02", "p04", "p05", "p07", "p08", "p10", "p11"], csv.Skip(1).Select(line => line.Split(',')[0]));
        Assert.Equal(8, File.ReadAllLines(_tiny.PathOf("out/results.jsonl")).Length);
        Assert.Equal(2 + 8, File.ReadAllLines(_tiny.PathOf("out/results.md")).Length);
        Assert.Equal(["p03", "p06", "p09", "p12"], File.ReadAllLines(_tiny.PathOf("out/invalid.csv")).Skip(1).Select(line => line.Split(',')[0]));
        Assert.Single(File.ReadAllLines(_tiny.PathOf("out/failures.csv")));
        Assert.Contains("Could not run", File.ReadAllText(page), StringComparison.Ordinal);
        Assert.DoesNotContain(_tiny.Root, File.ReadAllText(page), StringComparison.Ordinal);
    }

    /// <summary>A figure of every point that was measured, in order.</summary>
    private static double[] Figures(SweepResult result, string metric)
    {
        int column = result.Row.Metrics.Select(known => known.Name).ToList().IndexOf(metric);
        return [.. result.Report().Points.Select(point => point.NumberOf(column))];
    }

    private SweepFolder Folder(string name) => new(_tiny.PathOf(name));

    private SweepResult Run(string folder, bool resume, CancellationTokenSource? stop = null, Action<int>? finished = null, TextWriter? log = null)
    {
        SweepResult result = new SweepRunner(_sweep, Folder(folder), Environment(stop, finished, log)).Run(resume);
        SweepFiles.Write(result, Folder(folder), new NoFigures());
        return result;
    }

    private static SweepEnvironment Environment(CancellationTokenSource? stop = null, Action<int>? finished = null, TextWriter? log = null) => new()
    {
        Images = TinyExperiment.Images,
        Log = log ?? TextWriter.Null,
        PointFinished = finished,
        Cancellation = stop?.Token ?? CancellationToken.None,
    };

    /// <summary>Every file of a sweep's folder, as a hash of its bytes.</summary>
    private Dictionary<string, string> Contents(string folder) => Directory.GetFiles(_tiny.PathOf(folder), "*", SearchOption.AllDirectories).ToDictionary(
        file => Path.GetRelativePath(_tiny.PathOf(folder), file),
        file => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));

    /// <summary>Stands in for the drawing program, which is tested elsewhere.</summary>
    private sealed class NoFigures : IFigureRenderer
    {
        public void Render(IReadOnlyList<FigureFile> files)
        {
            foreach (FigureFile file in files)
            {
                File.WriteAllText(file.Path, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
            }
        }
    }
}
