// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Networks.Description;
using AccelModel.Networks.Generation;
using AccelModel.Numerics;
using AccelModel.Tests.Networks.Description;
using Xunit;

namespace AccelModel.Tests.Networks.Generation;

public sealed class NetworkGeneratorTests
{
    // Vigna's splitmix64.c with the seed 1234567, as published with many implementations.
    [Fact]
    public void Random_words_are_those_of_SplitMix64()
    {
        var random = new SplitMix(1234567 ^ 0xCBF2_9CE4_8422_2325, "");
        Assert.Equal([6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821], Enumerable.Range(0, 5).Select(_ => random.Next()));
    }

    // FNV-1a of "a" and "foobar", from the authors' test vectors.
    [Theory]
    [InlineData("a", 0xAF63DC4C8601EC8CUL)]
    [InlineData("foobar", 0x85944171F73967E8UL)]
    public void A_name_changes_the_seed_by_its_FNV_hash(string name, ulong hash) =>
        Assert.Equal(new SplitMix(hash ^ 7 ^ 0xCBF2_9CE4_8422_2325, "").Next(), new SplitMix(7, name).Next());

    public static TheoryData<string, int?, int, bool, ScaleKind> Small => new()
    {
        { "lenet5", null, 8, false, ScaleKind.MultiplierShift },
        { "lenet5", null, 4, false, ScaleKind.Shift },
        { "resnet8", null, 8, false, ScaleKind.MultiplierShift },
        { "resnet8", null, 8, true, ScaleKind.MultiplierShift },
        { "resnet8", null, 4, true, ScaleKind.Shift },
        { "ds_cnn", null, 8, false, ScaleKind.MultiplierShift },
        { "squeezenet", 48, 8, false, ScaleKind.MultiplierShift },
        { "mobilenet_v2", 32, 8, false, ScaleKind.MultiplierShift },
        { "shufflenet_v1", 32, 8, true, ScaleKind.MultiplierShift },
    };

