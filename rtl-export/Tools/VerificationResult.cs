// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Scheduling;

namespace RtlExport.Tools;

/// <summary>What a simulator said about a bundle.</summary>
public sealed record VerificationResult
{
    /// <summary>The simulator.</summary>
    public required SimulatorKind Simulator { get; init; }

    /// <summary>What the bench drove; over a bus no cycles are compared.</summary>
    public MemoryBus Bus { get; init; } = MemoryBus.Plain;

    /// <summary>How often the images ran over a bus, with other stalls each time; 1 on the plain port.</summary>
    public int Runs { get; init; } = 1;

    /// <summary>Name of the network.</summary>
    public required string Network { get; init; }

    /// <summary>Whether the bench passed.</summary>
    public required bool Passed { get; init; }

    /// <summary>Images that ran.</summary>
    public required int Images { get; init; }

    /// <summary>Words compared: memory words stored, by the network and by directed ones, and vectors of single modules.</summary>
    public required long Vectors { get; init; }

    /// <summary>Bits that differ in them (a missing word and a wrong code count once).</summary>
    public required long BitMismatches { get; init; }

    /// <summary>Events in another cycle than expected; a hang counts once.</summary>
    public required long CycleMismatches { get; init; }

    /// <summary>Cycles of one inference in the simulator.</summary>
    public required long Cycles { get; init; }

    /// <summary>Frames of the run in which frames overlap; 1 where there was none.</summary>
    public int Frames { get; init; } = 1;

    /// <summary>Cycles of that run in the simulator; 0 where there was none.</summary>
    public long FramesCycles { get; init; }

    /// <summary>The first difference; null if the bench passed.</summary>
    public required Difference? FirstDifference { get; init; }

    /// <summary>The waveform of the cycles around it, if one was asked for.</summary>
    public string? TraceFile { get; init; }

    /// <summary>Whether the bench had been compiled before.</summary>
    public required bool WasCompiled { get; init; }

    /// <summary>Per scheduled layer.</summary>
    public required ImmutableArray<LayerVerification> Layers { get; init; }

    /// <summary>Per module with vectors of its own.</summary>
    public ImmutableArray<ModuleVerification> Modules { get; init; } = [];

    /// <summary>Per directed network that ran.</summary>
    public ImmutableArray<CornerVerification> Corners { get; init; } = [];

    /// <summary>Modules that are not as they were exported; they were run as they are.</summary>
    public required ImmutableArray<string> EditedModules { get; init; }

    /// <summary>Every instruction of the first image as it ran, unit by unit, in program order; empty unless it was asked for.</summary>
    public required ImmutableArray<RecordedInstruction> Timeline { get; init; }

    /// <summary>Everything that the bench printed.</summary>
    public required string Output { get; init; }
}

/// <summary>One layer's words.</summary>
/// <param name="Name">The layer's name in the network.</param>
/// <param name="Vectors">Words compared.</param>
/// <param name="Mismatches">Words that differ.</param>
public sealed record LayerVerification(string Name, long Vectors, long Mismatches);

/// <summary>One module's vectors.</summary>
/// <param name="Name">The module's vectors, as their files are called.</param>
/// <param name="Vectors">Vectors compared.</param>
/// <param name="Mismatches">Vectors that differ.</param>
public sealed record ModuleVerification(string Name, long Vectors, long Mismatches);

/// <summary>One directed network.</summary>
/// <param name="Network">Its name.</param>
/// <param name="Images">Images that ran.</param>
/// <param name="Vectors">Words compared.</param>
/// <param name="Cycles">Cycles of one inference in the simulator.</param>
public sealed record CornerVerification(string Network, int Images, long Vectors, long Cycles);

/// <summary>When an instruction ran in the simulator; cycles count from 0 at the first fetch.</summary>
public readonly record struct RecordedInstruction(UnitKind Unit, int Index, long Fetch, long Start, long End, long Completion);
