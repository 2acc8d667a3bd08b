// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification.Yaml;
using AccelModel.Tests.Specification;
using Xunit;

namespace AccelModel.Tests.Networks;

/// <summary>The keys of the kinds without weights: what is written, what may be left out, and what is wrong at which line and column.</summary>
public sealed class BranchingFileTests
{
    [Fact]
    public void The_branching_network_comes_back_from_its_files()
    {
        using TemporaryDirectory folder = new();
        NetworkFile.Save(TestNetworks.Branches(), folder["a"]);
        Assert.Equal(TestNetworks.Branches(), NetworkFileTests.LoadWithoutFindings(folder["a"]));
        string[] ofSum = [.. Directory.GetFiles(folder["a"], "sum.*").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.Equal(
            ["sum.bias.npy", "sum.first_bias.npy", "sum.first_shift.npy", "sum.second_bias.npy", "sum.second_shift.npy", "sum.shift.npy"],
            ofSum);
        NpyArray table = NpyFile.Load(Path.Combine(folder["a"], "table.table.npy"));
        Assert.Equal((NpyType.UInt8, 256), (table.Type, Assert.Single(table.Shape)));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void A_max_pool_has_the_keys_of_padding_and_ceil_mode_only_where_they_are_set(int padding, bool ceilMode)
    {
        using TemporaryDirectory folder = new();
        TensorSpec tensor = new(1, 4, 1, TestNetworks.U8);
        NetworkFile.Save(
            new IntegerNetwork
            {
                Name = "pool",
                Input = tensor,
                Layers =
                [
                    new MaxPoolLayer
                    {
                        Name = "pool", Input = "input", Output = tensor with { Width = 2 + padding }, Window = (1, 2), Stride = (1, 2), Padding = new Padding(0, padding, 0, padding), CeilMode = ceilMode,
                    },
                ],
            },
            folder["a"]);
        string json = File.ReadAllText(Path.Combine(folder["a"], "network.json"));
        string set = "\"stride\": [1, 2],\n      \"padding\": { \"top\": 0, \"left\": 1, \"bottom\": 0, \"right\": 1 },\n      \"ceil_mode\": true\n    }";
        Assert.Contains(padding == 1 ? set : "\"stride\": [1, 2]\n    }", json, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_optional_reads_as_none_false_and_zero()
    {
        using TemporaryDirectory folder = new();
        IntegerNetwork network = TestNetworks.Branches();
        NetworkFile.Save(network, folder["a"]);
        string path = Path.Combine(folder["a"], "network.json");
        string json = File.ReadAllText(path);
        json = EditedText.Replaced(json, ",\n      \"count_include_pad\": false,\n      \"padding_code\": 0", "");
        json = EditedText.Replaced(json, "\"transpose_second\": true,\n      \"first_offset\": 0,\n      \"second_offset\": 0,", "\"transpose_second\": true,");
        File.WriteAllText(path, json);
        Assert.Equal(network, NetworkFileTests.LoadWithoutFindings(folder["a"]));
    }

    [Fact]
    public void Files_of_terms_do_not_collide_with_those_of_a_layer_with_a_dotted_name()
    {
        using TemporaryDirectory folder = new();
        IntegerNetwork network = TestNetworks.Branches();
        network = network.With<RequantizeLayer>(2, layer => layer with { Name = "sum.first" })
            .With<AddLayer>(3, layer => layer with { SecondInput = "sum.first" })
            .With<MultiplyLayer>(4, layer => layer with { SecondInput = "sum.first" });
        NetworkFile.Save(network, folder["a"]);
        Assert.Equal(network, NetworkFileTests.LoadWithoutFindings(folder["a"]));
    }

    /// <summary>Text of the branching network's file, what replaces it, the text at which the finding is, and the finding.</summary>
    public static TheoryData<string, string, string, string> WrongTexts => new()
    {
        { "\"top\": 1, \"left\": 1,", "\"top\": 3, \"left\": 1,", "3, \"left\": 1,", "layers[0].padding.top: out of range, found 3, allowed 0..2, less than the window" },
        { "\"count_include_pad\": false", "\"count_include_pad\": 0", "0,\n      \"padding_code\"", "layers[1].count_include_pad: not true or false, found '0', allowed true, false" },
        { "\"padding_code\": 0", "\"padding_code\": 200", "200", "layers[1].padding_code: not a code of the input, found 200, allowed -128..127 (sfix8_En0)" },
        { "\"left_shift\": 4", "\"left_shift\": 21", "21", "layers[3].left_shift: out of range, found '21', allowed 0..20" },
        { "\"left_shift\": 4", "\"left_shift\": 4, \"third\": {}", "\"third\"", "layers[3].third: unknown key, found 'third', allowed kind, name, input, output, second_input, left_shift, first, second, requantization" },
        { "\"sum.first_bias.npy\",", "[0, 0],", "[0, 0]", "layers[3].first.bias: wrong number of entries, found 2, allowed 1" },
        { "\"second_input\": \"table\"", "\"second_input\": \"tables\"", "\"tables\"", "layers[9].second_input: no such tensor, found 'tables', allowed input, pad, avg, twice, sum, product, table, wide, shuffled, scores" },
        { "\"first_offset\": 1", "\"first_offset\": 1.5", "1.5", "layers[4].first_offset: not a whole number in decimal digits, found '1.5', allowed any" },
        { "\"table\": \"table.table.npy\"", "\"table\": [1, 2]", "[1, 2]", "layers[5].table: wrong number of entries, found 2, allowed 256 (one for each code of sfix8_En0)" },
        { "\"table\": \"table.table.npy\"", "\"table\": [[1], [2]]", "[[1]", "layers[5].table: wrong shape, found [2, 1], allowed 1 extents" },
        { "\"product\"\n      ]", "\"wide\"\n      ]", "\"wide\"\n      ]", "layers[6].other_inputs[1]: not defined yet, found 'wide', which is layers[6]: a layer reads the input or an earlier layer, so there are no cycles; allowed input, pad, avg, twice, sum, product, table" },
        { "\"product\"\n      ]", "\"pad\"\n      ]", "\"pad\"\n      ]", "layers[6].other_inputs[1]: not as high and wide as the first tensor, found 4 x 4, allowed 2 x 2" },
        { "\"other_inputs\": [\n        \"sum\",\n        \"product\"\n      ]", "\"other_inputs\": \"sum\"", "\"sum\"\n    }", "layers[6].other_inputs: not a list, found the string \"sum\", allowed a list of at least 1 items" },
        { "\"groups\": 3", "\"groups\": 4", "4\n", "layers[7].groups: does not divide the channels, found 4, allowed divisors of 6" },
        { "\"transpose_second\": true", "\"transpose_second\": \"yes\"", "\"yes\"", "layers[8].transpose_second: not true or false, found the string \"yes\", allowed true, false without quotes" },
        { "\"transpose_second\": true", "\"transpose_second\": false", "\"shuffled\",\n      \"transpose", "layers[8].second_input: no factor for the first tensor of 2 x 2 x 6, found 2 x 2 x 6 (height, width, channels), allowed 2 x 6 x any" },
        { "\"kind\": \"lookup\"", "\"kind\": \"look_up\"", "\"look_up\"", "layers[5].kind: unknown name, found the string \"look_up\" (did you mean 'lookup'?), allowed conv2d, dense, matmul, max_pool, average_pool, add, multiply, requantize, lookup, concat, channel_shuffle, flatten" },
    };

    [Theory, MemberData(nameof(WrongTexts))]
    public void One_wrong_text_is_found_at_its_line_and_column(string text, string replacement, string place, string expected)
    {
        using TemporaryDirectory folder = new();
        NetworkFile.Save(TestNetworks.Branches(), folder["a"]);
        string path = Path.Combine(folder["a"], "network.json");

        // Without checksums a file may go unnamed.
        string json = File.ReadAllText(path);
        json = json[..json.IndexOf(",\n  \"files\"", StringComparison.Ordinal)] + "\n}\n";
        json = EditedText.Replaced(json, text, replacement);
        File.WriteAllText(path, json);
        SpecIssues issues = [];
        Assert.Null(NetworkFile.Load(folder["a"], issues));
        (int line, int column) = EditedText.PlaceOf(json, place);
        Assert.Equal($"{path}:{line}:{column}: {expected}", Assert.Single(issues).ToString());
    }

    [Fact]
    public void A_tensor_that_could_not_be_read_causes_no_findings_in_layers_that_read_it_second()
    {
        using TemporaryDirectory folder = new();
        NetworkFile.Save(TestNetworks.Branches(), folder["a"]);
        string path = Path.Combine(folder["a"], "network.json");
        string json = File.ReadAllText(path);
        int at = json.IndexOf("\"name\": \"twice\"", StringComparison.Ordinal);
        File.WriteAllText(path, json[..at] + EditedText.Replaced(json[at..], "\"height\": 2", "\"height\": \"two\""));
        SpecIssues issues = [];
        Assert.Null(NetworkFile.Load(folder["a"], issues));
        Assert.Contains("layers[2].output.height: not a whole number", Assert.Single(issues).ToString(), StringComparison.Ordinal);
    }
}
