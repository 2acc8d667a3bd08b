// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.Intrinsics;

namespace AccelModel.Simulation.Kernels;

/// <summary>Element by element, from codes to what is requantised. All write whole vectors: the destination has a vector's room behind it.</summary>
internal static unsafe class ElementKernel<TSimd, TVector, T>
    where TSimd : struct, ISimd<TVector, T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary><c>destination[i] = (source[i] + offset) * 2^shift</c>.</summary>
    public static void Scale(int* source, T* destination, int count, long offset, int shift)
    {
        TVector added = TSimd.Broadcast(T.CreateTruncating(offset));
        for (nint i = 0; i < count; i += TSimd.Count)
        {
            TSimd.Store(TSimd.ShiftLeft(TSimd.Add(TSimd.LoadWidened(source + i), added), shift), destination + i);
        }
    }

    /// <summary><c>destination[i] = a[i] + b[i]</c>.</summary>
    public static void Add(int* a, int* b, T* destination, int count)
    {
        for (nint i = 0; i < count; i += TSimd.Count)
        {
            TSimd.Store(TSimd.Add(TSimd.LoadWidened(a + i), TSimd.LoadWidened(b + i)), destination + i);
        }
    }

    /// <summary><c>destination[i] = (a[i] + a_offset) * (b[i] + b_offset)</c>.</summary>
    public static void Multiply(int* a, int* b, T* destination, int count, long aOffset, long bOffset)
    {
        TVector toA = TSimd.Broadcast(T.CreateTruncating(aOffset));
        TVector toB = TSimd.Broadcast(T.CreateTruncating(bOffset));
        for (nint i = 0; i < count; i += TSimd.Count)
        {
            TVector first = TSimd.Add(TSimd.LoadWidened(a + i), toA);
            TSimd.Store(TSimd.Multiply(first, TSimd.Add(TSimd.LoadWidened(b + i), toB)), destination + i);
        }
    }
}

/// <summary>The element kernels for a lane and a machine.</summary>
internal static unsafe class ElementKernels
{
    /// <inheritdoc cref="ElementKernel{TSimd, TVector, T}.Scale"/>
    public static delegate*<int*, T*, int, long, int, void> Scale<T>(InstructionSet set)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
        set switch
        {
            InstructionSet.Scalar => &ElementKernel<Simd1<T>, T, T>.Scale,
            InstructionSet.Avx512 => &ElementKernel<Simd512<T>, Vector512<T>, T>.Scale,
            _ => &ElementKernel<Simd256<T>, Vector256<T>, T>.Scale,
        };

    /// <inheritdoc cref="ElementKernel{TSimd, TVector, T}.Add"/>
    public static delegate*<int*, int*, T*, int, void> Add<T>(InstructionSet set)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
        set switch
        {
            InstructionSet.Scalar => &ElementKernel<Simd1<T>, T, T>.Add,
            InstructionSet.Avx512 => &ElementKernel<Simd512<T>, Vector512<T>, T>.Add,
            _ => &ElementKernel<Simd256<T>, Vector256<T>, T>.Add,
        };

    /// <inheritdoc cref="ElementKernel{TSimd, TVector, T}.Multiply"/>
    public static delegate*<int*, int*, T*, int, long, long, void> Multiply<T>(InstructionSet set)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
        set switch
        {
            InstructionSet.Scalar => &ElementKernel<Simd1<T>, T, T>.Multiply,
            InstructionSet.Avx512 => &ElementKernel<Simd512<T>, Vector512<T>, T>.Multiply,
            _ => &ElementKernel<Simd256<T>, Vector256<T>, T>.Multiply,
        };
}
