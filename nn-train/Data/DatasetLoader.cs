// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Data;

/// <summary>Reads installed data sets. Every load checks size, SHA-256, shape and labels of the files it reads.</summary>
public static class DatasetLoader
{
    /// <summary>Reads a part of a data set.</summary>
    /// <param name="name">Name of a known or an imported data set.</param>
    /// <param name="root">The data folder: the files are in <c>root/name</c>.</param>
    /// <param name="split">Which images.</param>
    /// <exception cref="DatasetException">
    /// The data set is unknown or missing, or files are damaged, truncated or swapped; all of them are named.
    /// </exception>
    public static ImageSet Load(string name, string root, DatasetSplit split)
    {
        var dataset = DatasetCatalogue.Find(name, root);
        var whole = LoadFiles(dataset, dataset.Directory(root), test: split == DatasetSplit.Test);
        var training = whole.Count - dataset.ValidationImages;
        return split switch
        {
            DatasetSplit.Training => whole.Slice(0, training),
            DatasetSplit.Validation => whole.Slice(training, dataset.ValidationImages),
            _ => whole,
        };
    }

    /// <summary>Everything that is wrong with the files of a data set; empty when it can be used.</summary>
    public static IReadOnlyList<string> Problems(DatasetDescription dataset, string root)
    {
        var reader = new DatasetFileReader(dataset, dataset.Directory(root));
        foreach (var file in dataset.Files)
        {
            reader.Read(file);
        }
        return reader.Problems;
    }

    private static ImageSet LoadFiles(DatasetDescription dataset, string directory, bool test)
    {
        var reader = new DatasetFileReader(dataset, directory);
        var parts = dataset.Files.Where(file => IsTest(file.Content) == test).Select(reader.Read).ToArray();
        if (reader.Problems.Count > 0)
        {
            throw DatasetException.Of(dataset, reader.Problems);
        }
        return new ImageSet
        {
            Name = dataset.Name,
            Height = dataset.Height,
            Width = dataset.Width,
            Channels = dataset.Channels,
            Pixels = Joined(parts.Select(part => part!.Value.pixels)),
            Labels = Joined(parts.Select(part => part!.Value.labels)),
            ClassNames = dataset.ClassNames,
        };
    }

    private static bool IsTest(DatasetContent content) =>
        content is DatasetContent.TestImages or DatasetContent.TestLabels or DatasetContent.TestRecords;

    private static byte[] Joined(IEnumerable<byte[]> parts)
    {
        var filled = parts.Where(part => part.Length > 0).ToArray();
        if (filled.Length == 1)
        {
            return filled[0];
        }
        var result = new byte[filled.Sum(part => part.Length)];
        var offset = 0;
        foreach (var part in filled)
        {
            part.CopyTo(result, offset);
            offset += part.Length;
        }
        return result;
    }
}
