// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Simulation;

/// <summary>
/// Frames that follow each other without end. A frame is done with its last store's end; from some frame on, <see cref="PeriodFrames"/> frames later everything happens <see cref="PeriodCycles"/> cycles later.
/// </summary>
public sealed record FrameTiming
{
    /// <summary>Cycles from the first fetch to the first frame's last store's end, both included; more than those of one inference alone where the next frame takes the memory port from it.</summary>
    public required long FirstFrameCycles { get; init; }

    /// <summary>Frames after which everything repeats.</summary>
    public required int PeriodFrames { get; init; }

    /// <summary>Cycles of so many frames.</summary>
    public required long PeriodCycles { get; init; }

    /// <summary>The first frame at whose end the machine stands as it will again and again.</summary>
    public required int SteadyFrom { get; init; }
}
