// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using NnTrain.Data;
using TorchSharp;
using static TorchSharp.torch;
using Padding = AccelModel.Networks.Padding;

namespace NnTrain.Lowering;

/// <summary>
/// The integer network in the tensor library: codes as floating-point numbers whose sums are exact (single precision while
/// <c>max|a| * sum|w| &lt; 2^24</c>, else double), then accel-model's requantiser. Accumulators do not overflow here, but where
/// a network was trained for sums that wrap.
/// </summary>
public static class QuantizedEvaluator
{
    private const int BatchSize = 200;

    /// <summary>Codes of every layer for a batch, in the order of the network's layers.</summary>
    /// <param name="network">A well-formed network.</param>
    /// <param name="input">Codes, image after image, each in rows, columns, channels order.</param>
    /// <param name="images">Number of images.</param>
    /// <param name="wrapWidth">Bits at which sums wrap; null where they do not.</param>
    /// <exception cref="ArgumentException">A layer is of a kind that it does not know.</exception>
    public static ImmutableArray<int[]> Run(IntegerNetwork network, int[] input, int images, int? wrapWidth = null)
    {
        using IDisposable ungraded = no_grad();
        var outputs = ImmutableArray.CreateBuilder<int[]>();
        Dictionary<string, (TensorSpec Tensor, int[] Codes)> tensors = new() { [IntegerNetwork.InputName] = (network.Input, input) };
        foreach (Layer layer in network.Layers)
        {
            int[] codes = Apply(layer, [.. layer.Inputs.Select(name => tensors[name])], images, wrapWidth);
            tensors.Add(layer.Name, (layer.Output, codes));
            outputs.Add(codes);
        }
        return outputs.ToImmutable();
    }

    /// <summary>Share of the images whose greatest class score, the first of equal ones, is that of their label.</summary>
    public static double Accuracy(IntegerNetwork network, ImageSet images, CancellationToken cancellation = default)
    {
        long right = 0;
        for (int start = 0; start < images.Count; start += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            ImageSet batch = images.Slice(start, Math.Min(BatchSize, images.Count - start));
            int[] scores = Run(network, [.. batch.Pixels.Select(pixel => (int)pixel)], batch.Count)[^1];
            right += CountRight(scores, batch.Labels);
        }
        return (double)right / images.Count;
    }

    /// <summary>How many rows of scores have their first greatest one at their label.</summary>
    internal static long CountRight(int[] scores, byte[] labels)
    {
        int classes = scores.Length / labels.Length;
        return labels.Where((label, image) =>
        {
            ReadOnlySpan<int> row = scores.AsSpan(image * classes, classes);
            return row.IndexOf(Max(row)) == label;
        }).LongCount();
    }

    private static int Max(ReadOnlySpan<int> row)
    {
        int greatest = row[0];
        foreach (int score in row)
        {
            greatest = Math.Max(greatest, score);
        }
        return greatest;
    }

    private static int[] Apply(Layer layer, ImmutableArray<(TensorSpec Tensor, int[] Codes)> inputs, int images, int? wrapWidth)
    {
        using DisposeScope scope = NewDisposeScope();
        (TensorSpec input, int[] codes) = inputs[0];
        return layer switch
        {
            Conv2dLayer convolution => Requantize(Wrapped(ExactProduct.Convolution(convolution, input, codes, images), wrapWidth), layer.Output, convolution.Requantization),
            AccelModel.Networks.DenseLayer dense => Requantize(Wrapped(ExactProduct.Dense(dense, input, codes, images), wrapWidth), layer.Output, dense.Requantization),
            MaxPoolLayer pool => MaxPool(pool, input, codes, images),
            AveragePoolLayer pool => AveragePool(pool, input, codes, images),
            AddLayer add => Add(add, codes, inputs[1].Codes),
            RequantizeLayer requantize => Requantize(codes, layer.Output, requantize.Requantization),
            ConcatLayer => Concat(inputs, images),
            LookupLayer lookup => [.. codes.Select(code => lookup.Table[code - (int)input.Format.MinRaw])],
            FlattenLayer => codes,
            _ => throw new ArgumentException($"layer '{layer.Name}' is of the unknown kind {layer.Kind}", nameof(layer)),
        };
    }

    private static int[] Wrapped(int[] sums, int? width)
    {
        // Sums have 32 bits.
        if (width is < 32 and int bits)
        {
            int unused = 32 - bits;
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] = sums[i] << unused >> unused;
            }
        }

        return sums;
    }

    /// <summary>Sums of windows, which single precision holds, then <c>sum / n</c> half away from zero in integers.</summary>
    /// <exception cref="ArgumentException">Windows reach beyond the input.</exception>
    private static int[] AveragePool(AveragePoolLayer pool, TensorSpec input, int[] codes, int images)
    {
        if (pool.Padding != Padding.None || pool.CeilMode)
        {
            throw new ArgumentException($"layer '{pool.Name}' has windows that reach beyond its input", nameof(pool));
        }

        int count = pool.Window.Rows * pool.Window.Columns;
        Tensor x = ExactProduct.ChannelsFirst(codes, input, images, float64);
        Tensor sums = nn.functional.avg_pool2d(x, [pool.Window.Rows, pool.Window.Columns], [pool.Stride.Rows, pool.Stride.Columns], divisor_override: 1);
        return [.. ExactProduct.ChannelsLast(sums).Select(sum => Math.Sign(sum) * (((2 * Math.Abs(sum)) + count) / (2 * count)))];
    }

    private static int[] Add(AddLayer add, int[] first, int[] second)
    {
        int channels = add.Output.Channels;
        int[] codes = new int[first.Length];
        Parallel.For(0, first.Length / channels, pixel =>
        {
            for (int i = pixel * channels; i < (pixel + 1) * channels; i++)
            {
                long sum = (long)Term(add.First, first[i]) + Term(add.Second, second[i]);
                codes[i] = add.Requantization.Apply(sum, i % channels);
            }
        });
        return codes;

        int Term(Requantization scale, int code) => scale.ApplyTo((code + scale.Bias[0]) << add.LeftShift, 0);
    }

    private static int[] Concat(ImmutableArray<(TensorSpec Tensor, int[] Codes)> inputs, int images)
    {
        int pixels = images * inputs[0].Tensor.Height * inputs[0].Tensor.Width;
        int channels = inputs.Sum(input => input.Tensor.Channels);
        int[] codes = new int[pixels * channels];
        int first = 0;
        foreach ((TensorSpec tensor, int[] part) in inputs)
        {
            for (int pixel = 0; pixel < pixels; pixel++)
            {
                part.AsSpan(pixel * tensor.Channels, tensor.Channels).CopyTo(codes.AsSpan((pixel * channels) + first));
            }

            first += tensor.Channels;
        }

        return codes;
    }

    private static int[] MaxPool(MaxPoolLayer pool, TensorSpec input, int[] codes, int images)
    {
        Tensor x = ExactProduct.ChannelsFirst(codes, input, images, float32);
        Tensor pooled = nn.functional.max_pool2d(x, [pool.Window.Rows, pool.Window.Columns], [pool.Stride.Rows, pool.Stride.Columns]);
        return ExactProduct.ChannelsLast(pooled);
    }

    private static int[] Requantize(int[] accumulators, TensorSpec output, Requantization requantization)
    {
        int[] codes = new int[accumulators.Length];
        Parallel.For(0, accumulators.Length / output.Elements, image =>
        {
            int start = image * output.Elements;
            for (int i = start; i < start + output.Elements; i++)
            {
                codes[i] = requantization.Apply(accumulators[i], (i - start) % output.Channels);
            }
        });
        return codes;
    }
}
