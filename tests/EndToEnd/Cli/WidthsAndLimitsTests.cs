// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using EndToEnd.House;
using Xunit;

namespace EndToEnd.Cli;

/// <summary>Sufficient widths and limits as a user meets them.</summary>
public sealed class WidthsAndLimitsTests : IDisposable
{
    private readonly Workspace _place = Workspace.WithExperiment();

    private static string Design => Repository.PathOf("configs/accelerators/full-16x16-int8.yaml");

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Widths_are_shown_three_ways_each_no_wider_than_the_one_before()
    {
        JsonElement layers = Codesign.Run(_place, "widths", "--network", "lenet5", "--accelerator", Design, "--random-input", "3", "--images", "2", "--json").Succeeded().Json.GetProperty("layers");
        Assert.Equal(5, layers.GetArrayLength());
        foreach (JsonElement layer in layers.EnumerateArray())
        {
            int byType = layer.GetProperty("type_bound_bits").GetInt32(), byWeights = layer.GetProperty("weight_bound_bits").GetInt32();
            Assert.InRange(byWeights, 1, byType);
            Assert.InRange(layer.GetProperty("observed_partial_sum_bits").GetInt32(), 1, byWeights);
            Assert.InRange(layer.GetProperty("observed_accumulator_bits").GetInt32(), 1, byWeights);
        }
    }

    [Theory]
    [InlineData("MiB of memory, allowed 1 (--max-memory)", "--max-memory", "1")]
    [InlineData("s for 4,165,200,000 multiply-accumulates, allowed 1 (--max-seconds)", "--max-seconds", "1")]
    [InlineData("--max-seconds: found '0', allowed 1 or more", "--max-seconds", "0")]
    [InlineData("--max-seconds: found '0.5', allowed 1 or more", "--max-seconds", "0.5")]
    [InlineData("--max-memory: found '1GB', allowed 1 or more", "--max-memory", "1GB")]
    public void What_would_take_more_than_a_limit_is_refused_before_it_starts(string expected, string option, string value)
    {
        CommandResult result = Codesign.Run(_place, "simulate", "--network", "lenet5", "--accelerator", Design, "--random-input", "1", "--images", "10000", "--output", "o.npy", option, value).Ended(2);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_place.PathOf("o.npy")));
    }
}
