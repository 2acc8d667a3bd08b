// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using RtlExport.Vectors;

namespace RtlExport.Corners;

/// <summary>A small network on a bundle's own hardware, made so that its programs come to corners that a trained network may never reach.</summary>
/// <param name="Number">Its place among those of the bundle, which its files carry.</param>
/// <param name="Schedule">Programs.</param>
/// <param name="Timing">The timeline of a run.</param>
/// <param name="Vectors">Images and what the model computes; their number is a multiple of <paramref name="Frames"/>.</param>
/// <param name="Frames">Frames of each run.</param>
public sealed record CornerNetwork(int Number, Schedule Schedule, TimingResult Timing, RtlVectors Vectors, int Frames = 1)
{
    /// <summary>Runs, one after the other without a reset.</summary>
    public int Runs => Vectors.Images / Frames;

    /// <summary>What the names of its files begin with.</summary>
    public string Prefix => PrefixOf(Number);

    /// <summary>What the names of a directed network's files begin with.</summary>
    public static string PrefixOf(int number) => FormattableString.Invariant($"corner_{number:00}_");
}

/// <summary>A directed network that a design cannot have.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Reason">Why not.</param>
public sealed record OmittedNetwork(string Name, string Reason);
