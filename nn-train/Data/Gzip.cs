// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;

namespace NnTrain.Data;

/// <summary>Files that may be compressed with gzip, which is told by their first two bytes.</summary>
internal static class Gzip
{
    private const byte FirstMagic = 0x1F;
    private const byte SecondMagic = 0x8B;

    /// <summary>The content of a file, uncompressed.</summary>
    /// <exception cref="DatasetException">The file cannot be read, or its compressed data are damaged.</exception>
    internal static byte[] ReadAllBytes(string path)
    {
        try
        {
            var raw = File.ReadAllBytes(path);
            if (raw.Length < 2 || raw[0] != FirstMagic || raw[1] != SecondMagic)
            {
                return raw;
            }
            using var unpacked = new MemoryStream();
            using var gzip = new GZipStream(new MemoryStream(raw), CompressionMode.Decompress);
            gzip.CopyTo(unpacked);
            return unpacked.ToArray();
        }
        catch (InvalidDataException e)
        {
            throw new DatasetException($"{path}: the compressed data are damaged ({e.Message})", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path}: cannot be read ({e.Message})", e);
        }
    }
}
