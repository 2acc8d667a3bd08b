// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace RtlExport.Tools;

/// <summary>A folder is no bundle, or files of it are missing or were edited, or it is of another kind.</summary>
public sealed class BundleException(string message, ImmutableArray<string> files, bool isOfAnotherKind = false) : Exception(message)
{
    /// <summary>Whether nothing is damaged and it cannot be used here all the same: a bundle of another version or of other hardware than what it is to run with, a file that is no netlist.</summary>
    public bool IsOfAnotherKind { get; } = isOfAnotherKind;

    /// <summary>The files, as the manifest names them.</summary>
    public ImmutableArray<string> Files { get; } = files;
}

/// <summary>A tool refused the sources.</summary>
public sealed class RtlCompileException(string message, string logPath) : Exception(message)
{
    /// <summary>The tool's whole output.</summary>
    public string LogPath { get; } = logPath;
}
