// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification.Yaml;
using Xunit;

namespace AccelModel.Tests.Networks;

/// <summary>Saving, loading, and networks written by hand.</summary>
public sealed class NetworkFileTests
{
    /// <summary>The worked examples of docs/network-format.md.</summary>
    private static readonly string[] Examples =
    [
        .. Regex.Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "network-format.md")), "```json\n(?<json>.*?)```", RegexOptions.Singleline)
            .Select(match => match.Groups["json"].Value),
    ];

    /// <summary>The first of them.</summary>
    internal static string WorkedExample => Examples[0];

    [Fact]
    public void The_worked_example_of_the_documentation_loads_and_gives_the_codes_that_it_says()
    {
        using TemporaryDirectory folder = new();
        folder.Write("example/network.json", WorkedExample);
        IntegerNetwork network = LoadWithoutFindings(folder["example"]);
        InterpreterResult result = ReferenceInterpreter.Run(network, [1, 2, 3, 4, 5, 6, 7, 8, 9], 1);
        Assert.Equal([6, 8, 11, 11], result.LayerOutputs[0]);
        Assert.Equal([3, 2], result.Output);
    }

    [Fact]
    public void The_worked_example_with_branches_loads_and_gives_the_codes_that_it_says()
    {
        using TemporaryDirectory folder = new();
        folder.Write("example/network.json", Examples[1]);
        InterpreterResult result = ReferenceInterpreter.Run(LoadWithoutFindings(folder["example"]), [3, -5, 7, 2], 1);
        Assert.Equal([[-1, 5], [7, 7], [4, 8]], result.LayerOutputs.ToArray());
    }

    [Fact]
    public void The_same_network_gives_the_same_bytes()
    {
        using TemporaryDirectory folder = new();
        NetworkFile.Save(TestNetworks.Chain(), folder["a"]);
        NetworkFile.Save(TestNetworks.Chain(), folder["b"]);
        string[] names = [.. Directory.GetFiles(folder["a"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.Equal(
            [
                "conv.bias.npy", "conv.multiplier.npy", "conv.shift.npy", "conv.weights.npy",
                "fc.bias.npy", "fc.shift.npy", "fc.weights.npy", "network.json",
            ],
            names);
        Assert.All(names, name => Assert.Equal(File.ReadAllBytes(Path.Combine(folder["a"], name)), File.ReadAllBytes(Path.Combine(folder["b"], name))));
    }

    [Fact]
    public void Json_is_indented_by_two_with_line_feeds_and_ends_in_one()
    {
        using TemporaryDirectory folder = new();
        NetworkFile.Save(TestNetworks.Chain(), folder["a"]);
        string json = File.ReadAllText(Path.Combine(folder["a"], "network.json"));
        Assert.StartsWith(
            "{\n  \"format_version\": 1,\n  \"name\": \"chain\",\n  \"input\": { \"height\": 4, \"width\": 4, \"channels\": 1, \"format\": \"ufix8_En0\" },\n  \"layers\": [\n    {\n      \"kind\": \"conv2d\",",
            json,
            StringComparison.Ordinal);
        Assert.EndsWith("\n}\n", json, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', json);
    }

    [Theory]
    [InlineData(true, 4, NpyType.Int8)]
    [InlineData(true, 9, NpyType.Int16)]
    [InlineData(true, 17, NpyType.Int32)]
    [InlineData(false, 8, NpyType.UInt8)]
    [InlineData(false, 9, NpyType.UInt16)]
    public void Weights_take_the_smallest_type_that_holds_their_format(bool signed, int width, NpyType type)
    {
        using TemporaryDirectory folder = new();
        IntegerNetwork network = TestNetworks.Dense(TestNetworks.U8, [1, 2, 3])
            .With<DenseLayer>(0, layer => layer with { WeightFormat = new FixedPointFormat(signed, width, 0) });
        NetworkFile.Save(network, folder["a"]);
        NpyArray weights = NpyFile.Load(Path.Combine(folder["a"], "fc.weights.npy"));
        Assert.Equal(type, weights.Type);
        Assert.Equal([1, 3], weights.Shape.ToArray());
    }

    [Fact]
    public void A_network_at_the_place_is_replaced_and_nothing_else_is_left_behind()
    {
        using TemporaryDirectory folder = new();
        NetworkFile.Save(TestNetworks.Chain(), folder["a"]);
        IntegerNetwork second = TestNetworks.Dense(TestNetworks.U8, [1]);
        NetworkFile.Save(second, folder["a"]);
        Assert.Equal(second, LoadWithoutFindings(folder["a"]));
        Assert.Equal(4, Directory.GetFiles(folder["a"]).Length);
        Assert.Equal([folder["a"]], Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public void A_directory_with_something_else_is_not_replaced()
    {
        using TemporaryDirectory folder = new();
        string kept = folder.Write("a/thesis.txt", "important");
        Assert.Throws<IOException>(() => NetworkFile.Save(TestNetworks.Chain(), folder["a"]));
        Assert.Equal("important", File.ReadAllText(kept));
        Assert.Equal([folder["a"]], Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public void A_network_that_is_not_well_formed_is_not_saved()
    {
        using TemporaryDirectory folder = new();
        IntegerNetwork network = TestNetworks.Chain() with { Layers = [] };
        Assert.Throws<ArgumentException>(() => NetworkFile.Save(network, folder["a"]));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public void Checksums_may_be_left_out()
    {
        using TemporaryDirectory folder = new();
        NetworkFile.Save(TestNetworks.Chain(), folder["a"]);
        string path = Path.Combine(folder["a"], "network.json");
        File.WriteAllText(path, Regex.Replace(File.ReadAllText(path), ",\n  \"files\": \\{[^}]*\\}", ""));
        Assert.Equal(TestNetworks.Chain(), LoadWithoutFindings(folder["a"]));
    }

    [Fact]
    public void Any_integer_type_of_a_file_will_do()
    {
        using TemporaryDirectory folder = new();
        folder.Write("a/network.json", WorkedExample.Replace("[[1, 1, -1, 0], [0, -2, 1, 1]]", "\"w.npy\"", StringComparison.Ordinal));
        NpyFile.Save(Path.Combine(folder["a"], "w.npy"), NpyArray.FromIntegers<int>(NpyType.Int64, [2, 4], [1, 1, -1, 0, 0, -2, 1, 1]));
        Assert.Equal([3, 2], ReferenceInterpreter.Run(LoadWithoutFindings(folder["a"]), [1, 2, 3, 4, 5, 6, 7, 8, 9], 1).Output);
    }

    [Fact]
    public void Tabs_a_byte_order_mark_and_carriage_returns_are_plain_json_too()
    {
        using TemporaryDirectory folder = new();
        string text = WorkedExample.Replace("  ", "\t", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal);
        folder.Write("a/network.json", "\uFEFF" + text);
        Assert.Equal("worked-example", LoadWithoutFindings(folder["a"]).Name);
    }

    [Fact]
    public void Json_on_a_single_line_is_read()
    {
        using TemporaryDirectory folder = new();
        folder.Write("a/network.json", Regex.Replace(WorkedExample, "\\s", ""));
        Assert.Equal(2, LoadWithoutFindings(folder["a"]).Layers.Length);
    }

    [Fact]
    public void Names_with_escapes_and_other_scripts_come_back()
    {
        using TemporaryDirectory folder = new();
        IntegerNetwork network = TestNetworks.Chain() with { Name = "a \"b\" \\ \u00e4\u4e2d \ud83d\ude00 'c': # d" };
        NetworkFile.Save(network, folder["a"]);
        Assert.Equal(network, LoadWithoutFindings(folder["a"]));
    }

    internal static IntegerNetwork LoadWithoutFindings(string directory)
    {
        SpecIssues issues = [];
        IntegerNetwork? network = NetworkFile.Load(directory, issues);
        Assert.Equal([], issues.Select(issue => issue.ToString()));
        return Assert.IsType<IntegerNetwork>(network);
    }
}
