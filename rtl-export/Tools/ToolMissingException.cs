// SPDX-License-Identifier: Apache-2.0
namespace RtlExport.Tools;

/// <summary>A program that is needed is not installed.</summary>
public sealed class ToolMissingException(string tool, string command)
    : Exception($"{tool} is not installed; get it with: {command}")
{
    /// <summary>The program.</summary>
    public string Tool { get; } = tool;

    /// <summary>The command that installs it.</summary>
    public string Command { get; } = command;
}
