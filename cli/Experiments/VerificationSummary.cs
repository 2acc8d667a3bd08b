// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;
using AccelModel.Specification.Yaml;
using RtlExport.Tools;
namespace Cli.Experiments;

/// <summary>The comparison with the RTL: counts over all networks that ran.</summary>
/// <param name="Simulator">Name of the simulator.</param>
/// <param name="Bus">The bus that was driven; null for the plain port. Over a bus cycles are not compared, and <paramref name="CycleMismatches"/> is zero.</param>
/// <param name="Passed">Whether the bench came to its end and found no difference.</param>
/// <param name="Layers">Scheduled layers.</param>
/// <param name="Images">Images.</param>
/// <param name="Vectors">Words compared.</param>
/// <param name="BitMismatches">Bits of stored words that differ, and vectors of modules.</param>
/// <param name="CycleMismatches">Events in another cycle.</param>
/// <param name="FirstDifference">The first of them; null if there is none.</param>
/// <param name="TraceFile">The waveform around it, if one was asked for.</param>
/// <param name="EditedModules">Modules that are not as they were exported.</param>
/// <param name="Networks">Each network by itself, in the order in which they ran.</param>
public sealed record VerificationSummary(
    string Simulator, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Bus, bool Passed, int Layers, int Images, long Vectors, long BitMismatches, long CycleMismatches, Difference? FirstDifference, string? TraceFile,
    IReadOnlyList<string> EditedModules, IReadOnlyList<NetworkVerification> Networks)
{
    /// <summary>Sums up what a simulator said.</summary>
    public static VerificationSummary Of(IReadOnlyList<VerificationResult> results)
    {
        VerificationResult? failed = results.FirstOrDefault(result => !result.Passed);
        return new(
            EnumNames.Of(results[0].Simulator),
            results[0].Bus == MemoryBus.Plain ? null : EnumNames.Of(results[0].Bus),
            failed is null,
            results.Sum(result => result.Layers.Length),
            results.Sum(result => result.Images),
            results.Sum(result => result.Vectors),
            results.Sum(result => result.BitMismatches),
            results.Sum(result => result.CycleMismatches),
            failed?.FirstDifference,
            failed?.TraceFile,
            [.. results.SelectMany(result => result.EditedModules).Distinct()],
            [.. results.Select(NetworkVerification.Of)]);
    }

    /// <summary>What is the same for the same experiment: all but where the bench came from.</summary>
    public VerificationSummary Repeatable() => this with { Networks = [.. Networks.Select(network => network with { Compiled = null })] };

    /// <summary>One line: the verdict and the counts.</summary>
    public override string ToString() => Bus is null
        ? FormattableString.Invariant($"{(Passed ? "PASS" : "FAIL")} {Simulator}: {Vectors:N0} vectors, {BitMismatches:N0} bit and {CycleMismatches:N0} cycle mismatches")
        : FormattableString.Invariant($"{(Passed ? "PASS" : "FAIL")} {Simulator} over {Bus}: {Vectors:N0} vectors, {BitMismatches:N0} bit mismatches; cycles are compared on the plain port only");
}

/// <summary>One network's part.</summary>
/// <param name="Network">Name.</param>
/// <param name="Images">Images.</param>
/// <param name="Vectors">Words compared.</param>
/// <param name="BitMismatches">Bits that differ.</param>
/// <param name="CycleMismatches">Events in another cycle.</param>
/// <param name="Cycles">Cycles of an inference in the simulator.</param>
/// <param name="Compiled">Whether the bench was compiled for it; else it ran on one that was there. Null in files that repeat.</param>
/// <param name="Layers">Per scheduled layer.</param>
/// <param name="Modules">Per module with vectors of its own.</param>
/// <param name="Corners">Per directed network that ran.</param>
public sealed record NetworkVerification(
    string Network, int Images, long Vectors, long BitMismatches, long CycleMismatches, long Cycles,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Compiled,
    IReadOnlyList<LayerVerification> Layers, IReadOnlyList<ModuleVerification> Modules, IReadOnlyList<CornerVerification> Corners)
{
    internal static NetworkVerification Of(VerificationResult result) => new(
        result.Network, result.Images, result.Vectors, result.BitMismatches, result.CycleMismatches, result.Cycles, !result.WasCompiled, result.Layers, result.Modules, result.Corners);
}
