// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AccelModel.Specification.Yaml;
using NnTrain.Data;
using NnTrain.Specification;
using NnTrain.Training;

namespace Benchmarks;

/// <summary>
/// Steps of training, from pixels to updated weights, on random images: in floating point and with four-bit trained steps, beside the same network in Python PyTorch on the same libtorch
/// (PyTorch/steps.py), one thread each. Medians of the steps of one run, after those that warm up.
/// </summary>
internal static class TrainingStepBenchmark
{
    private const string Python = "/usr/bin/python3";
    private const int Batch = 128;
    private const int Steps = 40;
    private const int WarmSteps = 10;

    private sealed record StepTimes(string Version, double[] Float, double[] Quantized);

    public static void Run(Figures figures)
    {
        Line(figures, "networks/lenet_large.yaml", "training/w4a4-lsq.yaml");
        Line(figures, "networks/mnist/resnet8_mnist.yaml", "experiments/models/recipes/graph-w4a4.yaml");
    }

    private static void Line(Figures figures, string networkFile, string recipeFile)
    {
        var issues = new SpecIssues();
        NetworkSpec? network = NetworkSpecFile.Load(Path.Combine(CommandLine.Configurations, networkFile), issues);
        TrainingSpec? recipe = TrainingSpecFile.Load(Path.Combine(CommandLine.Configurations, recipeFile), issues);
        issues.ThrowIfAny();
        recipe = recipe! with
        {
            Threads = 1,
            BatchSize = Batch,
            FloatPhase = recipe.FloatPhase! with { Epochs = 1 },
            QuantizedPhase = recipe.QuantizedPhase! with { Epochs = 1 },
        };
        (double real, double quantized, double growth) = Ours(network!, recipe);
        string what = $"{network!.Name} W4A4, learned steps, batch {Batch}, 1 thread";
        double share = (quantized - real) / quantized;
        figures.Add($"{what}: fake quantisation's part of a step", $"{1e3 * (quantized - real):0.0} ms", $"{1e3 * quantized:0.0} ms a step", share, Goal.Most(0.3));
        ImageSet images = Images(network, Batch * Steps);
        int[] indices = [.. Enumerable.Range(0, Batch)];
        double decoding = Measure.Seconds(() =>
        {
            using TorchSharp.DisposeScope scope = TorchSharp.torch.NewDisposeScope();
            ImageBatch.Of(images, indices, shiftPixels: 0, random: null);
        }).Wall;
        figures.Add($"{what}: decoding of images, a part of a step", $"{1e3 * decoding:0.00} ms", $"{1e3 * quantized:0.0} ms a step", decoding / quantized, Goal.Most(0.05));
        figures.Add($"{what}: memory after the last step of a quantised epoch, beside that after {WarmSteps} steps", $"{growth:0.000} of it", $"1, flat", growth, Goal.Most(1.05));
        if (Theirs(network, recipe) is not StepTimes theirs)
        {
            figures.Missing($"{what}", $"PyTorch is not installed: apt-get install python3-torch");
            return;
        }

        double peerReal = Median(theirs.Float), peerQuantized = Median(theirs.Quantized);
        figures.Add($"{what}: steps in floating point", $"{1 / real:0.0} steps/s", $"{1 / peerReal:0.0} steps/s, PyTorch {theirs.Version}", peerReal / real);
        figures.Add($"{what}: quantised steps", $"{1 / quantized:0.0} steps/s", $"{1 / peerQuantized:0.0} steps/s, PyTorch {theirs.Version}", peerQuantized / quantized, Goal.Least(0.95));
    }

    private static (double Float, double Quantized, double Growth) Ours(NetworkSpec network, TrainingSpec recipe)
    {
        string folder = Directory.CreateTempSubdirectory("codesign-benchmark-").FullName;
        try
        {
            var plan = new TrainingPlan { Network = network, Recipe = recipe, Directory = folder };
            ImageSet images = Images(network, Batch * Steps);
            var times = new Dictionary<TrainingPhase, List<double>> { [TrainingPhase.Float] = [], [TrainingPhase.Quantized] = [] };
            (TrainingPhase Phase, int Batch, long Time) last = default;
            long warm = 1, end = 1;
            Trainer.Train(plan, new(images, images with { Pixels = [], Labels = [] }, Images(network, Batch)), new Listener(now =>
            {
                long time = Stopwatch.GetTimestamp();
                if (now.Phase == last.Phase && now.Batch == last.Batch + 1)
                {
                    times[now.Phase].Add(Stopwatch.GetElapsedTime(last.Time, time).TotalSeconds);
                }

                warm = now.Batch == WarmSteps ? Environment.WorkingSet : warm;
                end = now.Batch == Steps ? Environment.WorkingSet : end;
                last = (now.Phase, now.Batch, Stopwatch.GetTimestamp());
            }));
            return (Median(times[TrainingPhase.Float]), Median(times[TrainingPhase.Quantized]), end / (double)warm);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static StepTimes? Theirs(NetworkSpec network, TrainingSpec recipe)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, JsonSerializer.Serialize(network, new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) } }));
            string[] arguments =
            [
                Path.Combine(Here(), "PyTorch", "steps.py"), file, Number(Batch), Number(Steps), Number(recipe.Threads), recipe.BatchNorm == BatchNormKind.None ? "none" : "folded", Number(recipe.QuantizedPhase!.Sums?.Bits ?? 0),
            ];
            using Process process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? JsonSerializer.Deserialize<StepTimes>(output, new JsonSerializerOptions { PropertyNameCaseInsensitive = true })
                : errors.Result.Contains("No module named 'torch'", StringComparison.Ordinal) ? null : throw new InvalidOperationException($"PyTorch, {network.Name}: {errors.Result}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static ImageSet Images(NetworkSpec network, int count)
    {
        Random random = new(3);
        byte[] pixels = new byte[count * network.Input.Elements];
        random.NextBytes(pixels);
        return new()
        {
            Name = "random",
            Height = network.Input.Height,
            Width = network.Input.Width,
            Channels = network.Input.Channels,
            Pixels = pixels,
            Labels = [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(10))],
            ClassNames = [.. Enumerable.Range(0, 10).Select(Number)],
        };
    }

    private static double Median(IReadOnlyList<double> seconds)
    {
        double[] warm = [.. seconds.Skip(WarmSteps).Order()];
        return warm[warm.Length / 2];
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private sealed class Listener(Action<TrainingProgress> listen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => listen(value);
    }
}
