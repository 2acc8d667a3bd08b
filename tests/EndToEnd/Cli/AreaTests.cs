// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using EndToEnd.House;
using Xunit;

namespace EndToEnd.Cli;

/// <summary><c>codesign area</c> and <c>codesign synth</c>: what programs read of them, and what they refuse.</summary>
public sealed class AreaTests : IDisposable
{
    private static readonly string Tiny = Repository.PathOf("configs/accelerators/tiny-4x4.yaml");

    private static readonly string[] Resources = ["lut", "ff", "dsp", "bram"];

    private readonly Workspace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("xc7", JsonValueKind.Null)]
    [InlineData("xcup", JsonValueKind.Null)]
    [InlineData("ecp5", JsonValueKind.Null)]
    [InlineData("ice40up5k", JsonValueKind.Number)]
    public void Area_names_every_resource_and_a_clock_where_one_is_known(string target, JsonValueKind clock)
    {
        JsonElement area = Codesign.Run(_place, "area", "--accelerator", Tiny, "--target", target, "--json").Succeeded().Json;
        Assert.Equal(
            ["target", .. Resources, "fmax_mhz", "provenance", "note", "error", "clock_error", "bias", "device"], area.EnumerateObject().Select(member => member.Name));
        Assert.Equal(target, area.GetProperty("target").GetString());
        Assert.All(Resources, resource => Assert.InRange(area.GetProperty(resource).GetInt64(), 1, 100_000));
        Assert.Equal((clock, "estimated"), (area.GetProperty("fmax_mhz").ValueKind, area.GetProperty("provenance").GetString()));
    }

    /// <summary>The smallest array there is; the table of modules adds up to the total.</summary>
    [Fact]
    public void Synth_prints_and_writes_the_same_object_whose_modules_add_up()
    {
        _place.Write("one.yaml", File.ReadAllText(Tiny).Replace("rows: 4", "rows: 1", StringComparison.Ordinal).Replace("columns: 4", "columns: 1", StringComparison.Ordinal));
        (string, string)[] cache = [("CODESIGN_CACHE", _place.PathOf("cache"))];
        CommandResult result = Codesign.Run(_place, cache, "synth", "--accelerator", "one.yaml", "--target", "xc7", "--out", "synth.json", "--json").Succeeded();
        Assert.Equal(result.Output, _place.Read("synth.json"));
        Assert.Equal(
            ["target", "bus", "tool", .. Resources, "carry", "cells", "fmax_mhz", "timing", "bitstream", "device", "modules"], result.Json.EnumerateObject().Select(member => member.Name));
        JsonElement[] modules = [.. result.Json.GetProperty("modules").EnumerateArray()];
        foreach (string resource in Resources)
        {
            long total = result.Json.GetProperty(resource).GetInt64();
            Assert.Equal(total, modules.Sum(module => module.GetProperty("instances").GetInt64() * module.GetProperty("own").GetProperty(resource).GetInt64()));
            Assert.Equal(total, modules.Single(module => module.GetProperty("name").GetString() == "accelerator").GetProperty("cumulative").GetProperty(resource).GetInt64());
        }

        // What was mapped once is kept; a device of another size has the same modules.
        CommandResult again = Codesign.Run(_place, cache, "synth", "--accelerator", "one.yaml", "--device", "artix-35t", "--json").Succeeded();
        Assert.Equal(result.Json.GetProperty("lut").GetInt64(), again.Json.GetProperty("lut").GetInt64());
        Assert.True(again.Json.GetProperty("device").GetProperty("fits").GetBoolean());
    }

    [Theory]
    [InlineData("area --accelerator ACCELERATOR --device artix-35t --target ecp5", "--target: found ecp5, allowed xc7, the family of artix-35t, or none")]
    [InlineData("synth --accelerator ACCELERATOR --device up5k --target xc7", "--target: found xc7, allowed ice40up5k, the family of up5k, or none")]
    [InlineData("area --accelerator ACCELERATOR --device artx-35t", "unknown device, found 'artx-35t' (did you mean 'artix-35t'?)")]
    [InlineData("synth nowhere --target xc7", "nowhere: not an RTL bundle, found no manifest.json")]
    [InlineData("synth --target xc7", "synth takes a bundle or --accelerator, found neither")]
    public void What_cannot_be_meant_is_refused(string command, string finding)
    {
        CommandResult result = Codesign.Run(_place, [.. command.Split(' ').Select(word => word == "ACCELERATOR" ? Tiny : word)]).Ended(2);
        Assert.StartsWith(finding, Assert.Single(result.Findings));
        Assert.Empty(result.Output);
    }
}
