// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using RtlExport.Vectors;

namespace RtlExport.Tools;

/// <summary>A bundle's manifest, read back.</summary>
public sealed partial record BundleManifest
{
    /// <summary>The bundle's folder.</summary>
    public required string Directory { get; init; }

    /// <summary>SHA-256 of the resolved configuration.</summary>
    public required string ConfigurationSha256 { get; init; }

    /// <summary>SHA-256 over all constants of the hardware.</summary>
    public required string HardwareSha256 { get; init; }

    /// <summary>Name of the network.</summary>
    public required string Network { get; init; }

    /// <summary>Cycles of an inference.</summary>
    public required long Cycles { get; init; }

    /// <summary>Images in the vectors.</summary>
    public required int Images { get; init; }

    /// <summary>Frames of the run in which frames overlap, of a directed network those of each run; 1 where there is none.</summary>
    public required int Frames { get; init; }

    /// <summary>Elements of external memory from one frame's input and output to the next frame's.</summary>
    public required long FrameStride { get; init; }

    /// <summary>Loads that run once, before the first frame.</summary>
    public required int LoadPrologue { get; init; }

    /// <summary>Names of the scheduled layers.</summary>
    public required ImmutableArray<string> Layers { get; init; }

    /// <summary>Where the output of each scheduled layer lies in memory.</summary>
    public required ImmutableArray<StoredTensor> Tensors { get; init; }

    /// <summary>Where the programs are listed.</summary>
    public string Listing { get; init; } = "programs.txt";

    /// <summary>The directed networks, each as if it were the bundle's only one.</summary>
    public ImmutableArray<BundleManifest> Corners { get; init; } = [];

    /// <summary>Every file with its SHA-256, sorted by name.</summary>
    public required ImmutableArray<(string Name, string Sha256)> Files { get; init; }

    /// <summary>Reads <c>manifest.json</c>.</summary>
    /// <exception cref="BundleException">There is none, it is damaged, was edited, or is of another version.</exception>
    public static BundleManifest Read(string directory)
    {
        string path = Path.Combine(directory, RtlBundle.ManifestName);
        if (!File.Exists(path))
        {
            throw new BundleException($"{directory}: no {RtlBundle.ManifestName}; this is not a bundle", [RtlBundle.ManifestName]);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = document.RootElement;
            int version = root.TryGetProperty("version", out JsonElement number) ? number.GetInt32() : 1;
            if (version != RtlBundle.Version)
            {
                throw new BundleException($"{path}: a bundle of version {version}, allowed {RtlBundle.Version}: export it again", [RtlBundle.ManifestName], isOfAnotherKind: true);
            }

            BundleManifest manifest = new()
            {
                Directory = directory,
                ConfigurationSha256 = Key(root, "configuration_sha256").GetString()!,
                HardwareSha256 = Key(root, "hardware_sha256").GetString()!,
                Network = Key(root, "network").GetString()!,
                Cycles = Key(root, "cycles").GetInt64(),
                Images = Key(root, "images").GetInt32(),
                Frames = Key(root, "frames").GetInt32(),
                FrameStride = Key(root, "frame_stride").GetInt64(),
                LoadPrologue = Key(root, "load_prologue").GetInt32(),
                Layers = [.. Key(root, "layers").EnumerateArray().Select(layer => layer.GetString()!)],
                Tensors = [.. Key(root, "tensors").EnumerateArray().Select(StoredTensor.Read)],
                Files = [.. Key(root, "files").EnumerateObject().Select(file => (file.Name, file.Value.GetProperty("sha256").GetString()!))],
            };
            if (!ManifestSeal.Holds(File.ReadAllText(path)))
            {
                throw new BundleException($"{path} was edited: its SHA-256 is another than manifest_sha256 in it: export it again", [RtlBundle.ManifestName]);
            }

            return root.TryGetProperty("corners", out JsonElement corners) ? manifest with { Corners = [.. corners.EnumerateArray().Select(corner => Corner(manifest, corner))] } : manifest;
        }
        catch (JsonException e)
        {
            throw new BundleException($"{path}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: damaged: not JSON: export it again", [RtlBundle.ManifestName]);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new BundleException($"{path}: damaged: {e.Message} Export it again", [RtlBundle.ManifestName]);
        }
    }

    private static JsonElement Key(JsonElement root, string name) => root.TryGetProperty(name, out JsonElement value) ? value : throw new KeyNotFoundException($"found no {name}.");

    /// <summary>Files that are missing, and files whose content is not what the manifest says, of those that matter.</summary>
    public (ImmutableArray<string> Missing, ImmutableArray<string> Edited) Check(Func<string, bool>? matters = null)
    {
        ImmutableArray<(string Name, string Sha256)> files = [.. Files.Where(file => matters?.Invoke(file.Name) != false)];
        ImmutableArray<string> missing = [.. files.Select(file => file.Name).Where(name => !File.Exists(Path.Combine(Directory, name)))];
        return (missing, [.. files.Where(file => !missing.Contains(file.Name) && Hash(file.Name) != file.Sha256).Select(file => file.Name)]);
    }

    /// <summary>Whether the manifest lists a file.</summary>
    public bool Has(string name) => Files.Any(file => file.Name == name);

    /// <summary>Whether a file of the bundle carries the manifest's configuration hash.</summary>
    public bool IsOf(string name) => File.ReadAllText(Path.Combine(Directory, name)).Contains(ConfigurationSha256, StringComparison.Ordinal);

    /// <summary>The configuration hash in the head of a header or vector file where it is not the manifest's; null where it is, or where the file has none.</summary>
    public string? ForeignConfiguration(string name)
    {
        const int HeadLines = 4;
        string[] found = [.. File.ReadLines(Path.Combine(Directory, name)).Take(HeadLines).Select(line => Stamp().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value)];
        return found.FirstOrDefault(hash => hash != ConfigurationSha256);
    }

    [GeneratedRegex("configuration_sha256[^0-9a-f]+([0-9a-f]{64})")]
    private static partial Regex Stamp();

    private static BundleManifest Corner(BundleManifest bundle, JsonElement json) => bundle with
    {
        Network = json.GetProperty("network").GetString()!,
        Listing = json.GetProperty("listing").GetString()!,
        Images = json.GetProperty("images").GetInt32(),
        Cycles = json.GetProperty("cycles").GetInt64(),
        Frames = json.GetProperty("frames").GetInt32(),
        FrameStride = json.GetProperty("frame_stride").GetInt64(),
        LoadPrologue = json.GetProperty("load_prologue").GetInt32(),
        Layers = [.. json.GetProperty("layers").EnumerateArray().Select(layer => layer.GetString()!)],
        Tensors = [.. json.GetProperty("tensors").EnumerateArray().Select(StoredTensor.Read)],
    };

    private string Hash(string name) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Directory, name))));
}
