// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using AccelModel.Tests.Specification;
using Xunit;

namespace AccelModel.Tests.Networks;

/// <summary>What is wrong with a directory, at which line and column, all at once.</summary>
public sealed class NetworkFileFindingTests
{
    /// <summary>Text of the worked example, what replaces it, the text at which the finding is, and the finding.</summary>
    public static TheoryData<string, string, string, string> WrongTexts => new()
    {
        { "\"format_version\": 1", "\"format_version\": 2", "2,", "format_version: out of range, found '2', allowed 1..1" },
        { "\"height\": 3", "\"height\": 3, \"heigth\": 3", "\"heigth\"", "input.heigth: unknown key, found 'heigth' (did you mean 'height'?), allowed height, width, channels, format" },
        { "\"height\": 3", "\"height\": 0", "0, \"width\"", "input.height: out of range, found '0', allowed 1..1048576" },
        { "\"channels\": 1, \"format\": \"ufix4_En0\" },\n  \"layers\"", "\"channels\": 1, \"format\": \"uint4\" },\n  \"layers\"", "\"uint4\"", "input.format: not a number format, found 'uint4', allowed names such as sfix8_En4 (signed, 8 bits, 4 of them fraction) or ufix4_En0" },
        { "\"kind\": \"conv2d\"", "\"kind\": \"conv3d\"", "\"conv3d\"", "layers[0].kind: unknown name, found the string \"conv3d\" (did you mean 'conv2d'?), allowed conv2d, dense, matmul, max_pool, average_pool, add, multiply, requantize, lookup, concat, channel_shuffle, flatten" },
        { "\"kind\": \"shift\"", "\"kind\": \"shifts\"", "\"shifts\"", "layers[1].requantization.kind: unknown name, found the string \"shifts\" (did you mean 'shift'?), allowed shift, multiplier_shift, double_rounding, thresholds" },
        { "\"half_up\",\n        \"minimum\": 0", "\"round\",\n        \"minimum\": 0", "\"round\"", "layers[0].requantization.rounding: unknown name, found the string \"round\", allowed floor, half_up, half_away, half_even, toward_zero, stochastic" },
        { "\"name\": \"fc\"", "\"name\": \"conv\"", "\"conv\",\n      \"input\": \"conv\"", "layers[1].name: not unique, found 'conv', which layers[0] is called already, allowed a name of its own" },
        { "\"name\": \"fc\"", "\"name\": \"../fc\"", "\"../fc\"", "layers[1].name: not a layer name, found '../fc', allowed 1..100 letters, digits, '_', '-' and '.', the first a letter, a digit or '_'" },
        { "\"name\": \"fc\"", "\"name\": \"input\"", "\"input\",\n      \"input\": \"conv\"", "layers[1].name: reserved for the network's input, found 'input', allowed any other name" },
        { "\"input\": \"conv\"", "\"input\": \"con\"", "\"con\"", "layers[1].input: no such tensor, found 'con', allowed input, conv" },
        { "\"input\": \"input\"", "\"input\": \"fc\"", "\"fc\",\n      \"output\"", "layers[0].input: not defined yet, found 'fc', which is layers[1]: a layer reads the input or an earlier layer, so there are no cycles; allowed input" },
        { "\"stride\": [1, 1]", "\"stride\": [1]", "[1],\n      \"padding\"", "layers[0].stride: wrong number of items, found 1, allowed a list of 2..2 items" },
        { "\"stride\": [1, 1]", "\"stride\": [0, 1]", "0, 1],\n      \"padding\"", "layers[0].stride[0]: out of range, found '0', allowed 1..1048576" },
        { "\"top\": 0", "\"top\": -1", "-1, \"left\"", "layers[0].padding.top: out of range, found '-1', allowed 0..1048576" },
        { "\"top\": 0", "\"top\": 1", "\"output\": { \"height\": 2", "layers[0].output: not what the layer makes, found 2 x 2 x 1 (height, width, channels), allowed 3 x 2 x 1" },
        { "\"dilation\": [1, 1]", "\"dilation\": [3, 1]", "\"output\": { \"height\": 2", "layers[0].output: no window fits into the padded input" },
        { "\"groups\": 1", "\"groups\": 2", "2,\n      \"padding_code\"", "layers[0].groups: does not divide the channels, found 2, allowed divisors of 1 (input) and 1 (output)" },
        { "\"padding_code\": 0", "\"padding_code\": 16", "16", "layers[0].padding_code: not a code of the input, found 16, allowed 0..15 (ufix4_En0)" },
        { "[[[[1], [-1]], [[2], [0]]]]", "[[[[1], [-1]], [[4], [0]]]]", "[[[[1]", "layers[0].weights: not a code of the weight format, found 4 at flat index 2, allowed -4..3 (sfix3_En0)" },
        { "[[[[1], [-1]], [[2], [0]]]]", "[[[1], [-1]], [[2], [0]]]", "[[[1]", "layers[0].weights: wrong shape, found [2, 2, 1], allowed 4 extents" },
        { "[[[[1], [-1]], [[2], [0]]]]", "[[[[1], [-1]], [[2, 1], [0]]]]", "[0]", "layers[0].weights[0][1][1]: not as long as the first row, found [1], allowed [2]" },
        { "[[[[1], [-1]], [[2], [0]]]]", "[[[[1], [-1]], [[2], 0]]]", "0]]]", "layers[0].weights[0][1][1]: not a list, found '0', allowed a list of at least 0 items" },
        { "[[[[1], [-1]], [[2], [0]]]]", "[[[[1], [-1]], [[2], [0.5]]]]", "0.5", "layers[0].weights[0][1][1][0]: not a whole number in decimal digits, found '0.5', allowed any" },
        { "[[[[1], [-1]], [[2], [0]]]]", "\"../conv.npy\"", "\"../conv.npy\"", "layers[0].weights: not a file beside network.json, found '../conv.npy', allowed names that end in .npy, without folders; or a list of numbers" },
        { "[[[[1], [-1]], [[2], [0]]]]", "\"conv.npy\"", "\"conv.npy\"", "layers[0].weights: no such file, found the string \"conv.npy\", allowed a path relative to this file" },
        { "[[1, 1, -1, 0], [0, -2, 1, 1]]", "[[1, 1, -1], [0, -2, 1]]", "[[1, 1, -1]", "layers[1].weights: wrong shape, found [2, 3], allowed 4 as extent 1 (the elements of the input)" },
        { "\"weight_format\": \"sfix3_En0\",\n      \"stride\"", "\"weight_format\": \"ufix32_En0\",\n      \"stride\"", "\"ufix32_En0\"", "layers[0].weight_format: weights must fit a signed 32-bit integer, found ufix32_En0, allowed sfix of 1..32 and ufix of 1..31 bits" },
        { "\"bias\": [2, -3]", "\"bias\": [2]", "[2],\n        \"shift\"", "layers[1].requantization.bias: wrong number of entries, found 1, allowed 2 (one per output channel)" },
        { "\"bias\": [2, -3]", "\"bias\": [2, 140737488355328]", "[2, 140737488355328]", "layers[1].requantization.bias: out of range, found 140737488355328 at index 1, allowed -140737488355328..140737488355327" },
        { "\"multiplier\": [3]", "\"multiplier\": [4294967296]", "[4294967296]", "layers[0].requantization.multiplier: out of range, found 4294967296 at index 0, allowed 0..4294967295" },
        { "\"multiplier\": [3]", "\"multiplier\": []", "[],", "layers[0].requantization.multiplier: wrong number of entries, found 0, allowed 1 or 1 (one per output channel)" },
        { "\"shift\": [1]", "\"shift\": [64]", "[64]", "layers[1].requantization.shift: out of range, found 64 at index 0, allowed 0..63" },
        { "\"shift\": [1]", "\"multiplier\": [1],\n        \"shift\": [1]", "\"multiplier\": [1]", "layers[1].requantization.multiplier: unknown key, found 'multiplier', allowed kind, bias, shift, rounding, zero_point, minimum, maximum" },
        { "\"minimum\": -128", "\"minimum\": -129", "-129", "layers[1].requantization.minimum: not a code of the output, found -129, allowed -128..127 (sfix8_En0)" },
        { "\"maximum\": 127", "\"maximum\": 128", "128\n", "layers[1].requantization.maximum: not a code of the output, found 128, allowed -128..127 (sfix8_En0)" },
        { "\"maximum\": 11", "\"maximum\": 11,\n        \"maximum\": 12", "\"maximum\": 12", "layers[0].requantization.maximum: duplicate key, found first on line 25, allowed once" },
        { "\"maximum\": 11", "\"maximum\": \"11\"", "\"11\"", "layers[0].requantization.maximum: not a whole number, found the string \"11\", allowed any without quotes" },
        { "\"width\": 1, \"channels\": 2", "\"width\": 2, \"channels\": 2", "\"output\": { \"height\": 1", "layers[1].output: not what the layer makes, found 1 x 2 x 2 (height, width, channels), allowed 1 x 1 x 2" },
    };

