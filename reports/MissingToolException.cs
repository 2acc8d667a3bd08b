// SPDX-License-Identifier: Apache-2.0
namespace Reports;

/// <summary>A program that an output needs is not installed. The message says how to get it.</summary>
/// <param name="tool">The program's name.</param>
/// <param name="remedy">What to do, as an imperative: "install Debian's nodejs".</param>
public sealed class MissingToolException(string tool, string remedy) : Exception($"{tool} is missing: {remedy}")
{
    /// <summary>The program's name.</summary>
    public string Tool { get; } = tool;
}
