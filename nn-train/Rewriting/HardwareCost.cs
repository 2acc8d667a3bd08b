// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Costs;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using NnTrain.Lowering;
using NnTrain.Specification;

namespace NnTrain.Rewriting;

/// <summary>
/// What bits cost on a design, from the accelerator model itself: with C the figure of a network whose outputs all have the most bits but for layer i, which has b,
/// <code>
/// Delta_i(b) = C(i has b) - C(all have the most),     cost of bits b_1, b_2, ... = C(all have the most) + sum Delta_i(b_i)
/// </code>
/// which is the model's own where one layer differs. Layers run one after the other, so their times nearly add up; what is reported of a network in the end is the model's figure of that network.
/// </summary>
public sealed record HardwareCost
{
    /// <summary>C of the most bits.</summary>
    public required double AtMost { get; init; }

    /// <summary>The sum above for the least bits.</summary>
    public double AtLeast => AtMost + Changes.Values.Sum(change => change[0]);

    /// <summary><see cref="AtMost"/>'s share that each layer adds, by the layer's name: Delta at the least width and each one above it.</summary>
    public required ImmutableSortedDictionary<string, ImmutableArray<double>> Changes { get; init; }

    /// <summary>The figures of a topology on a design.</summary>
    /// <param name="network">The topology.</param>
    /// <param name="phase">The recipe, whose bits are the most.</param>
    /// <param name="spec">The figure, and the least bits.</param>
    /// <param name="accelerator">The design; null for a figure that needs none.</param>
    /// <exception cref="ScheduleException">The design cannot run the network.</exception>
    /// <exception cref="ArgumentException">The figure is one of a design, and there is none.</exception>
    public static HardwareCost Of(NetworkSpec network, QuantizedPhaseSpec phase, LearnedAllocationSpec spec, AcceleratorSpec? accelerator)
    {
        LayerSpec[] layers = [.. network.MatrixLayers];
        double Figure(params ReadOnlySpan<KeyValuePair<string, int>> bits) => Own(network, phase, spec, accelerator, ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, bits.ToArray()));

        double atMost = Figure();
        return new()
        {
            AtMost = atMost,
            Changes = Learning(network, spec).ToImmutableSortedDictionary(
                layer => layer.Name,
                layer => ImmutableArray.CreateRange(Enumerable.Range(spec.LeastBits, Most(phase, spec, layers, layer) - spec.LeastBits + 1).Select(bits => Figure(KeyValuePair.Create(layer.Name, bits)) - atMost)),
                StringComparer.Ordinal),
        };
    }

    /// <summary>The least that a topology can cost: the model's own figure where all layers have the least bits.</summary>
    /// <param name="network">The topology.</param>
    /// <param name="phase">The recipe, whose bits are the most.</param>
    /// <param name="spec">The figure, and the least bits.</param>
    /// <param name="accelerator">The design; null for a figure that needs none.</param>
    /// <exception cref="ScheduleException">The design cannot run the network.</exception>
    /// <exception cref="ArgumentException">The figure is one of a design, and there is none.</exception>
    public static double Least(NetworkSpec network, QuantizedPhaseSpec phase, LearnedAllocationSpec spec, AcceleratorSpec? accelerator) =>
        Own(network, phase, spec, accelerator, Learning(network, spec).ToImmutableSortedDictionary(layer => layer.Name, _ => spec.LeastBits, StringComparer.Ordinal));

    /// <summary>The model's own figure of bits; layers that are not named have the recipe's.</summary>
    /// <param name="network">The topology.</param>
    /// <param name="phase">The recipe, whose bits are the most.</param>
    /// <param name="spec">The figure, and the least bits.</param>
    /// <param name="accelerator">The design; null for a figure that needs none.</param>
    /// <param name="bits">Bits by layer.</param>
    /// <exception cref="ScheduleException">The design cannot run the network.</exception>
    /// <exception cref="ArgumentException">The figure is one of a design, and there is none.</exception>
    public static double Own(NetworkSpec network, QuantizedPhaseSpec phase, LearnedAllocationSpec spec, AcceleratorSpec? accelerator, ImmutableSortedDictionary<string, int> bits)
    {
        QuantizedPhaseSpec given = phase with { LayerBits = bits.IsEmpty ? null : LayersOf(spec, bits) };
        return spec.Objective == BitObjective.WeightBits
            ? WeightBits(network, given)
            : FigureOf(network, given, spec.Objective, accelerator ?? throw new ArgumentException("bits are priced by a design, and the plan has none", nameof(accelerator)));
    }

    /// <summary>Numbers of bits as a recipe has them.</summary>
    public static ImmutableSortedDictionary<string, LayerBits> LayersOf(LearnedAllocationSpec spec, ImmutableSortedDictionary<string, int> bits) =>
        bits.ToImmutableSortedDictionary(entry => entry.Key, entry => spec.OfWeights ? new LayerBits(entry.Value, null) : new LayerBits(null, entry.Value), StringComparer.Ordinal);

    /// <summary>Layers whose bits are learned: the last output, class scores, has the recipe's.</summary>
    private static IEnumerable<LayerSpec> Learning(NetworkSpec network, LearnedAllocationSpec spec) => spec.OfWeights ? network.MatrixLayers : network.MatrixLayers.SkipLast(1);

    /// <summary>The most bits of a layer: those of its sentence.</summary>
    public static int Most(QuantizedPhaseSpec phase, LearnedAllocationSpec spec, LayerSpec[] layers, LayerSpec layer) =>
        spec.OfWeights ? phase.WeightsOf(Array.IndexOf(layers, layer), layers.Length).Bits : phase.Activations.Bits;

    /// <summary>The model's own figure of a recipe's bits.</summary>
    public static double FigureOf(NetworkSpec network, QuantizedPhaseSpec phase, BitObjective objective, AcceleratorSpec accelerator)
    {
        IntegerNetwork outline = NetworkOutline.Of(network, phase, accelerator.Requantizer.Rounding);
        Schedule schedule = ScheduleOptimizer.Schedule(outline, accelerator);
        TimingResult timing = FastEngine.Time(schedule);
        return objective == BitObjective.Cycles
            ? timing.Cycles
            : EnergyModel.Layers(schedule, timing, EnergyTechnology.Horowitz45).Sum(layer => layer.Sum(part => part.Nanojoules));
    }

    private static double WeightBits(NetworkSpec network, QuantizedPhaseSpec phase)
    {
        IReadOnlyDictionary<string, FeatureShape> shapes = network.Shapes();
        double sum = 0;
        int index = 0;
        int layers = network.MatrixLayers.Count();
        for (int i = 0; i < network.Layers.Length; i++)
        {
            LayerSpec layer = network.Layers[i];
            if (layer is ConvolutionSpec or DenseSpec)
            {
                sum += layer.Weights(shapes[network.InputsOf(i)[0]]) * phase.WeightsOf(layer.Name, index++, layers).Bits;
            }
        }

        return sum;
    }
}
