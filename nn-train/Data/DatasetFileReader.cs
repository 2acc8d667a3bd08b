// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;

namespace NnTrain.Data;

/// <summary>Reads files of a data set and says everything that is wrong with them.</summary>
internal sealed class DatasetFileReader(DatasetDescription dataset, string directory)
{
    private readonly List<string> problems = [];

    internal IReadOnlyList<string> Problems => problems;

    /// <summary>The content of a file whose size, checksum and shape are right; null, and a problem noted, otherwise.</summary>
    internal (byte[] pixels, byte[] labels)? Read(DatasetFile file)
    {
        var path = Path.Combine(directory, file.Name);
        if (!File.Exists(path))
        {
            problems.Add($"{path}: missing");
            return null;
        }
        try
        {
            var content = Gzip.ReadAllBytes(path);
            if (Damage(file, content) is not { } damage)
            {
                return Parse(file, content, path);
            }
            problems.Add($"{path}: {damage}");
        }
        catch (DatasetException e)
        {
            problems.Add(e.Message);
        }
        return null;
    }

    internal static string Sha256(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    // What the file is instead helps more than that it is wrong, so other files of the set are looked for first.
    private string? Damage(DatasetFile file, byte[] content)
    {
        var sha256 = Sha256(content);
        if (sha256 == file.Sha256)
        {
            return null;
        }
        var other = dataset.Files.FirstOrDefault(candidate => candidate.Sha256 == sha256)
            ?? DatasetCatalogue.All.SelectMany(known => known.Files).FirstOrDefault(candidate => candidate.Sha256 == sha256);
        if (other is not null)
        {
            var owner = DatasetCatalogue.All.FirstOrDefault(known => known.Files.Contains(other))?.Name ?? dataset.Name;
            return $"holds {other.Name} of {owner}: the files are swapped";
        }
        if (content.Length != file.Bytes)
        {
            var how = content.Length < file.Bytes ? "truncated" : "too long";
            return $"{how}: {content.Length} bytes, expected {file.Bytes}";
        }
        return file.Sha256 is null ? null : $"damaged: SHA-256 is {sha256}, expected {file.Sha256}";
    }

    private (byte[] pixels, byte[] labels) Parse(DatasetFile file, byte[] content, string path)
    {
        switch (file.Content)
        {
            case DatasetContent.TrainRecords or DatasetContent.TestRecords:
                var (pixels, labels) = CifarRecords.Parse(content, path);
                CheckLabels(labels, path);
                return (pixels, labels);
            case DatasetContent.TrainImages or DatasetContent.TestImages:
                return (Elements(IdxFile.Parse(content, path), path, [file.Images, dataset.Height, dataset.Width]), []);
            default:
                var classes = Elements(IdxFile.Parse(content, path), path, [file.Images]);
                CheckLabels(classes, path);
                return ([], classes);
        }
    }

    private static byte[] Elements(IdxFile idx, string path, int[] expected) => idx.Shape.SequenceEqual(expected)
        ? idx.Elements
        : throw new DatasetException($"{path}: the shape is {Text(idx.Shape)}, expected {Text(expected)}");

    private void CheckLabels(byte[] labels, string path)
    {
        var wrong = Array.FindIndex(labels, label => label >= dataset.ClassNames.Count);
        if (wrong >= 0)
        {
            throw new DatasetException(
                $"{path}: label {labels[wrong]} of image {wrong} is not one of the {dataset.ClassNames.Count} classes");
        }
    }

    private static string Text(IReadOnlyList<int> shape) => string.Join(" x ", shape);
}
