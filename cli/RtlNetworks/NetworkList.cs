// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;
using Cli.Networks;

namespace Cli.RtlNetworks;

/// <summary>A network whose RTL is verified.</summary>
/// <param name="Network">Folder of an integer network, or a name.</param>
/// <param name="Accelerator">File of the design.</param>
/// <param name="Input">File of input codes; null for random ones.</param>
/// <param name="Images">Images that run.</param>
public sealed record ListedNetwork(string Network, string Accelerator, string? Input, int Images);

/// <summary>A list of networks whose RTL is verified: configs/verification/*.yaml, described in docs/rtl.md.</summary>
public sealed record NetworkList(string Name, ImmutableArray<ListedNetwork> Networks)
{
    private const int MaxNetworks = 1000, MaxImages = 10_000;

    /// <summary>The list of a file, or null after findings.</summary>
    public static NetworkList? Load(string path, SpecIssues issues)
    {
        int before = issues.Count;
        SpecSection root = SpecSection.Root(YamlFile.LoadWithBase(path, issues), issues);
        string name = root.RequiredString("name");
        string folder = Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".";
        ImmutableArray<ListedNetwork> networks = [.. root.RequiredSections("networks", 1, MaxNetworks).Select(section => Read(section, folder))];
        root.Finish();
        return issues.Count == before ? new(name, networks) : null;
    }

    private static ListedNetwork Read(SpecSection section, string folder)
    {
        string network = section.RequiredString("network");
        string place = Path.Combine(folder, network);
        if (!NetworkCatalogue.Has(network) && !Directory.Exists(place))
        {
            section.Issue("network", $"no such network, found '{network}', allowed a folder or {string.Join(", ", NetworkCatalogue.Names)}");
        }

        return new(
            NetworkCatalogue.Has(network) ? network : place, section.RequiredFile("accelerator") ?? "", section.OptionalFile("input"), section.OptionalInt("images", 1, 1, MaxImages));
    }
}
