// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using AccelModel.Numerics;
using EndToEnd.House;
using Xunit;

namespace EndToEnd.Cli;

/// <summary>The kept network run once with <c>--json</c>.</summary>
public sealed class PretrainedRun : IDisposable
{
    /// <summary>Runs it.</summary>
    public PretrainedRun()
    {
        Result = Codesign.Run(Place, "run", Repository.PathOf("configs/experiments/lenet-pretrained.yaml"), "--out", "run", "--json").Succeeded();
        Summary = Result.Json;
    }

    /// <summary>Where it is.</summary>
    internal Workspace Place { get; } = new();

    /// <summary>What the command said.</summary>
    internal CommandResult Result { get; }

    /// <summary>The one object on standard output.</summary>
    internal JsonElement Summary { get; }

    /// <inheritdoc/>
    public void Dispose() => Place.Dispose();
}

/// <summary>What <c>codesign run --json</c> promises, on the network that everybody runs first.</summary>
public sealed class RunContractTests(PretrainedRun run) : IClassFixture<PretrainedRun>
{
    private const int Images = 200;
    private const long MultiplyAccumulates = 416_520;
    private const double ClockMhz = 100;
    private const int ProcessingElements = 16 * 16;

    private long Cycles => run.Summary.GetProperty("cycles_per_inference").GetInt64();

    [Fact]
    public void The_object_has_every_promised_key()
    {
        string[] promised =
        [
            "name", "config_sha256", "float_accuracy", "trained_accuracy", "quantized_accuracy", "integer_accuracy", "test_images", "cycles_per_inference", "latency_us",
            "frames_per_second", "utilization", "overflows", "layers", "verification", "output_directory",
        ];
        Assert.Empty(promised.Except(run.Summary.EnumerateObject().Select(entry => entry.Name)));
        string[] promisedOfLayers = ["name", "kind", "cycles", "macs", "utilization", "stall_cycles", "overflows"];
        Assert.All(Layers(), layer => Assert.Empty(promisedOfLayers.Except(layer.EnumerateObject().Select(entry => entry.Name))));
        string[] promisedOfVerification = ["simulator", "vectors", "bit_mismatches", "cycle_mismatches"];
        Assert.Empty(promisedOfVerification.Except(run.Summary.GetProperty("verification").EnumerateObject().Select(entry => entry.Name)));
    }

    [Fact]
    public void Layers_add_up_to_the_inference()
    {
        Assert.Equal(Cycles, Layers().Sum(layer => layer.GetProperty("cycles").GetInt64()));
        Assert.Equal(MultiplyAccumulates, Layers().Sum(layer => layer.GetProperty("macs").GetInt64()));
        Assert.Equal(run.Summary.GetProperty("overflows").GetInt64(), Layers().Sum(layer => layer.GetProperty("overflows").GetInt64()));
        Assert.All(Layers(), layer => Assert.InRange(
            layer.GetProperty("stall_cycles").EnumerateObject().Sum(cause => cause.Value.GetInt64()), 0, layer.GetProperty("cycles").GetInt64()));
    }

    [Fact]
    public void Times_and_utilization_follow_from_cycles_and_clock()
    {
        Assert.Equal(Cycles / ClockMhz, run.Summary.GetProperty("latency_us").GetDouble(), 1e-9);
        Assert.Equal(MultiplyAccumulates / (double)(Cycles * ProcessingElements), run.Summary.GetProperty("utilization").GetDouble(), 1e-12);
        Assert.InRange(run.Summary.GetProperty("frames_per_second").GetDouble(), (ClockMhz * 1e6 / Cycles) - 1e-6, ClockMhz * 1e6 * ProcessingElements / MultiplyAccumulates);
    }

    [Fact]
    public void The_accuracy_is_that_of_the_codes_which_simulate_gives()
    {
        string test = Repository.PathOf("configs/networks/trained/mnist-test-200");
        Codesign.Run(
            run.Place, "simulate", "--network", "run/network", "--accelerator", Repository.PathOf("configs/accelerators/systolic-16x16-w4a4.yaml"),
            "--input", Path.Combine(test, "images.npy"), "--output", "scores.npy").Succeeded();
        int[] scores = NpyFile.Load(run.Place.PathOf("scores.npy")).ToIntegers<int>();
        int[] labels = NpyFile.Load(Path.Combine(test, "labels.npy")).ToIntegers<int>();
        int right = Enumerable.Range(0, Images).Count(image => Array.IndexOf(scores, scores[(10 * image)..(10 * image + 10)].Max(), 10 * image) == 10 * image + labels[image]);

        Assert.Equal(Images, run.Summary.GetProperty("test_images").GetInt32());
        Assert.Equal(right / (double)Images, run.Summary.GetProperty("integer_accuracy").GetDouble());
        Assert.InRange(right, 0.97 * Images, Images);
    }

    [Fact]
    public void What_was_not_trained_has_no_accuracy()
    {
        Assert.Equal(JsonValueKind.Null, run.Summary.GetProperty("float_accuracy").ValueKind);
        Assert.Equal(JsonValueKind.Null, run.Summary.GetProperty("trained_accuracy").ValueKind);
    }

    [Fact]
    public void The_rtl_agrees_in_every_bit_and_cycle()
    {
        JsonElement verification = run.Summary.GetProperty("verification");
        Assert.InRange(verification.GetProperty("vectors").GetInt64(), 1000, long.MaxValue);
        Assert.Equal(0, verification.GetProperty("bit_mismatches").GetInt64());
        Assert.Equal(0, verification.GetProperty("cycle_mismatches").GetInt64());
    }

    [Fact]
    public void Every_file_carries_the_hash_of_the_configuration()
    {
        string hash = run.Summary.GetProperty("config_sha256").GetString()!;
        Assert.Matches("^[0-9a-f]{64}$", hash);
        foreach (string file in (string[])["config.yaml", "report.html", "simulation/summary.json", "rtl/accel_pkg.sv", "rtl/accel_params.vh", "rtl/accel_params.h", "rtl/manifest.json"])
        {
            Assert.Contains(hash, run.Place.Read(Path.Combine("run", file)));
        }
    }

    [Fact]
    public void The_folder_is_named_as_it_was_given() => Assert.Equal("run", run.Summary.GetProperty("output_directory").GetString());

    [Fact]
    public void No_result_names_the_machine_on_which_it_was_made()
    {
        foreach (string file in run.Place.Results("run"))
        {
            string text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(run.Place.PathOf(Path.Combine("run", file))));
            Assert.False(text.Contains(run.Place.Root, StringComparison.Ordinal) || text.Contains(Repository.Root, StringComparison.Ordinal), $"{file} holds an absolute path");
            Assert.False(text.Contains(Environment.MachineName, StringComparison.Ordinal) && Environment.MachineName.Length > 5, $"{file} names this machine");
        }
    }

    private JsonElement[] Layers() => [.. run.Summary.GetProperty("layers").EnumerateArray()];
}
