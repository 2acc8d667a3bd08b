// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;

namespace NnTrain.Data;

/// <summary>Files that may be compressed with gzip, which is told by their first two bytes.</summary>
internal static class Gzip
{
    private const byte FirstMagic = 0x1F;
    private const byte SecondMagic = 0x8B;

    // A compressed file of nothing. The decompressor takes an end of its input for the end of the data, wherever that is. What is missing of a
    // truncated file it reads from here, and the checksum of the data is wrong; behind a whole one this adds nothing.
    private static readonly byte[] Nothing = [FirstMagic, SecondMagic, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>The content of a file, uncompressed.</summary>
    /// <exception cref="DatasetException">The file cannot be read, or its compressed data are damaged.</exception>
    internal static byte[] ReadAllBytes(string path)
    {
        try
        {
            PlainFile.Require(path);
            var raw = File.ReadAllBytes(path);
            if (raw.Length < 2 || raw[0] != FirstMagic || raw[1] != SecondMagic)
            {
                return raw;
            }
            using var unpacked = new MemoryStream();
            using var gzip = new GZipStream(new MemoryStream([.. raw, .. Nothing]), CompressionMode.Decompress);
            gzip.CopyTo(unpacked);
            return unpacked.ToArray();
        }
        catch (InvalidDataException e)
        {
            throw new DatasetException($"{path}: the compressed data are damaged or truncated ({e.Message})", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path}: cannot be read ({e.Message})", e);
        }
    }
}
