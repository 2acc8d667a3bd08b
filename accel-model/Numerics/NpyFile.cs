// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Numerics;

/// <summary>
/// Reads and writes NumPy's <c>.npy</c> files, version 1.0, row-major, with the element types of <see cref="NpyType"/>.
/// What is written equals <c>numpy.save</c> byte for byte.
/// </summary>
public static class NpyFile
{
    /// <summary>The array of a file.</summary>
    /// <exception cref="NpyException">The file cannot be read, is damaged, or holds something else.</exception>
    public static NpyArray Load(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new NpyException(path, "cannot be read, found no such file");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string found = Directory.Exists(path) ? "a directory" : "an input/output error, a refused permission or an impossible path";
            throw new NpyException(path, $"cannot be read, found {found}");
        }
        return Parse(bytes, path);
    }

    /// <summary>The array of a file's bytes; <paramref name="file"/> is its name in messages.</summary>
    /// <exception cref="NpyException">The bytes are damaged or hold something else.</exception>
    public static NpyArray Parse(ReadOnlySpan<byte> bytes, string file)
    {
        if (NpyHeader.TryRead(bytes, out NpyType type, out var shape, out int dataStart) is string problem)
        {
            throw new NpyException(file, problem);
        }
        long needed = (long)NpyArray.Elements(shape.AsSpan())!.Value * type.ElementBytes();
        int found = bytes.Length - dataStart;
        if (found != needed)
        {
            string wrong = found < needed ? "truncated" : "bytes after the data";
            throw new NpyException(file, $"{wrong}, found {found} bytes of data, needed {needed} for {new NpyArray(type, shape, [])}");
        }
        return new NpyArray(type, shape, bytes[dataStart..].ToArray());
    }

    /// <summary>Writes an array, replacing the file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Save(string path, NpyArray array)
    {
        using FileStream stream = File.Create(path);
        stream.Write(NpyHeader.Write(array.Type, array.Shape.AsSpan()));
        stream.Write(array.Data);
    }

    /// <summary>The bytes that <see cref="Save"/> writes.</summary>
    public static byte[] ToBytes(NpyArray array) => [.. NpyHeader.Write(array.Type, array.Shape.AsSpan()), .. array.Data];
}
