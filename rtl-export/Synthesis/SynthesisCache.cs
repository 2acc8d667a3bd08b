// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace RtlExport.Synthesis;

/// <summary>Cells that a module became, and how often it instantiates each of its children.</summary>
/// <param name="Cells">Cells by type.</param>
/// <param name="Children">Instances of each child, by its number in <see cref="RtlilModule.Children"/>; instances whose outputs nobody reads are gone.</param>
public sealed record ModuleNetlist(ImmutableSortedDictionary<string, long> Cells, ImmutableArray<long> Children)
{
    /// <summary>What the cells occupy, without the children. Cells that the target does not list (inverters, wide multiplexers) occupy nothing of their own.</summary>
    public CellCost Cost(SynthesisTarget target) =>
        Cells.Aggregate(default(CellCost), (sum, cell) => sum + cell.Value * target.Cells.GetValueOrDefault(cell.Key));
}

/// <summary>Synthesised modules by content: each is synthesised once for a target, in whatever design it occurs.</summary>
/// <param name="folder">Where they are kept, one file each.</param>
/// <param name="target">The family.</param>
/// <param name="toolVersion">The synthesiser's version.</param>
public sealed class SynthesisCache(string folder, SynthesisTarget target, string toolVersion)
{
    private readonly string _flow = $"{toolVersion}\n{string.Join('\n', target.Libraries)}\n{string.Join('\n', target.Mapping)}\n";

    /// <summary>The default folder: <c>CODESIGN_CACHE</c>, or the user's cache.</summary>
    public static string DefaultFolder
    {
        get
        {
            string root = Environment.GetEnvironmentVariable("CODESIGN_CACHE") is { Length: > 0 } named
                ? named
                : Path.Combine(
                    Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
                    "codesign");
            return Path.Combine(root, "synthesis");
        }
    }

    /// <summary>Where logs of failed runs are kept.</summary>
    public string LogFile => Path.Combine(folder, $"{target.Name}.log");

    /// <summary>The netlist of <paramref name="module"/>, or null where it was not synthesised yet.</summary>
    public ModuleNetlist? Find(RtlilModule module)
    {
        string file = FileOf(module);
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<ModuleNetlist>(File.ReadAllText(file)) : null;
        }
        catch (JsonException)
        {
            // A damaged file is as good as none.
            return null;
        }
    }

    /// <summary>Keeps <paramref name="netlist"/>, whole or not at all.</summary>
    public void Keep(RtlilModule module, ModuleNetlist netlist)
    {
        WholeFile.Write(FileOf(module), JsonSerializer.Serialize(netlist));
    }

    /// <summary>The elaborated modules of <paramref name="sources"/> as the synthesiser wrote them, or null where they were not elaborated yet.</summary>
    public string? FindElaborated(HardwareSources sources, string top)
    {
        string file = ElaboratedFileOf(sources, top);
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            using var text = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
            return text.ReadToEnd();
        }
        catch (InvalidDataException)
        {
            // A damaged file is as good as none.
            return null;
        }
    }

    /// <summary>Keeps the elaborated modules of <paramref name="sources"/>, whole or not at all.</summary>
    public void KeepElaborated(HardwareSources sources, string top, string rtlil)
    {
        string file = ElaboratedFileOf(sources, top);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        string staging = $"{file}.{Guid.NewGuid():N}";
        using (var text = new StreamWriter(new GZipStream(File.Create(staging), CompressionLevel.Fastest)))
        {
            text.Write(rtlil);
        }

        File.Move(staging, file, overwrite: true);
    }

    private string ElaboratedFileOf(HardwareSources sources, string top)
    {
        string content = string.Concat(sources.Files.Select(source => $"{source.Name}\n{source.Text}\n"));
        string key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{toolVersion}\n{top}\n{content}")));
        return Path.Combine(folder, "elaborated", key[..2], key[2..32] + ".il.gz");
    }

    /// <summary>A file for the timing of <paramref name="units"/>, by the content of their modules and of all below them.</summary>
    internal string PlacementFile(Elaboration design, IEnumerable<RtlilModule> units, int placementSeed)
    {
        Dictionary<string, RtlilModule> modules = design.Modules.ToDictionary(module => module.Name);
        string ContentOf(RtlilModule module) => module.Hash + string.Concat(module.Children.Select(child => ContentOf(modules[child])));
        string content = string.Join('\n', units.Select(ContentOf));
        string key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{_flow}{placementSeed}\n{content}")));
        return Path.Combine(folder, target.Name, "placed", key[..32] + ".json");
    }

    private string FileOf(RtlilModule module)
    {
        string key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_flow + module.Hash)));
        return Path.Combine(folder, target.Name, key[..2], key[2..32] + ".json");
    }
}
