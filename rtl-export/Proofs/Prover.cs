// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace RtlExport.Proofs;

/// <summary>Proves properties with Yosys (to SMT-LIB 2), yosys-smtbmc and z3.</summary>
public static class Prover
{
    /// <summary>Checks that all programs are there.</summary>
    /// <exception cref="ToolMissingException">A program is not installed.</exception>
    public static void RequireTools()
    {
        ExternalTool.Require("yosys", "yosys");
        ExternalTool.Require("yosys-smtbmc", "yosys");
        ExternalTool.Require("z3", "z3");
    }

    /// <summary>Tries one proof.</summary>
    /// <param name="proof">What to prove.</param>
    /// <param name="modules">Folder whose modules are taken, such as a bundle's; null: those that the library carries.</param>
    /// <param name="timeout">How long the solver may take.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ToolMissingException">A program is not installed.</exception>
    /// <exception cref="RtlCompileException">Yosys refuses the modules.</exception>
    public static ProofResult Prove(Proof proof, string? modules, TimeSpan timeout, CancellationToken cancellation = default)
    {
        RequireTools();
        var clock = Stopwatch.StartNew();
        DirectoryInfo work = Directory.CreateTempSubdirectory("rtl-proof-");
        try
        {
            WriteSources(proof, modules, work.FullName);
            ToolRun yosys = ExternalTool.Run(ExternalTool.Find("yosys")!, ["-q", "-p", Script(proof)], work.FullName, timeout, null, cancellation);
            if (yosys.ExitCode != 0)
            {
                string log = Path.Combine(Path.GetTempPath(), $"{proof.Name}.yosys.log");
                File.WriteAllText(log, yosys.Output);
                throw new RtlCompileException($"yosys, for the proof {proof.Name}: {yosys.Output.Split('\n').FirstOrDefault(line => line.Contains("ERROR", StringComparison.Ordinal), "no message")}", log);
            }

            ToolRun solver = ExternalTool.Run(
                ExternalTool.Find("yosys-smtbmc")!, ["-s", "z3", "--unroll", "--noprogress", "-t", FormattableString.Invariant($"{proof.Cycles}"), "property.smt2"],
                work.FullName, timeout, null, cancellation);
            string[] lines = solver.Output.Split('\n');
            ProofVerdict verdict = lines.Any(line => line.Contains("Status: PASSED", StringComparison.Ordinal)) && solver.ExitCode == 0 ? ProofVerdict.Proved
                : lines.Any(line => line.Contains("Status: FAILED", StringComparison.Ordinal)) ? ProofVerdict.Refuted
                : ProofVerdict.Undecided;
            string failed = verdict == ProofVerdict.Refuted ? Message(lines.FirstOrDefault(line => line.Contains("Assert failed", StringComparison.Ordinal), "")) : "";
            return new(proof, verdict, clock.Elapsed.TotalSeconds, failed);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    /// <summary>Without the solver's clock in front.</summary>
    private static string Message(string line) => line[Math.Max(0, line.IndexOf("Assert", StringComparison.Ordinal))..].Trim();

    private static void WriteSources(Proof proof, string? modules, string folder)
    {
        // The package is that of the modules' own folder, of which the properties use the numbers of modes and kinds, the same for every design.
        File.WriteAllText(Path.Combine(folder, "accel_pkg.sv"), RtlSources.Read("formal/accel_pkg.sv"));
        File.WriteAllText(Path.Combine(folder, proof.Property + ".sv"), RtlSources.Read($"formal/{proof.Property}.sv"));
        foreach (string module in proof.Modules.Select(module => module + ".sv"))
        {
            File.WriteAllText(Path.Combine(folder, module), modules is null ? RtlSources.Read("rtl/" + module) : File.ReadAllText(Path.Combine(modules, module)));
        }
    }

    private static string Script(Proof proof)
    {
        string files = string.Join(' ', proof.Modules.Append(proof.Property).Select(module => module + ".sv"));
        string parameters = string.Concat(proof.Parameters.Select(parameter => FormattableString.Invariant($" -chparam {parameter.Name} {parameter.Value}")));
        return $"read_verilog -formal -sv accel_pkg.sv {files}; hierarchy -check -top {proof.Property}{parameters}; "
            + "proc; flatten; opt; async2sync; opt; dffunmap; opt_clean; write_smt2 -wires property.smt2";
    }
}
