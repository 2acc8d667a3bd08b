// SPDX-License-Identifier: Apache-2.0
using RtlExport.Tools;
using RtlExport.Vectors;

namespace RtlExport.Tests.Support;

/// <summary>Writes, changes and verifies bundles.</summary>
internal static class Bundles
{
    private static readonly Lazy<string> Compiled = new(() =>
    {
        string folder = Directory.CreateTempSubdirectory("rtl-benches-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    });

    /// <summary>Compiled benches of all tests side by side, under the hash of their sources: what Verilator needs beside a design is compiled once. Without optimisation, which costs more than these runs take.</summary>
    public static VerificationOptions Shared => new() { WorkDirectory = Compiled.Value, Quick = true };

    /// <summary>Stands for the hash of a configuration.</summary>
    public static string Configuration { get; } = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));

    public static string Write(this Sample sample, TemporaryFolder folder, string name = "rtl", string? configuration = null)
    {
        string path = folder.At(name);
        RtlBundle.Write(sample.Schedule, sample.Timing, sample.Vectors, configuration ?? Configuration, path);
        return path;
    }

    /// <summary>Replaces the only place of a text in a file of the bundle.</summary>
    public static void Edit(string bundle, string file, string from, string to)
    {
        string path = Path.Combine(bundle, file);
        string text = File.ReadAllText(path);
        Assert.Equal(2, text.Split(from).Length);
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
    }

    /// <summary>Runs one of the bundle's own scripts.</summary>
    public static ToolRun RunScript(string bundle, string script, params string[] arguments) =>
        ExternalTool.Run(Path.Combine(bundle, script), arguments, bundle, TimeSpan.FromMinutes(5));

    public static void AssertPassed(VerificationResult result)
    {
        Assert.True(result.Passed, result.Output);
        Assert.Equal(0, result.BitMismatches);
        Assert.Equal(0, result.CycleMismatches);
        Assert.Null(result.FirstDifference);
    }
}
