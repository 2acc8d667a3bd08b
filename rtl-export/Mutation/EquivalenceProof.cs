// SPDX-License-Identifier: Apache-2.0
using RtlExport.Synthesis;
using RtlExport.Tools;

namespace RtlExport.Mutation;

/// <summary>
/// Does a faulty module compute what the original does? Every variant of it that a design has is compared by Yosys: from equal registers and equal inputs follow, by induction over the cycles, equal
/// registers and outputs (<c>equiv_simple</c>, <c>equiv_induct</c>). Modules below it are black boxes with equal inputs and outputs. Sound, but not complete: reachable states and what the other modules never
/// do are not known to it.
/// </summary>
internal static class EquivalenceProof
{
    private const string Top = "accelerator";

    /// <summary>Whether the mutant is proved to change nothing in the design of <paramref name="bundle"/>.</summary>
    public static bool Holds(string bundle, Mutant mutant, TimeSpan timeout, CancellationToken cancellation)
    {
        // The induction knows one kind of clock edge only.
        if (mutant.Kind == "edge" || ExternalTool.Find("yosys") is null)
        {
            return false;
        }

        string work = Directory.CreateTempSubdirectory("equivalence-").FullName;
        try
        {
            var yosys = Yosys.Find();
            HardwareSources sources = HardwareSources.Read(bundle);
            HardwareSources faulty = new([.. sources.Files.Select(file => file.Name == mutant.Module ? (file.Name, mutant.ApplyTo(file.Text)) : file)]);
            Dictionary<string, RtlilModule> gate = Elaborate(yosys, faulty, work, timeout, cancellation).ToDictionary(module => module.Name);
            foreach (RtlilModule gold in Elaborate(yosys, sources, work, timeout, cancellation).Where(module => module.SourceName + ".sv" == mutant.Module))
            {
                if (!gate.TryGetValue(gold.Name, out RtlilModule? other) || !gold.Children.SequenceEqual(other.Children))
                {
                    return false;
                }

                if (gold.Hash != other.Hash && !Prove(yosys, gold, other, work, timeout, cancellation))
                {
                    return false;
                }
            }

            return true;
        }
        catch (RtlCompileException)
        {
            return false;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static IReadOnlyList<RtlilModule> Elaborate(Yosys yosys, HardwareSources sources, string work, TimeSpan timeout, CancellationToken cancellation)
    {
        sources.WriteTo(work);
        yosys.Run(
            [$"read_verilog -sv -DSYNTHESIS {string.Join(' ', sources.Names)}", $"hierarchy -check -top {Top}", "write_rtlil design.il"],
            work, Path.Combine(work, "yosys.log"), timeout, cancellation);
        return RtlilModule.Parse(File.ReadAllText(Path.Combine(work, "design.il")));
    }

    private static bool Prove(Yosys yosys, RtlilModule gold, RtlilModule gate, string work, TimeSpan timeout, CancellationToken cancellation)
    {
        string Named(RtlilModule module, string name) => "autoidx 1\n" + module.Text.Replace(module.CanonicalName + "_c", "\\below_", StringComparison.Ordinal).Replace(module.CanonicalName, name, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(work, "gold.il"), Named(gold, "\\gold"));
        File.WriteAllText(Path.Combine(work, "gate.il"), Named(gate, "\\gate"));
        try
        {
            yosys.Run(
                [
                    "read_rtlil gold.il", "read_rtlil -overwrite gate.il", "proc", "opt -full", "memory", "opt -full",
                    "equiv_make gold gate equiv", "hierarchy -top equiv", "opt -undriven", "equiv_simple -seq 1", "equiv_induct -seq 2", "equiv_status -assert",
                ],
                work, Path.Combine(work, "yosys.log"), timeout, cancellation);
            return true;
        }
        catch (RtlCompileException)
        {
            return false;
        }
    }
}
