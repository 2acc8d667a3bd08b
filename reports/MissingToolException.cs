// SPDX-License-Identifier: Apache-2.0
namespace Reports;

/// <summary>A program that an output needs is not installed. The message says how to get it.</summary>
/// <param name="tool">The program's name.</param>
/// <param name="remedy">The command that gets it.</param>
public sealed class MissingToolException(string tool, string remedy) : Exception($"{tool} is missing; get it with: {remedy}")
{
    /// <summary>The program's name.</summary>
    public string Tool { get; } = tool;
}
