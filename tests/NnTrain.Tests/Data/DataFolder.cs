// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.IO.Compression;

namespace NnTrain.Tests.Data;

/// <summary>A temporary folder, and IDX files written by the format's description rather than by the code under test.</summary>
public sealed class DataFolder : IDisposable
{
    public DataFolder() => Path = Directory.CreateTempSubdirectory("codesign-data-").FullName;

    public string Path { get; }

    public string Root => System.IO.Path.Combine(Path, "root");

    public string Source => System.IO.Path.Combine(Path, "source");

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public static byte[] Idx(byte[] elements, params int[] shape)
    {
        var file = new byte[4 + 4 * shape.Length + elements.Length];
        file[2] = 0x08;
        file[3] = (byte)shape.Length;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + 4 * axis), shape[axis]);
        }
        elements.CopyTo(file, 4 + 4 * shape.Length);
        return file;
    }

    /// <summary>Byte i is i modulo 251, a prime, so that rows and images differ.</summary>
    public static byte[] Ramp(int count, int offset = 0) =>
        Enumerable.Range(offset, count).Select(i => (byte)(i % 251)).ToArray();

    public void Write(string name, byte[] content)
    {
        Directory.CreateDirectory(Source);
        File.WriteAllBytes(System.IO.Path.Combine(Source, name), content);
    }

    public void WriteCompressed(string name, byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }
        Write(name + ".gz", packed.ToArray());
    }

    /// <summary>20 training and 7 test images of 3 x 5 pixels in 4 classes; the training images are compressed.</summary>
    public void WriteOwnSet()
    {
        WriteCompressed("train-images-idx3-ubyte", Idx(Ramp(20 * 15), 20, 3, 5));
        Write("train-labels-idx1-ubyte", Idx(Ramp(20).Select(i => (byte)(i % 4)).ToArray(), 20));
        Write("t10k-images-idx3-ubyte", Idx(Ramp(7 * 15, 1000), 7, 3, 5));
        Write("t10k-labels-idx1-ubyte", Idx([3, 2, 1, 0, 1, 2, 3], 7));
    }
}
