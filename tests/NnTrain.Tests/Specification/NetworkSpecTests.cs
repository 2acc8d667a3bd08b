// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification.Yaml;
using NnTrain.Specification;
using Xunit;

namespace NnTrain.Tests.Specification;

public sealed class NetworkSpecTests
{
    [Theory]
    [InlineData("lenet5", 416_520, 61_470)]
    [InlineData("lenet_large", 12_273_152, 1_662_752)]
    public void The_named_networks_have_their_multiply_accumulates_and_weights(string name, long products, long weights)
    {
        NetworkSpec network = Load($"configs/networks/{name}.yaml");

        Assert.Equal(name, network.Name);
        Assert.Equal(products, Products(network));
        Assert.Equal(weights, Weights(network));
    }

    [Fact]
    public void Shapes_follow_from_layer_to_layer()
    {
        NetworkSpec network = Load("configs/networks/lenet5.yaml");
        FeatureShape shape = network.Input;

        List<FeatureShape> shapes = [.. network.Layers.Select(layer => shape = layer.OutputOf(shape))];

        Assert.Equal(
            [new(28, 28, 6), new(14, 14, 6), new(10, 10, 16), new(5, 5, 16), new(1, 1, 400), new(1, 1, 120), new(1, 1, 84), new(1, 1, 10)],
            shapes);
    }

    [Theory]
    [InlineData("{kind: conv2d, name: a, channels: 4, kernel: 9}, {kind: flatten, name: f}, {kind: dense, name: d, outputs: 2}", "larger than its input, found an input of 8 x 8 x 1")]
    [InlineData("{kind: dense, name: d, outputs: 2}", "a dense layer reads a vector, found 8 x 8 x 1")]
    [InlineData("{kind: flatten, name: f}", "the last layer gives the class scores")]
    [InlineData("{kind: flatten, name: f}, {kind: dense, name: f, outputs: 2}", "not unique, found 'f' again")]
    [InlineData("{kind: flatten, name: input}, {kind: dense, name: d, outputs: 2}", "not unique, found 'input' again")]
    [InlineData("{kind: flatten, name: a.b}, {kind: dense, name: d, outputs: 2}", "not a layer name, found 'a.b'")]
    [InlineData("{kind: max_pool, name: p, window: 2}, {kind: flatten, name: f}, {kind: dense, name: d, outputs: 2}", "the first layer cannot be a pooling layer")]
    [InlineData("{kind: conv3d, name: a}", "unknown name, found 'conv3d' (did you mean 'conv2d'?)")]
    [InlineData("{kind: flatten, name: f, window: 2}, {kind: dense, name: d, outputs: 0}", "unknown key, found 'window'")]
    [InlineData("{kind: flatten, name: f, window: 2}, {kind: dense, name: d, outputs: 0}", "out of range, found '0', allowed 1..65536")]
    public void A_network_that_cannot_be_is_refused_with_the_place(string layers, string message)
    {
        SpecIssues issues = [];
        SpecNode tree = YamlFile.Parse($"name: n\ninput: {{height: 8, width: 8, channels: 1}}\nlayers: [{layers}]\n", "net.yaml", issues)!;

        Assert.Null(NetworkSpecFile.Read(tree, issues));

        SpecIssue issue = Assert.Single(issues, issue => issue.Message.Contains(message, StringComparison.Ordinal));
        Assert.Equal(("net.yaml", 3), (issue.File, issue.Line));
    }

    [Theory]
    [InlineData("{kind: conv2d, name: a, channels: 4, kernel: 1, groups: 1, dilation: 2}", "training has no dilation yet")]
    [InlineData("{kind: conv2d, name: a, channels: 4, kernel: [3, 1]}", "training has no kernel that differs in rows and columns yet")]
    [InlineData("{kind: conv2d, name: a, channels: 4, kernel: 3, padding: {top: 1}}", "training has no padding that differs by side yet")]
    [InlineData("{kind: conv2d, name: a, channels: 4, kernel: 3, activation: relu6}", "training has no activation 'relu6' yet")]
    [InlineData("{kind: conv2d, name: a, channels: 1, kernel: 1}, {kind: multiply, name: s, inputs: [a, a]}", "training has no 'multiply' yet")]
    [InlineData("{kind: conv2d, name: a, channels: 1, kernel: 1}, {kind: add, name: s, inputs: [a, input]}", "training begins with a convolution or dense layer, found 'add' of the images")]
    [InlineData("{kind: conv2d, name: a, channels: 1, kernel: 1}, {kind: max_pool, name: p, window: 2, ceil_mode: true}", "training has no padding or ceil_mode of a pooling layer yet")]
    [InlineData("{kind: conv2d, name: a, channels: 1, kernel: 1}, {kind: global_max_pool, name: p}", "training has no 'global_max_pool' yet")]
    public void What_training_does_not_have_is_refused_with_the_place(string layers, string message)
    {
        SpecIssues issues = [];
        SpecNode tree = YamlFile.Parse($"name: n\ninput: {{height: 8, width: 8, channels: 1}}\nlayers: [{layers}, {{kind: flatten, name: f}}, {{kind: dense, name: d, outputs: 2}}]\n", "net.yaml", issues)!;

        Assert.Null(NetworkSpecFile.Read(tree, issues));

        SpecIssue issue = Assert.Single(issues, issue => issue.Message.Contains(message, StringComparison.Ordinal));
        Assert.Equal(("net.yaml", 3), (issue.File, issue.Line));
    }

