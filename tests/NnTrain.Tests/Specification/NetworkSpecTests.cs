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
    [InlineData("{kind: conv2d, name: a, depthwise: true, kernel: 1}", "training has no groups of channels yet")]
    [InlineData("{kind: conv2d, name: a, channels: 4, kernel: [3, 1]}", "training has no kernel that differs in rows and columns yet")]
    [InlineData("{kind: conv2d, name: a, channels: 4, kernel: 3, padding: {top: 1}}", "training has no padding that differs by side yet")]
    [InlineData("{kind: conv2d, name: a, channels: 4, kernel: 3, activation: relu}", "training has no activation in the network yet")]
    [InlineData("{kind: conv2d, name: a, channels: 1, kernel: 1}, {kind: add, name: s, inputs: [a, input]}", "training has no 'add' yet")]
    [InlineData("{kind: conv2d, name: a, channels: 1, kernel: 1}, {kind: max_pool, name: p, window: 2, ceil_mode: true}", "training has no padding or ceil_mode of a pooling layer yet")]
    [InlineData("{kind: conv2d, name: a, channels: 1, kernel: 1}, {kind: global_max_pool, name: p}", "training has no 'global_max_pool' yet")]
    [InlineData("{kind: conv2d, name: a, channels: 1, kernel: 1}, {kind: conv2d, name: b, input: input, channels: 1, kernel: 1}, {kind: add, name: s, inputs: [a, b]}", "training has no branches yet, found 'input', allowed 'a'")]
    public void What_training_does_not_have_is_refused_with_the_place(string layers, string message)
    {
        SpecIssues issues = [];
        SpecNode tree = YamlFile.Parse($"name: n\ninput: {{height: 8, width: 8, channels: 1}}\nlayers: [{layers}, {{kind: flatten, name: f}}, {{kind: dense, name: d, outputs: 2}}]\n", "net.yaml", issues)!;

        Assert.Null(NetworkSpecFile.Read(tree, issues));

        SpecIssue issue = Assert.Single(issues, issue => issue.Message.Contains(message, StringComparison.Ordinal));
        Assert.Equal(("net.yaml", 3), (issue.File, issue.Line));
    }

    [Fact]
    public void Vgg_small_can_be_trained_and_resnet8_cannot()
    {
        Assert.Equal(11, Load("configs/networks/vgg_small.yaml").Layers.Length);
        SpecIssues issues = [];
        Assert.Null(NetworkSpecFile.Load(Path.Combine(AppContext.BaseDirectory, "configs/networks/resnet8.yaml"), issues));
        Assert.Contains(issues, issue => issue.Message.StartsWith("training has no blocks yet", StringComparison.Ordinal));
        Assert.Contains(issues, issue => issue.Message.StartsWith("training has no 'add' yet", StringComparison.Ordinal));
    }

    private static NetworkSpec Load(string path)
    {
        SpecIssues issues = [];
        NetworkSpec? network = NetworkSpecFile.Load(Path.Combine(AppContext.BaseDirectory, path), issues);
        Assert.Empty(issues);
        return network!;
    }

    private static long Products(NetworkSpec network)
    {
        FeatureShape shape = network.Input;
        long products = 0;
        foreach (LayerSpec layer in network.Layers)
        {
            products += layer.MultiplyAccumulates(shape);
            shape = layer.OutputOf(shape);
        }
        return products;
    }

    private static long Weights(NetworkSpec network)
    {
        FeatureShape shape = network.Input;
        long weights = 0;
        foreach (LayerSpec layer in network.Layers)
        {
            weights += layer switch
            {
                ConvolutionSpec convolution => (long)convolution.Channels * convolution.Kernel * convolution.Kernel * shape.Channels,
                DenseSpec dense => (long)dense.Outputs * shape.Elements,
                _ => 0,
            };
            shape = layer.OutputOf(shape);
        }
        return weights;
    }
}
