// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace RtlExport.Vectors;

/// <summary>The hand-written files of <c>rtl/</c>, <c>tb/</c> and <c>scripts/</c>, as the library carries them: those of <c>rtl/axi/</c> and <c>tb/axi/</c> as <c>axi/</c> and <c>axi_tb/</c>.</summary>
public static class RtlSources
{
    private static readonly Assembly Library = typeof(RtlSources).Assembly;

    /// <summary>Names of the modules' files, sorted; <c>accel_pkg.sv</c> is not among them, since every bundle has its own.</summary>
    public static IReadOnlyList<string> Modules { get; } = Names("rtl/");

    /// <summary>Names of the benches' files, sorted.</summary>
    public static IReadOnlyList<string> Benches { get; } = Names("tb/");

    /// <summary>Names of the files of <c>rtl/axi/</c>, sorted: what puts the accelerator on a system bus.</summary>
    public static IReadOnlyList<string> BusModules { get; } = Names("axi/");

    /// <summary>Names of the files of <c>tb/axi/</c>, sorted: the bench of the accelerator on a system bus.</summary>
    public static IReadOnlyList<string> BusBenches { get; } = Names("axi_tb/");

    /// <summary>Names of the scripts, sorted.</summary>
    public static IReadOnlyList<string> Scripts { get; } = Names("scripts/");

    /// <summary>SHA-256 over names and texts of modules and benches, without those of the system bus, in lower-case hex: what a result about the RTL is about.</summary>
    public static string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(
        Modules.Select(name => "rtl/" + name).Concat(Benches.Select(name => "tb/" + name)).Select(path => $"{path}\n{Read(path)}\n")))));

    /// <summary>The text of <paramref name="path"/>, such as <c>rtl/ram.sv</c>.</summary>
    public static string Read(string path)
    {
        using Stream stream = Library.GetManifestResourceStream(path) ?? throw new FileNotFoundException($"the library carries no file {path}", path);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static IReadOnlyList<string> Names(string prefix) =>
        [.. Library.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]).Order(StringComparer.Ordinal)];
}
