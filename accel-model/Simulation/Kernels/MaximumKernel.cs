// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Simulation.Kernels;

/// <summary>The maximum over a window of pixels, channel by channel.</summary>
internal static unsafe class MaximumKernel<TSimd, TVector, T>
    where TSimd : struct, ISimd<TVector, T>
    where T : unmanaged
{
    /// <param name="source">First channel of the window's first pixel.</param>
    /// <param name="rows">Rows of the window.</param>
    /// <param name="columns">Columns of the window.</param>
    /// <param name="rowPitch">Elements from row to row.</param>
    /// <param name="pixelPitch">Elements from pixel to pixel.</param>
    /// <param name="destination">Result, one pixel.</param>
    /// <param name="channels">Channels, a multiple of the vector's lanes.</param>
    public static void Run(T* source, int rows, int columns, nint rowPitch, nint pixelPitch, T* destination, int channels)
    {
        for (nint c = 0; c < channels; c += TSimd.Count)
        {
            TVector greatest = TSimd.Load(source + c);
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    greatest = TSimd.Max(greatest, TSimd.Load(source + (row * rowPitch) + (column * pixelPitch) + c));
                }
            }
            TSimd.Store(greatest, destination + c);
        }
    }
}
