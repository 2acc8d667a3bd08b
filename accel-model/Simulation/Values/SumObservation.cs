// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using AccelModel.Networks;
using AccelModel.Scheduling;

namespace AccelModel.Simulation.Values;

/// <summary>Least and greatest partial sums and accumulators of a convolution or dense layer, in the order of its plan, for a vector of output channels at a time.</summary>
internal static class SumObservation
{
    /// <summary>Whether the layer's weights are constants.</summary>
    public static bool CanObserve(Layer layer) => layer is Conv2dLayer or DenseLayer;

    /// <summary>The sums of some images.</summary>
    /// <param name="network">The network.</param>
    /// <param name="index">The layer.</param>
    /// <param name="plan">Its order.</param>
    /// <param name="bound">Holds every sum: says which words are wide enough.</param>
    /// <param name="input">Codes that it reads, image after image.</param>
    /// <param name="images">Images.</param>
    /// <param name="threads">Threads.</param>
    public static ObservedSums Of(IntegerNetwork network, int index, AccumulationPlan plan, SumInterval bound, int[] input, int images, int threads) => bound.Width <= 32
        ? new SumObservation<int>(network, index, plan).Run(input, images, threads)
        : new SumObservation<long>(network, index, plan).Run(input, images, threads);
}

/// <inheritdoc cref="SumObservation"/>
/// <typeparam name="T">A word that holds every sum.</typeparam>
internal sealed class SumObservation<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly MatrixOperands _operands;
    private readonly AccumulationPlan _plan;
    private readonly TensorSpec _input;
    private readonly TensorSpec _output;
    private readonly List<ChannelBlock> _blocks = [];

    public SumObservation(IntegerNetwork network, int index, AccumulationPlan plan)
    {
        _operands = MatrixOperands.Of(network, index)!;
        _plan = plan;
        _input = network.InputOf(index);
        _output = network.Layers[index].Output;
        for (int first = 0; first < _output.Channels;)
        {
            // Channels whose products lie at the same places: those of a group, and with a span those of a group in a tile.
            int end = first + 1;
            while (end < _output.Channels && end - first < Vector<T>.Count && end / _operands.OutputsPerGroup == first / _operands.OutputsPerGroup
                && (plan.Span is not GroupSpan span || end / span.OutputsPerTile == first / span.OutputsPerTile))
            {
                end++;
            }

            _blocks.Add(new(first, end - first, this));
            first = end;
        }
    }

    /// <summary>Images and pixels, shared between threads pixel by pixel.</summary>
    public ObservedSums Run(int[] input, int images, int threads)
    {
        int pixels = checked(_output.Pixels * images);
        int[][][] codes = [.. Enumerable.Range(0, images).Select(image => new[] { input[(image * _input.Elements)..((image + 1) * _input.Elements)] })];
        var merge = new Lock();
        ObservedSums all = new(default, default);
        Parallel.For(0, pixels, new ParallelOptions { MaxDegreeOfParallelism = threads }, () => new Extremes(_operands.Products), (at, _, extremes) =>
        {
            (int image, int pixel) = Math.DivRem(at, _output.Pixels);
            int group = -1;
            foreach (ChannelBlock block in _blocks)
            {
                int own = block.First / _operands.OutputsPerGroup;
                if (own != group)
                {
                    for (int k = 0; k < extremes.Activations.Length; k++)
                    {
                        extremes.Activations[k] = _operands.Activation(codes[image], pixel, block.First, k);
                    }

                    group = own;
                }

                block.Observe(extremes);
            }

            return extremes;
        }, extremes =>
        {
            lock (merge)
            {
                all = all.With(extremes.Observed);
            }
        });
        return all;
    }

    /// <summary>What one thread has seen.</summary>
    private sealed class Extremes(int products)
    {
        public readonly long[] Activations = new long[products];
        public Vector<T> LeastSum;
        public Vector<T> GreatestSum;
        public Vector<T> LeastAccumulator;
        public Vector<T> GreatestAccumulator;

        public ObservedSums Observed => new(Hull(LeastSum, GreatestSum), Hull(LeastAccumulator, GreatestAccumulator));

        private static SumInterval Hull(Vector<T> least, Vector<T> greatest)
        {
            SumInterval hull = default;
            for (int lane = 0; lane < Vector<T>.Count; lane++)
            {
                hull = hull.With(Int128.CreateChecked(least[lane])).With(Int128.CreateChecked(greatest[lane]));
            }

            return hull;
        }
    }

    /// <summary>Up to a vector of output channels whose products lie at the same places: their weights, one vector a product in the plan's order.</summary>
    private sealed class ChannelBlock
    {
        private readonly Part[] _parts;

        public ChannelBlock(int first, int count, SumObservation<T> owner)
        {
            First = first;
            MatrixOperands operands = owner._operands;
            AccumulationPlan plan = owner._plan;
            _parts =
            [
                .. plan.Segments.Select(segment =>
                {
                    int[] products = [.. segment.K.Select(entry => operands.ProductOf(plan, entry, first))];
                    var weights = new Vector<T>[products.Length];
                    Span<T> lanes = stackalloc T[Vector<T>.Count];
                    for (int i = 0; i < products.Length; i++)
                    {
                        lanes.Clear();
                        for (int lane = 0; lane < count && products[i] >= 0; lane++)
                        {
                            lanes[lane] = T.CreateChecked(operands.Weight([], 0, first + lane, products[i]));
                        }

                        weights[i] = new Vector<T>(lanes);
                    }

                    return new Part(segment, products, weights);
                }),
            ];
            Lanes = plan.Lanes;
            DigitWidth = plan.DigitWidth;
        }

        /// <summary>The first channel.</summary>
        public int First { get; }

        private int Lanes { get; }

        private int DigitWidth { get; }

        public void Observe(Extremes extremes)
        {
            Vector<T> accumulator = default, leastSum = extremes.LeastSum, greatestSum = extremes.GreatestSum;
            foreach (Part part in _parts)
            {
                Vector<T> sum = default;
                int untilAddition = Lanes;
                for (int i = 0; i < part.Products.Length; i++)
                {
                    int k = part.Products[i];
                    if (k >= 0)
                    {
                        sum += part.Weights[i] * T.CreateTruncating(PlanOperand.Of(extremes.Activations[k], part.Segment, DigitWidth));
                    }

                    if (--untilAddition == 0)
                    {
                        leastSum = Vector.Min(leastSum, sum);
                        greatestSum = Vector.Max(greatestSum, sum);
                        untilAddition = Lanes;
                    }
                }

                accumulator += sum * (T.One << (part.Segment.Digit * DigitWidth));
                extremes.LeastAccumulator = Vector.Min(extremes.LeastAccumulator, accumulator);
                extremes.GreatestAccumulator = Vector.Max(extremes.GreatestAccumulator, accumulator);
            }

            (extremes.LeastSum, extremes.GreatestSum) = (leastSum, greatestSum);
        }

        private sealed record Part(PlanSegment Segment, int[] Products, Vector<T>[] Weights);
    }
}
