// SPDX-License-Identifier: Apache-2.0
using static TorchSharp.Interop.NativeMethods;

namespace TorchSharp;

public static partial class torch
{
    // A tensor is a copy of the array, in row-major order of the given dimensions.

    public static Tensor tensor(byte[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) => FromArray(rawArray, [rawArray.Length], dtype, requires_grad);

    public static Tensor tensor(byte[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) => FromArray(rawArray, dimensions, dtype, requires_grad);

    public static Tensor tensor(byte[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) => FromArray(rawArray.Cast<byte>().ToArray(), Extents(rawArray), dtype, requires_grad);

    public static Tensor tensor(int[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) => FromArray(rawArray, [rawArray.Length], dtype, requires_grad);

    public static Tensor tensor(int[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) => FromArray(rawArray, dimensions, dtype, requires_grad);

    public static Tensor tensor(int[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) => FromArray(rawArray.Cast<int>().ToArray(), Extents(rawArray), dtype, requires_grad);

    public static Tensor tensor(long[] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) => FromArray(dataArray, [dataArray.Length], dtype, requires_grad);

    public static Tensor tensor(long[] dataArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) => FromArray(dataArray, dimensions, dtype, requires_grad);

    public static Tensor tensor(long[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) => FromArray(rawArray.Cast<long>().ToArray(), Extents(rawArray), dtype, requires_grad);

    public static Tensor tensor(float[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) => FromArray(rawArray, [rawArray.Length], dtype, requires_grad);

    public static Tensor tensor(float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) => FromArray(rawArray, dimensions, dtype, requires_grad);

    public static Tensor tensor(float[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) => FromArray(rawArray.Cast<float>().ToArray(), Extents(rawArray), dtype, requires_grad);

    public static Tensor tensor(double[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) => FromArray(rawArray, [rawArray.Length], dtype, requires_grad);

    public static Tensor tensor(double[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) => FromArray(rawArray, dimensions, dtype, requires_grad);

    public static Tensor tensor(double[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) => FromArray(rawArray.Cast<double>().ToArray(), Extents(rawArray), dtype, requires_grad);

    public static Tensor tensor(bool[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) => FromArray(rawArray, [rawArray.Length], dtype, requires_grad);

    public static Tensor tensor(bool[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) => FromArray(rawArray, dimensions, dtype, requires_grad);

    public static Tensor tensor(bool[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false,
        string[]? names = null) => FromArray(rawArray.Cast<bool>().ToArray(), Extents(rawArray), dtype, requires_grad);

    // Scalars: tensors without axes.

    public static Tensor tensor(byte scalar, Device? device = null, bool requires_grad = false) =>
        FromArray([scalar], [], null, requires_grad);

    public static Tensor tensor(int scalar, Device? device = null, bool requires_grad = false) =>
        FromArray([scalar], [], null, requires_grad);

    public static Tensor tensor(long scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromArray([scalar], [], dtype, requires_grad);

    public static Tensor tensor(float scalar, Device? device = null, bool requires_grad = false) =>
        FromArray([scalar], [], null, requires_grad);

    public static Tensor tensor(double scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromArray([scalar], [], dtype, requires_grad);

    public static Tensor tensor(bool scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromArray([scalar], [], dtype, requires_grad);

    /// <summary>A copy of an array of any rank.</summary>
    /// <exception cref="NotSupportedException">The array's elements are of a type that tensors do not have.</exception>
    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false,
        string[]? names = null)
    {
        return Type.GetTypeCode(rawArray.GetType().GetElementType()) switch
        {
            TypeCode.Byte => Of<byte>(),
            TypeCode.Int32 => Of<int>(),
            TypeCode.Int64 => Of<long>(),
            TypeCode.Single => Of<float>(),
            TypeCode.Double => Of<double>(),
            TypeCode.Boolean => Of<bool>(),
            _ => throw new NotSupportedException($"A tensor cannot be made of {rawArray.GetType().Name}."),
        };

        Tensor Of<T>() where T : unmanaged =>
            FromArray(rawArray.Cast<T>().ToArray(), Extents(rawArray), dtype, requires_grad);
    }

    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    private static unsafe Tensor FromArray<T>(T[] values, ReadOnlySpan<long> shape, ScalarType? dtype, bool requires_grad)
        where T : unmanaged
    {
        var count = 1L;
        foreach (var extent in shape)
        {
            count *= extent;
        }
        if (count != values.Length)
        {
            throw new ArgumentException(
                $"mismatched total size creating a tensor from an array: expected {count}, got {values.Length}");
        }
        fixed (T* data = values)
        {
            var made = Tensor.Result(ts_from_data(data, shape, shape.Length, (int)ElementType<T>(), out var r), r);
            if (dtype is { } type && type != made.dtype)
            {
                made = made.to_type(type, disposeAfter: true);
            }
            made.requires_grad = requires_grad;
            return made;
        }
    }

    private static long[] Extents(Array array) => Enumerable.Range(0, array.Rank).Select(array.GetLongLength).ToArray();
}