    [Theory, MemberData(nameof(Small))]
    public void Codes_use_their_range_in_every_layer(string name, int? size, int bits, bool signed, ScaleKind scale)
    {
        IntegerNetwork network = NetworkGenerator.Generate(
            NamedNetworks.Load(name, size), new() { WeightBits = bits, ActivationBits = bits, SignedActivations = signed, Scale = scale }, 1);
        Assert.Empty(NetworkValidator.Check(network));
        InterpreterResult result = ReferenceInterpreter.Run(network, RandomCodes(network.Input, 2), 2);
        foreach ((Layer layer, int[] codes) in network.Layers.Zip(result.LayerOutputs))
        {
            (int least, int most) = ((int)layer.Output.Format.MinRaw, (int)layer.Output.Format.MaxRaw);
            Assert.True(codes.Max() - codes.Min() >= (most - least) / 8, $"{layer.Name}: codes {codes.Min()}..{codes.Max()}");
            Assert.True(codes.Count(code => code != 0) >= codes.Length / 10, $"{layer.Name}: {codes.Count(code => code != 0)} of {codes.Length} are not zero");
            Assert.True(codes.Count(code => code == most) <= codes.Length / 5, $"{layer.Name}: {codes.Count(code => code == most)} of {codes.Length} at the greatest code");
            Assert.True(least == 0 || codes.Count(code => code == least) <= codes.Length / 5, $"{layer.Name}: {codes.Count(code => code == least)} of {codes.Length} at the least code");
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_network_and_another_one_another()
    {
        NetworkDescription description = NamedNetworks.Load("lenet5");
        Assert.Equal(NetworkGenerator.Generate(description, new(), 3), NetworkGenerator.Generate(description, new(), 3));
        Assert.NotEqual(NetworkGenerator.Generate(description, new(), 3), NetworkGenerator.Generate(description, new(), 4));
    }

    [Theory]
    [InlineData(WeightGrid.Integer, 4, "-7 -6 -5 -4 -3 -2 -1 0 1 2 3 4 5 6 7")]
    [InlineData(WeightGrid.Bipolar, 1, "-1 1")]
    [InlineData(WeightGrid.Ternary, 2, "-1 0 1")]
    [InlineData(WeightGrid.PowerOfTwo, 4, "-64 -32 -16 -8 -4 -2 -1 0 1 2 4 8 16 32 64")]
    public void Weights_take_every_value_of_their_grid_and_no_other(WeightGrid grid, int bits, string values)
    {
        IntegerNetwork network = NetworkGenerator.Generate(NamedNetworks.Load("lenet5"), new() { Weights = grid, WeightBits = bits }, 1);
        foreach (ImmutableArray<int> weights in Weights(network).Where(weights => weights.Length > 500))
        {
            Assert.Equal(values, string.Join(' ', weights.Distinct().Order()));
        }
    }

    [Fact]
    public void A_codebook_is_a_layers_own()
    {
        IntegerNetwork network = NetworkGenerator.Generate(NamedNetworks.Load("lenet5"), new() { Weights = WeightGrid.Codebook, WeightBits = 4 }, 1);
        string[] books = [.. Weights(network).Where(weights => weights.Length > 500).Select(weights => string.Join(' ', weights.Distinct().Order()))];
        Assert.All(books, book => Assert.Equal(16, book.Split(' ').Length));
        Assert.Equal(books.Length, books.Distinct().Count());
    }

    [Fact]
    public void Layers_can_have_formats_of_their_own()
    {
        NetworkFormats formats = new()
        {
            WeightBits = 4,
            ActivationBits = 4,
            Layers = ImmutableDictionary<string, LayerFormats>.Empty.Add("conv1", new(WeightBits: 8, ActivationBits: 6)).Add("dense2", new(Weights: WeightGrid.Ternary)),
        };
        IntegerNetwork network = NetworkGenerator.Generate(NamedNetworks.Load("lenet5"), formats, 1);
        Assert.Empty(NetworkValidator.Check(network));
        Assert.Equal([8, 4, 4, 2, 4], network.Layers.Select(layer => layer switch { Conv2dLayer c => c.WeightFormat.Width, DenseLayer d => d.WeightFormat.Width, _ => 0 }).Where(width => width > 0));
        Assert.Equal([6, 6, 4, 4, 4, 4, 4, 8], network.Layers.Select(layer => layer.Output.Format.Width));
        Assert.Equal((long)127, Weights(network).First().Max());
    }

    [Fact]
    public void Codes_of_one_bit_are_signs()
    {
        IntegerNetwork network = NetworkGenerator.Generate(NamedNetworks.Load("vgg_small", 8), new() { Weights = WeightGrid.Bipolar, ActivationBits = 1 }, 1);
        Assert.Empty(NetworkValidator.Check(network));
        InterpreterResult result = ReferenceInterpreter.Run(network, RandomCodes(network.Input, 1), 1);
        foreach (int[] codes in result.LayerOutputs.SkipLast(1))
        {
            Assert.Equal([-1, 1], codes.Distinct().Order());
        }
    }

    [Fact]
    public void Joined_tensors_agree_in_sign_and_others_use_it_only_where_they_must()
    {
        IntegerNetwork network = NetworkGenerator.Generate(NamedNetworks.Load("resnet8"), new(), 1);
        Dictionary<string, TensorSpec> tensors = network.Layers.ToDictionary(layer => layer.Name, layer => layer.Output);
        Assert.All(network.Layers.OfType<AddLayer>(), add => Assert.True(tensors[add.Input].Format.Signed && tensors[add.SecondInput].Format.Signed));
        Assert.False(tensors["stack1_conv1"].Format.Signed);
        Assert.False(tensors["stack3.add"].Format.Signed);
        Assert.True(tensors["conv1"].Format.Signed);
    }

    [Theory]
    [InlineData("resnet8", WeightGrid.Integer, 8, 1, "layer 'stack1_add': add makes no codes of -1 and +1")]
    [InlineData("lenet5", WeightGrid.Integer, 1, 8, "weights of layer 'conv1': found 1 bits, allowed 2..16 for integer")]
    [InlineData("lenet5", WeightGrid.PowerOfTwo, 6, 8, "found 6 bits, allowed 2..5 for power_of_two")]
    [InlineData("lenet5", WeightGrid.Integer, 8, 9, "output of layer 'conv1': found 9 bits, allowed 1..8")]
    public void Formats_that_no_network_has_are_refused(string name, WeightGrid grid, int weightBits, int activationBits, string problem) =>
        Assert.Contains(
            NetworkGenerator.Problems(NamedNetworks.Load(name), new() { Weights = grid, WeightBits = weightBits, ActivationBits = activationBits }),
            found => found.Contains(problem, StringComparison.Ordinal));

    /// <summary>Every code of a format as likely as the others.</summary>
    internal static int[] RandomCodes(TensorSpec tensor, int images)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, images * tensor.Elements).Select(_ => random.Next((int)tensor.Format.MinRaw, (int)tensor.Format.MaxRaw + 1))];
    }

    private static IEnumerable<ImmutableArray<int>> Weights(IntegerNetwork network) =>
        network.Layers.Select(layer => layer switch { Conv2dLayer c => c.Weights.Values, DenseLayer d => d.Weights.Values, _ => [] }).Where(weights => weights.Length > 0);
}
