// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace RtlExport.Tools;

/// <summary>A folder is no bundle, or files of it are missing or were edited, or it is of another kind.</summary>
public sealed class BundleException(string message, ImmutableArray<string> files, bool isOfAnotherKind = false) : Exception(message)
{
    /// <summary>Whether it is a sound bundle that cannot be used here: of another version, or of other hardware than the one beside it.</summary>
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
