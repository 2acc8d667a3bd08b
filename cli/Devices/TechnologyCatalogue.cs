// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using AccelModel.Specification;
using Cli.CommandLine;
using RtlExport.Area;

namespace Cli.Devices;

/// <summary>The calibrated targets of configs/technologies.</summary>
public static class TechnologyCatalogue
{
    private static readonly ConcurrentDictionary<string, (DateTime Written, StructuralAreaModel? Model)> Read = new();
    private static readonly ConcurrentDictionary<string, string> Identities = new(StringComparer.Ordinal);

    /// <summary>The file of a target.</summary>
    public static string FileOf(string target) => Path.Combine(ConfigurationFolder.Path, "technologies", target + ".json");

    /// <summary>The area model of a target, or null where it was not calibrated; read once.</summary>
    /// <exception cref="InvalidDataException">The file is none of a technology.</exception>
    public static StructuralAreaModel? Find(string target)
    {
        // Asked for each point of a sweep.
        string file = FileOf(target);
        DateTime written = File.GetLastWriteTimeUtc(file);
        if (Read.TryGetValue(file, out (DateTime Written, StructuralAreaModel? Model) known) && known.Written == written)
        {
            return known.Model;
        }

        StructuralAreaModel? model = File.Exists(file) ? new(AreaTechnology.Read(file)) : null;
        Read[file] = (written, model);
        return model;
    }

    /// <summary>What figures of a target depend on beside the design: the content of its file.</summary>
    public static string IdentityOf(string target) =>
        Identities.GetOrAdd(target, static name => Find(name) is StructuralAreaModel model ? SpecHash.Of(model.Technology) : "formula");
}
