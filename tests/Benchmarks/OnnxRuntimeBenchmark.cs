// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AccelModel.Networks;
using AccelModel.Networks.Generation;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Simulation.Kernels;
using AccelModel.Specification;
using Benchmarks.OnnxRuntime;
using Cli.Networks;

namespace Benchmarks;

/// <summary>
/// Whole networks in the fast engine beside the same weights in ONNX Runtime (onnxruntime-node), one thread each. The engine compiles a network for every batch that it
/// executes, so that it is timed by what more batches add, enough of them for that to be most of the time.
/// </summary>
internal static class OnnxRuntimeBenchmark
{
    private const int Runs = 5;

    public static void Run(Figures figures)
    {
        if (!Directory.Exists(Path.Combine(Folder(), "node_modules", "onnxruntime-node")))
        {
            figures.Missing($"lenet_large, resnet18", $"ONNX Runtime is not installed: npm ci --ignore-scripts --prefix tests/Benchmarks/OnnxRuntime");
            return;
        }
        foreach (int bits in (int[])[7, 8])
        {
            Line(figures, BenchmarkCases.LenetLarge(bits, 8), bits, batch: 32, batches: 65);
            IntegerNetwork resnet18 = GeneratorOptions.Generate(NetworkCatalogue.Load("resnet18"), new NetworkFormats { WeightBits = bits }, GeneratorOptions.DefaultSeed);
            Line(figures, resnet18, bits, batch: 8, batches: 5);
        }
    }

    private static void Line(Figures figures, IntegerNetwork network, int bits, int batch, int batches)
    {
        Random random = new(11);
        int[] input = [.. Enumerable.Range(0, batch * batches * network.Input.Elements).Select(_ => random.Next(256))];
        Dictionary<int, AccumulationPlan> exact = [];
        ExecutionOptions options = new() { Threads = 1 };
        ValueResult values = FastEngine.Execute(network, exact, input.AsMemory(0, batch * network.Input.Elements), batch, options);
        double few = Measure.Seconds(() => FastEngine.Execute(network, exact, input.AsMemory(0, batch * network.Input.Elements), batch, options)).Processor;
        double all = Measure.Seconds(() => FastEngine.Execute(network, exact, input, batch * batches, options)).Processor;
        double ours = (batches - 1) * batch / (all - few);
        (double seconds, byte[] theirs) = RunOnnxRuntime(network, input.AsSpan(0, batch * network.Input.Elements), batch);
        double peer = batch / seconds;
        // With 512-bit VNNI the peer's vectors are twice as wide as .NET's: no goal there, only what is found.
        Goal? goal = InstructionSets.IsSupported(InstructionSet.Avx512) ? null : InstructionSets.IsSupported(InstructionSet.AvxVnni) ? Goal.Least(0.7) : bits <= 7 ? Goal.Least(1) : null;
        figures.Add(
            $"{network.Name} W{bits}A8, batch {batch}, exact sums in 32 bits, {InstructionSets.Best}, 1 thread; {Agreement(network.Layers[^1].Output, values.Output, theirs)}",
            $"{ours:0.0} images/s",
            $"{peer:0.0} images/s, ONNX Runtime",
            ours / peer,
            goal);
    }

    private static FormattableString Agreement(TensorSpec tensor, int[] ours, byte[] theirs)
    {
        int differ = 0, by = 0;
        for (int i = 0; i < ours.Length; i++)
        {
            int image = i / tensor.Elements, pixel = i % tensor.Elements / tensor.Channels, channel = i % tensor.Channels;
            int code = theirs[(image * tensor.Elements) + (channel * tensor.Pixels) + pixel] - OnnxModel.ZeroPoint(tensor);
            differ += code == ours[i] ? 0 : 1;
            by = Math.Max(by, Math.Abs(code - ours[i]));
        }
        return $"{differ} of {ours.Length} codes differ, at most by {by}";
    }

    private static (double Seconds, byte[] Output) RunOnnxRuntime(IntegerNetwork network, ReadOnlySpan<int> codes, int batch)
    {
        string folder = Directory.CreateTempSubdirectory("codesign-benchmark-").FullName;
        try
        {
            TensorSpec input = network.Input;
            byte[] bytes = new byte[codes.Length];
            for (int i = 0; i < codes.Length; i++)
            {
                int image = i / input.Elements, pixel = i % input.Elements / input.Channels, channel = i % input.Channels;
                bytes[(image * input.Elements) + (channel * input.Pixels) + pixel] = (byte)(codes[i] + OnnxModel.ZeroPoint(input));
            }
            string model = Path.Combine(folder, "model.onnx"), inputs = Path.Combine(folder, "input"), outputs = Path.Combine(folder, "output");
            File.WriteAllBytes(model, OnnxModel.Of(network, batch));
            File.WriteAllBytes(inputs, bytes);
            ProcessStartInfo start = new("node") { RedirectStandardOutput = true, RedirectStandardError = true };
            int[] numbers = [1, Runs, batch, input.Channels, input.Height, input.Width];
            Array.ForEach([Path.Combine(Folder(), "run.js"), model, inputs, outputs, .. numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))], start.ArgumentList.Add);
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"ONNX Runtime, {network.Name}: {errors.Result}");
            }
            double[] seconds = JsonSerializer.Deserialize<double[]>(output)!;
            Array.Sort(seconds);
            return (seconds[seconds.Length / 2], File.ReadAllBytes(outputs));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "OnnxRuntime");
}
