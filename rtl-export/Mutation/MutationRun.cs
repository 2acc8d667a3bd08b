// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using RtlExport.Synthesis;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace RtlExport.Mutation;

/// <summary>What the exported bench made of a mutant.</summary>
public enum MutantVerdict
{
    /// <summary>A bench failed, or came to no end.</summary>
    Caught,

    /// <summary>Every bench passed, and the fault changes nothing: proved by Yosys for every variant of the module in the designs or for the designs as a whole, or argued.</summary>
    Equivalent,

    /// <summary>Every bench passed.</summary>
    Survived,

    /// <summary>The token is not in what the simulator elaborates for any of the designs: equal to the original.</summary>
    NotInDesign,

    /// <summary>No simulator takes it.</summary>
    DoesNotCompile,
}

/// <summary>A mutant and what came of it.</summary>
/// <param name="Mutant">The fault.</param>
/// <param name="Verdict">What came of it.</param>
/// <param name="Note">The first difference and the bench that showed it, or why it is equivalent.</param>
public sealed record MutantResult(Mutant Mutant, MutantVerdict Verdict, string Note);

/// <summary>
/// Runs the benches of bundles on mutants of their modules, in Icarus: image by image, in overlapping frames, and with a memory that stalls at random. The bundles are as they were afterwards.
/// </summary>
public sealed partial class MutationRun
{
    private const uint StallSeed = 1;

    private readonly ImmutableArray<(string Directory, string Name, string Elaborated)> _bundles;
    private readonly TimeSpan _timeout;
    private readonly CancellationToken _cancellation;

    /// <summary>A run on <paramref name="bundles"/>, each with the name of its design.</summary>
    public MutationRun(IEnumerable<(string Directory, string Name)> bundles, TimeSpan timeout, CancellationToken cancellation)
    {
        (_timeout, _cancellation) = (timeout, cancellation);
        _bundles = [.. bundles.Select(bundle => (bundle.Directory, bundle.Name, Elaborated(bundle.Directory)))];
    }

    /// <summary>The first difference of the benches without any fault; null where all pass.</summary>
    public string? Original() => _bundles.Select(bundle => Difference(bundle.Directory) is string difference ? $"{bundle.Name}: {difference}" : null).FirstOrDefault(difference => difference is not null);

    private MutationRun(MutationRun other, IReadOnlyList<string> directories)
    {
        (_timeout, _cancellation) = (other._timeout, other._cancellation);
        _bundles = [.. other._bundles.Zip(directories, (bundle, directory) => bundle with { Directory = directory })];
    }

    /// <summary>The same on copies of the bundles.</summary>
    public MutationRun On(IReadOnlyList<string> directories) => new(this, directories);

    /// <summary>Every fault of every module in an order drawn from a seed.</summary>
    public static IReadOnlyList<Mutant> Candidates(int seed)
    {
        Mutant[] all = [.. RtlSources.Modules.SelectMany(name => Mutator.Of(name, RtlSources.Read("rtl/" + name)))];
        new Random(seed).Shuffle(all);
        return all;
    }

    /// <summary>Runs one mutant, design after design, until a bench shows it.</summary>
    public MutantResult Try(Mutant mutant)
    {
        List<(string Directory, string Name)> within = [];
        foreach ((string directory, string name, string original) in _bundles)
        {
            string path = Path.Combine(directory, mutant.Module), text = File.ReadAllText(path);
            try
            {
                File.WriteAllText(path, mutant.ApplyTo(text));
                if (Elaborated(directory) == original)
                {
                    continue;
                }

                within.Add((directory, name));
                if (Difference(directory) is string difference)
                {
                    return new(mutant, MutantVerdict.Caught, $"{name}: {difference}");
                }
            }
            catch (RtlCompileException exception)
            {
                return new(mutant, MutantVerdict.DoesNotCompile, exception.Message);
            }
            finally
            {
                File.WriteAllText(path, text);
            }
        }

        return within.Count == 0 ? new(mutant, MutantVerdict.NotInDesign, "")
            : Equivalents.ReasonOf(mutant, property => within.All(bundle => EquivalenceProof.HoldsUnder(property, bundle.Directory, mutant, _timeout, _cancellation))) is string reason ? new(mutant, MutantVerdict.Equivalent, reason)
            : within.All(bundle => EquivalenceProof.Holds(bundle.Directory, mutant, _timeout, _cancellation)) ? new(mutant, MutantVerdict.Equivalent, "proved by Yosys: the module computes the same")
            : within.All(bundle => EquivalenceProof.IsUnread(bundle.Directory, mutant, _timeout, _cancellation)) ? new(mutant, MutantVerdict.Equivalent, "proved by Yosys: the design without what nothing reads is the same")
            : new(mutant, MutantVerdict.Survived, $"passed on {string.Join(", ", within.Select(bundle => bundle.Name))}");
    }

    /// <summary>The first difference of a bundle's benches, or null where all pass.</summary>
    private string? Difference(string bundle)
    {
        try
        {
            VerificationResult fixedLatency = Verify(bundle, null);
            if (!fixedLatency.Passed)
            {
                return (fixedLatency.Frames > 1 ? "overlapping frames: " : "") + FirstLine(fixedLatency);
            }

            VerificationResult stalled = Verify(bundle, StallSeed);
            return stalled.Passed ? null : "stalled memory: " + FirstLine(stalled);
        }
        catch (TimeoutException)
        {
            return "the bench comes to no end";
        }
    }

    private VerificationResult Verify(string bundle, uint? stallSeed) =>
        RtlVerifier.Verify(bundle, SimulatorKind.Icarus, new() { StallSeed = stallSeed, Images = stallSeed is null ? null : 1, Timeout = _timeout, Cancellation = _cancellation });

    private static string FirstLine(VerificationResult result) => (result.FirstDifference?.ToString() ?? "").Split('\n')[0];

    /// <summary>What Icarus makes of the design, with its memory addresses replaced by numbers in the order of their appearance.</summary>
    private string Elaborated(string bundle)
    {
        string output = Path.Combine(Directory.CreateDirectory(Path.Combine(bundle, RtlBundle.BuildFolder)).FullName, "elaborated.vvp");
        string[] modules = [.. File.ReadAllLines(Path.Combine(bundle, "filelist.f")).Where(line => line.Length > 0)];
        ToolRun run = ExternalTool.Run(ExternalTool.Require("iverilog", "iverilog"), ["-g2012", "-s", "accelerator", "-o", output, .. modules], bundle, _timeout, null, _cancellation);
        if (run.ExitCode != 0)
        {
            throw new RtlCompileException($"iverilog: {run.Output.Split('\n')[0]}", "");
        }

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
