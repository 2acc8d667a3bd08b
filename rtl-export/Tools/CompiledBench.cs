// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using RtlExport.Vectors;

namespace RtlExport.Tools;

/// <summary>
/// A bundle's bench compiled for one simulator. Compiled benches are kept under the hash of their sources: bundles with equal sources share one, and a
/// changed line gives a new one.
/// </summary>
internal sealed class CompiledBench
{
    private static readonly string[] BenchSources = ["tb/accelerator_bench.sv", "tb/requantizer_bench.sv", "tb/bench.sv"];

    private readonly string _program;
    private readonly IReadOnlyList<string> _arguments;

    private CompiledBench(string program, IReadOnlyList<string> arguments)
    {
        _program = program;
        _arguments = arguments;
    }

    /// <summary>Compiles, unless it was before.</summary>
    /// <exception cref="ToolMissingException">The simulator is not installed.</exception>
    /// <exception cref="RtlCompileException">It refuses the sources.</exception>
    public static CompiledBench Of(string bundle, SimulatorKind simulator, VerificationOptions options)
    {
        ExternalTool.Require(simulator);
        string compiler = ExternalTool.Find(simulator == SimulatorKind.Verilator ? "verilator" : "iverilog")!;
        string runner = simulator == SimulatorKind.Verilator ? "" : ExternalTool.Find("vvp")!;
        IReadOnlyList<string> sources = Sources(bundle);
        string work = Path.GetFullPath(options.WorkDirectory ?? Path.Combine(bundle, RtlBundle.BuildFolder));
        string home = Path.Combine(work, $"{simulator.ToString().ToLowerInvariant()}-{Key(bundle, sources)}");
        if (!Directory.Exists(home))
        {
            Compile(compiler, simulator, bundle, sources, home, options);
        }

        return simulator == SimulatorKind.Verilator
            ? new(Path.Combine(home, "Vbench"), [])
            : new(runner, ["-n", Path.Combine(home, "bench.vvp")]);
    }

    /// <summary>Runs it in the bundle's folder, from which it reads the vectors.</summary>
    public ToolRun Run(string bundle, IEnumerable<string> plusArguments, TimeSpan timeout, Action<string> onLine, CancellationToken cancellation) =>
        ExternalTool.Run(_program, _arguments.Concat(plusArguments), bundle, timeout, onLine, cancellation);

    private static IReadOnlyList<string> Sources(string bundle) =>
    [
        .. File.ReadAllLines(Path.Combine(bundle, "filelist.f")).Where(line => line.Length > 0), "accel_params.vh", .. BenchSources, "tb/bench_tb.sv", "tb/bench_main.cpp",
    ];

    private static string Key(string bundle, IReadOnlyList<string> sources)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string source in sources)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(source));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(Path.Combine(bundle, source))));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static void Compile(string compiler, SimulatorKind simulator, string bundle, IReadOnlyList<string> sources, string home, VerificationOptions options)
    {
        // GNU make refuses folders with spaces in their names, so that this one is not in the bundle.
        string build = Directory.CreateTempSubdirectory("rtl-bench-").FullName;
        string staging = $"{home}.{Guid.NewGuid():N}";
        try
        {
            foreach (string source in sources)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(build, source))!);
                File.Copy(Path.Combine(bundle, source), Path.Combine(build, source));
            }

            Directory.CreateDirectory(Path.Combine(build, "obj"));
            File.Copy(Path.Combine(bundle, "tb/bench_main.cpp"), Path.Combine(build, "obj", "bench_main.cpp"));
            IEnumerable<string> modules = sources.Where(source => !source.Contains('/') && source.EndsWith(".sv", StringComparison.Ordinal));
            IEnumerable<string> arguments = simulator == SimulatorKind.Verilator
                ? [.. VerilatorArguments, .. modules, .. BenchSources, "bench_main.cpp"]
                : ["-g2012", "-s", "bench_tb", "-o", "obj/bench.vvp", .. modules, .. BenchSources, "tb/bench_tb.sv"];
            ToolRun run = ExternalTool.Run(compiler, arguments, build, options.Timeout, null, options.Cancellation);
            if (run.ExitCode != 0)
            {
                string log = home + ".log";
                Directory.CreateDirectory(Path.GetDirectoryName(log)!);
                File.WriteAllText(log, run.Output);
                throw new RtlCompileException(run.TimedOut ? $"{simulator} took longer than {options.Timeout}" : $"{simulator}: {FirstMessage(run.Output)}", log);
            }

            Directory.CreateDirectory(staging);
            string result = simulator == SimulatorKind.Verilator ? "Vbench" : "bench.vvp";
            File.Copy(Path.Combine(build, "obj", result), Path.Combine(staging, result));
            try
            {
                Directory.Move(staging, home);
            }
            catch (IOException) when (Directory.Exists(home))
            {
                // Another process was faster; its result is the same.
                Directory.Delete(staging, recursive: true);
            }
        }
        finally
        {
            Directory.Delete(build, recursive: true);
        }
    }

    /// <summary>-O1 for the C++ compiler: twice the speed of its default, and a build that takes seconds.</summary>
    private static readonly string[] VerilatorArguments =
    [
        "--cc", "--exe", "--build", "-j", "2", "-O3", "--x-assign", "fast", "--noassert", "-Wno-lint", "-Wno-style", "-MAKEFLAGS", "OPT_FAST=-O1",
        "--prefix", "Vbench", "--top-module", "bench", "--Mdir", "obj",
    ];

    private static string FirstMessage(string output) => output.Split('\n')
        .FirstOrDefault(line => line.Contains("rror", StringComparison.Ordinal) || line.Contains("***", StringComparison.Ordinal), output.Split('\n')[0]).Trim();
}
