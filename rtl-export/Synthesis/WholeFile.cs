// SPDX-License-Identifier: Apache-2.0
namespace RtlExport.Synthesis;

/// <summary>Files that are there whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>Writes a text beside its place, and moves it there; its folder is made.</summary>
    public static void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        string staging = $"{file}.{Guid.NewGuid():N}";
        File.WriteAllText(staging, text);
        File.Move(staging, file, overwrite: true);
    }
}
