// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks.Description;
using AccelModel.Specification.Yaml;
using Xunit;

namespace AccelModel.Tests.Networks.Description;

/// <summary>The files of configs/networks.</summary>
internal static class NamedNetworks
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "configs", "networks");

    /// <summary>Their names.</summary>
    public static IEnumerable<string> All => Directory.EnumerateFiles(Folder, "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal);

    /// <summary>The path of one.</summary>
    public static string PathOf(string name) => Path.Combine(Folder, name + ".yaml");

    /// <summary>One of them, perhaps with another input size.</summary>
    public static NetworkDescription Load(string name, int? size = null)
    {
        SpecIssues issues = [];
        SpecNode tree = YamlFile.LoadWithBase(PathOf(name), issues)!;
        if (size is int extent)
        {
            tree = tree.OverriddenBy(YamlFile.Parse($"input: {{height: {extent}, width: {extent}}}", "test", issues)!);
        }

        PlacedDescription? network = NetworkDescriptionFile.Read(tree, issues);
        Assert.Empty(issues);
        return network!.Network;
    }
}
