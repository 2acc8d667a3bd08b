// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace NnTrain.Data;

/// <summary>
/// An array of unsigned bytes in the IDX format of the MNIST files: two zero bytes, the element type (0x08 for unsigned
/// bytes), the number of axes, each extent as a 32-bit big-endian number, then the elements in row-major order.
/// </summary>
public sealed record IdxFile
{
    private const byte UnsignedByte = 0x08;
    private const int MagicBytes = 4;
    private const int ExtentBytes = 4;

    public required IReadOnlyList<int> Shape { get; init; }

    public required byte[] Elements { get; init; }

    /// <summary>Reads a file, plain or gzip (told apart by its first bytes).</summary>
    /// <exception cref="DatasetException">The file is missing or not a complete IDX file.</exception>
    public static IdxFile Read(string path) => Parse(Gzip.ReadAllBytes(path), path);

    /// <summary>Reads an IDX file from memory.</summary>
    /// <param name="content">The whole file, not compressed.</param>
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="DatasetException">This is not a complete IDX file.</exception>
    public static IdxFile Parse(byte[] content, string name)
    {
        if (content.Length < MagicBytes || content[0] != 0 || content[1] != 0)
        {
            throw new DatasetException($"{name}: not an IDX file (it must begin with two zero bytes).");
        }
        if (content[2] != UnsignedByte)
        {
            throw new DatasetException($"{name}: IDX element type 0x{content[2]:x2}, expected 0x08 (unsigned bytes).");
        }
        int rank = content[3];
        var header = MagicBytes + ExtentBytes * rank;
        if (content.Length < header)
        {
            throw new DatasetException($"{name}: the file ends inside the IDX header.");
        }
        var shape = new int[rank];
        long elements = 1;
        for (var axis = 0; axis < rank; axis++)
        {
            var extent = BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(MagicBytes + ExtentBytes * axis));
            elements *= extent;
            if (extent > int.MaxValue || elements > int.MaxValue)
            {
                throw new DatasetException($"{name}: the extents in the IDX header are absurdly large.");
            }
            shape[axis] = (int)extent;
        }
        var found = content.Length - header;
        if (found != elements)
        {
            var how = found < elements ? "truncated" : "too long";
            throw new DatasetException($"{name}: {how}: {found} elements after the header, which announces {elements}.");
        }
        return new IdxFile { Shape = shape, Elements = content[header..] };
    }
}
