// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Numerics;

/// <summary>The element types of <see cref="NpyArray"/>, all little-endian.</summary>
public enum NpyType
{
    /// <summary><c>|i1</c></summary>
    Int8,

    /// <summary><c>|u1</c></summary>
    UInt8,

    /// <summary><c>&lt;i2</c></summary>
    Int16,

    /// <summary><c>&lt;u2</c></summary>
    UInt16,

    /// <summary><c>&lt;i4</c></summary>
    Int32,

    /// <summary><c>&lt;u4</c></summary>
    UInt32,

    /// <summary><c>&lt;i8</c></summary>
    Int64,

    /// <summary><c>&lt;f4</c></summary>
    Float32,
}

/// <summary>Names and sizes of the element types.</summary>
public static class NpyTypes
{
    private static readonly string[] Descriptors = ["|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<f4"];

    /// <summary>NumPy's name, for example <c>&lt;i4</c>.</summary>
    public static string Descriptor(this NpyType type) => Descriptors[(int)type];

    /// <summary>Bytes of one element: the digit of the descriptor.</summary>
    public static int ElementBytes(this NpyType type) => Descriptors[(int)type][2] - '0';

    /// <summary>The narrowest integer type that holds every word of a format.</summary>
    public static NpyType For(FixedPointFormat format) => (format.Signed, format.Width) switch
    {
        (true, <= 8) => NpyType.Int8,
        (true, <= 16) => NpyType.Int16,
        (true, _) => NpyType.Int32,
        (false, <= 8) => NpyType.UInt8,
        (false, <= 16) => NpyType.UInt16,
        (false, _) => NpyType.UInt32,
    };

    internal static IReadOnlyList<string> AllDescriptors => Descriptors;

    internal static bool TryParse(string descriptor, out NpyType type)
    {
        int index = Array.IndexOf(Descriptors, descriptor);
        type = index >= 0 ? (NpyType)index : default;
        return index >= 0;
    }
}
