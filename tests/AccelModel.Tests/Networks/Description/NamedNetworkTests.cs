// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks.Description;
using AccelModel.Specification.Yaml;
using Xunit;

namespace AccelModel.Tests.Networks.Description;

/// <summary>Sizes of the named networks against published figures.</summary>
public sealed class NamedNetworkTests
{
    public static TheoryData<string> Names => [.. NamedNetworks.All];

    [Theory, MemberData(nameof(Names))]
    public void Each_begins_with_a_comment_and_is_named_like_its_file(string name)
    {
        Assert.StartsWith("# ", File.ReadAllText(NamedNetworks.PathOf(name)), StringComparison.Ordinal);
        Assert.Equal(name, NamedNetworks.Load(name).Name);
    }

    // Without batch norm: torchvision's documentation of alexnet, vgg16 and squeezenet1_1.
    [Theory]
    [InlineData("alexnet", 61_100_840)]
    [InlineData("vgg16", 138_357_544)]
    [InlineData("squeezenet", 1_235_496)]
    public void Parameters_are_those_that_torchvision_publishes(string name, long parameters) =>
        Assert.Equal(parameters, NamedNetworks.Load(name).Parameters());

    // With batch norm torchvision counts a scale and an offset for each channel of a convolution, which has no bias then: one more than a bias.
    [Theory]
    [InlineData("resnet18", 11_689_512)]
    [InlineData("resnet50", 25_557_032)]
    [InlineData("mobilenet_v2", 3_504_872)]
    public void Parameters_with_batch_norm_are_those_that_torchvision_publishes(string name, long parameters) =>
        Assert.Equal(parameters, NamedNetworks.Load(name).Parameters() + ConvolutionChannels(name, _ => true));

    // Keras counts four numbers for each channel of a batch norm, besides a convolution's bias where it has one. MLPerf Tiny (Banbury et al. 2021, reference models):
    // resnet8 and ds_cnn; the Keras example "ResNet on CIFAR-10": resnet20 v1. None has a batch norm on its shortcuts. keras.applications: MobileNet has no biases under its.
    [Theory]
    [InlineData("resnet8", 78_666, 4)]
    [InlineData("ds_cnn", 24_908, 4)]
    [InlineData("resnet20", 274_442, 4)]
    [InlineData("mobilenet_v1", 4_253_864, 3)]
    public void Parameters_with_batch_norm_are_those_of_Keras_models(string name, long parameters, int perChannel) =>
        Assert.Equal(parameters, NamedNetworks.Load(name).Parameters() + (perChannel * ConvolutionChannels(name, layer => !layer.EndsWith("shortcut", StringComparison.Ordinal))));

    // Multiply-accumulates in millions: torchvision's tables of GFLOPS (alexnet 0.71, vgg16 15.47, resnet18 1.81, resnet50 4.09, mobilenet_v2 0.30, squeezenet1_1 0.35);
    // papers: MobileNet 569, ShuffleNet 1x (g = 3) 140 in table 1 and 137 in later ones; BERT-base: 12 * 768^2 * 128 tokens, and 12 heads of twice 128^2 * 64; LeNet: see the files.
    [Theory]
    [InlineData("alexnet", 710, 5)]
    [InlineData("vgg16", 15_470, 5)]
    [InlineData("resnet18", 1_810, 5)]
    [InlineData("resnet50", 4_090, 5)]
    [InlineData("mobilenet_v1", 569, 1)]
    [InlineData("mobilenet_v2", 300, 5)]
    [InlineData("squeezenet", 350, 5)]
    [InlineData("shufflenet_v1", 138.5, 2.5)]
    [InlineData("resnet8", 12.5, 0.05)]
    [InlineData("resnet20", 41, 0.5)]
    [InlineData("ds_cnn", 2.66, 0.01)]
    [InlineData("transformer_block", 931.135488, 0)]
    [InlineData("lenet5", 0.416520, 0)]
    [InlineData("lenet_large", 12.273152, 0)]
    public void Multiply_accumulates_are_the_published_ones(string name, double millions, double tolerance) =>
        Assert.InRange(NamedNetworks.Load(name).MultiplyAccumulates() / 1e6, millions - tolerance, millions + tolerance);

    // LSQ, LQ-Nets and others give VGG-small 4.66 million weights.
    [Fact]
    public void Vgg_small_has_its_weights()
    {
        NetworkDescription network = NamedNetworks.Load("vgg_small");
        Assert.Equal((9 * ((3 * 128) + (128 * 128) + (128 * 256) + (256 * 256) + (256 * 512) + (512 * 512))) + (8192 * 10), network.Parameters() - (2 * (128 + 256 + 512)) - 10);
    }

    // Shapes where the papers' tables have them.
    [Theory]
    [InlineData("alexnet", "pool5", "6 x 6 x 256")]
    [InlineData("vgg16", "stage5.pool", "7 x 7 x 512")]
    [InlineData("resnet18", "layer4.add", "7 x 7 x 512")]
    [InlineData("resnet50", "layer3.4.add", "14 x 14 x 1024")]
    [InlineData("mobilenet_v1", "block13.pointwise", "7 x 7 x 1024")]
    [InlineData("mobilenet_v2", "block17.project", "7 x 7 x 320")]
    [InlineData("shufflenet_v1", "stage2_first.concat", "28 x 28 x 240")]
    [InlineData("shufflenet_v1", "stage4.2.add", "7 x 7 x 960")]
    [InlineData("squeezenet", "fire8.1.concat", "13 x 13 x 512")]
    [InlineData("ds_cnn", "block.3.pointwise", "25 x 5 x 64")]
    [InlineData("resnet8", "stack3.add", "8 x 8 x 64")]
    public void Tensors_have_the_papers_shapes(string name, string tensor, string shape) =>
        Assert.Equal(shape, NamedNetworks.Load(name).Shapes()[tensor].ToString());

    [Fact]
    public void The_page_of_networks_has_each_with_its_size()
    {
        string[] page = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "docs", "networks.md"));
        foreach (string name in NamedNetworks.All)
        {
            string row = Assert.Single(page, line => line.StartsWith($"| {name} ", StringComparison.Ordinal));
            string[] cells = [.. row.Split('|', StringSplitOptions.TrimEntries).Select(cell => cell.Replace(",", "", StringComparison.Ordinal))];
            Assert.Equal((NamedNetworks.Load(name).Parameters(), NamedNetworks.Load(name).MultiplyAccumulates()), (Number(cells[2]), Number(cells[3])));
        }
    }

    [Fact]
    public void The_pages_example_is_a_network()
    {
        string page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "network-file.md"));
        SpecIssues issues = [];
        PlacedDescription? network = NetworkDescriptionFile.Read(YamlFile.Parse(page.Split("```yaml")[1].Split("```")[0], "page", issues)!, issues);
        Assert.Empty(issues);
        Assert.Equal(12, network!.Network.Layers.Length);
    }

    private static long Number(string text) => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static long ConvolutionChannels(string name, Func<string, bool> counts)
    {
        NetworkDescription network = NamedNetworks.Load(name);
        return network.Layers.Where(layer => layer is ConvolutionDescription && counts(layer.Name)).Sum(layer => (long)network.Shapes()[layer.Name].Channels);
    }
}
