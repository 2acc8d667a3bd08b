// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AccelModel.Networks.Description;
using AccelModel.Specification.Yaml;
using Cli.CommandLine;

namespace Cli.Networks;

/// <summary>The named networks of configs/networks, and descriptions in files of one's own (docs/network-file.md).</summary>
public static class NetworkCatalogue
{
    private const string Extension = ".yaml";

    /// <summary>The accelerator that they are timed on.</summary>
    public static string Accelerator => Path.Combine(ConfigurationFolder.Path, "accelerators", "full-16x16-int8.yaml");

    private static string Folder => Path.Combine(ConfigurationFolder.Path, "networks");

    /// <summary>Their names, in order.</summary>
    public static IReadOnlyList<string> Names =>
        [.. Directory.EnumerateFiles(Folder, "*" + Extension).Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    /// <summary>Whether a text is one of <see cref="Names"/>.</summary>
    public static bool Has(string name) => Names.Contains(name);

    /// <summary>The file of a name, or of what is a file already.</summary>
    /// <exception cref="CommandException">It is neither.</exception>
    public static string FileOf(string nameOrFile)
    {
        if (Has(nameOrFile))
        {
            return Path.Combine(Folder, nameOrFile + Extension);
        }

        if (File.Exists(nameOrFile))
        {
            return nameOrFile;
        }

        string suggestion = NearestName.Suggestion(nameOrFile, Names);
        throw new CommandException(ExitCode.BadInput, $"unknown network, found '{nameOrFile}'{suggestion}, allowed a file or {string.Join(", ", Names)}");
    }

    /// <summary>The description of a name or file.</summary>
    /// <param name="nameOrFile">One of <see cref="Names"/>, or a path.</param>
    /// <param name="size">Height and width of the input, in place of those of the file.</param>
    /// <exception cref="CommandException">It is neither name nor file.</exception>
    /// <exception cref="SpecException">Anything is wrong with it.</exception>
    public static NetworkDescription Load(string nameOrFile, (int Height, int Width)? size = null)
    {
        var issues = new SpecIssues();
        SpecNode? tree = YamlFile.LoadWithBase(FileOf(nameOrFile), issues);
        if (tree is not null && size is (int height, int width))
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"input: {{height: {height}, width: {width}}}");
            tree = tree.OverriddenBy(YamlFile.Parse(text, "--input-size", issues)!);
        }

        PlacedDescription? network = tree is null ? null : NetworkDescriptionFile.Read(tree, issues);
        issues.ThrowIfAny();
        return network!.Network;
    }
}
