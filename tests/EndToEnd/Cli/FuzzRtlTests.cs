// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Xunit;

namespace EndToEnd.Cli;

/// <summary><c>codesign fuzz-rtl</c>: random designs with random networks agree with the model, and the run can be interrupted.</summary>
public sealed class FuzzRtlTests
{
    [Theory]
    [InlineData("verilator", 12, 5000)]
    [InlineData("icarus", 12, 5000)]
    public void Twelve_random_designs_with_two_networks_each_agree_in_every_bit_and_cycle(string simulator, int designs, int seed)
    {
        using var place = new Workspace();
        JsonElement result = Codesign.Run(place, "fuzz-rtl", "--designs", $"{designs}", "--seed", $"{seed}", "--networks", "2", "--simulator", simulator, "--json").Succeeded().Json;
        Assert.Equal(designs, result.GetProperty("designs").GetInt32());
        Assert.Equal(2 * designs, result.GetProperty("networks").GetInt32());
        Assert.Equal(0, result.GetProperty("bit_mismatches").GetInt64());
        Assert.Equal(0, result.GetProperty("cycle_mismatches").GetInt64());
        Assert.Equal(0, result.GetProperty("failures").GetArrayLength());
        Assert.InRange(result.GetProperty("vectors").GetInt64(), 1000 * designs, long.MaxValue);
    }

    [Fact]
    public void A_run_goes_on_where_it_stopped_and_only_with_the_same_choices()
    {
        using var place = new Workspace();
        string[] run = ["fuzz-rtl", "--seed", "7", "--networks", "1", "--simulator", "icarus", "--workers", "1", "--out", "fuzz", "--json"];
        JsonElement two = Codesign.Run(place, [.. run, "--designs", "2"]).Succeeded().Json;

        // As if it had been killed while it wrote the second design's line.
        string[] lines = place.Read("fuzz/designs.jsonl").Split('\n');
        place.Write("fuzz/designs.jsonl", lines[0] + "\n" + lines[1][..20]);

        Assert.Contains("--resume", Codesign.Run(place, [.. run, "--designs", "2"]).Ended(2).Error);
        JsonElement resumed = Codesign.Run(place, [.. run, "--designs", "3", "--resume"]).Succeeded().Json;
        Assert.Equal(3, resumed.GetProperty("designs").GetInt32());
        Assert.True(resumed.GetProperty("vectors").GetInt64() > two.GetProperty("vectors").GetInt64());
        Assert.StartsWith(lines[0], place.Read("fuzz/designs.jsonl"));

        // Nothing is left to do, and nothing is told of it.
        CommandResult again = Codesign.Run(place, [.. run, "--designs", "3", "--resume"]).Succeeded();
        Assert.Equal((resumed.GetProperty("vectors").GetInt64(), ""), (again.Json.GetProperty("vectors").GetInt64(), again.Error));
        Assert.Contains("another seed", Codesign.Run(place, ["fuzz-rtl", "--designs", "2", "--seed", "8", "--simulator", "icarus", "--out", "fuzz", "--resume"]).Ended(2).Error);
    }

    [Fact]
    public void Counts_below_one_are_refused()
    {
        using var place = new Workspace();
        Assert.Contains("--designs: found '0', allowed 1..1000000", Codesign.Run(place, "fuzz-rtl", "--designs", "0").Ended(2).Error);
        Assert.Contains("--networks: found '-1', allowed 1..1000", Codesign.Run(place, "fuzz-rtl", "--networks", "-1").Ended(2).Error);
    }
}
