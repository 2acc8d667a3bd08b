// SPDX-License-Identifier: Apache-2.0
namespace RtlExport.Tests.Support;

/// <summary>A folder that is gone after the test; its name has a space in it where nothing else is said.</summary>
internal sealed class TemporaryFolder(string prefix = "rtl export ") : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory(prefix).FullName;

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
