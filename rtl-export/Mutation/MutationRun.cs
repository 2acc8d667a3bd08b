// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace RtlExport.Mutation;

/// <summary>What the exported bench made of a mutant.</summary>
public enum MutantVerdict
{
    /// <summary>The bench failed, or came to no end.</summary>
    Caught,

    /// <summary>The bench passed.</summary>
    Survived,

    /// <summary>The token is not in what the simulator elaborates for this design: equal to the original.</summary>
    NotInDesign,

    /// <summary>No simulator takes it.</summary>
    DoesNotCompile,
}

/// <summary>A mutant and what came of it.</summary>
public sealed record MutantResult(Mutant Mutant, MutantVerdict Verdict, string Note);

/// <summary>Runs a bundle's own bench on mutants of its modules, in Icarus.</summary>
public static partial class MutationRun
{
    /// <summary>Every fault of every module in an order drawn from a seed.</summary>
    public static IReadOnlyList<Mutant> Candidates(int seed)
    {
        Mutant[] all = [.. RtlSources.Modules.SelectMany(name => Mutator.Of(name, RtlSources.Read("rtl/" + name)))];
        new Random(seed).Shuffle(all);
        return all;
    }

    /// <summary>Runs one mutant. The bundle is as it was afterwards.</summary>
    public static MutantResult Try(Mutant mutant, string bundle, TimeSpan timeout, CancellationToken cancellation)
    {
        string path = Path.Combine(bundle, mutant.Module), original = File.ReadAllText(path);
        try
        {
            File.WriteAllText(path, mutant.ApplyTo(original));
            VerificationResult result = RtlVerifier.Verify(bundle, SimulatorKind.Icarus, new() { Timeout = timeout, Cancellation = cancellation });
            if (!result.Passed)
            {
                return new(mutant, MutantVerdict.Caught, result.FirstDifference?.Kind ?? "");
            }

            string mutated = Elaborated(bundle, cancellation);
            File.WriteAllText(path, original);
            return new(mutant, mutated == Elaborated(bundle, cancellation) ? MutantVerdict.NotInDesign : MutantVerdict.Survived, "");
        }
        catch (RtlCompileException exception)
        {
            return new(mutant, MutantVerdict.DoesNotCompile, exception.Message);
        }
        catch (TimeoutException)
        {
            return new(mutant, MutantVerdict.Caught, "no end");
        }
        finally
        {
            File.WriteAllText(path, original);
        }
    }

    /// <summary>What Icarus makes of the design, with its memory addresses replaced by numbers in the order of their appearance.</summary>
    private static string Elaborated(string bundle, CancellationToken cancellation)
    {
        string output = Path.Combine(bundle, RtlBundle.BuildFolder, "elaborated.vvp");
        string[] modules = [.. File.ReadAllLines(Path.Combine(bundle, "filelist.f")).Where(line => line.Length > 0)];
        ExternalTool.Run(ExternalTool.Require("iverilog", "iverilog"), ["-g2012", "-s", "accelerator", "-o", output, .. modules], bundle, TimeSpan.FromMinutes(2), null, cancellation);
        var numbers = new Dictionary<string, int>();
        return Address().Replace(File.ReadAllText(output), match =>
        {
            numbers.TryAdd(match.Value, numbers.Count);
            return FormattableString.Invariant($"#{numbers[match.Value]}");
        });
    }

    [GeneratedRegex("0x[0-9a-f]+")]
    private static partial Regex Address();
}
