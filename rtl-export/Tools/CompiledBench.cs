// SPDX-License-Identifier: Apache-2.0
using RtlExport.Vectors;

namespace RtlExport.Tools;

/// <summary>
/// The bench of one or more bundles, compiled for one simulator. Compiled benches are kept under the hash of their sources: bundles of equal hardware share one
/// whatever their networks are, and a changed line gives a new one.
/// </summary>
public sealed class CompiledBench
{
    private readonly string _program;
    private readonly IReadOnlyList<string> _arguments;

    private CompiledBench(string program, IReadOnlyList<string> arguments, bool wasThere)
    {
        _program = program;
        _arguments = arguments;
        WasThere = wasThere;
    }

    /// <summary>Whether it had been compiled before.</summary>
    public bool WasThere { get; }

    /// <summary>Compiles, unless it was before.</summary>
    /// <param name="bundles">Bundles of equal hardware.</param>
    /// <param name="simulator">The simulator.</param>
    /// <param name="options">Where compiled benches are kept, and limits.</param>
    /// <param name="tracing">Whether it can write waveforms, which makes it slower.</param>
    /// <exception cref="BundleException">The bundles are of different hardware.</exception>
    /// <exception cref="ToolMissingException">The simulator is not installed.</exception>
    /// <exception cref="RtlCompileException">It refuses the sources.</exception>
    public static CompiledBench Of(IReadOnlyList<BundleManifest> bundles, SimulatorKind simulator, VerificationOptions options, bool tracing = false)
    {
        ExternalTool.Require(simulator);
        BenchSources sources = options.Netlist is string netlist ? BenchSources.Of(bundles, netlist) : BenchSources.Of(bundles, options.Bus);
        string kept = Path.GetFullPath(options.WorkDirectory ?? Path.Combine(bundles[0].Directory, RtlBundle.BuildFolder));
        string variant = simulator == SimulatorKind.Icarus ? "icarus" : $"verilator{(tracing ? "-trace" : "")}{(options.Quick ? "-quick" : "")}";
        string home = Path.Combine(kept, $"{variant}-{sources.Key}");
        bool wasThere = Directory.Exists(home);
        if (wasThere)
        {
            // The oldest are removed first.
            Directory.SetLastWriteTimeUtc(home, DateTime.UtcNow);
        }
        else
        {
            BenchCompiler.Compile(simulator, sources, tracing, home, options);
            BenchCache.Prune(kept);
        }

        return simulator == SimulatorKind.Verilator
            ? new(Path.Combine(home, BenchCompiler.VerilatorProgram), [], wasThere)
            : new(ExternalTool.Find("vvp")!, ["-n", Path.Combine(home, BenchCompiler.IcarusProgram)], wasThere);
    }

    /// <summary>Runs it in the bundle's folder, from which it reads the vectors.</summary>
    public ToolRun Run(string bundle, IEnumerable<string> plusArguments, TimeSpan timeout, Action<string> onLine, CancellationToken cancellation) =>
        ExternalTool.Run(_program, _arguments.Concat(plusArguments), bundle, timeout, onLine, cancellation);
}
