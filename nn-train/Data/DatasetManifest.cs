// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NnTrain.Data;

/// <summary>
/// <c>dataset.json</c>, which an import from a folder of the user leaves beside the files: the description with the sizes
/// and checksums of the import, so that later damage is found.
/// </summary>
internal static class DatasetManifest
{
    internal const string FileName = "dataset.json";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        WriteIndented = true,
        NewLine = "\n",
    };

    internal static void Write(string directory, DatasetDescription dataset) =>
        File.WriteAllText(Path.Combine(directory, FileName), JsonSerializer.Serialize(dataset, Options) + "\n");

    /// <summary>The description of an imported data set, or null where none of that name was imported.</summary>
    /// <exception cref="DatasetException">The file is damaged.</exception>
    internal static DatasetDescription? TryRead(string root, string name)
    {
        var path = Path.Combine(root, name, FileName);
        if (!DatasetInstaller.IsName(name) || !File.Exists(path))
        {
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize<DatasetDescription>(File.ReadAllText(path), Options);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                $"{path}: not a description of a data set ({e.Message}) Import it again with `codesign data get {name} --from FOLDER`.",
                e);
        }
    }

    internal static IEnumerable<string> Names(string root) => Directory.Exists(root)
        ? Directory.EnumerateDirectories(root)
            .Where(directory => File.Exists(Path.Combine(directory, FileName)))
            .Select(directory => Path.GetFileName(directory))
            .Order(StringComparer.Ordinal)
        : [];
}
