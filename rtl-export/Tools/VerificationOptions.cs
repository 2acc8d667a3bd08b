// SPDX-License-Identifier: Apache-2.0
namespace RtlExport.Tools;

/// <summary>How a bundle is verified.</summary>
public sealed record VerificationOptions
{
    /// <summary>Folder in which compiled benches are kept, shared by bundles; null: the first bundle's own <c>build</c> folder.</summary>
    public string? WorkDirectory { get; init; }

    /// <summary>What the bench drives.</summary>
    public MemoryBus Bus { get; init; } = MemoryBus.Plain;

    /// <summary>Run the first images only; null: all.</summary>
    public int? Images { get; init; }

    /// <summary>Seed of a memory that stalls at random: values are compared, cycles are not; null: the fixed-latency memory.</summary>
    public uint? StallSeed { get; init; }

    /// <summary>Record the cycle of every event of the first image.</summary>
    public bool RecordTimeline { get; init; }

    /// <summary>Whether a first difference is run again to leave a waveform of the cycles around it.</summary>
    public bool Trace { get; init; }

    /// <summary>Whether the C++ of Verilator is compiled without optimisation: half the time to compile a small design, and a quarter of the speed.</summary>
    public bool Quick { get; init; }

    /// <summary>Netlist of the iCE40's cells (<c>synth --bitstream</c> or <c>--netlist</c>) that runs in place of the modules, in Icarus; null: the modules.</summary>
    public string? Netlist { get; init; }

    /// <summary>Stops a compiler or simulator that takes longer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Cancels.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>Where a verification is.</summary>
/// <param name="Stage"><c>compile</c> or <c>run</c>.</param>
/// <param name="Done">Runs of the accelerator that are over: of an image, of frames that overlap, of an image of a directed network.</param>
/// <param name="Total">Runs in all.</param>
public readonly record struct VerificationProgress(string Stage, int Done, int Total);
