// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Data;

/// <summary>
/// Puts data sets into the data folder. Files are fetched into a folder beside their place, checked there, and moved when
/// all are right, so a run that is killed leaves in each place the old file or the new one, whole.
/// </summary>
public static class DatasetInstaller
{
    /// <summary>Gets a data set, unless it is there and whole.</summary>
    /// <param name="name">A known data set, or the name that an import of own IDX files shall have.</param>
    /// <param name="root">The data folder; made if needed.</param>
    /// <param name="progress">Receives a sentence per step.</param>
    /// <param name="from">A folder of the user to take the files from, instead of where the data set comes from.</param>
    /// <exception cref="DatasetException">It cannot be had, or what came is wrong; nothing was changed.</exception>
    public static DatasetDescription Get(string name, string root, IProgress<string>? progress = null, string? from = null)
    {
        if (!IsName(name))
        {
            throw new DatasetException($"'{name}' cannot be the name of a data set: use a-z, 0-9 and '-', a letter first.");
        }
        var dataset = Wanted(name, root, from);
        if (from is null && DatasetLoader.Problems(dataset, root).Count == 0)
        {
            progress?.Report($"{name} is there and whole");
            return dataset;
        }
        var source = from is null ? dataset.Source : new FolderSource { Folder = from };
        if (source is null)
        {
            throw new DatasetException(
                $"{dataset.Title}: name the folder that holds {string.Join(", ", dataset.Files.Select(file => file.Name))} " +
                $"with `{dataset.GetCommand}`.");
        }
        return Install(dataset, source, root, progress);
    }

    /// <summary>Whether a name is safe as the name of a folder.</summary>
    internal static bool IsName(string name) =>
        name.Length > 0 && char.IsAsciiLetterLower(name[0])
        && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    private static DatasetDescription Wanted(string name, string root, string? from)
    {
        var known = DatasetCatalogue.All.FirstOrDefault(dataset => dataset.Name == name);
        return from is null ? DatasetCatalogue.Find(name, root) : known ?? OwnIdxFiles.Describe(name, new FolderSource { Folder = from });
    }

    private static DatasetDescription Install(DatasetDescription dataset, IDatasetSource source, string root, IProgress<string>? progress)
    {
        var stage = Path.Combine(root, $".{dataset.Name}-{Path.GetRandomFileName()}");
        try
        {
            Directory.CreateDirectory(stage);
            source.Fetch(dataset, stage, progress);
            progress?.Report($"Checking {dataset.Name}");
            Uncompress(dataset, stage);
            var installed = Checked(dataset, stage);
            Publish(stage, installed.Directory(root));
            return installed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{root}: data set {dataset.Name} cannot be written ({e.Message})", e);
        }
        finally
        {
            if (Directory.Exists(stage))
            {
                Directory.Delete(stage, recursive: true);
            }
        }
    }

    private static void Uncompress(DatasetDescription dataset, string stage)
    {
        foreach (var file in dataset.Files)
        {
            var packed = Path.Combine(stage, file.Name + ".gz");
            if (File.Exists(packed))
            {
                File.WriteAllBytes(Path.Combine(stage, file.Name), Gzip.ReadAllBytes(packed));
                File.Delete(packed);
            }
        }
    }

    // Where nobody published checksums those of these files are recorded, so that later damage is found.
    private static DatasetDescription Checked(DatasetDescription dataset, string stage)
    {
        var reader = new DatasetFileReader(dataset, stage);
        foreach (var file in dataset.Files)
        {
            reader.Read(file);
        }
        if (reader.Problems.Count > 0)
        {
            throw new DatasetException(
                $"What was fetched for {dataset.Name} is wrong:{string.Concat(reader.Problems.Select(p => $"\n  {p}"))}");
        }
        if (dataset.HasChecksums)
        {
            return dataset;
        }
        var recorded = dataset with
        {
            Files =
            [
                .. dataset.Files.Select(file => file with
                {
                    Sha256 = DatasetFileReader.Sha256(File.ReadAllBytes(Path.Combine(stage, file.Name))),
                }),
            ],
        };
        DatasetManifest.Write(stage, recorded);
        return recorded;
    }

    private static void Publish(string stage, string target)
    {
        if (!Directory.Exists(target))
        {
            Directory.Move(stage, target);
            return;
        }
        foreach (var file in Directory.EnumerateFiles(stage).Order(StringComparer.Ordinal).ToArray())
        {
            File.Move(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
        }
    }
}
