// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace EndToEnd.Cli;

/// <summary><c>codesign verify</c>: it passes what the model says, and nothing else.</summary>
[Collection(TrainedRunTests.Name)]
public sealed class RtlTests(TrainedRun run)
{
    [Theory]
    [InlineData("verilator")]
    [InlineData("icarus")]
    public void The_bundle_of_a_run_passes(string simulator)
    {
        using Workspace place = Bundle();
        CommandResult result = Codesign.Run(place, "verify", "rtl", "--simulator", simulator, "--json").Succeeded();
        Assert.Equal(simulator, result.Json.GetProperty("simulator").GetString());
        Assert.Equal(0, result.Json.GetProperty("bit_mismatches").GetInt64());
        Assert.Equal(0, result.Json.GetProperty("cycle_mismatches").GetInt64());
        Assert.Equal(run.Result.Json.GetProperty("verification").GetProperty("vectors").GetInt64(), result.Json.GetProperty("vectors").GetInt64());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("77")]
    public void A_memory_that_stalls_at_random_changes_no_bit(string seed)
    {
        using Workspace place = Bundle();
        CommandResult result = Codesign.Run(place, "verify", "rtl", "--simulator", "icarus", "--stalls", seed, "--json").Succeeded();
        Assert.Equal(0, result.Json.GetProperty("bit_mismatches").GetInt64());
        Assert.InRange(result.Json.GetProperty("vectors").GetInt64(), 1000, long.MaxValue);
    }

    [Fact]
    public void One_changed_line_of_rtl_fails_with_the_first_difference_and_the_module()
    {
        using Workspace place = Bundle();
        place.Edit("rtl/pe_multiply.sv", "assign product_o = g_lane[Lanes-1].sum;", "assign product_o = g_lane[Lanes-1].sum + 1;");
        CommandResult result = Codesign.Run(place, "verify", "rtl", "--simulator", "icarus").Ended(1);
        Assert.StartsWith("FAIL icarus: ", result.Output);
        Assert.Contains("edited: pe_multiply.sv", result.Error);
        string difference = Assert.Single(result.Findings);
        Assert.Matches(@"layer \w+, unit store, tile \d+, cycle \d+, row \d+, column \d+, channel \d+, array column \d+: expected -?\d+, found -?\d+", difference);
        Assert.Matches(@"instruction store \d+ +layer \d+ .*MemoryAddress=\d+", result.Error);
    }

    [Fact]
    public void A_line_that_does_not_compile_is_shown()
    {
        using Workspace place = Bundle();
        place.Edit("rtl/pe_multiply.sv", "assign product_o = g_lane[Lanes-1].sum;", "assign product_o = g_lane[Lanes-1].sum");
        CommandResult result = Codesign.Run(place, "verify", "rtl", "--simulator", "icarus").Ended(1);
        Assert.Contains("pe_multiply.sv:", Assert.Single(result.Findings));
    }

    [Theory]
    [InlineData("vectors/layer_000.memh")]
    [InlineData("vectors/requantizer.memh")]
    [InlineData("accel_params.vh")]
    [InlineData("accel_pkg.sv")]
    [InlineData("params.json")]
    [InlineData("tb/bench.sv")]
    public void An_edited_file_that_is_no_module_is_refused_by_name(string file)
    {
        using Workspace place = Bundle();
        byte[] bytes = File.ReadAllBytes(place.PathOf("rtl/" + file));
        int digit = Array.FindLastIndex(bytes, value => value is >= (byte)'0' and <= (byte)'8');
        bytes[digit]++;
        File.WriteAllBytes(place.PathOf("rtl/" + file), bytes);
        CommandResult result = Codesign.Run(place, "verify", "rtl", "--simulator", "icarus").Ended(1);
        Assert.Contains($"{file} was edited", Assert.Single(result.Findings));
        Assert.Empty(result.Output);
    }

    [Fact]
    public void A_missing_file_and_an_edited_manifest_are_refused()
    {
        using Workspace place = Bundle();
        File.Delete(place.PathOf("rtl/vectors/input.memh"));
        Assert.Contains("vectors/input.memh is missing", Assert.Single(Codesign.Run(place, "verify", "rtl", "--simulator", "icarus").Ended(1).Findings));

        using Workspace other = Bundle();
        other.Edit("rtl/manifest.json", run.Result.Json.GetProperty("config_sha256").GetString()!, new string('0', 64));
        Assert.Contains("manifest.json was edited", Assert.Single(Codesign.Run(other, "verify", "rtl", "--simulator", "icarus").Ended(1).Findings));
    }

    /// <summary>An area of other constants would be that of another design.</summary>
    [Theory]
    [InlineData("accel_pkg.sv", "ArrayRows = ", "ArrayRows = 1")]
    [InlineData("manifest.json", "\"version\": ", "\"version\":  ")]
    [InlineData("filelist.f", "lfsr.sv", "dma_engine.sv")]
    public void Synth_refuses_a_bundle_whose_constants_were_edited(string file, string from, string to)
    {
        using Workspace place = Bundle();
        place.Edit("rtl/" + file, from, to);
        CommandResult result = Codesign.Run(place, "synth", "rtl", "--target", "xc7").Ended(1);
        Assert.Contains($"{file} was edited", Assert.Single(result.Findings));
        Assert.Empty(result.Output);
    }

    private Workspace Bundle()
    {
        var place = new Workspace();
        place.Copy($"../{Path.GetFileName(run.Place.Root)}/run/rtl", "rtl");
        return place;
    }
}
