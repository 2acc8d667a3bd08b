// SPDX-License-Identifier: Apache-2.0
namespace Cli.RtlFuzzing;

/// <summary>What came of one design.</summary>
public sealed record FuzzedDesign
{
    /// <summary>The seed that it was drawn from.</summary>
    public required int Seed { get; init; }

    /// <summary>Networks that ran on it.</summary>
    public int Networks { get; init; }

    /// <summary>Words compared.</summary>
    public long Vectors { get; init; }

    /// <summary>Bits that differ.</summary>
    public long BitMismatches { get; init; }

    /// <summary>Events in another cycle.</summary>
    public long CycleMismatches { get; init; }

    /// <summary>Cycles that the RTL ran.</summary>
    public long Cycles { get; init; }

    /// <summary>What differs first, in words; null if nothing does.</summary>
    public string? Difference { get; init; }

    /// <summary>The file with the smallest design and network that still differ; null if nothing does.</summary>
    public string? File { get; init; }

    /// <summary>Seconds that it took, from drawing to comparison.</summary>
    public double Seconds { get; init; }

    /// <summary>The design's parameters by name, and what its networks use, for the table of coverage.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();
}
