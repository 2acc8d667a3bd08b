// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Networks.Description;
using AccelModel.Networks.Generation;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace RtlExport.Corners;

/// <summary>One dense layer whose sums leave partial sums and accumulators at both ends, as far as so many products can.</summary>
public static class LimitsNetwork
{
    /// <summary>Its name.</summary>
    public const string Name = "limits";

    /// <summary>Most products of an output: what a simulator still runs in a moment. Where so many do not fill an accumulator, few are taken.</summary>
    public const int MostProducts = 4608;

    /// <summary>Products up to which all images are run.</summary>
    private const int FewProducts = 512;

    private const int Channels = 6;

    private const int CodeBits = 8;

    /// <summary>
    /// Channels whose weights are all the greatest, all the least, first one and then the other and the reverse, alternating vector by vector, and the greatest in one vector only. Images of the greatest and of
    /// the least codes, of one and then the other, and of both in turn. The scale keeps the accumulator's top bits, so that a sum that wrapped is told from one that saturated.
    /// </summary>
    public static (Schedule Schedule, int[] Input) Make(AcceleratorSpec spec)
    {
        int vector = spec.VectorElements;
        IntegerNetwork drawn = Draw(spec, 1);
        (int least, int most) = Weights(spec, (DenseLayer)Draw(spec, (4 * vector) + 1).Layers[0]);
        FixedPointFormat format = drawn.Input.Format;
        long product = Math.Max(Math.Max(Math.Abs((long)least), most) * Math.Max(Math.Abs(format.MinRaw), format.MaxRaw), 1);
        long enough = (TwosComplement.Max(spec.Accumulator.Width) / product) + (2 * vector) + 1;
        int products = enough <= MostProducts ? (int)enough : (4 * vector) + 1;
        IntegerNetwork network = Draw(spec, products);
        var layer = (DenseLayer)network.Layers[0];
        int half = products / 2;
        int[] weights = new int[Channels * products];
        for (int k = 0; k < products; k++)
        {
            bool first = k < half, even = k / vector % 2 == 0;
            int[] channel = [most, least, first ? most : least, first ? least : most, even ? most : least, k < vector ? most : least];
            for (int c = 0; c < Channels; c++)
            {
                weights[(c * products) + k] = channel[c];
            }
        }

        layer = layer with { Weights = new([Channels, products], ImmutableArray.Create(weights)), Requantization = TopBits(layer.Requantization, spec) };
        network = network with { Layers = [layer] };
        int low = (int)format.MinRaw, high = (int)format.MaxRaw;
        int[] input = [.. Enumerable.Repeat(high, products), .. Enumerable.Range(0, products).Select(k => k < half ? high : low)];
        int[] more = products > FewProducts ? [] : [.. Enumerable.Repeat(low, products), .. Enumerable.Range(0, products).Select(k => k % 2 == 0 ? high : low)];
        return (InChunks(Scheduler.Schedule(network, spec), vector), [.. input, .. more]);
    }

    /// <summary>The same network in two chunks of input channels at least, the later ones added to what the accumulators hold; as it is where the design has no such schedule.</summary>
    private static Schedule InChunks(Schedule schedule, int vector)
    {
        int chunk = Math.Max(1, schedule.Choices[0].InputChannelsPerChunk / 2 / vector) * vector;
        try
        {
            return Scheduler.Schedule(schedule.Network, schedule.Accelerator, [schedule.Choices[0] with { InputChannelsPerChunk = chunk }]);
        }
        catch (ScheduleException)
        {
            return schedule;
        }
    }

    private static IntegerNetwork Draw(AcceleratorSpec spec, int products) => FittedNetwork.Generate(
        new NetworkDescription
        {
            Name = Name, Input = new(1, 1, products), SignedInput = spec.Array.ActivationSigned && spec.Array.ActivationWidth >= CodeBits,
            Layers = [new DenseDescription { Name = "sums", Inputs = ["input"], Outputs = Channels }],
        },
        spec, 1);

    /// <summary>The extreme weights: of two's complement both ends of the format, else of the values that a layer of this kind has.</summary>
    private static (int Least, int Most) Weights(AcceleratorSpec spec, DenseLayer layer) => NetworkFormats.For(spec).Weights == WeightGrid.Integer
        ? ((int)layer.WeightFormat.MinRaw, (int)layer.WeightFormat.MaxRaw)
        : (layer.Weights.Values.Min(), layer.Weights.Values.Max());

    private static Requantization TopBits(Requantization drawn, AcceleratorSpec spec)
    {
        int drop = Math.Max(0, spec.Accumulator.Width - CodeBits);
        int shift = spec.Requantizer.FixedShift ?? drop;
        int up = Math.Clamp(shift - drop, 0, spec.Requantizer.MultiplierWidth - 1);
        return drawn with { Kind = RequantizationKind.MultiplierShift, Bias = [.. new long[Channels]], Multiplier = [1L << up], Shift = [shift] };
    }
}
