// SPDX-License-Identifier: Apache-2.0
using RtlExport.Tools;

namespace Cli.RtlFuzzing;

/// <summary>What a fuzzing run draws and compares; kept in its folder, and the same when it is resumed.</summary>
public sealed record RtlFuzzSpec
{
    /// <summary>First seed; design i is drawn from seed + i.</summary>
    public required int Seed { get; init; }

    /// <summary>Networks that run on each compiled design.</summary>
    public required int NetworksPerDesign { get; init; }

    /// <summary>The simulator.</summary>
    public required SimulatorKind Simulator { get; init; }

    /// <summary>SHA-256 over modules and benches: results for other RTL say nothing about this one.</summary>
    public required string RtlSha256 { get; init; }
}
