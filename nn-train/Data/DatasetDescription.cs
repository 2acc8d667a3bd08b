// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace NnTrain.Data;

/// <summary>What a file of a data set holds.</summary>
public enum DatasetContent
{
    TrainImages,
    TrainLabels,
    TestImages,
    TestLabels,

    /// <summary>Records of the CIFAR-10 binary format (label and image together) for training.</summary>
    TrainRecords,

    /// <summary>Records of the CIFAR-10 binary format (label and image together) for testing.</summary>
    TestRecords,
}

/// <summary>One uncompressed file of a data set.</summary>
public sealed record DatasetFile
{
    public required string Name { get; init; }

    public required DatasetContent Content { get; init; }

    /// <summary>Images or labels in the file.</summary>
    public required int Images { get; init; }

    public required long Bytes { get; init; }

    /// <summary>SHA-256 of the content, 64 lower-case hexadecimal digits; null where none is published.</summary>
    public string? Sha256 { get; init; }
}

/// <summary>A data set: its shape, its files and how it is obtained.</summary>
public sealed record DatasetDescription
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    public required int Height { get; init; }

    public required int Width { get; init; }

    public required int Channels { get; init; }

    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>How many images at the end of the training files are for validation.</summary>
    public required int ValidationImages { get; init; }

    public required IReadOnlyList<DatasetFile> Files { get; init; }

    /// <summary>The command that gets the data set.</summary>
    public required string GetCommand { get; init; }

    /// <summary>Where it comes from when the user names no folder; null where only a folder will do.</summary>
    [JsonIgnore]
    public IDatasetSource? Source { get; init; }

    [JsonIgnore]
    public int TrainingImages => ImagesOf(DatasetContent.TrainLabels, DatasetContent.TrainRecords);

    [JsonIgnore]
    public int TestImages => ImagesOf(DatasetContent.TestLabels, DatasetContent.TestRecords);

    /// <summary>Whether every file has a checksum that was published or recorded.</summary>
    [JsonIgnore]
    public bool HasChecksums => Files.All(file => file.Sha256 is not null);

    internal string Directory(string root) => Path.Combine(root, Name);

    private int ImagesOf(DatasetContent labels, DatasetContent records) =>
        Files.Where(file => file.Content == labels || file.Content == records).Sum(file => file.Images);
}
