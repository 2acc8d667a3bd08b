// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Data;

/// <summary>
/// Files of a Debian package: from where the package is installed, otherwise from the downloaded package (which needs
/// no administrator).
/// </summary>
public sealed record DebianPackageSource : IDatasetSource
{
    public required string Package { get; init; }

    /// <summary>The folder the package installs.</summary>
    public required string Folder { get; init; }

    public void Fetch(DatasetDescription dataset, string directory, IProgress<string>? progress)
    {
        if (Directory.Exists(Folder))
        {
            new FolderSource { Folder = Folder }.Fetch(dataset, directory, progress);
            return;
        }
        progress?.Report($"Downloading the Debian package {Package}");
        var install = $"apt-get install -y --no-install-recommends {Package}";
        var download = Directory.CreateDirectory(Path.Combine(directory, "download")).FullName;
        ExternalCommand.Run("apt-get", ["download", Package], download, install);
        var archive = Directory.EnumerateFiles(download, "*.deb").FirstOrDefault()
            ?? throw new DatasetException($"apt-get did not produce {Package}. Run `{install}`.");
        ExternalCommand.Run("dpkg-deb", ["-x", archive, "unpacked"], download, install);
        var unpacked = Path.Combine(download, "unpacked", Folder.TrimStart('/'));
        new FolderSource { Folder = unpacked }.Fetch(dataset, directory, null);
        Directory.Delete(download, recursive: true);
    }
}
