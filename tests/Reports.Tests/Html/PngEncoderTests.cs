// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.IO.Compression;
using Reports.Html;
using Xunit;

namespace Reports.Tests.Html;

public class PngEncoderTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(28, 28)]
    [InlineData(7, 300)]
    public void Pixels_come_back_through_an_independent_decompressor(int width, int height)
    {
        byte[] pixels = new byte[width * height];
        new Random(width).NextBytes(pixels);
        byte[] png = PngEncoder.Encode(pixels, width, height);
        Dictionary<string, byte[]> chunks = Chunks(png);
        Assert.Equal(["IHDR", "IDAT", "IEND"], chunks.Keys);
        Assert.Equal(width, BinaryPrimitives.ReadInt32BigEndian(chunks["IHDR"]));
        Assert.Equal(height, BinaryPrimitives.ReadInt32BigEndian(chunks["IHDR"].AsSpan(4)));
        Assert.Equal([8, 0, 0, 0, 0], chunks["IHDR"][8..]);

        using var zlib = new ZLibStream(new MemoryStream(chunks["IDAT"]), CompressionMode.Decompress);
        using var rows = new MemoryStream();
        zlib.CopyTo(rows);
        byte[] expected = Enumerable.Range(0, height).SelectMany(y => pixels[(y * width)..((y + 1) * width)].Prepend((byte)0)).ToArray();
        Assert.Equal(expected, rows.ToArray());
    }

    [Fact]
    public void The_end_chunk_has_the_checksum_of_the_standard() =>
        Assert.Equal([0, 0, 0, 0, (byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xAE, 0x42, 0x60, 0x82], PngEncoder.Encode([0], 1, 1)[^12..]);

    [Fact]
    public void Pixels_that_do_not_fill_the_rectangle_are_refused()
    {
        Assert.Throws<ArgumentException>(() => PngEncoder.Encode(new byte[5], 2, 3));
        Assert.Throws<ArgumentException>(() => PngEncoder.Encode(new byte[300 * 300], 300, 300));
        Assert.Throws<ArgumentException>(() => PngEncoder.Encode([], 0, 0));
    }

    private static Dictionary<string, byte[]> Chunks(byte[] png)
    {
        var chunks = new Dictionary<string, byte[]>();
        for (int at = 8; at < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            chunks.Add(System.Text.Encoding.ASCII.GetString(png, at + 4, 4), png[(at + 8)..(at + 8 + length)]);
            at += 12 + length;
        }

        return chunks;
    }
}
