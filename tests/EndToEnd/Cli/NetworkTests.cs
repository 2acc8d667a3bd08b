// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using AccelModel.Numerics;
using EndToEnd.House;
using Xunit;

namespace EndToEnd.Cli;

/// <summary><c>codesign network</c>, and random codes into what it writes.</summary>
public sealed class NetworkTests : IDisposable
{
    private readonly Workspace _place = Workspace.WithExperiment();

    private static string Design => Repository.PathOf("configs/accelerators/full-16x16-int8.yaml");

    public void Dispose() => _place.Dispose();

    [Fact]
    public void The_list_has_every_file()
    {
        JsonElement networks = Codesign.Run(_place, "network", "list", "--json").Succeeded().Json.GetProperty("networks");
        Assert.Equal(
            Directory.EnumerateFiles(Repository.PathOf("configs/networks"), "*.yaml").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal),
            networks.EnumerateArray().Select(network => network.GetProperty("name").GetString()));
    }

    [Fact]
    public void A_residual_network_runs_with_two_commands_and_every_engine_agrees()
    {
        JsonElement network = Codesign.Run(_place, "network", "resnet8", "--input-size", "12x16", "--seed", "7", "--out", "net", "--json").Succeeded().Json;
        Assert.Equal(77_706, network.GetProperty("parameters").GetInt64());
        byte[]? codes = null;
        foreach (string engine in new[] { "fast", "reference", "register" })
        {
            JsonElement result = Codesign.Run(
                _place, "simulate", "--network", "net", "--accelerator", Design, "--random-input", "3", "--images", "1", "--output", "y.npy", "--engine", engine, "--json").Succeeded().Json;
            Assert.Equal(network.GetProperty("macs").GetInt64(), result.GetProperty("layers").EnumerateArray().Sum(layer => layer.GetProperty("macs").GetInt64()));
            Assert.Equal(codes ??= File.ReadAllBytes(_place.PathOf("y.npy")), File.ReadAllBytes(_place.PathOf("y.npy")));
        }

        Assert.Equal([1, 1, 1, 10], NpyFile.Load(_place.PathOf("y.npy")).Shape.ToArray());
    }

    [Fact]
    public void A_name_stands_for_formats_that_the_design_runs()
    {
        string xnor = Repository.PathOf("configs/accelerators/xnor-32x32.yaml");
        Codesign.Run(_place, "network", "lenet5", "--for", xnor, "--out", "net").Succeeded();
        Codesign.Run(_place, "simulate", "--network", "net", "--accelerator", xnor, "--random-input", "2", "--images", "3", "--output", "folder.npy").Succeeded();
        Codesign.Run(_place, "simulate", "--network", "lenet5", "--accelerator", xnor, "--random-input", "2", "--images", "3", "--output", "name.npy").Succeeded();
        Assert.Equal(File.ReadAllBytes(_place.PathOf("folder.npy")), File.ReadAllBytes(_place.PathOf("name.npy")));
        Assert.Equal([3, 1, 1, 10], NpyFile.Load(_place.PathOf("name.npy")).Shape.ToArray());
    }

    [Theory]
    [InlineData("systolic-16x16-int8", "accumulator: {width: 10}")]
    [InlineData("codebook-16x16", "array: {codebook_value_width: 4}")]
    public void Numbers_that_a_narrow_design_has_no_room_for_become_its_greatest(string design, string change)
    {
        _place.Write("narrow.yaml", $"base: {Repository.PathOf($"configs/accelerators/{design}.yaml")}\n{change}\n");

        Codesign.Run(_place, "network", "lenet5", "--for", "narrow.yaml", "--out", "net").Succeeded();
        Codesign.Run(_place, "simulate", "--network", "net", "--accelerator", "narrow.yaml", "--random-input", "2", "--output", "folder.npy").Succeeded();
        Codesign.Run(_place, "simulate", "--network", "lenet5", "--accelerator", "narrow.yaml", "--random-input", "2", "--output", "name.npy", "--engine", "reference").Succeeded();

        Assert.Equal(File.ReadAllBytes(_place.PathOf("folder.npy")), File.ReadAllBytes(_place.PathOf("name.npy")));
    }

    [Theory]
    [InlineData("{kind: conv2d, name: second, input: input, channels: 6, kernel: 1}")]
    [InlineData("{kind: lookup, name: second, input: input, function: sigmoid}")]
    [InlineData("{kind: global_average_pool, name: second, input: input}")]
    public void What_a_matmul_reads_second_has_codes_that_the_design_takes_for_weights(string second)
    {
        _place.Write("attention.yaml", $$"""
            name: attention
            input: {height: 1, width: 5, channels: 6}
            layers:
              - {kind: conv2d, name: first, channels: 6, kernel: 1}
              - {{second}}
              - {kind: matmul, name: scores, inputs: [first, second], transpose: true}
            """);
        Codesign.Run(_place, "network", "attention.yaml", "--for", Design, "--out", "net").Succeeded();
        byte[]? codes = null;
        foreach (string engine in new[] { "fast", "reference", "register" })
        {
            Codesign.Run(_place, "simulate", "--network", "net", "--accelerator", Design, "--random-input", "3", "--output", "y.npy", "--engine", engine).Succeeded();
            Assert.Equal(codes ??= File.ReadAllBytes(_place.PathOf("y.npy")), File.ReadAllBytes(_place.PathOf("y.npy")));
        }
    }

    [Theory]
    [InlineData("unknown network, found 'lenet6' (did you mean 'lenet5'?)", "network", "lenet6")]
    [InlineData("Required argument 'NAME' missing for command: 'network'.", "network")]
    [InlineData("resnet8: layer 'stack1_add': add makes no codes of -1 and +1", "network", "resnet8", "--activation-bits", "1")]
    [InlineData("lenet5: no layer has the name 'conv9'", "network", "lenet5", "--layer", "conv9:weight_bits=3")]
    [InlineData("--layer: found 'conv1:bits=3', allowed NAME:KEY=VALUE,...", "network", "lenet5", "--layer", "conv1:bits=3")]
    [InlineData("layers[2].kind: the window is larger than its input, found an input of 1 x 1 x 6", "network", "lenet5", "--input-size", "3")]
    [InlineData("--input-size: found 'big', allowed SIZE or HEIGHTxWIDTH", "network", "lenet5", "--input-size", "big")]
    [InlineData("Option '--random-input' cannot be used with '--input'.", "simulate", "--network", "lenet5", "--accelerator", "accelerator.yaml", "--output", "y", "--input", "x", "--random-input", "1")]
    [InlineData("Option '--images' cannot be used without '--random-input'.", "simulate", "--network", "lenet5", "--accelerator", "accelerator.yaml", "--output", "y", "--input", "x", "--images", "1")]
    [InlineData("--images: found '0', allowed 1..100000", "simulate", "--network", "lenet5", "--accelerator", "accelerator.yaml", "--output", "y", "--random-input", "1", "--images", "0")]
    public void Bad_input_is_told(string finding, params string[] arguments) =>
        Assert.Contains(finding, Assert.Single(Codesign.Run(_place, arguments).Ended(2).Findings), StringComparison.Ordinal);
}
