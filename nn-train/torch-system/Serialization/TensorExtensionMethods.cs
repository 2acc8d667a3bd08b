// SPDX-License-Identifier: Apache-2.0
using TorchSharp.Modules;
using TorchSharp.Serialization;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// TorchSharp's tensor file: element type, rank and extents as LEB128, then the elements in row-major order as they
/// lie in memory (little-endian on every machine this runs on).
/// </summary>
public static class TensorExtensionMethods
{
    // Damaged files must not ask for absurd amounts of memory.
    private const long MaxRank = 64;

    /// <summary>The tensor's memory as a parameter; the tensor is empty afterwards.</summary>
    public static Parameter AsParameter(this Tensor tensor) => new(tensor);

    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        writer.WriteLeb128((long)tensor.dtype);
        var shape = tensor.shape;
        writer.WriteLeb128(shape.Length);
        foreach (var extent in shape)
        {
            writer.WriteLeb128(extent);
        }
        writer.Flush();
        tensor.WriteBytesToStream(writer.BaseStream);
    }

    /// <summary>Reads into an existing tensor.</summary>
    /// <param name="tensor">Receives the values.</param>
    /// <param name="reader">Stands at the start of a saved tensor.</param>
    /// <param name="skip">Read past the saved tensor without using it.</param>
    /// <exception cref="ArgumentException">Type or shape differ from the saved ones.</exception>
    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var (type, shape) = ReadHeader(reader);
        if (type != tensor.dtype)
        {
            throw new ArgumentException("Mismatched tensor data types while loading. Make sure that the model you are loading into is exactly the same as the origin.");
        }
        Fill(tensor, shape, reader, skip);
    }

    /// <summary>Reads into an existing tensor, or into a new one where there is none.</summary>
    public static void Load(ref Tensor? tensor, BinaryReader reader, bool skip = false)
    {
        var (type, shape) = ReadHeader(reader);
        tensor ??= empty(shape, type);
        Fill(tensor, shape, reader, skip);
    }

    /// <summary>Reads a new tensor.</summary>
    public static Tensor Load(BinaryReader reader, bool skip = false)
    {
        Tensor? tensor = null;
        Load(ref tensor, reader, skip);
        return tensor!;
    }

    private static (ScalarType type, long[] shape) ReadHeader(BinaryReader reader)
    {
        var type = (ScalarType)reader.ReadLeb128();
        var rank = reader.ReadLeb128();
        if (!Enum.IsDefined(type) || rank > MaxRank)
        {
            throw new InvalidDataException("This is not a saved tensor.");
        }
        var shape = new long[rank];
        for (var i = 0; i < rank; i++)
        {
            shape[i] = reader.ReadLeb128();
        }
        return (type, shape);
    }

    private static void Fill(Tensor tensor, long[] shape, BinaryReader reader, bool skip)
    {
        if (skip)
        {
            reader.BaseStream.Seek(shape.Aggregate(tensor.ElementSize, (bytes, extent) => bytes * extent), SeekOrigin.Current);
            return;
        }
        if (!shape.SequenceEqual(tensor.shape))
        {
            throw new ArgumentException("Mismatched tensor shape while loading. Make sure that the model you are loading into is exactly the same as the origin.");
        }
        tensor.ReadBytesFromStream(reader.BaseStream);
    }
}
