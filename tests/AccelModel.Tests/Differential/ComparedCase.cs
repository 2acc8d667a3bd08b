// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

namespace AccelModel.Tests.Differential;

/// <summary>One pair of a network and a design after all engines ran it.</summary>
/// <param name="Seed">The seed that it was drawn from.</param>
/// <param name="Mode">Dataflow, kind of PE, overflow mode of partial sums and rounding, joined by spaces.</param>
/// <param name="Features">What else its schedule uses.</param>
/// <param name="Cycles">Cycles of an inference, times images.</param>
/// <param name="Overflows">Overflowing additions.</param>
/// <param name="Difference">What differs first; null if all engines agree.</param>
public sealed record ComparedCase(int Seed, string Mode, ImmutableArray<string> Features, long Cycles, long Overflows, string? Difference)
{
    /// <summary>Draws and compares the pair of a seed. An exception is a difference.</summary>
    public static ComparedCase Of(int seed, CaseSize size)
    {
        RandomCase drawn;
        try
        {
            drawn = RandomCase.Draw(new ChoiceSource(seed), size);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return new(seed, "not drawn", [], 0, 0, exception.ToString());
        }

        try
        {
            string? difference = Engines.FirstDifference(drawn);
            TimingResult timing = FastEngine.Time(drawn.Schedule);
            long overflows = Engines.Reference(drawn).Overflows.Sum(layer => layer.PartialSums + layer.Accumulators);
            return new(seed, ModeOf(drawn.Accelerator), FeaturesOf(drawn), timing.Cycles * drawn.Images, overflows, difference);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return new(seed, ModeOf(drawn.Accelerator), FeaturesOf(drawn), 0, 0, exception.ToString());
        }
    }

    /// <summary>Whether a layer rounds twice anywhere.</summary>
    internal static bool RoundsTwice(Layer layer) => layer switch
    {
        Conv2dLayer conv => conv.Requantization.Kind == RequantizationKind.DoubleRounding,
        DenseLayer dense => dense.Requantization.Kind == RequantizationKind.DoubleRounding,
        MatmulLayer matmul => matmul.Requantization.Kind == RequantizationKind.DoubleRounding,
        AddLayer add => new[] { add.First, add.Second, add.Requantization }.Any(r => r.Kind == RequantizationKind.DoubleRounding),
        MultiplyLayer multiply => multiply.Requantization.Kind == RequantizationKind.DoubleRounding,
        RequantizeLayer requantize => requantize.Requantization.Kind == RequantizationKind.DoubleRounding,
        _ => false,
    };

    private static string ModeOf(AcceleratorSpec accelerator) =>
        $"{EnumNames.Of(accelerator.Array.Dataflow)} {EnumNames.Of(accelerator.Array.ProcessingElement)} {EnumNames.Of(accelerator.Array.Overflow)} {EnumNames.Of(accelerator.Requantizer.Rounding)}";

    private static ImmutableArray<string> FeaturesOf(RandomCase drawn)
    {
        Schedule schedule = drawn.Schedule;
        (string Name, bool Has)[] features =
        [
            ("digit passes", schedule.Array.Any(m => m.Digits > 1)),
            ("weights in several chunks", schedule.Array.Any(m => m.Accumulate)),
            ("column filter", schedule.Array.Any(m => m.ColumnFilter)),
            ("masked tiles", schedule.Array.Any(m => m.LastTileElements > 0)),
            ("lanes", drawn.Accelerator.Array.Lanes > 1),
            ("single-buffered weights", !drawn.Accelerator.Array.WeightDoubleBuffering),
            ("forwarded tensors", schedule.Store.Any(s => s.Target == StoreTarget.Activation)),
            ("filled padding", schedule.Load.Any(l => l.Fill)),
            ("shuffled stores", schedule.Store.Any(s => s.ChannelPitch > 1)),
            ("fused pooling", schedule.Layers.Any(l => l.PoolLayer is not null)),
            ("lookup tables", schedule.Vector.Any(v => v.Lookup)),
            ("activations as weights", schedule.Array.Any(m => m.ActivationWeights)),
            ("offsets of activations", schedule.Array.Any(m => m.ActivationOffset != 0)),
            ("offsets of factors", schedule.Array.Any(m => m.WeightOffset != 0)),
            ("double rounding", drawn.Network.Layers.Any(RoundsTwice)),
            ("fixed shift", drawn.Accelerator.Requantizer.FixedShift is not null),
            .. drawn.Network.Layers.Select(layer => (layer is Conv2dLayer { Groups: > 1 } ? "conv2d with groups" : layer.Kind, true)),
        ];
        return [.. features.Where(feature => feature.Has).Select(feature => feature.Name).Distinct()];
    }
}
