// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace AccelModel.Simulation.Kernels;

/// <summary>
/// Zeroed memory that the collector does not move, from a 64-byte boundary, with a vector's width of slack behind its end so that kernels may read whole vectors.
/// The memory lives as long as the object.
/// </summary>
internal sealed unsafe class PinnedBuffer<T>
    where T : unmanaged
{
    private const int Alignment = 64;

    private readonly byte[] storage;

    public PinnedBuffer(long length)
    {
        Length = checked((int)length);
        storage = GC.AllocateArray<byte>(checked((Length * sizeof(T)) + (2 * Alignment)), pinned: true);
        nint start = (nint)Unsafe.AsPointer(ref storage[0]);
        Pointer = (T*)((start + Alignment - 1) & ~(nint)(Alignment - 1));
    }

    public int Length { get; }

    public T* Pointer { get; }

    public Span<T> Span => new(Pointer, Length);
}
