// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AccelModel.Simulation.Kernels;

/// <summary>How the words of a window become one.</summary>
internal interface IWindowOperation
{
    static abstract TVector Combine<TSimd, TVector, T>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged;
}

/// <summary>The greatest.</summary>
internal readonly struct WindowMaximum : IWindowOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TSimd, TVector, T>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged =>
        TSimd.Max(a, b);
}

/// <summary>The sum.</summary>
internal readonly struct WindowSum : IWindowOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TSimd, TVector, T>(TVector a, TVector b)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged =>
        TSimd.Add(a, b);
}

/// <summary>Combines a window of pixels, channel by channel.</summary>
internal static unsafe class WindowKernel<TSimd, TVector, T, TOperation>
    where TSimd : struct, ISimd<TVector, T>
    where T : unmanaged
    where TOperation : struct, IWindowOperation
{
    /// <param name="source">First channel of the window's first pixel.</param>
    /// <param name="rows">Rows of the window.</param>
    /// <param name="columns">Columns of the window.</param>
    /// <param name="rowPitch">Elements from row to row.</param>
    /// <param name="pixelPitch">Elements from pixel to pixel.</param>
    /// <param name="destination">Result, one pixel, with a vector's room behind it.</param>
    /// <param name="channels">Channels.</param>
    public static void Run(T* source, int rows, int columns, nint rowPitch, nint pixelPitch, T* destination, int channels)
    {
        for (nint c = 0; c < channels; c += TSimd.Count)
        {
            T* row = source + c;
            TVector combined = TSimd.Load(row);
            for (int y = 0; y < rows; y++, row += rowPitch)
            {
                T* pixel = row;
                for (int x = 0; x < columns; x++, pixel += pixelPitch)
                {
                    if (pixel != source + c)
                    {
                        combined = TOperation.Combine<TSimd, TVector, T>(combined, TSimd.Load(pixel));
                    }
                }
            }
            TSimd.Store(combined, destination + c);
        }
    }
}

/// <summary>The window kernel for an operation and a machine.</summary>
internal static unsafe class WindowKernels
{
    /// <inheritdoc cref="WindowKernel{TSimd, TVector, T, TOperation}.Run"/>
    public static delegate*<T*, int, int, nint, nint, T*, int, void> For<T, TOperation>(InstructionSet set)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TOperation : struct, IWindowOperation =>
        set switch
        {
            InstructionSet.Scalar => &WindowKernel<Simd1<T>, T, T, TOperation>.Run,
            InstructionSet.Avx512 => &WindowKernel<Simd512<T>, Vector512<T>, T, TOperation>.Run,
            _ => &WindowKernel<Simd256<T>, Vector256<T>, T, TOperation>.Run,
        };
}
