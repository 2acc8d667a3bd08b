// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks.Description;
using AccelModel.Specification.Yaml;
using Xunit;

namespace AccelModel.Tests.Networks.Description;

/// <summary>Strict reading: what is wrong is told at its place, what may be left out has its default.</summary>
public sealed class NetworkDescriptionFindingTests
{
    private const string Conv = "{kind: conv2d, name: a, channels: 4, kernel: 3}";

    [Theory]
    [InlineData("{kind: conv2d, name: a, channels: 4, kernel: 9}", "larger than its input, found an input of 8 x 8 x 2")]
    [InlineData("{kind: conv2d, name: a, channels: 4, kernel: 3, groups: 3}", "does not divide the channels, found 3, allowed a divisor of 2 input and 4 output channels")]
    [InlineData("{kind: conv2d, name: a, depthwise: true, groups: 2, kernel: 3}", "allowed either of depthwise and groups")]
    [InlineData("{kind: conv2d, name: a, channels: 4, kernel: [3, 3, 3]}", "wrong number of items, found 3")]
    [InlineData("{kind: conv2d, name: a, channels: 4, kernel: 3, padding: {up: 1}}", "unknown key, found 'up'")]
    [InlineData("{kind: conv2d, name: a, channels: 4, kernel: 3, activation: gelu}", "unknown name, found 'gelu' (did you mean 'relu'?), allowed none, relu, relu6")]
    [InlineData("{kind: dense, name: a, outputs: 3}", "a dense layer reads a vector, found 8 x 8 x 2")]
    [InlineData("{kind: max_pool, name: a, window: 2, padding: 2}", "not less than the window, found [2, 2, 2, 2]")]
    [InlineData("{kind: max_pool, name: a, window: 2, count_include_pad: true}", "unknown key, found 'count_include_pad'")]
    [InlineData(Conv + ", {kind: add, name: s, inputs: [a, input]}", "the terms differ in shape, found 8 x 8 x 2, allowed 6 x 6 x 4")]
    [InlineData(Conv + ", {kind: multiply, name: s, inputs: [a, input]}", "the factors differ in shape")]
    [InlineData(Conv + ", {kind: concat, name: s, inputs: [a, input]}", "the parts differ in height or width, found 8 x 8 x 4, allowed 6 x 6 x 4")]
    [InlineData(Conv + ", {kind: add, name: s, inputs: [a]}", "wrong number of items, found 1")]
    [InlineData(Conv + ", {kind: add, name: s}", "required key is missing")]
    [InlineData(Conv + ", {kind: relu, name: r, input: inpt}", "no earlier layer has this name, found 'inpt' (did you mean 'input'?), allowed input, a")]
    [InlineData(Conv + ", {kind: relu, name: r, input: input}", "no layer reads its output, found 'a'")]
    [InlineData(Conv + ", {kind: relu, name: a}", "not unique, found 'a' again")]
    [InlineData(Conv + ", {kind: relu, name: a.b}", "not a layer name, found 'a.b'")]
    [InlineData("{kind: channel_shuffle, name: a, groups: 3}", "does not divide the channels, found 3, allowed a divisor of 2")]
    [InlineData("{kind: lookup, name: a, function: sigmid}", "unknown name, found 'sigmid' (did you mean 'sigmoid'?)")]
    [InlineData("{kind: clip, name: a, minimum: 2, maximum: 2}", "not above the minimum, found 2")]
    [InlineData("{kind: block, name: a, block: b}", "unknown name, found 'block'")]
    [InlineData("{kind: softmax, name: a}", "unknown name, found 'softmax', allowed conv2d, dense,")]
    public void A_network_that_cannot_be_is_refused_with_the_place(string layers, string message) =>
        Refused($"layers: [{layers}]", message, 3);

