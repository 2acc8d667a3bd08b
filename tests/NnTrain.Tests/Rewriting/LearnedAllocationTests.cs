// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using NnTrain.Data;
using NnTrain.Lowering;
using NnTrain.Rewriting;
using NnTrain.Specification;
using NnTrain.Tests.Lowering;
using NnTrain.Tests.Training;
using NnTrain.Training;
using Xunit;

namespace NnTrain.Tests.Rewriting;

/// <summary>Bits by gradient, priced by the accelerator's own figures.</summary>
public sealed class LearnedAllocationTests : TrainingTest
{
    private static readonly AcceleratorSpec BitSerial = TestAccelerators.Load("bit-serial-16x16");

    /// <summary>
    /// The second convolution of lenet5 has 150 weights an output, ten segments of 16 rows, and 100 pixels: a bit more of its inputs costs 1000 cycles, from three bits on (before, the weights are waited for). The dense layers have one vector a segment, which the weights'
    /// 16 lines hide up to 16 bits.
    /// </summary>
    [Fact]
    public void A_bit_costs_the_cycles_that_the_array_streams_it_for()
    {
        NetworkSpec lenet = Lenet();
        QuantizedPhaseSpec phase = TestRecipes.Load("mixed/learned-cycles").QuantizedPhase!;

        HardwareCost cost = HardwareCost.Of(lenet, phase, (LearnedAllocationSpec)phase.BitAllocation!, BitSerial);

        ImmutableArray<double> conv1 = cost.Changes["conv1"];
        Assert.Equal(7, conv1.Length);
        Assert.Equal(0, conv1[^1]);
        Assert.All(conv1.Skip(1).Zip(conv1.Skip(2)), pair => Assert.InRange(pair.Second - pair.First, 950, 1050));
        Assert.All(cost.Changes["dense1"], change => Assert.InRange(change, -60, 0));
        Assert.Equal(["conv1", "conv2", "dense1", "dense2"], cost.Changes.Keys);

        // Layer by layer the figures add up to what the model says of all together, and so they do nearly for mixed bits.
        ImmutableSortedDictionary<string, LayerBits> mixed = Bits(("conv1", 3), ("conv2", 5), ("dense1", 2), ("dense2", 4));
        double sum = cost.AtMost + mixed.Sum(entry => cost.Changes[entry.Key][entry.Value.Activations!.Value - 2]);
        double own = HardwareCost.FigureOf(lenet, phase with { LayerBits = mixed }, BitObjective.Cycles, BitSerial);
        Assert.InRange(sum, 0.99 * own, 1.01 * own);
    }

    /// <summary>Digits of two bits: three bits cost as much energy as four.</summary>
    [Fact]
    public void Energy_follows_the_digits_of_a_narrow_array()
    {
        NetworkSpec lenet = Lenet();
        QuantizedPhaseSpec phase = TestRecipes.Load("mixed/learned-energy").QuantizedPhase!;
        AcceleratorSpec narrow = TestAccelerators.Load("systolic-16x16-w4a4");
        narrow = narrow with { Array = narrow.Array with { ActivationWidth = 2 } };

        ImmutableArray<double> conv1 = HardwareCost.Of(lenet, phase, (LearnedAllocationSpec)phase.BitAllocation!, narrow).Changes["conv1"];

        Assert.Equal(conv1[1], conv1[2], 1e-6);
        Assert.Equal(conv1[3], conv1[4], 1e-6);
        Assert.True(conv1[0] < conv1[1] && conv1[2] < conv1[3] && conv1[4] < 0);
    }

    [Fact]
    public void Storage_is_that_of_the_weights()
    {
        NetworkSpec small = TestRecipes.SmallNetwork();
        QuantizedPhaseSpec phase = TestRecipes.Load("mixed/learned-weights").QuantizedPhase!;

        HardwareCost cost = HardwareCost.Of(small, phase, (LearnedAllocationSpec)phase.BitAllocation!, null);

        // 6*9, 8*6*4, 16*3*3*8, 4*16 weights.
        Assert.Equal(8 * (54 + 192 + 1152 + 64), cost.AtMost);
        Assert.Equal(Enumerable.Range(2, 7).Select(bits => 1152.0 * (bits - 8)), cost.Changes["dense1"].Select(change => change + 0.0));
    }

