// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using AccelModel.Numerics;

namespace NnTrain.Training;

/// <summary>
/// Named arrays and one text in a file: a ZIP archive of <c>NAME.npy</c> (stored, sorted by name) and <c>state.json</c>, as
/// <c>numpy.load</c> reads it. Equal contents give equal bytes.
/// </summary>
/// <param name="Text">The text.</param>
/// <param name="Arrays">The arrays by name.</param>
public sealed record TensorArchive(string Text, ImmutableSortedDictionary<string, NpyArray> Arrays)
{
    private const string TextName = "state.json";
    private const string ArrayEnding = ".npy";

    /// <summary>The first moment that a ZIP archive can name: no clock gets into the file.</summary>
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>An empty set of arrays, sorted by code point.</summary>
    public static ImmutableSortedDictionary<string, NpyArray> NoArrays { get; } =
        ImmutableSortedDictionary.Create<string, NpyArray>(StringComparer.Ordinal);

    /// <summary>Writes the file so that a reader, now or after a crash, finds either the old contents or the new.</summary>
    public void Save(string path)
    {
        string part = path + ".part";
        using (FileStream stream = File.Create(part))
        {
            using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
            {
                Write(archive, TextName, Encoding.UTF8.GetBytes(Text));
                foreach ((string name, NpyArray array) in Arrays)
                {
                    Write(archive, name + ArrayEnding, NpyFile.ToBytes(array));
                }
            }
            stream.Flush(flushToDisk: true);
        }
        File.Move(part, path, overwrite: true);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="TrainingFileException">The file is missing, damaged or something else.</exception>
    public static TensorArchive Load(string path)
    {
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            ZipArchiveEntry text = archive.GetEntry(TextName) ?? throw new InvalidDataException($"it has no {TextName}");
            ImmutableSortedDictionary<string, NpyArray>.Builder arrays = NoArrays.ToBuilder();
            foreach (ZipArchiveEntry entry in archive.Entries.Where(entry => entry != text))
            {
                if (!entry.FullName.EndsWith(ArrayEnding, StringComparison.Ordinal) || !arrays.TryAdd(entry.FullName[..^ArrayEnding.Length], Finite(entry, path)))
                {
                    throw new InvalidDataException($"'{entry.FullName}' is in it, which is no array's, or twice there");
                }
            }
            return new TensorArchive(Encoding.UTF8.GetString(Read(text)), arrays.ToImmutable());
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException or NpyException)
        {
            throw new TrainingFileException(path, $"cannot be read, found that {exception.Message}");
        }
    }

    /// <summary>An array; trainings never keep one that is not finite.</summary>
    private static NpyArray Finite(ZipArchiveEntry entry, string path)
    {
        NpyArray array = NpyFile.Parse(Read(entry), $"{path}/{entry.FullName}");
        float[] values = array.Type == NpyType.Float32 ? array.ToFloats() : [];
        int index = Array.FindIndex(values, value => !float.IsFinite(value));
        return index < 0 ? array : throw new InvalidDataException(FormattableString.Invariant($"'{entry.FullName}' has {values[index]} at flat index {index}, which is not finite"));
    }

    private static void Write(ZipArchive archive, string name, byte[] bytes)
    {
        ZipArchiveEntry entry = archive.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = Epoch;
        using Stream stream = entry.Open();
        stream.Write(bytes);
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}

/// <summary>A file of a training that cannot be used.</summary>
public sealed class TrainingFileException(string file, string problem) : Exception($"{file}: {problem}")
{
    /// <summary>The file.</summary>
    public string File { get; } = file;
}
