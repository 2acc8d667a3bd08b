// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Cli.Commands;
using EndToEnd.House;
using Xunit;

namespace EndToEnd.Cli;

/// <summary><c>codesign explain</c>.</summary>
public sealed class ExplainTests : IDisposable
{
    private readonly Workspace _place = new();

    /// <inheritdoc/>
    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("lenet5", "systolic-16x16-int8", "output: { double_buffered: false }")]
    [InlineData("lenet5", "tiny-4x4", "activation: { double_buffered: false }")]
    [InlineData("transformer_block", "full-16x16-int8", "weight: { double_buffered: false }, factor: { double_buffered: false }")]
    public void A_design_with_the_keys_of_a_change_takes_the_cycles_that_it_promises(string network, string accelerator, string buffers)
    {
        string design = Repository.PathOf($"configs/accelerators/{accelerator}.yaml");
        _place.Write("small.yaml", $$"""
            base: {{design}}
            buffers: { {{buffers}} }
            """);

        JsonElement explanation = Codesign.Run(_place, "explain", network, "--accelerator", "small.yaml", "--json").Succeeded().Json;

        string layer = explanation.GetProperty("layer").GetString()!;
        Assert.Equal(explanation.GetProperty("cycles").GetInt64(), Time(network, "small.yaml", layer).Layer);
        JsonElement[] changes = [.. explanation.GetProperty("changes").EnumerateArray()];
        Assert.InRange(changes.Length, 8, 20);
        foreach (JsonElement change in changes)
        {
            string file = "small.yaml";
            foreach ((int index, JsonProperty set) in change.GetProperty("set").EnumerateObject().Index())
            {
                string[] keys = set.Name.Split('.');
                string changed = $"changed{index}.yaml";
                _place.Write(changed, $"base: {file}\n{string.Join(": {", keys)}: {set.Value.GetRawText()}{new string('}', keys.Length - 1)}\n");
                Assert.Contains($"{set.Name}: {set.Value}".ToLowerInvariant(), change.GetProperty("change").GetString());
                file = changed;
            }

            Assert.Equal((change.GetProperty("layer_cycles").GetInt64(), change.GetProperty("cycles").GetInt64()), Time(network, file, layer));
        }
    }

    [Fact]
    public void A_network_that_is_nowhere_is_named_with_the_nearest_one()
    {
        CommandResult result = Codesign.Run(_place, "explain", "lenet55", "--accelerator", Repository.PathOf("configs/accelerators/tiny-4x4.yaml"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("lenet55:1:1: cannot be read, found no such folder (did you mean 'lenet5'?)", result.Error);
    }

    private (long Layer, long Inference) Time(string name, string file, string layer)
    {
        string path = _place.PathOf(file);
        (IntegerNetwork network, AcceleratorSpec accelerator) = Inputs.Load(name, path);
        Schedule schedule = Inputs.Schedule(network, name, accelerator, path);
        TimingResult timing = FastEngine.Time(schedule);
        return (timing.Layers.Where(time => network.Layers[time.NetworkLayer].Name == layer).Sum(time => time.Cycles), timing.Cycles);
    }
}
