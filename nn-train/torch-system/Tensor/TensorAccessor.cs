// SPDX-License-Identifier: Apache-2.0
using System.Collections;

namespace TorchSharp.Utils;

/// <summary>
/// The elements of a tensor in row-major order of its shape, whatever its strides. Reads and writes go to the tensor's
/// memory, so the tensor must outlive the accessor.
/// </summary>
public sealed class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly torch.Tensor tensor;
    private readonly long[] shape;
    private readonly long[] strides;
    private readonly bool contiguous;

    internal TensorAccessor(torch.Tensor tensor)
    {
        this.tensor = tensor;
        shape = tensor.shape;
        strides = tensor.stride();
        contiguous = tensor.is_contiguous();
        Count = tensor.numel();
    }

    public long Count { get; }

    /// <summary>An element by its row-major number, or by one index per axis.</summary>
    /// <exception cref="IndexOutOfRangeException">The number is not below <see cref="Count"/>.</exception>
    public unsafe T this[params long[] indices]
    {
        get => Pointer[Offset(indices)];
        set => Pointer[Offset(indices)] = value;
    }

    public T[] ToArray()
    {
        var result = new T[Count];
        CopyTo(result);
        return result;
    }

    /// <summary>Copies from element <paramref name="tensorIndex"/> on, until either side ends.</summary>
    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public unsafe void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var target = array[arrayIndex..];
        var count = (int)Math.Min(target.Length, Count - tensorIndex);
        if (contiguous)
        {
            new ReadOnlySpan<T>(Pointer + tensorIndex, count).CopyTo(target);
            return;
        }
        var source = Pointer;
        for (var i = 0; i < count; i++)
        {
            target[i] = source[Offset(tensorIndex + i)];
        }
    }

    /// <summary>Overwrites from element <paramref name="tensorIndex"/> on, until either side ends.</summary>
    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) =>
        CopyFrom(new ReadOnlySpan<T>(array), arrayIndex, tensorIndex);

    public unsafe void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var source = array[arrayIndex..];
        var count = (int)Math.Min(source.Length, Count - tensorIndex);
        var target = Pointer;
        for (var i = 0; i < count; i++)
        {
            target[contiguous ? tensorIndex + i : Offset(tensorIndex + i)] = source[i];
        }
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Nothing to free: the memory is the tensor's.</summary>
    public void Dispose()
    {
    }

    private unsafe T* Pointer => (T*)tensor.DataPointer;

    private long Offset(long[] indices)
    {
        if (indices.Length == 1)
        {
            return indices[0] >= 0 && indices[0] < Count ? Offset(indices[0]) : throw new IndexOutOfRangeException();
        }
        long offset = 0;
        for (var axis = 0; axis < indices.Length; axis++)
        {
            if (indices[axis] < 0 || indices[axis] >= shape[axis])
            {
                throw new IndexOutOfRangeException();
            }
            offset += indices[axis] * strides[axis];
        }
        return offset;
    }

    private long Offset(long number)
    {
        if (contiguous)
        {
            return number;
        }
        long offset = 0;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            (number, var index) = Math.DivRem(number, shape[axis]);
            offset += index * strides[axis];
        }
        return offset;
    }
}
