// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Parsing;

namespace Cli.CommandLine;

/// <summary>For validators, which may not ask for the value of an option that has errors.</summary>
internal static class GivenOptions
{
    /// <summary>Whether an option stands on the command line.</summary>
    public static bool IsGiven(this CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };
}
