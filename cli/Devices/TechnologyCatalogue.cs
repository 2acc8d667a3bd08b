// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using AccelModel.Specification;
using Cli.CommandLine;
using RtlExport.Area;

namespace Cli.Devices;

/// <summary>The calibrated targets of configs/technologies.</summary>
public static class TechnologyCatalogue
{
    // Asked for each point of a sweep: a file is read once in a process.
    private static readonly ConcurrentDictionary<string, (StructuralAreaModel? Model, Lazy<string> Identity)> Known = new(StringComparer.Ordinal);

    /// <summary>The file of a target.</summary>
    public static string FileOf(string target) => Path.Combine(ConfigurationFolder.Path, "technologies", target + ".json");

    /// <summary>The area model of a target, or null where it was not calibrated; read once.</summary>
    /// <exception cref="InvalidDataException">The file is none of a technology.</exception>
    public static StructuralAreaModel? Find(string target) => Of(target).Model;

    /// <summary>What figures of a target depend on beside the design: the content of its file.</summary>
    /// <exception cref="InvalidDataException">The file is none of a technology.</exception>
    public static string IdentityOf(string target) => Of(target).Identity.Value;

    private static (StructuralAreaModel? Model, Lazy<string> Identity) Of(string target) => Known.GetOrAdd(target, static name =>
    {
        string file = FileOf(name);
        StructuralAreaModel? model = File.Exists(file) ? new(AreaTechnology.Read(file)) : null;
        return (model, new(() => model is null ? "formula" : SpecHash.Of(model.Technology)));
    });
}
