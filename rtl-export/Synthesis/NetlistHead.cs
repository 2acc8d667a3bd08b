// SPDX-License-Identifier: Apache-2.0
using RtlExport.Tools;

namespace RtlExport.Synthesis;

/// <summary>The first line of a netlist: which configuration's programs it holds.</summary>
internal static class NetlistHead
{
    private const string Before = "// configuration_sha256 ";

    /// <summary>The line.</summary>
    public static string Of(string configurationSha256) => $"{Before}{configurationSha256}\n";

    /// <summary>The netlist's text.</summary>
    /// <exception cref="BundleException">It is no netlist, or one of another configuration than <paramref name="manifest"/>.</exception>
    public static string Load(string file, BundleManifest manifest)
    {
        string text = File.Exists(file) ? File.ReadAllText(file) : throw new BundleException($"{file}: no such netlist, allowed one that synth --bitstream wrote", [file], isOfAnotherKind: true);
        string head = text.Split('\n')[0];
        return !head.StartsWith(Before, StringComparison.Ordinal) ? throw new BundleException($"{file}: not a netlist that synth --bitstream wrote: its first line names no configuration", [file], isOfAnotherKind: true)
            : head[Before.Length..] == manifest.ConfigurationSha256 ? text
            : throw new BundleException($"{file}: holds the programs of configuration {head[Before.Length..]}, the bundle {manifest.Directory} is of {manifest.ConfigurationSha256}", [file]);
    }
}
