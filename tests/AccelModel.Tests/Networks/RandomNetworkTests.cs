// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Tests.Differential;
using AccelModel.Tests.Specification;
using Xunit;

namespace AccelModel.Tests.Networks;

/// <summary>What holds for every network: it is well-formed, its files give it back, and two ways to compute it agree in every code.</summary>
public sealed class RandomNetworkTests
{
    private const int Networks = 1500;
    private const int BlockSize = 150;

    /// <summary>First seeds, so that several cores can share the work.</summary>
    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, Networks / BlockSize).Select(block => block * BlockSize)];

    [Theory, MemberData(nameof(Blocks))]
    public void Every_code_of_every_layer_equals_the_direct_computation(int first) => ForAll(first, BlockSize, (network, images) =>
    {
        InterpreterResult result = ReferenceInterpreter.Run(network, images, 2);

        List<int[]>[] direct = [.. images.Chunk(network.Input.Elements).Select(image => DirectEvaluation.Run(network, image))];
        for (int layer = 0; layer < network.Layers.Length; layer++)
        {
            Assert.Equal([.. direct[0][layer], .. direct[1][layer]], result.LayerOutputs[layer]);
            Assert.All(result.LayerOutputs[layer], code => Assert.True(network.Layers[layer].Output.Format.Contains(code)));
        }
        Assert.Equal(result.LayerOutputs[^1], result.Output);
        Assert.All(result.Overflows, overflows => Assert.Equal(LayerOverflows.None, overflows));
    });

    [Theory, MemberData(nameof(Blocks))]
    public void Every_network_is_well_formed(int first) =>
        ForAll(first, BlockSize, (network, _) => Assert.Equal([], NetworkValidator.Check(network).Select(finding => finding.ToString())));

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    public void A_saved_network_loads_as_the_same_network_and_saves_as_the_same_bytes(int first)
    {
        using TemporaryDirectory folder = new();
        ForAll(first, 50, (network, _) =>
        {
            NetworkFile.Save(network, folder["a"]);
            IntegerNetwork loaded = NetworkFileTests.LoadWithoutFindings(folder["a"]);
            NetworkFile.Save(loaded, folder["b"]);
            Assert.Equal(network, loaded);
            Assert.Equal(Contents(folder["a"]), Contents(folder["b"]));
        });
    }

    [Fact]
    public void The_networks_cover_every_kind_of_layer_and_requantization()
    {
        IntegerNetwork[] networks = [.. Enumerable.Range(0, Networks).Select(seed => RandomNetwork.Draw(new ChoiceSource(seed), NetworkLimits.Any))];
        Layer[] layers = [.. networks.SelectMany(network => network.Layers)];
        Requantization[] results = [.. layers.Select(layer => layer switch
        {
            Conv2dLayer convolution => convolution.Requantization,
            DenseLayer dense => dense.Requantization,
            AddLayer add => add.Requantization,
            _ => null,
        }).OfType<Requantization>()];

        Assert.All(LayerKinds.All, kind => AtLeast(80, layers, layer => layer.Kind == kind));
        Assert.All(Enum.GetValues<RequantizationKind>(), kind => AtLeast(200, results, r => r.Kind == kind));
        Assert.All(NetworkLimits.Any.Result.Roundings, rounding => AtLeast(100, results, r => r.Kind == RequantizationKind.Shift && r.Rounding == rounding));
        AtLeast(20, layers, layer => layer is Conv2dLayer convolution && convolution.Groups > 1 && convolution.Weights.Shape[3] > 1);
        AtLeast(20, layers, layer => layer is Conv2dLayer convolution && convolution.Groups > 1 && convolution.Output.Channels > convolution.Groups);
        AtLeast(40, layers, layer => layer is Conv2dLayer convolution && convolution.Groups > 1 && convolution.Weights.Shape[3] == 1);
        AtLeast(40, layers, layer => layer is Conv2dLayer { Dilation.Rows: > 1, Padding.Top: > 0, PaddingCode: not 0 });
        AtLeast(20, layers, layer => layer is MaxPoolLayer { Padding.Top: > 0 });
        AtLeast(20, layers, layer => layer is MaxPoolLayer { CeilMode: true });
        AtLeast(20, layers, layer => layer is AveragePoolLayer { CountIncludePad: true, PaddingCode: not 0 });
        AtLeast(8, layers, layer => layer is AveragePoolLayer { CountIncludePad: false, CeilMode: true, Padding.Bottom: > 0 });
        AtLeast(20, layers, layer => layer is MatmulLayer { TransposeSecond: false });
        AtLeast(20, layers, layer => layer is MatmulLayer { FirstOffset: not 0 });
        AtLeast(20, layers, layer => layer is ConcatLayer { OtherInputs.Length: 2 });
        AtLeast(40, networks, network => network.Layers.Any(layer => layer is MultiplyLayer multiply && multiply.Output.Pixels > 1 && Tensor(network, multiply.SecondInput).Pixels == 1));
        AtLeast(100, networks, network => network.Layers.SelectMany(layer => layer.Inputs).GroupBy(name => name).Any(readers => readers.Count() > 1));
        AtLeast(900, networks, network => ReferenceInterpreter.Run(network, RandomNetwork.DrawImages(new ChoiceSource(1), network, NetworkLimits.Any, 1), 1).Output.Distinct().Count() > 1);

        static void AtLeast<T>(int least, IEnumerable<T> all, Func<T, bool> property, [CallerArgumentExpression(nameof(property))] string text = "")
        {
            int count = all.Count(property);
            Assert.True(count >= least, $"{count} with {text}, expected at least {least}");
        }
        static TensorSpec Tensor(IntegerNetwork network, string name) => name == IntegerNetwork.InputName ? network.Input : network.Layers.Single(layer => layer.Name == name).Output;
    }

    [Theory]
    [InlineData(ProcessingElementKind.Multiply, 8, 8)]
    [InlineData(ProcessingElementKind.XnorPopcount, 1, 1)]
    [InlineData(ProcessingElementKind.TernaryAdd, 4, 2)]
    [InlineData(ProcessingElementKind.ShiftAdd, 6, 4)]
    [InlineData(ProcessingElementKind.Codebook, 5, 3)]
    [InlineData(ProcessingElementKind.BitSerial, 7, 5)]
    public void Networks_of_a_design_hold_what_it_has_codes_for(ProcessingElementKind kind, int activationWidth, int weightWidth)
    {
        AcceleratorSpec design = TestAccelerators.Signed8 with
        {
            Array = TestAccelerators.Signed8.Array with
            {
                ProcessingElement = kind, ActivationWidth = activationWidth, WeightWidth = weightWidth, CodebookValueWidth = kind == ProcessingElementKind.Codebook ? 6 : 0,
            },
            Vector = new VectorSpec { Elementwise = true, Lookup = true, ThresholdLevels = 7 },
        };
        NetworkLimits limits = HardwareLimits.Of(design);
        for (int seed = 0; seed < 200; seed++)
        {
            ChoiceSource choices = new(seed);
            IntegerNetwork network = RandomNetwork.Draw(choices, limits);
            int[] images = RandomNetwork.DrawImages(choices, network, limits, 1);
            Assert.Equal([], NetworkValidator.Check(network).Select(finding => finding.ToString()));
            InterpreterResult result = ReferenceInterpreter.Run(network, images, 1);
            for (int i = 0; i < network.Layers.Length; i++)
            {
                CheckLayer(design, network, i, images, result);
            }
        }
    }

    private static void CheckLayer(AcceleratorSpec design, IntegerNetwork network, int index, int[] images, InterpreterResult result)
    {
        Layer layer = network.Layers[index];
        Assert.InRange(layer.Output.Format.Width, 1, design.Requantizer.ElementWidth);
        int[] weights = layer switch
        {
            Conv2dLayer convolution => [.. convolution.Weights.Values],
            DenseLayer dense => [.. dense.Weights.Values],
            _ => [],
        };
        switch (design.Array.ProcessingElement)
        {
            case ProcessingElementKind.XnorPopcount:
                Assert.All(weights, weight => Assert.True(weight is 1 or -1));
                if (weights.Length > 0 && network.InputOf(index).Format.Signed)
                {
                    int source = network.Layers.IndexOf(network.Layers.FirstOrDefault(other => other.Name == layer.Input)!);
                    Assert.All(source < 0 ? images : result.LayerOutputs[source], code => Assert.True(code is 1 or -1));
                }
                break;
            case ProcessingElementKind.TernaryAdd:
                Assert.All(weights, weight => Assert.InRange(weight, -1, 1));
                break;
            case ProcessingElementKind.ShiftAdd:
                Assert.All(weights, weight => Assert.True(weight == 0 || (BitOperations.IsPow2(Math.Abs(weight)) && Math.Abs(weight) <= 64)));
                break;
            case ProcessingElementKind.Codebook:
                Assert.InRange(weights.Distinct().Count(), 0, 8);
                Assert.All(weights, weight => Assert.InRange(weight, -32, 31));
                break;
            default:
                Assert.All(weights, weight => Assert.True(TwosComplement.Fits(weight, design.Array.WeightWidth)));
                break;
        }
    }

    /// <summary>Networks of consecutive seeds with two images each; of one that fails the shrunk form is shown.</summary>
    private static void ForAll(int first, int count, Action<IntegerNetwork, int[]> property)
    {
        for (int seed = first; seed < first + count; seed++)
        {
            ChoiceSource choices = new(seed);
            if (Failure(choices, property) is not null)
            {
                IReadOnlyList<int> shrunk = Shrinker.Shrink(choices.Taken, replay => Failure(new ChoiceSource(replay), property) is not null);
                IntegerNetwork network = RandomNetwork.Draw(new ChoiceSource(shrunk), NetworkLimits.Any);
                Assert.Fail($"seed {seed}, shrunk: {Failure(new ChoiceSource(shrunk), property)}\n{string.Join("\n", network.Layers)}");
            }
        }
    }

    private static string? Failure(ChoiceSource choices, Action<IntegerNetwork, int[]> property)
    {
        try
        {
            IntegerNetwork network = RandomNetwork.Draw(choices, NetworkLimits.Any);
            property(network, RandomNetwork.DrawImages(choices, network, NetworkLimits.Any, 2));
            return null;
        }
        catch (Exception exception)
        {
            return exception.Message;
        }
    }

    private static Dictionary<string, string> Contents(string directory) =>
        Directory.GetFiles(directory).ToDictionary(path => Path.GetFileName(path), path => Convert.ToBase64String(File.ReadAllBytes(path)));
}
