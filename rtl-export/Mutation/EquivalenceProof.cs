// SPDX-License-Identifier: Apache-2.0
using RtlExport.Synthesis;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace RtlExport.Mutation;

/// <summary>
/// Does a faulty module compute what the original does? Every variant of it that a design has is compared by Yosys: from equal registers and equal inputs follow, by induction over the cycles, equal
/// registers and outputs (<c>equiv_simple</c>, <c>equiv_induct</c>). Modules below it are black boxes with equal inputs and outputs. Sound, but not complete: reachable states and what the other modules never
/// do are not known to it. Where a module computes something else, the rest of the design may not read it, or not at that time.
/// </summary>
public static class EquivalenceProof
{
    private const string Top = "accelerator", Package = "accel_pkg.sv";

    /// <summary>Whether the mutant is proved to change nothing that its module computes in the design of <paramref name="bundle"/>.</summary>
    public static bool Holds(string bundle, Mutant mutant, TimeSpan timeout, CancellationToken cancellation)
    {
        // The induction knows one kind of clock edge only.
        return mutant.Kind != "edge" && Shows(Proof);

        bool Proof(Yosys yosys, string work)
        {
            (HardwareSources sources, HardwareSources faulty) = Sources(bundle, mutant);
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
    }

    /// <summary>
    /// Whether nothing in the design of <paramref name="bundle"/> reads what the mutant changes: the design as one module, its words taken apart into bits, without what no output and no register that an output depends on reads, is the same to
    /// the last cell.
    /// </summary>
    public static bool IsUnread(string bundle, Mutant mutant, TimeSpan timeout, CancellationToken cancellation)
    {
        return Shows(Proof);

        bool Proof(Yosys yosys, string work)
        {
            (HardwareSources sources, HardwareSources faulty) = Sources(bundle, mutant);
            return Rest(sources) == Rest(faulty);

            string Rest(HardwareSources design) => Elaborate(yosys, design, work, timeout, cancellation, "proc", "flatten", "opt_expr", "simplemap", "opt_clean -purge").Single().Hash;
        }
    }

    /// <summary>
    /// Whether the mutant keeps <paramref name="property"/> in the design of <paramref name="bundle"/>: a module of <c>formal/</c> with the original beside the faulty one, named <c>X_faulty</c>, that says when their
    /// outputs must be equal; proved by induction over the cycles.
    /// </summary>
    public static bool HoldsUnder(string property, string bundle, Mutant mutant, TimeSpan timeout, CancellationToken cancellation)
    {
        return Shows(Proof);

        bool Proof(Yosys yosys, string work)
        {
            string name = Path.GetFileNameWithoutExtension(mutant.Module), original = RtlSources.Read("rtl/" + mutant.Module);
            File.Copy(Path.Combine(bundle, Package), Path.Combine(work, Package));
            File.WriteAllText(Path.Combine(work, "original.sv"), original);
            File.WriteAllText(Path.Combine(work, "faulty.sv"), mutant.ApplyTo(original).Replace($"module {name} ", $"module {name}_faulty ", StringComparison.Ordinal));
            File.WriteAllText(Path.Combine(work, "property.sv"), RtlSources.Read($"formal/{property}.sv"));
            yosys.Run(
                [
                    $"read_verilog -formal -sv {Package} original.sv faulty.sv property.sv", $"hierarchy -check -top {property}", "proc", "flatten", "opt -full",
                    "sat -tempinduct -seq 1 -set-assumes -prove-asserts -verify",
                ],
                work, Path.Combine(work, "yosys.log"), timeout, cancellation);
            return true;
        }
    }

    /// <summary>Runs a proof in a folder of its own; where Yosys is missing or refuses, nothing is shown.</summary>
    private static bool Shows(Func<Yosys, string, bool> proof)
    {
        if (ExternalTool.Find("yosys") is null)
        {
            return false;
        }

        string work = Directory.CreateTempSubdirectory("equivalence-").FullName;
        try
        {
            return proof(Yosys.Find(), work);
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

    /// <summary>The bundle's modules as they are, and with the fault.</summary>
    private static (HardwareSources Original, HardwareSources Faulty) Sources(string bundle, Mutant mutant)
    {
        HardwareSources sources = HardwareSources.Read(bundle);
        return (sources, new([.. sources.Files.Select(file => file.Name == mutant.Module ? (file.Name, mutant.ApplyTo(file.Text)) : file)]));
    }

    private static IReadOnlyList<RtlilModule> Elaborate(Yosys yosys, HardwareSources sources, string work, TimeSpan timeout, CancellationToken cancellation, params string[] passes)
    {
        sources.WriteTo(work);
        yosys.Run(
            [$"read_verilog -sv -DSYNTHESIS {string.Join(' ', sources.Names)}", $"hierarchy -check -top {Top}", .. passes, "write_rtlil design.il"],
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
