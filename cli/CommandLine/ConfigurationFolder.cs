// SPDX-License-Identifier: Apache-2.0
namespace Cli.CommandLine;

/// <summary>The folder <c>configs</c>: the repository's, or where the command lies outside of it the copy beside it.</summary>
public static class ConfigurationFolder
{
    /// <summary>Its path.</summary>
    public static string Path { get; } = System.IO.Path.Combine(
        new[] { CommandContext.Repository, AppContext.BaseDirectory }.First(root => root == AppContext.BaseDirectory || Directory.Exists(System.IO.Path.Combine(root, "configs", "networks"))), "configs");
}
