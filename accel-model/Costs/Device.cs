// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;

namespace AccelModel.Costs;

/// <summary>LUTs, flip-flops, multiplier blocks and memory blocks: what a design takes, or what a device has.</summary>
/// <param name="Lut">Look-up tables.</param>
/// <param name="FlipFlops">Flip-flops.</param>
/// <param name="Dsp">Multiplier blocks.</param>
/// <param name="BlockRam">Blocks of memory, in the unit of the family (docs/area.md).</param>
public readonly record struct FpgaResources(double Lut, double FlipFlops, double Dsp, double BlockRam)
{
    /// <summary>Resource by resource, with its name in files and reports.</summary>
    public ImmutableArray<(string Name, double Amount)> All => [("lut", Lut), ("ff", FlipFlops), ("dsp", Dsp), ("bram", BlockRam)];
}

/// <summary>Share of one resource of a device that a design takes.</summary>
/// <param name="Resource">lut, ff, dsp or bram.</param>
/// <param name="Needed">What the design takes.</param>
/// <param name="Available">What the device has.</param>
public sealed record DeviceShare(string Resource, double Needed, double Available)
{
    /// <summary>Needed over available; infinite where there is none.</summary>
    public double Utilization => Needed == 0 ? 0 : Needed / Available;

    /// <summary>By how much it is too much; 0 where it fits.</summary>
    public double Excess => Math.Max(0, Needed - Available);
}

/// <summary>One FPGA device, as its data sheet describes it.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Title">The maker's name.</param>
/// <param name="Target">The family that it belongs to.</param>
/// <param name="Resources">What it has.</param>
/// <param name="Source">Where the figures stand.</param>
public sealed record Device(string Name, string Title, string Target, FpgaResources Resources, string Source)
{
    /// <summary>What of it a design takes, resource by resource.</summary>
    public ImmutableArray<DeviceShare> Shares(FpgaResources design) =>
        [.. design.All.Zip(Resources.All, (needed, available) => new DeviceShare(needed.Name, needed.Amount, available.Amount))];

    /// <summary>The device of a file, or null after findings.</summary>
    public static Device? Load(string path, SpecIssues issues)
    {
        if (YamlFile.Load(path, issues) is not SpecNode tree)
        {
            return null;
        }

        SpecIssues found = [];
        SpecSection root = SpecSection.Root(tree, found);
        int Amount(string key) => root.RequiredInt(key, 0, int.MaxValue);
        var device = new Device(
            root.RequiredString("name"), root.RequiredString("title"), root.RequiredString("target"), new(Amount("lut"), Amount("ff"), Amount("dsp"), Amount("bram")), root.RequiredString("source"));
        root.Finish();
        foreach (SpecIssue issue in found)
        {
            issues.Add(issue);
        }

        return found.Count == 0 ? device : null;
    }
}
