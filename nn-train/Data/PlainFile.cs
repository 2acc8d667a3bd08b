// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Data;

/// <summary>Files that can be read to an end: a named pipe blocks whoever opens it, and some devices never end.</summary>
internal static class PlainFile
{
    /// <summary>Refuses what has no content of its own, links followed: pipes, devices and empty files all have the length 0.</summary>
    /// <exception cref="DatasetException">There is nothing to read.</exception>
    internal static void Require(string path)
    {
        FileSystemInfo? target = File.ResolveLinkTarget(path, returnFinalTarget: true);
        if (new FileInfo(target?.FullName ?? path).Length == 0)
        {
            throw new DatasetException($"{path}: empty, or not a plain file");
        }
    }
}
