// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace RtlExport.Tools;

/// <summary>A folder is no bundle, or files of it are missing or were edited.</summary>
public sealed class BundleException(string message, ImmutableArray<string> files) : Exception(message)
{
    /// <summary>The files, as the manifest names them.</summary>
    public ImmutableArray<string> Files { get; } = files;
}

/// <summary>A tool refused the sources.</summary>
public sealed class RtlCompileException(string message, string logPath) : Exception(message)
{
    /// <summary>The tool's whole output.</summary>
    public string LogPath { get; } = logPath;
}
