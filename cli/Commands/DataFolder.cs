// SPDX-License-Identifier: Apache-2.0
using Cli.CommandLine;

namespace Cli.Commands;

/// <summary>Where data sets are kept.</summary>
public static class DataFolder
{
    /// <summary><c>CODESIGN_DATA</c>, else <c>data</c> in the repository.</summary>
    public static string Path =>
        Environment.GetEnvironmentVariable("CODESIGN_DATA") is { Length: > 0 } folder ? folder : System.IO.Path.Combine(CommandContext.Repository, "data");
}