    // Lines: name 1, input 2, blocks 3, b 4, parameters 5, layers 6, its layer 7, layers 8.
    [Theory]
    [InlineData("{kind: block, name: u, block: c, with: {n: 4}}", "unknown name, found 'c'", 8)]
    [InlineData("{kind: block, name: u, block: b}", "required key is missing", 8)]
    [InlineData("{kind: block, name: u, block: b, with: {n: 4, m: 3}}", "unknown key, found 'm'", 8)]
    [InlineData("{kind: block, name: u, block: b, with: {n: 0}}", "out of range, found '0'", 8)]
    [InlineData("{kind: block, name: u, block: b, repeat: 0, with: {n: 2}}", "out of range, found '0'", 8)]
    [InlineData("{kind: block, name: u, block: b, repeat: 5, with: {n: 4}}", "u.3: the window is larger than its input, found an input of 2 x 2 x 4", 7)]
    [InlineData("{kind: block, name: u, block: b, with: {n: 4}}, {kind: relu, name: r, input: u.conv}", "no earlier layer has this name, found 'u.conv'", 8)]
    public void Findings_of_a_block_stand_where_their_cause_is(string layers, string message, int line) => Refused(
        "blocks:\n  b:\n    parameters: [n]\n    layers:\n      - {kind: conv2d, name: conv, kernel: 3, channels: $n}\nlayers: [" + layers + "]", message, line);

    [Fact]
    public void A_parameter_that_a_block_does_not_have_is_named() =>
        Refused("blocks: {b: {parameters: [n], layers: [{kind: conv2d, name: c, channels: $m, kernel: 1}]}}\nlayers: [{kind: block, name: u, block: b, with: {n: 4}}]", "unknown parameter, found '$m', allowed $n", 3);

    [Fact]
    public void A_file_cannot_expand_without_limit()
    {
        string uses = string.Join(", ", Enumerable.Range(0, 30).Select(i => $"{{kind: block, name: u{i}, block: b, repeat: 100}}"));
        Refused($"blocks: {{b: {{layers: [{{kind: relu, name: r}}]}}}}\nlayers: [{uses}]", "too many layers, allowed 2000", 4);
    }

    [Fact]
    public void Sizes_that_no_tensor_has_are_refused()
    {
        string layers = string.Join(", ", Enumerable.Range(0, 30).Select(i => $"{{kind: concat, name: c{i}, inputs: [{(i == 0 ? "input, input" : $"c{i - 1}, c{i - 1}")}]}}"));
        Refused($"layers: [{layers}]", "too many channels, found 2097152", 3);
        Refused("layers: [{kind: conv2d, name: c, channels: 65536, kernel: 1, padding: 15}]", "too large a tensor", 3, size: 4096);
    }

    [Fact]
    public void A_repeated_block_reads_the_one_before_and_is_read_by_its_name()
    {
        NetworkDescription network = Read(
            """
            blocks:
              b:
                parameters: [n]
                layers:
                  - {kind: conv2d, name: c, channels: $n, kernel: 3, padding: 1}
                  - {kind: add, name: s, inputs: [c, input]}
            layers:
              - {kind: block, name: u, block: b, repeat: 2, with: {n: 2}}
              - {kind: concat, name: j, inputs: [u, input]}
            """.ReplaceLineEndings("\n"), out SpecIssues issues)!;
        Assert.Empty(issues);
        Assert.Equal(["u.0.c", "u.0.s", "u.1.c", "u.1.s", "j"], network.Layers.Select(layer => layer.Name));
        Assert.Equal(["input", "u.0.c input", "u.0.s", "u.1.c u.0.s", "u.1.s input"], network.Layers.Select(layer => string.Join(' ', layer.Inputs)));
    }

    private static void Refused(string text, string message, int line, int size = 8)
    {
        Assert.Null(Read(text, out SpecIssues issues, size));
        SpecIssue issue = Assert.Single(issues, issue => issue.Message.Contains(message, StringComparison.Ordinal));
        Assert.Equal(("net.yaml", line), (issue.File, issue.Line));
    }

    private static NetworkDescription? Read(string text, out SpecIssues issues, int size = 8)
    {
        issues = [];
        SpecNode tree = YamlFile.Parse($"name: n\ninput: {{height: {size}, width: {size}, channels: 2}}\n{text}\n", "net.yaml", issues)!;
        return NetworkDescriptionFile.Read(tree, issues)?.Network;
    }
}
