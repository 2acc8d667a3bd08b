// SPDX-License-Identifier: Apache-2.0
using Cli.CommandLine;
using RtlExport.Area;

namespace Cli.Devices;

/// <summary>The calibrated targets of configs/technologies.</summary>
public static class TechnologyCatalogue
{
    /// <summary>The file of a target.</summary>
    public static string FileOf(string target) => Path.Combine(ConfigurationFolder.Path, "technologies", target + ".json");

    /// <summary>The area model of a target, or null where it was not calibrated.</summary>
    /// <exception cref="InvalidDataException">The file is none of a technology.</exception>
    public static StructuralAreaModel? Find(string target) => File.Exists(FileOf(target)) ? new(AreaTechnology.Read(FileOf(target))) : null;
}
