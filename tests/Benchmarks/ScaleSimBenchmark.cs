// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using AccelModel.Comparison;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

namespace Benchmarks;

/// <summary>
/// SCALE-Sim's own topologies on 128 x 128 weight-stationary PEs: its compute-cycle run, without traces, beside reading the file and computing our causal cycles of every
/// layer and, as a check that both mean the same, SCALE-Sim's. Processor seconds; SCALE-Sim's of one run, which takes minutes.
/// </summary>
internal static partial class ScaleSimBenchmark
{
    private const string Checkout = "CODESIGN_SCALE_SIM";
    private const string Python = "CODESIGN_PYTHON";
    private const int Extent = 128;
    private const int Repeats = 200;
    private const int TotalCyclesColumn = 2;
    private const string Script = "import sys; from scalesim.scale_sim import scalesim; "
        + "s = scalesim(save_disk_space=True, verbose=False, config=sys.argv[1], topology=sys.argv[2], layout=sys.argv[3], input_type_gemm=False); s.run_scale(top_path=sys.argv[4])";

    public static void Run(Figures figures)
    {
        if (Environment.GetEnvironmentVariable(Checkout) is not string checkout)
        {
            figures.Missing($"AlexNet, ResNet-18, MobileNet", $"{Checkout} is not set: a checkout of github.com/scalesim-project/SCALE-Sim; {Python}: a Python with numpy and tqdm");
            return;
        }
        string folder = Directory.CreateTempSubdirectory("codesign-benchmark-").FullName;
        try
        {
            foreach (string name in (string[])["alexnet", "Resnet18", "mobilenet"])
            {
                Line(figures, checkout, name, folder);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Line(Figures figures, string checkout, string name, string folder)
    {
        string topology = Path.Combine(Path.GetFullPath(checkout), "topologies", "conv_nets", name + ".csv");
        ComparedArray array = new(Dataflow.WeightStationary, Extent, Extent, WeightDoubleBuffering: true);
        TimingComparison comparison = Compare();
        (_, double seconds) = Measure.Seconds(() =>
        {
            for (int i = 0; i < Repeats; i++)
            {
                Compare();
            }
        });
        double ours = seconds / Repeats;
        (double theirs, long cycles) = RunScaleSim(Path.GetFullPath(checkout), name, topology, folder);
        string same = cycles == comparison.IdealFeedCycles ? "equal to" : $"not {cycles}, as of";
        figures.Add(
            $"{name}.csv, {comparison.Layers.Length} layers, {Extent}x{Extent}, weight stationary, 1 thread: {comparison.CausalCycles} cycles; by its rules {comparison.IdealFeedCycles}, {same} SCALE-Sim's",
            $"{ours * 1e6:0.0} us",
            $"{theirs:0.0} s, SCALE-Sim v3, one run",
            theirs / ours,
            Goal.Least(10_000));

        TimingComparison Compare()
        {
            SpecIssues issues = [];
            TimingComparison? compared = TimingComparison.Of(TopologyFile.Load(topology, issues)!, array, issues);
            issues.ThrowIfAny();
            return compared!;
        }
    }

    private static (double Seconds, long Cycles) RunScaleSim(string checkout, string name, string topology, string folder)
    {
        string configuration = Path.Combine(folder, name + ".cfg");
        string results = Path.Combine(folder, "results");
        string text = File.ReadAllText(Path.Combine(checkout, "configs", "scale.cfg"));
        foreach ((string key, string value) in ((string, string)[])[("run_name", name), ("ArrayHeight", "128"), ("ArrayWidth", "128"), ("Dataflow", "ws")])
        {
            text = string.Join('\n', text.Split('\n').Select(line => line.StartsWith(key, StringComparison.Ordinal) ? $"{key} = {value}" : line));
        }
        File.WriteAllText(configuration, text);
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable(Python) ?? "python3") { WorkingDirectory = checkout, RedirectStandardOutput = true, RedirectStandardError = true };
        string layout = Path.Combine(checkout, "layouts", "conv_nets", "alexnet.csv");
        Array.ForEach(["-c", Script, configuration, topology, layout, results], start.ArgumentList.Add);
        double before = ChildrenSeconds();
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        output.Wait();
        string report = Path.Combine(results, name, "COMPUTE_REPORT.csv");
        return process.ExitCode == 0 && File.Exists(report)
            ? (ChildrenSeconds() - before, File.ReadLines(report).Skip(1).Sum(line => long.Parse(line.Split(',')[TotalCyclesColumn], CultureInfo.InvariantCulture)))
            : throw new InvalidOperationException($"SCALE-Sim, {name}: {errors}{output.Result}");
    }

    /// <summary>Processor time of all processes that this one started and that have ended.</summary>
    private static double ChildrenSeconds()
    {
        const int children = -1;
        Span<long> usage = stackalloc long[18];
        return GetUsage(children, ref usage[0]) == 0 ? usage[0] + usage[2] + ((usage[1] + usage[3]) / 1e6) : throw new InvalidOperationException("getrusage failed");
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, ref long usage);
}
