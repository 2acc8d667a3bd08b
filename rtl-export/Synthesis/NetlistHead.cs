// SPDX-License-Identifier: Apache-2.0
using RtlExport.Tools;

namespace RtlExport.Synthesis;

/// <summary>The first line of a netlist: which configuration's programs it holds, or which hardware it is, whose programs are written.</summary>
internal static class NetlistHead
{
    private const string Configuration = "// configuration_sha256 ", Hardware = "// hardware_sha256 ";

    /// <summary>The line of a netlist with fixed programs.</summary>
    public static string Of(string configurationSha256) => $"{Configuration}{configurationSha256}\n";

    /// <summary>The line of a netlist whose programs are written.</summary>
    public static string OfHardware(string hardwareSha256) => $"{Hardware}{hardwareSha256}\n";

    /// <summary>The netlist's text.</summary>
    /// <exception cref="BundleException">It is no netlist, or one of other programs or other hardware than a bundle of <paramref name="bundles"/>.</exception>
    public static string Load(string file, IReadOnlyList<BundleManifest> bundles)
    {
        string text = File.Exists(file) ? File.ReadAllText(file) : throw new BundleException($"{file}: no such netlist, allowed one that synth wrote", [file], isOfAnotherKind: true);
        string head = text.Split('\n')[0];
        if (head.StartsWith(Hardware, StringComparison.Ordinal))
        {
            return bundles.FirstOrDefault(bundle => head[Hardware.Length..] != bundle.HardwareSha256) is BundleManifest other
                ? throw new BundleException($"{file}: is hardware {head[Hardware.Length..]}, the bundle {other.Directory} is for {other.HardwareSha256}", [file])
                : text;
        }

        return !head.StartsWith(Configuration, StringComparison.Ordinal) ? throw new BundleException($"{file}: not a netlist that synth wrote: its first line names no configuration", [file], isOfAnotherKind: true)
            : bundles.FirstOrDefault(bundle => head[Configuration.Length..] != bundle.ConfigurationSha256) is BundleManifest foreign
                ? throw new BundleException($"{file}: holds the programs of configuration {head[Configuration.Length..]}, the bundle {foreign.Directory} is of {foreign.ConfigurationSha256}", [file])
                : text;
    }
}
