// SPDX-License-Identifier: Apache-2.0
namespace TorchSharp;

/// <summary>Kinds of devices; this layer computes on the CPU.</summary>
public enum DeviceType
{
    CPU = 0,
}

public static partial class torch
{
    /// <summary>Element types of tensors; the numbers are libtorch's.</summary>
    public enum ScalarType : sbyte
    {
        Byte = 0,
        Int8 = 1,
        Int16 = 2,
        Int32 = 3,
        Int64 = 4,
        Float32 = 6,
        Float64 = 7,
        Bool = 11,
    }

    public static ScalarType uint8 = ScalarType.Byte;
    public static ScalarType int8 = ScalarType.Int8;
    public static ScalarType int16 = ScalarType.Int16;
    public static ScalarType int32 = ScalarType.Int32;
    public static ScalarType int64 = ScalarType.Int64;
    public static ScalarType float32 = ScalarType.Float32;
    public static ScalarType float64 = ScalarType.Float64;
    public static ScalarType @bool = ScalarType.Bool;

    /// <summary>Where a tensor lives: always the CPU here.</summary>
    public class Device
    {
        public Device(DeviceType deviceType, int index = -1) => (type, this.index) = (deviceType, index);

        public DeviceType type { get; }

        public int index { get; } = -1;

        public override string ToString() => "cpu";
    }

    public static Device CPU = new(DeviceType.CPU);

    /// <summary>The element type that stands for a .NET type.</summary>
    /// <exception cref="NotSupportedException">No tensor can hold <typeparamref name="T"/>.</exception>
    internal static ScalarType ElementType<T>() => default(T) switch
    {
        byte => ScalarType.Byte,
        sbyte => ScalarType.Int8,
        short => ScalarType.Int16,
        int => ScalarType.Int32,
        long => ScalarType.Int64,
        float => ScalarType.Float32,
        double => ScalarType.Float64,
        bool => ScalarType.Bool,
        _ => throw new NotSupportedException($"A tensor cannot hold elements of type {typeof(T).Name}."),
    };

    /// <summary>The code of an optional element type: -1 stands for "not given".</summary>
    internal static int Code(ScalarType? type) => type is { } given ? (int)given : -1;
}
