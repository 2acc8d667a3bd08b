// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;
using AccelModel.Scheduling;

namespace AccelModel.Networks;

/// <summary>
/// How wide the accumulators of a network must be so that nothing overflows, three ways: whatever the weights are, whatever the input is, and for given images.
/// (The first two are the data type bound and the weight norm bound of A2Q, arXiv:2308.13504, as exact intervals instead of powers of two.)
/// </summary>
public static class AccumulatorWidths
{
    /// <summary>The intervals of every matrix layer (conv2d, dense, matmul), in the order of <see cref="IntegerNetwork.Layers"/>.</summary>
    /// <param name="network">A well-formed network.</param>
    /// <param name="input">Codes, image after image, each in rows, columns, channels order.</param>
    /// <param name="images">Images in <paramref name="input"/>.</param>
    /// <param name="plans">Orders of additions by index in <see cref="IntegerNetwork.Layers"/>; their widths do not matter. A layer without one adds product by product.</param>
    /// <exception cref="ArgumentException">As <see cref="ReferenceInterpreter.Run"/>.</exception>
    public static ImmutableArray<LayerAccumulatorWidths> Of(
        IntegerNetwork network, int[] input, int images, IReadOnlyDictionary<int, AccumulationPlan>? plans = null)
    {
        Dictionary<int, AccumulationPlan> wide = Widest(plans);
        InterpreterResult exact = ReferenceInterpreter.Run(network, input, images, wide);
        var widths = ImmutableArray.CreateBuilder<LayerAccumulatorWidths>();
        for (int i = 0; i < network.Layers.Length; i++)
        {
            if (MatrixOperands.Of(network, i) is MatrixOperands operands)
            {
                AccumulationPlan plan = wide.GetValueOrDefault(i) ?? ProductByProduct(operands.Products);
                widths.Add(Bounds(network, i, operands) with
                {
                    Observed = Observe(network, i, operands, plan, image => Tensors(network, i, input, exact, image), images),
                });
            }
        }
        return widths.ToImmutable();
    }

    /// <summary>The plans with adders that nothing overflows.</summary>
    internal static Dictionary<int, AccumulationPlan> Widest(IReadOnlyDictionary<int, AccumulationPlan>? plans) =>
        (plans ?? new Dictionary<int, AccumulationPlan>()).ToDictionary(plan => plan.Key, plan => plan.Value with
        {
            PartialSumWidth = AccumulatorFormat.MaxWidth,
            AccumulatorWidth = AccumulatorFormat.MaxWidth,
        });

    /// <summary>The two bounds of a matrix layer; nothing observed.</summary>
    internal static LayerAccumulatorWidths Bounds(IntegerNetwork network, int index, MatrixOperands operands)
    {
        SumInterval byType = TypeBound(network, index, operands.Products);
        return new() { NetworkLayer = index, TypeBound = byType, WeightBound = WeightBound(network, index) ?? byType, Observed = new(default, default) };
    }

    internal static AccumulationPlan ProductByProduct(int products) => new()
    {
        Lanes = 1,
        PartialSumWidth = AccumulatorFormat.MaxWidth,
        PartialSumOverflow = OverflowMode.Saturate,
        AccumulatorWidth = AccumulatorFormat.MaxWidth,
        AccumulatorOverflow = OverflowMode.Saturate,
        DigitWidth = FixedPointFormat.MaxWidth,
        Segments = [new PlanSegment(0, true, [.. Enumerable.Range(0, products)])],
        RequantizationOrder = new RequantizationOrder(1, 0, []),
    };

    private static SumInterval TypeBound(IntegerNetwork network, int index, int products)
    {
        FixedPointFormat input = network.InputOf(index).Format;
        (SumInterval weight, SumInterval code) = network.Layers[index] switch
        {
            Conv2dLayer convolution => (Codes(convolution.WeightFormat, 0), Codes(input, 0)),
            DenseLayer dense => (Codes(dense.WeightFormat, 0), Codes(input, 0)),
            MatmulLayer matmul => (Codes(network.InputsOf(index)[1].Format, matmul.SecondOffset), Codes(input, matmul.FirstOffset)),
            Layer other => throw new ArgumentException($"a {other.Kind} layer sums no products", nameof(index)),
        };
        SumInterval product = default(SumInterval)
            .With(weight.Minimum * code.Minimum).With(weight.Minimum * code.Maximum).With(weight.Maximum * code.Minimum).With(weight.Maximum * code.Maximum);
        return new SumInterval(products * product.Minimum, products * product.Maximum);
    }

