// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Networks;

/// <summary>One axis of a convolution or pooling: how many windows fit, and what each reads.</summary>
public static class WindowedAxis
{
    /// <summary>
    /// Windows along an axis, floor mode: <c>floor((extent + before + after - (kernel - 1)*dilation - 1) / stride) + 1</c>,
    /// or 0 where not even one fits.
    /// </summary>
    /// <param name="extent">Input positions.</param>
    /// <param name="before">Padding before the first position.</param>
    /// <param name="after">Padding after the last position.</param>
    /// <param name="kernel">Positions that a window reads, at least 1.</param>
    /// <param name="stride">Distance of windows, at least 1.</param>
    /// <param name="dilation">Distance of positions in a window, at least 1.</param>
    public static long Outputs(int extent, int before, int after, int kernel, int stride, int dilation)
    {
        long spare = (long)extent + before + after - ((kernel - 1L) * dilation) - 1;
        return spare < 0 ? 0 : (spare / stride) + 1;
    }
}
