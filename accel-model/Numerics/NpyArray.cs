// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace AccelModel.Numerics;

/// <summary>
/// An array as an <c>.npy</c> file holds it: element type, shape (outermost first, row-major; an empty shape is one
/// scalar) and the elements' bytes, little-endian.
/// </summary>
public sealed class NpyArray
{
    private readonly byte[] _data;

    internal NpyArray(NpyType type, ImmutableArray<int> shape, byte[] data)
    {
        Type = type;
        Shape = shape;
        _data = data;
    }

    /// <summary>The type of every element.</summary>
    public NpyType Type { get; }

    /// <summary>Extents, outermost first.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>Number of elements: the product of the shape.</summary>
    public int Length => _data.Length / Type.ElementBytes();

    /// <summary>The elements' bytes.</summary>
    public ReadOnlySpan<byte> Data => _data;

    /// <summary>An array of integers, each of which must fit the element type.</summary>
    /// <exception cref="ArgumentException">The shape does not have as many elements as there are values, or the type is not an integer.</exception>
    /// <exception cref="OverflowException">A value does not fit the element type.</exception>
    public static NpyArray FromIntegers<T>(NpyType type, ReadOnlySpan<int> shape, ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryInteger<T>
    {
        byte[] data = Allocate(type, shape, values.Length);
        switch (type)
        {
            case NpyType.Int8: Convert<T, sbyte>(values, data); break;
            case NpyType.UInt8: Convert<T, byte>(values, data); break;
            case NpyType.Int16: Convert<T, short>(values, data); break;
            case NpyType.UInt16: Convert<T, ushort>(values, data); break;
            case NpyType.Int32: Convert<T, int>(values, data); break;
            case NpyType.UInt32: Convert<T, uint>(values, data); break;
            case NpyType.Int64: Convert<T, long>(values, data); break;
            default: throw new ArgumentException("not an integer type", nameof(type));
        }
        return new NpyArray(type, [.. shape], data);
    }

    /// <summary>An array of single-precision numbers.</summary>
    /// <exception cref="ArgumentException">The shape does not have as many elements as there are values.</exception>
    public static NpyArray FromFloats(ReadOnlySpan<int> shape, ReadOnlySpan<float> values)
    {
        byte[] data = Allocate(NpyType.Float32, shape, values.Length);
        values.CopyTo(MemoryMarshal.Cast<byte, float>(data.AsSpan()));
        return new NpyArray(NpyType.Float32, [.. shape], data);
    }

    /// <summary>The elements of an integer array.</summary>
    /// <exception cref="InvalidOperationException">The elements are not integers.</exception>
    /// <exception cref="OverflowException">An element does not fit <typeparamref name="T"/>.</exception>
    public T[] ToIntegers<T>()
        where T : unmanaged, IBinaryInteger<T>
    {
        var values = new T[Length];
        Span<byte> destination = MemoryMarshal.AsBytes(values.AsSpan());
        switch (Type)
        {
            case NpyType.Int8: Convert<sbyte, T>(As<sbyte>(), destination); break;
            case NpyType.UInt8: Convert<byte, T>(As<byte>(), destination); break;
            case NpyType.Int16: Convert<short, T>(As<short>(), destination); break;
            case NpyType.UInt16: Convert<ushort, T>(As<ushort>(), destination); break;
            case NpyType.Int32: Convert<int, T>(As<int>(), destination); break;
            case NpyType.UInt32: Convert<uint, T>(As<uint>(), destination); break;
            case NpyType.Int64: Convert<long, T>(As<long>(), destination); break;
            default: throw new InvalidOperationException($"elements of type {Type.Descriptor()} are not integers");
        }
        return values;
    }

    /// <summary>The elements of an array of <c>&lt;f4</c>.</summary>
    /// <exception cref="InvalidOperationException">The elements have another type.</exception>
    public float[] ToFloats() => Type == NpyType.Float32
        ? As<float>().ToArray()
        : throw new InvalidOperationException($"elements of type {Type.Descriptor()} are not single-precision numbers");

    /// <summary>For example <c>&lt;i4 (3, 4)</c>.</summary>
    public override string ToString() => $"{Type.Descriptor()} {ShapeText(Shape.AsSpan())}";

    /// <summary>A shape as Python writes a tuple: <c>()</c>, <c>(3,)</c>, <c>(3, 4)</c>.</summary>
    internal static string ShapeText(ReadOnlySpan<int> shape)
    {
        string extents = string.Join(", ", shape.ToArray().Select(extent => extent.ToString(CultureInfo.InvariantCulture)));
        return shape.Length == 1 ? $"({extents},)" : $"({extents})";
    }

    /// <summary>The product of a shape, or null where it exceeds what an array can have.</summary>
    internal static int? Elements(ReadOnlySpan<int> shape)
    {
        BigInteger product = BigInteger.One;
        foreach (int extent in shape)
        {
            product *= extent;
        }
        return product <= Array.MaxLength / sizeof(long) ? (int)product : null;
    }

    private static byte[] Allocate(NpyType type, ReadOnlySpan<int> shape, int values)
    {
        if (shape.ContainsAnyExceptInRange(0, int.MaxValue) || Elements(shape) != values)
        {
            throw new ArgumentException($"{values} values do not fill the shape {ShapeText(shape)}", nameof(shape));
        }
        return new byte[values * type.ElementBytes()];
    }

    private static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> from, Span<byte> to)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
    {
        Span<TTo> values = MemoryMarshal.Cast<byte, TTo>(to);
        for (int i = 0; i < from.Length; i++)
        {
            values[i] = TTo.CreateChecked(from[i]);
        }
    }

    /// <summary>The bytes as elements: every machine that .NET 10 runs this project on is little-endian.</summary>
    private ReadOnlySpan<T> As<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(_data);
}