    [Theory, MemberData(nameof(WrongTexts))]
    public void One_wrong_text_is_found_at_its_line_and_column(string text, string replacement, string place, string expected)
    {
        string json = EditedText.Replaced(NetworkFileTests.WorkedExample, text, replacement);
        (int line, int column) = EditedText.PlaceOf(json, place);
        string[] found = Findings(json, out string path);
        Assert.Equal($"{path}:{line}:{column}: {expected}", Assert.Single(found));
    }

    [Fact]
    public void Findings_of_several_layers_come_at_once_in_the_order_of_the_file()
    {
        string json = NetworkFileTests.WorkedExample;
        json = EditedText.Replaced(json, "\"groups\": 1", "\"groups\": \"one\"");
        json = EditedText.Replaced(json, "\"padding_code\": 0", "\"padding_color\": 0");
        json = EditedText.Replaced(json, "[[1, 1, -1, 0], [0, -2, 1, 1]]", "[[1, 1, -1, 9], [0, -2, 1, 1]]");
        json = EditedText.Replaced(json, "\"maximum\": 127", "\"maximum\": 500");
        string[] paths = [.. Findings(json, out _).Select(finding => finding.Split(": ")[1])];
        Assert.Equal(["layers[0].padding_code", "layers[0].groups", "layers[0].padding_color", "layers[1].weights", "layers[1].requantization.maximum"], paths);
    }

