// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Simulation.Values;

/// <summary>The windows of a pooling along one axis.</summary>
/// <param name="Window">Positions of a window.</param>
/// <param name="Stride">Distance of windows.</param>
/// <param name="Before">Padding before the first position.</param>
/// <param name="After">Padding after the last one.</param>
/// <param name="Extent">Positions.</param>
internal readonly record struct WindowsOfAxis(int Window, int Stride, int Before, int After, int Extent)
{
    /// <summary>The positions that a window reads, which are at least one.</summary>
    public (int First, int Count) Inside(int index)
    {
        int start = (index * Stride) - Before;
        int first = Math.Max(start, 0);
        return (first, Math.Min(start + Window, Extent) - first);
    }

    /// <summary>The positions of a window, padding included, what lies beyond it not.</summary>
    public int CountWithPadding(int index) => Math.Min((index * Stride) - Before + Window, Extent + After) - ((index * Stride) - Before);
}