    /// <summary>The hull over the output channels; null where the weights are not constant.</summary>
    private static SumInterval? WeightBound(IntegerNetwork network, int index)
    {
        IntegerTensor? weights = (network.Layers[index] as Conv2dLayer)?.Weights ?? (network.Layers[index] as DenseLayer)?.Weights;
        if (weights is null)
        {
            return null;
        }
        SumInterval code = Codes(network.InputOf(index).Format, 0);
        SumInterval hull = default;
        int products = weights.Values.Length / weights.Shape[0];
        for (int channel = 0; channel < weights.Shape[0]; channel++)
        {
            Int128 least = 0;
            Int128 greatest = 0;
            foreach (int weight in weights.Values.AsSpan(channel * products, products))
            {
                // A format holds 0, so the extreme products are not beyond 0 on the wrong side.
                least += Int128.Min(weight * code.Minimum, weight * code.Maximum);
                greatest += Int128.Max(weight * code.Minimum, weight * code.Maximum);
            }
            hull = hull.With(least).With(greatest);
        }
        return hull;
    }

    private static SumInterval Codes(FixedPointFormat format, int offset) => new((Int128)format.MinRaw + offset, (Int128)format.MaxRaw + offset);

    private static int[][] Tensors(IntegerNetwork network, int index, int[] input, InterpreterResult exact, int image) =>
    [
        .. network.Layers[index].Inputs.Select(name =>
        {
            int source = network.Layers.Take(index).ToList().FindIndex(layer => layer.Name == name);
            int[] codes = source < 0 ? input : exact.LayerOutputs[source];
            int elements = source < 0 ? network.Input.Elements : network.Layers[source].Output.Elements;
            return codes[(image * elements)..((image + 1) * elements)];
        }),
    ];

    /// <summary>The sums of one layer in plain loops.</summary>
    internal static ObservedSums Observe(
        IntegerNetwork network, int index, MatrixOperands operands, AccumulationPlan plan, Func<int, int[][]> tensors, int images)
    {
        TensorSpec output = network.Layers[index].Output;
        SumInterval partialSums = default;
        SumInterval accumulators = default;
        for (int image = 0; image < images; image++)
        {
            int[][] inputs = tensors(image);
            for (int i = 0; i < output.Elements; i++)
            {
                int pixel = i / output.Channels;
                int channel = i % output.Channels;
                long accumulator = 0;
                foreach (PlanSegment segment in plan.Segments)
                {
                    long partialSum = 0;
                    for (int entry = 0; entry < segment.K.Length; entry++)
                    {
                        int k = operands.ProductOf(plan, segment.K[entry], channel);
                        partialSum += k < 0 ? 0 : operands.Weight(inputs, pixel, channel, k) * PlanOperand.Of(operands.Activation(inputs, pixel, channel, k), segment, plan.DigitWidth);
                        if (entry % plan.Lanes == plan.Lanes - 1)
                        {
                            partialSums = partialSums.With(partialSum);
                        }
                    }
                    accumulator += partialSum << (segment.Digit * plan.DigitWidth);
                    accumulators = accumulators.With(accumulator);
                }
            }
        }
        return new ObservedSums(partialSums, accumulators);
    }
}

/// <summary>What the sums of one layer can be, and what they were.</summary>
public sealed record LayerAccumulatorWidths
{
    /// <summary>Index in <see cref="IntegerNetwork.Layers"/>.</summary>
    public required int NetworkLayer { get; init; }

    /// <summary>Every sum of any of the products, in any order, for all weights and codes of their formats; reached by the extreme ones.</summary>
    public required SumInterval TypeBound { get; init; }

    /// <summary>The same for the layer's own weights and all codes of the input's format; the type bound of a matmul layer, whose weights are codes too.</summary>
    public required SumInterval WeightBound { get; init; }

    /// <summary>What the additions gave for the images, in the order of the plan, without overflow in this layer and those before it.</summary>
    public required ObservedSums Observed { get; init; }
}

/// <summary>All results of additions, and 0 with which they begin.</summary>
/// <param name="PartialSums">After each addition of lanes.</param>
/// <param name="Accumulators">After each finished segment, digits weighted.</param>
public sealed record ObservedSums(SumInterval PartialSums, SumInterval Accumulators)
{
    /// <summary>What is in either.</summary>
    public ObservedSums With(ObservedSums other) => new(
        PartialSums.With(other.PartialSums.Minimum).With(other.PartialSums.Maximum), Accumulators.With(other.Accumulators.Minimum).With(other.Accumulators.Maximum));
}

/// <summary>Sums from a least to a greatest one.</summary>
/// <param name="Minimum">The least.</param>
/// <param name="Maximum">The greatest.</param>
public readonly record struct SumInterval(Int128 Minimum, Int128 Maximum)
{
    /// <summary>Bits of the narrowest two's-complement word that holds both ends: the least w with <c>-2^(w-1) &lt;= minimum</c> and <c>maximum &lt; 2^(w-1)</c>.</summary>
    public int Width
    {
        get
        {
            int width = 1;
            while (Minimum < -(Int128.One << (width - 1)) || Maximum >= Int128.One << (width - 1))
            {
                width++;
            }
            return width;
        }
    }

    /// <summary>The least interval that holds this one and a sum.</summary>
    public SumInterval With(Int128 sum) => new(Int128.Min(Minimum, sum), Int128.Max(Maximum, sum));
}
