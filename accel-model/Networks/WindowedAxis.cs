// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Networks;

/// <summary>One axis of a convolution or pooling: how many windows fit, and what each reads.</summary>
public static class WindowedAxis
{
    /// <summary>
    /// Windows along an axis: <c>floor((extent + before + after - (kernel - 1)*dilation - 1) / stride) + 1</c>, or 0 where not even one fits. In ceil mode
    /// the quotient is rounded up, which adds a window that ends beyond the padding; but one that would begin there, or in the padding after the last
    /// position, is none.
    /// </summary>
    /// <param name="extent">Input positions.</param>
    /// <param name="before">Padding before the first position.</param>
    /// <param name="after">Padding after the last position.</param>
    /// <param name="kernel">Positions that a window reads, at least 1.</param>
    /// <param name="stride">Distance of windows, at least 1.</param>
    /// <param name="dilation">Distance of positions in a window, at least 1.</param>
    /// <param name="ceilMode">Whether the number is rounded up.</param>
    public static long Outputs(int extent, int before, int after, int kernel, int stride, int dilation, bool ceilMode = false)
    {
        long spare = (long)extent + before + after - ((kernel - 1L) * dilation) - 1 + (ceilMode ? stride - 1L : 0);
        long windows = spare < 0 ? 0 : (spare / stride) + 1;
        return ceilMode && (windows - 1) * stride >= (long)extent + before ? windows - 1 : windows;
    }
}
