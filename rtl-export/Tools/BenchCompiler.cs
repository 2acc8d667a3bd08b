// SPDX-License-Identifier: Apache-2.0
namespace RtlExport.Tools;

/// <summary>Compiles benches, each in a temporary folder that is then moved to its place.</summary>
internal static class BenchCompiler
{
    /// <summary>The program that Verilator makes.</summary>
    public const string VerilatorProgram = "Vbench";

    /// <summary>The program that Icarus makes.</summary>
    public const string IcarusProgram = "bench.vvp";

    private static readonly string[] VerilatorArguments =
    [
        "--cc", "--exe", "-O3", "--x-assign", "fast", "--noassert", "-Wno-lint", "-Wno-style", "--prefix", VerilatorProgram, "--top-module", "bench", "--Mdir", "obj",
    ];

    private static readonly string[] MakeArguments = ["-C", "obj", "-f", VerilatorProgram + ".mk", "-j", "2", "OPT_SLOW=-O0"];

    /// <summary>-O1 for what runs in every cycle: twice the speed of Verilator's default, and a build that takes seconds.</summary>
    private static readonly string[] Optimised = ["OPT_FAST=-O1"];

    /// <summary>All in one file, whose headers are then read once: a third of the time where the design is small.</summary>
    private static readonly string[] Unoptimised = ["OPT_FAST=-O0", "VM_PARALLEL_BUILDS=0"];

    /// <summary>Compiles the sources into <paramref name="home"/>.</summary>
    /// <exception cref="RtlCompileException">A tool refuses the sources, or takes too long; its output is kept beside <paramref name="home"/>.</exception>
    public static void Compile(SimulatorKind simulator, BenchSources sources, bool tracing, string home, VerificationOptions options)
    {
        // GNU make refuses folders with spaces in their names, so that this one is not where benches are kept.
        string build = Directory.CreateTempSubdirectory("rtl-bench-").FullName;
        try
        {
            sources.WriteTo(build);
            string objects = Directory.CreateDirectory(Path.Combine(build, "obj")).FullName;
            string result = simulator == SimulatorKind.Verilator
                ? Verilate(sources, tracing, build, objects, home, options)
                : Interpret(sources, build, home, options);
            Keep(Path.Combine(objects, result), home);
        }
        finally
        {
            Directory.Delete(build, recursive: true);
        }
    }

    private static string Verilate(BenchSources sources, bool tracing, string build, string objects, string home, VerificationOptions options)
    {
        string verilator = ExternalTool.Find("verilator")!, kept = Path.GetDirectoryName(home)!;
        File.Copy(Path.Combine(build, "tb/bench_main.cpp"), Path.Combine(objects, "bench_main.cpp"));
        string[] variant = [.. tracing ? ["--trace"] : Array.Empty<string>(), .. options.Quick ? ["--output-split", "0"] : Array.Empty<string>()];
        Run(verilator, [.. VerilatorArguments, .. variant, .. sources.Modules, .. sources.BenchModules, "bench_main.cpp"], build, home, options);
        VerilatorRuntime.CopyTo(objects, kept, verilator, tracing);
        Run(ExternalTool.Find("make")!, [.. MakeArguments, .. options.Quick ? Unoptimised : Optimised], build, home, options);
        VerilatorRuntime.KeepFrom(objects, kept, verilator, tracing);
        return VerilatorProgram;
    }

    private static string Interpret(BenchSources sources, string build, string home, VerificationOptions options)
    {
        Run(
            ExternalTool.Find("iverilog")!, ["-g2012", "-s", "bench_tb", "-o", "obj/" + IcarusProgram, .. sources.Modules, .. sources.BenchModules, "tb/bench_tb.sv"],
            build, home, options);
        return IcarusProgram;
    }

    private static void Run(string tool, IEnumerable<string> arguments, string build, string home, VerificationOptions options)
    {
        ToolRun run = ExternalTool.Run(tool, arguments, build, options.Timeout, null, options.Cancellation);
        if (run.ExitCode == 0)
        {
            return;
        }

        string log = home + ".log", name = Path.GetFileName(tool);
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        File.WriteAllText(log, run.Output);
        throw new RtlCompileException(run.TimedOut ? $"{name} took longer than {options.Timeout}" : $"{name}: {FirstMessage(run.Output)}", log);
    }

    private static void Keep(string program, string home)
    {
        string staging = $"{home}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(staging);
        File.Copy(program, Path.Combine(staging, Path.GetFileName(program)));
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

    private static string FirstMessage(string output) => output.Split('\n')
        .FirstOrDefault(line => line.Contains("rror", StringComparison.Ordinal) || line.Contains("***", StringComparison.Ordinal), output.Split('\n')[0]).Trim();
}