    [Fact]
    public void A_layer_that_could_not_be_read_causes_no_findings_elsewhere()
    {
        string json = EditedText.Replaced(NetworkFileTests.WorkedExample, "\"output\": { \"height\": 2, \"width\": 2,", "\"output\": { \"height\": two, \"width\": 2,".Replace("two", "\"two\"", StringComparison.Ordinal));
        string finding = Assert.Single(Findings(json, out _));
        Assert.Contains("layers[0].output.height: not a whole number", finding, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_whose_output_nobody_reads_is_found()
    {
        string json = EditedText.Replaced(NetworkFileTests.WorkedExample, "\"input\": \"conv\"", "\"input\": \"input\"");
        Assert.Contains(Findings(json, out _), finding => finding.EndsWith(
            "layers[0].name: its output is lost, found no layer that reads 'conv', allowed only for the last layer", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\n  \"name\": \"x\",\n  // why\n}", 3, 3)]
    [InlineData("{\n  \"name\": \"x\",\n}", 3, 1)]
    [InlineData("{\n  name: x\n}", 2, 3)]
    [InlineData("{ \"\u00e4\u00f6\": nul }", 1, 12)]
    [InlineData("name: x\n", 1, 2)]
    public void What_only_yaml_allows_is_not_plain_json(string text, int line, int column)
    {
        string finding = Assert.Single(Findings(text, out string path));
        Assert.StartsWith($"{path}:{line}:{column}: not plain JSON, found ", finding, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("3")]
    public void Other_json_than_an_object_is_no_network(string text) =>
        Assert.Contains("not a section", Assert.Single(Findings(text, out _)), StringComparison.Ordinal);

    [Fact]
    public void An_empty_file_is_no_network() => Assert.NotEmpty(Findings("", out _));

    [Fact]
    public void A_missing_directory_is_found()
    {
        using TemporaryDirectory folder = new();
        SpecIssues issues = [];
        Assert.Null(NetworkFile.Load(folder["none"], issues));
        Assert.Equal(Path.Combine(folder["none"], "network.json") + ":1:1: cannot be read, found no such file", Assert.Single(issues).ToString());
    }

    public static TheoryData<Func<byte[], byte[]>, string> DamagedFiles => new()
    {
        { bytes => bytes[..^1], "truncated, found 31 bytes of data, needed 32 for <i8 (4,)" },
        { bytes => [.. bytes, 0], "bytes after the data, found 33 bytes of data, needed 32 for <i8 (4,)" },
        { bytes => bytes[..20], "truncated header" },
        { _ => [], "not an .npy file" },
        { _ => NpyFile.ToBytes(NpyArray.FromFloats([1], [1f])), "not integers, found <f4 (1,), allowed |i1, |u1, <i2, <u2, <i4, <u4, <i8" },
    };

    [Theory, MemberData(nameof(DamagedFiles))]
    public void A_damaged_constant_is_found_with_its_file_and_its_key(Func<byte[], byte[]> damage, string problem)
    {
        using TemporaryDirectory folder = new();
        folder.Write("a/network.json", EditedText.Replaced(NetworkFileTests.WorkedExample, "\"bias\": [2, -3]", "\"bias\": \"b.npy\""));
        string file = Path.Combine(folder["a"], "b.npy");
        File.WriteAllBytes(file, damage(NpyFile.ToBytes(NpyArray.FromIntegers<long>(NpyType.Int64, [4], [1, 2, 3, 4]))));
        SpecIssues issues = [];
        Assert.Null(NetworkFile.Load(folder["a"], issues));
        Assert.StartsWith($"{file}:1:1: layers[1].requantization.bias: {problem}", Assert.Single(issues).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_changed_since_is_found_by_its_checksum()
    {
        using TemporaryDirectory folder = new();
        NetworkFile.Save(TestNetworks.Chain(), folder["a"]);
        string file = Path.Combine(folder["a"], "conv.weights.npy");
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        SpecIssues issues = [];
        Assert.Null(NetworkFile.Load(folder["a"], issues));
        Assert.Matches(
            "conv\\.weights\\.npy:1:1: layers\\[0\\]\\.weights: not the file that network\\.json was written with, found SHA-256 [0-9a-f]{64}, allowed [0-9a-f]{64}$",
            Assert.Single(issues).ToString());
    }

    [Theory]
    [InlineData("\"nobody.npy\": \"0000000000000000000000000000000000000000000000000000000000000000\"", "no tensor names this file, allowed only files that are used")]
    [InlineData("\"nobody.npy\": \"ABC\"", "not a SHA-256, found 'ABC', allowed 64 lower-case hexadecimal digits")]
    public void A_checksum_that_is_none_or_of_no_tensor_is_found(string entry, string problem)
    {
        string json = NetworkFileTests.WorkedExample.TrimEnd()[..^1].TrimEnd() + ",\n  \"files\": { " + entry + " }\n}\n";
        Assert.EndsWith("files.nobody.npy: " + problem, Assert.Single(Findings(json, out _)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_design_cannot_run_is_told_at_its_place_in_the_file()
    {
        using TemporaryDirectory folder = new();
        string path = folder.Write("a/network.json", NetworkFileTests.WorkedExample);
        IntegerNetwork network = NetworkFileTests.LoadWithoutFindings(folder["a"]);
        AcceleratorSpec design = TestAccelerators.Signed8 with { Requantizer = TestAccelerators.Signed8.Requantizer with { MultiplierWidth = 1 } };
        SpecIssues issues = [];
        NetworkFile.Report(folder["a"], HardwareFit.Check(network, design), issues);
        (int line, int column) = EditedText.PlaceOf(NetworkFileTests.WorkedExample, "[3]");
        Assert.Equal(
            [$"{path}:{line}:{column}: layers[0].requantization.multiplier: layer 'conv': multiplier of channel 0 does not fit, found 3, allowed 0..1 (requantizer.multiplier_width)"],
            issues.Select(issue => issue.ToString()));
    }

    private static string[] Findings(string json, out string path)
    {
        using TemporaryDirectory folder = new();
        path = folder.Write("a/network.json", json);
        SpecIssues issues = [];
        Assert.Null(NetworkFile.Load(folder["a"], issues));
        return [.. issues.Select(issue => issue.ToString())];
    }
}
