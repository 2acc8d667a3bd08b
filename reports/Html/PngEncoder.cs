// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Reports.Html;

/// <summary>
/// Gray images as PNG (ISO/IEC 15948), eight bits per pixel. The data is stored without compression, so that the bytes do not
/// depend on the version of a compressor; meant for thumbnails of up to 65,535 bytes.
/// </summary>
public static class PngEncoder
{
    private const int LargestStoredBlock = 65535;
    private static readonly uint[] CrcTable = Enumerable.Range(0, 256).Select(CrcOfByte).ToArray();

    /// <summary>The PNG file of an image given row by row, 0 black to 255 white.</summary>
    /// <exception cref="ArgumentException">The pixels do not fill the rectangle, or they are too many.</exception>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height)
    {
        if (width < 1 || height < 1 || pixels.Length != width * height || (width + 1) * height > LargestStoredBlock)
        {
            throw new ArgumentException($"{pixels.Length} pixels do not make a thumbnail of {width} x {height}");
        }

        // Each row begins with its filter type, 0: none.
        byte[] rows = new byte[(width + 1) * height];
        for (int y = 0; y < height; y++)
        {
            pixels.Slice(y * width, width).CopyTo(rows.AsSpan(y * (width + 1) + 1));
        }

        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;

        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n']);
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Stored(rows));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    // A zlib stream (RFC 1950) of one final stored block (RFC 1951).
    private static byte[] Stored(byte[] data)
    {
        byte[] stream = new byte[2 + 5 + data.Length + 4];
        stream[0] = 0x78;
        stream[1] = 0x01;
        stream[2] = 0x01;
        BinaryPrimitives.WriteUInt16LittleEndian(stream.AsSpan(3), (ushort)data.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(stream.AsSpan(5), (ushort)~data.Length);
        data.CopyTo(stream, 7);
        BinaryPrimitives.WriteUInt32BigEndian(stream.AsSpan(7 + data.Length), Adler32(data));
        return stream;
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(0xFFFFFFFF, type), data));
        file.Write(number);
    }

    private static uint Adler32(ReadOnlySpan<byte> data)
    {
        (uint a, uint b) = (1, 0);
        foreach (byte value in data)
        {
            a = (a + value) % 65521;
            b = (b + a) % 65521;
        }

        return (b << 16) | a;
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (byte value in data)
        {
            crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return crc;
    }

    private static uint CrcOfByte(int value)
    {
        uint crc = (uint)value;
        for (int bit = 0; bit < 8; bit++)
        {
            crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }

        return crc;
    }
}
