// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Data;

/// <summary>A folder that holds the files, plain or with <c>.gz</c> at the end of their names.</summary>
public sealed record FolderSource : IDatasetSource
{
    public required string Folder { get; init; }

    public void Fetch(DatasetDescription dataset, string directory, IProgress<string>? progress)
    {
        progress?.Report($"Copying {dataset.Name} from {Folder}");
        var missing = dataset.Files.Where(file => Find(file.Name) is null).Select(file => file.Name).ToArray();
        if (missing.Length > 0)
        {
            throw new DatasetException(
                $"{Folder} lacks {string.Join(", ", missing)} (each may also end in .gz), which {dataset.Name} is made of.");
        }
        foreach (var file in dataset.Files)
        {
            var source = Find(file.Name)!;
            try
            {
                PlainFile.Require(source);
                File.Copy(source, Path.Combine(directory, Path.GetFileName(source)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new DatasetException($"{source}: cannot be copied ({e.Message})", e);
            }
        }
    }

    /// <summary>The path of a file in the folder, or null.</summary>
    internal string? Find(string name)
    {
        var plain = Path.Combine(Folder, name);
        return File.Exists(plain) ? plain : File.Exists(plain + ".gz") ? plain + ".gz" : null;
    }
}
