// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace NnTrain.Data;

/// <summary>
/// Describes four IDX files of the user under MNIST's names (plain or <c>.gz</c>): extents from the files, as many classes
/// as the largest label asks for, and the last tenth of the training images for validation.
/// </summary>
internal static class OwnIdxFiles
{
    private const int ValidationShare = 10;

    /// <exception cref="DatasetException">A file is missing, is no IDX file, or the files do not belong together.</exception>
    internal static DatasetDescription Describe(string name, FolderSource folder)
    {
        var trainImages = Read(folder, DatasetContent.TrainImages, rank: 3);
        var trainLabels = Read(folder, DatasetContent.TrainLabels, rank: 1);
        var testImages = Read(folder, DatasetContent.TestImages, rank: 3);
        var testLabels = Read(folder, DatasetContent.TestLabels, rank: 1);
        var (height, width) = (trainImages.Shape[1], trainImages.Shape[2]);
        var problems = new List<string>();
        if (trainImages.Shape[0] != trainLabels.Shape[0])
        {
            problems.Add($"{trainImages.Shape[0]} training images but {trainLabels.Shape[0]} labels");
        }
        if (testImages.Shape[0] != testLabels.Shape[0])
        {
            problems.Add($"{testImages.Shape[0]} test images but {testLabels.Shape[0]} labels");
        }
        if (testImages.Shape[1] != height || testImages.Shape[2] != width)
        {
            problems.Add($"training images are {height} x {width}, test images {testImages.Shape[1]} x {testImages.Shape[2]}");
        }
        if (trainImages.Elements.Length == 0 || testImages.Elements.Length == 0)
        {
            problems.Add("there are no images");
        }
        if (problems.Count > 0)
        {
            throw new DatasetException($"{folder.Folder}: the files do not belong together: {string.Join("; ", problems)}.");
        }
        var classes = trainLabels.Elements.Concat(testLabels.Elements).Max() + 1;
        return new DatasetDescription
        {
            Name = name,
            Title = $"own IDX files {name}",
            Height = height,
            Width = width,
            Channels = 1,
            ClassNames = [.. Enumerable.Range(0, classes).Select(c => c.ToString(CultureInfo.InvariantCulture))],
            ValidationImages = trainImages.Shape[0] / ValidationShare,
            GetCommand = $"codesign data get {name} --from FOLDER",
            Files =
            [
                .. DatasetCatalogue.IdxFiles(trainImages.Shape[0], testImages.Shape[0], height * width, null, null, null, null),
            ],
        };
    }

    private static IdxFile Read(FolderSource folder, DatasetContent content, int rank)
    {
        var name = DatasetCatalogue.IdxName(content);
        var path = folder.Find(name) ?? throw new DatasetException($"{folder.Folder} lacks {name} (it may also end in .gz).");
        var file = IdxFile.Read(path);
        return file.Shape.Count == rank
            ? file
            : throw new DatasetException(
                $"{path}: has {file.Shape.Count} axes, expected {rank} ({(rank == 3 ? "images" : "labels")}): are the files swapped?");
    }
}