    /// <summary>At no price bits stay near the most; at a high one those that cost anything fall to the least. The bits are those of the integer network, whose cycles are those that were priced, and of the bit-serial array.</summary>
    [Fact]
    public void Bits_follow_their_price_and_end_in_the_integer_network()
    {
        TrainedNetwork free = Train(0);
        TrainedNetwork dear = Train(300);

        // Without a price only the noise of batches moves bits, as far as the processor's order of additions has it.
        Assert.All(free.Recipe.QuantizedPhase!.LayerBits!, entry => Assert.InRange(entry.Value.Activations!.Value, 4, 8));
        Assert.Equal(2, dear.Recipe.QuantizedPhase!.LayerBits!["conv1"].Activations);
        Assert.Null(dear.Recipe.QuantizedPhase.BitAllocation);
        Assert.IsType<LearnedAllocationSpec>(dear.Asked!.Recipe.QuantizedPhase!.BitAllocation);

        IntegerNetwork network = NetworkLowering.Lower(dear, BitSerial);
        foreach ((string layer, LayerBits bits) in dear.Recipe.QuantizedPhase.LayerBits!)
        {
            Assert.Equal(bits.Activations, network.Layers.Single(other => other.Name == layer).Output.Format.Width);
        }

        Assert.Empty(HardwareFit.Check(network, BitSerial));
        AccelModel.Scheduling.Schedule schedule = ScheduleOptimizer.Schedule(network, BitSerial);
        Assert.Equal(HardwareCost.FigureOf(dear.Network, dear.Recipe.QuantizedPhase, BitObjective.Cycles, BitSerial), FastEngine.Time(schedule).Cycles);
        ImageSet images = SyntheticImages.Sets().Test;
        int[] input = [.. images.Pixels.Select(pixel => (int)pixel)];
        ImmutableArray<int[]> quantized = QuantizedEvaluator.Run(network, input, images.Count);
        Assert.Equal(quantized[^1], FastEngine.Execute(schedule, input, images.Count, new() { KeepLayerOutputs = true, Threads = 1 }).LayerOutputs[^1]);
        Assert.InRange(CodeAgreement.Compare(dear, network, images).Rate, 0, 1e-4);

        TrainedNetwork Train(double price)
        {
            TrainingSpec recipe = TestRecipes.Short("mixed/learned-cycles");
            LearnedAllocationSpec learned = (LearnedAllocationSpec)recipe.QuantizedPhase!.BitAllocation!;
            recipe = recipe with { QuantizedPhase = recipe.QuantizedPhase with { BitAllocation = learned with { Price = price, LearningRate = 0.3, Epochs = 3 } } };
            return Trainer.Train(Plan(recipe, $"price-{price}") with { Accelerator = BitSerial, Network = Network }, SyntheticImages.Sets());
        }
    }

    /// <summary>The model's own cycles of the bits are within the budget, and no layer could have another bit; a budget that buys everything leaves all bits.</summary>
    [Fact]
    public void A_budget_is_kept_and_used_up()
    {
        TrainingSpec recipe = TestRecipes.Short("mixed/budget-cycles");
        QuantizedPhaseSpec phase = recipe.QuantizedPhase!;
        LearnedAllocationSpec learned = (LearnedAllocationSpec)phase.BitAllocation! with { LearningRate = 0.3, Epochs = 2 };
        double least = HardwareCost.Least(Network, phase, learned, BitSerial);
        double most = Cost(ImmutableSortedDictionary<string, int>.Empty);
        double half = Math.Floor((least + most) / 2);

        ImmutableSortedDictionary<string, int> bits = Learn(half);

        Assert.InRange(Cost(bits), least, half);
        Assert.Contains(bits, layer => layer.Value < 8);
        Assert.All(bits.Where(layer => layer.Value < 8), layer => Assert.True(Cost(bits.SetItem(layer.Key, layer.Value + 1)) > half));
        Assert.All(Learn(most), layer => Assert.Equal(8, layer.Value));
        Assert.Contains(Learn(least), layer => layer.Value == 2);
        Assert.Throws<ArgumentException>(() => Learn(least - 1));

        double Cost(ImmutableSortedDictionary<string, int> of) => HardwareCost.Own(Network, phase, learned, BitSerial, of);

        ImmutableSortedDictionary<string, int> Learn(double budget)
        {
            TrainingPlan plan = Plan(recipe with { QuantizedPhase = phase with { BitAllocation = learned with { Budget = budget } } }, $"budget-{budget}") with { Accelerator = BitSerial, Network = Network };
            return Trainer.Train(plan, SyntheticImages.Sets()).Recipe.QuantizedPhase!.LayerBits!.ToImmutableSortedDictionary(layer => layer.Key, layer => layer.Value.Activations!.Value);
        }
    }

    [Fact]
    public void Weights_bits_are_learned_too()
    {
        TrainingSpec recipe = TestRecipes.Short("mixed/learned-weights");
        LearnedAllocationSpec learned = (LearnedAllocationSpec)recipe.QuantizedPhase!.BitAllocation!;

        TrainedNetwork trained = Train(recipe with { QuantizedPhase = recipe.QuantizedPhase with { BitAllocation = learned with { Price = 3, LearningRate = 0.3, Epochs = 2 } } });

        ImmutableSortedDictionary<string, LayerBits> bits = trained.Recipe.QuantizedPhase!.LayerBits!;
        Assert.True(bits["dense1"].Weights < bits["conv1"].Weights);
        Assert.True(trained.TrainedAccuracy > 0.5);
    }

    /// <summary>A second layer of 64 pixels, long enough for the array to be what takes time.</summary>
    private static readonly NetworkSpec Network = TestRecipes.SmallNetwork() with
    {
        Layers =
        [
            new ConvolutionSpec { Name = "conv1", Channels = 6, Kernel = 3, Stride = 1, Padding = 1 },
            new ConvolutionSpec { Name = "conv2", Channels = 8, Kernel = 3, Stride = 1, Padding = 1 },
            new MaxPoolSpec { Name = "pool2", Window = 4, Stride = 4 },
            new FlattenSpec { Name = "flatten" },
            new DenseSpec { Name = "dense1", Outputs = 16 },
            new DenseSpec { Name = "dense2", Outputs = SyntheticImages.Classes },
        ],
    };

    private static NetworkSpec Lenet()
    {
        SpecIssues issues = [];
        NetworkSpec? network = NetworkSpecFile.Load(Path.Combine(AppContext.BaseDirectory, "configs", "networks", "lenet5.yaml"), issues);
        issues.ThrowIfAny();
        return network!;
    }

    private static ImmutableSortedDictionary<string, LayerBits> Bits(params (string Layer, int Bits)[] bits) =>
        bits.ToImmutableSortedDictionary(entry => entry.Layer, entry => new LayerBits(null, entry.Bits), StringComparer.Ordinal);
}