    [Fact]
    public void What_reads_what_is_kept_and_blocks_have_names_without_dots()
    {
        NetworkSpec network = Load("configs/networks/mnist/resnet8_mnist.yaml");
        IReadOnlyDictionary<string, FeatureShape> shapes = network.Shapes();

        Assert.Equal(
            ["conv1", "stack1_conv1", "stack1_conv2", "stack1_add", "stack2_conv1", "stack2_conv2", "stack2_shortcut", "stack2_add", "stack3_conv1", "stack3_conv2", "stack3_shortcut", "stack3_add", "pool", "dense"],
            network.Layers.Select(layer => layer.Name));
        Assert.Equal(["stack1_conv2", "conv1"], network.InputsOf(3).ToArray());
        Assert.Equal(["stack1_add"], network.InputsOf(6).ToArray());
        Assert.Equal(2, network.Readers()["stack1_add"]);
        Assert.Equal((new FeatureShape(14, 14, 16), new FeatureShape(7, 7, 32), new FeatureShape(1, 1, 32)), (shapes["stack2_add"], shapes["stack3_add"], shapes["pool"]));
        Assert.Equal(2_364_864, Products(network));
    }

    [Fact]
    public void A_name_that_a_layer_of_a_block_gets_is_refused()
    {
        SpecIssues issues = [];
        SpecNode tree = YamlFile.Parse("""
            name: n
            input: {height: 8, width: 8, channels: 1}
            blocks: {b: {layers: [{kind: conv2d, name: c, channels: 1, kernel: 1}]}}
            layers:
              - {kind: block, name: a, block: b}
              - {kind: conv2d, name: a_c, channels: 1, kernel: 1}
              - {kind: flatten, name: f}
              - {kind: dense, name: d, outputs: 2}
            """, "net.yaml", issues)!;

        Assert.Null(NetworkSpecFile.Read(tree, issues));

        Assert.Contains("not unique in training, found 'a_c' again", Assert.Single(issues).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Depthwise_layers_have_a_group_of_each_channel()
    {
        NetworkSpec network = Load("configs/networks/mnist/ds_cnn_mnist.yaml");

        Assert.Equal([null, 16, null, 32, null, 64, null], network.Layers.OfType<ConvolutionSpec>().Select(layer => layer.Groups));
        Assert.Equal((500_832, 8_448), (Products(network), Weights(network)));
    }

    [Fact]
    public void Vgg_small_and_resnet20_can_be_trained_and_resnet8_cannot()
    {
        Assert.Equal(11, Load("configs/networks/vgg_small.yaml").Layers.Length);
        NetworkSpec resnet = Load("configs/networks/resnet20.yaml");
        Assert.Equal((40_813_184, 270_896), (Products(resnet), Weights(resnet)));
        SpecIssues issues = [];
        Assert.Null(NetworkSpecFile.Load(Path.Combine(AppContext.BaseDirectory, "configs/networks/resnet8.yaml"), issues));
        Assert.All(issues, issue => Assert.StartsWith("training has no padding that differs by side yet", issue.Message, StringComparison.Ordinal));
    }

    private static NetworkSpec Load(string path)
    {
        SpecIssues issues = [];
        NetworkSpec? network = NetworkSpecFile.Load(Path.Combine(AppContext.BaseDirectory, path), issues);
        Assert.Empty(issues);
        return network!;
    }

    private static long Products(NetworkSpec network) => Sum(network, (layer, input) => layer.MultiplyAccumulates(input));

    private static long Weights(NetworkSpec network) => Sum(network, (layer, input) => layer.Weights(input));

    private static long Sum(NetworkSpec network, Func<LayerSpec, FeatureShape, long> of)
    {
        IReadOnlyDictionary<string, FeatureShape> shapes = network.Shapes();
        return Enumerable.Range(0, network.Layers.Length).Sum(i => of(network.Layers[i], shapes[network.InputsOf(i)[0]]));
    }
}
