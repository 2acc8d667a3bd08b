// SPDX-License-Identifier: Apache-2.0
using AccelModel.Costs;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;

namespace Cli.Devices;

/// <summary>The devices of configs/devices, by name.</summary>
public static class DeviceCatalogue
{
    private static string Folder => Path.Combine(ConfigurationFolder.Path, "devices");

    /// <summary>Their names, in order.</summary>
    public static IReadOnlyList<string> Names =>
        [.. Directory.EnumerateFiles(Folder, "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    /// <summary>All of them.</summary>
    /// <exception cref="SpecException">Anything is wrong with a file.</exception>
    public static IReadOnlyList<Device> All => [.. Names.Select(Load)];

    /// <summary>The device named <paramref name="name"/>.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    /// <exception cref="SpecException">Anything is wrong with its file.</exception>
    public static Device Load(string name)
    {
        if (!Names.Contains(name))
        {
            string suggestion = NearestName.Suggestion(name, Names);
            throw new CommandException(ExitCode.BadInput, $"unknown device, found '{name}'{suggestion}, allowed {string.Join(", ", Names)}");
        }

        var issues = new SpecIssues();
        Device? device = Device.Load(Path.Combine(Folder, name + ".yaml"), issues);
        issues.ThrowIfAny();
        return device!;
    }
}
