// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Xunit;

namespace EndToEnd.Cli;

/// <summary>What <c>--help</c> says.</summary>
public sealed partial class HelpTests : IDisposable
{
    private readonly Workspace _place = new();

    /// <inheritdoc/>
    public void Dispose() => _place.Dispose();

    [Fact]
    public void Every_command_has_help_in_words_and_shows_no_type_of_the_program()
    {
        string[] commands = [.. CommandNames().Matches(Help()).Select(match => match.Groups[1].Value)];
        Assert.Contains("area", commands);
        Assert.All(commands, command =>
        {
            string help = Help(command);
            Assert.Contains("Usage:\n  codesign " + command, help);
            Assert.DoesNotContain("System.", help);
            Assert.DoesNotContain(" { ", help);
        });

        string Help(params string[] command) => Codesign.Run(_place, [.. command, "--help"]).Succeeded().Output;
    }

    [GeneratedRegex(@"(?<=\nCommands:\n(?:.*\n)*)  ([a-z-]+) ")]
    private static partial Regex CommandNames();
}
