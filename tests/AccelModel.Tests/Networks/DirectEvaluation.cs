// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Networks;
using AccelModel.Numerics;

namespace AccelModel.Tests.Networks;

/// <summary>
/// Networks computed a second way, to compare with: unbounded integers, convolutions scattered from the input side into padded maps, and
/// rounding as a comparison of exact fractions.
/// </summary>
internal static class DirectEvaluation
{
    public static List<int[]> Run(IntegerNetwork network, int[] image)
    {
        Dictionary<string, (TensorSpec Spec, int[] Codes)> tensors = new() { ["input"] = (network.Input, image) };
        List<int[]> outputs = [];
        foreach (Layer layer in network.Layers)
        {
            (TensorSpec input, int[] codes) = tensors[layer.Input];
            int[] result = layer switch
            {
                Conv2dLayer convolution => Requantize(convolution.Requantization, Convolve(convolution, input, codes), layer.Output.Channels),
                DenseLayer dense => Requantize(dense.Requantization, Multiply(dense, codes), layer.Output.Channels),
                MaxPoolLayer pool => Pool(pool, input, codes),
                _ => codes,
            };
            outputs.Add(result);
            tensors[layer.Name] = (layer.Output, result);
        }
        return outputs;
    }

    /// <summary><c>clamp(round(numerator / 2^shift) + zero_point)</c> and its relatives.</summary>
    public static int Requantized(Requantization r, BigInteger accumulator, int channel)
    {
        BigInteger t = accumulator + r.Bias[channel];
        T Of<T>(IReadOnlyList<T> entries) => entries[entries.Count == 1 ? 0 : channel];
        switch (r.Kind)
        {
            case RequantizationKind.Thresholds:
                int first = r.Thresholds.Length == r.ThresholdsPerChannel ? 0 : channel * r.ThresholdsPerChannel;
                return r.Minimum + (r.ThresholdStep * r.Thresholds.Skip(first).Take(r.ThresholdsPerChannel).Count(threshold => t >= threshold));
            case RequantizationKind.DoubleRounding:
                int shift = Of(r.Shift);
                BigInteger high = Rounded(RoundingMode.HalfUp, t * BigInteger.Pow(2, Math.Max(shift, 0)) * Of(r.Multiplier), 31);
                return Clamped(r, Rounded(RoundingMode.HalfAway, high, Math.Max(-shift, 0)));
            default:
                BigInteger multiplier = r.Kind == RequantizationKind.Shift ? 1 : Of(r.Multiplier);
                return Clamped(r, Rounded(r.Rounding, t * multiplier, Of(r.Shift)));
        }
    }

    /// <summary>The integer of the mode next to <c>numerator / 2^shift</c>, from the distances to its two neighbours.</summary>
    public static BigInteger Rounded(RoundingMode mode, BigInteger numerator, int shift)
    {
        BigInteger denominator = BigInteger.Pow(2, shift);
        BigInteger lower = (numerator - (((numerator % denominator) + denominator) % denominator)) / denominator;
        BigInteger upper = lower * denominator == numerator ? lower : lower + 1;
        BigInteger toLower = numerator - (lower * denominator);
        BigInteger toUpper = (upper * denominator) - numerator;
        BigInteger nearest = toLower < toUpper ? lower : upper;
        bool tie = toLower == toUpper;
        return mode switch
        {
            RoundingMode.Floor => lower,
            RoundingMode.TowardZero => numerator.Sign < 0 ? upper : lower,
            RoundingMode.HalfUp => tie ? upper : nearest,
            RoundingMode.HalfAway => tie ? (numerator.Sign < 0 ? lower : upper) : nearest,
            RoundingMode.HalfEven => tie ? (lower.IsEven ? lower : upper) : nearest,
            _ => throw new ArgumentOutOfRangeException(nameof(mode)),
        };
    }

    private static int Clamped(Requantization r, BigInteger rounded) =>
        (int)BigInteger.Min(BigInteger.Max(rounded + r.ZeroPoint, r.Minimum), r.Maximum);

    private static int[] Requantize(Requantization requantization, BigInteger[] accumulators, int channels) =>
        [.. accumulators.Select((accumulator, i) => Requantized(requantization, accumulator, i % channels))];

    private static BigInteger[] Multiply(DenseLayer dense, int[] codes) =>
        [.. dense.Weights.Values.Chunk(codes.Length).Select(row => row.Zip(codes).Aggregate(BigInteger.Zero, (sum, pair) => sum + ((BigInteger)pair.First * pair.Second)))];

    /// <summary>Every pixel of the padded input is added to each output that it belongs to.</summary>
    private static BigInteger[] Convolve(Conv2dLayer layer, TensorSpec input, int[] codes)
    {
        BigInteger[] sums = new BigInteger[layer.Output.Elements];
        int groupInputs = input.Channels / layer.Groups;
        int groupOutputs = layer.Output.Channels / layer.Groups;
        int kernelRows = layer.Weights.Shape[1];
        int kernelColumns = layer.Weights.Shape[2];
        for (int row = -layer.Padding.Top; row < input.Height + layer.Padding.Bottom; row++)
        {
            for (int column = -layer.Padding.Left; column < input.Width + layer.Padding.Right; column++)
            {
                bool padded = row < 0 || column < 0 || row >= input.Height || column >= input.Width;
                for (int channel = 0; channel < input.Channels; channel++)
                {
                    int code = padded ? layer.PaddingCode : codes[(((row * input.Width) + column) * input.Channels) + channel];
                    for (int i = 0; i < kernelRows; i++)
                    {
                        for (int j = 0; j < kernelColumns; j++)
                        {
                            int y = row + layer.Padding.Top - (i * layer.Dilation.Rows);
                            int x = column + layer.Padding.Left - (j * layer.Dilation.Columns);
                            if (y < 0 || x < 0 || y % layer.Stride.Rows != 0 || x % layer.Stride.Columns != 0
                                || y / layer.Stride.Rows >= layer.Output.Height || x / layer.Stride.Columns >= layer.Output.Width)
                            {
                                continue;
                            }
                            int group = channel / groupInputs;
                            for (int o = group * groupOutputs; o < (group + 1) * groupOutputs; o++)
                            {
                                int weight = layer.Weights.Values[(((((o * kernelRows) + i) * kernelColumns) + j) * groupInputs) + (channel % groupInputs)];
                                sums[(((y / layer.Stride.Rows * layer.Output.Width) + (x / layer.Stride.Columns)) * layer.Output.Channels) + o] += (BigInteger)weight * code;
                            }
                        }
                    }
                }
            }
        }
        return sums;
    }

    private static int[] Pool(MaxPoolLayer pool, TensorSpec input, int[] codes) =>
        [..
            from y in Enumerable.Range(0, pool.Output.Height)
            from x in Enumerable.Range(0, pool.Output.Width)
            from c in Enumerable.Range(0, input.Channels)
            select (
                from p in Enumerable.Range(y * pool.Stride.Rows, pool.Window.Rows)
                from q in Enumerable.Range(x * pool.Stride.Columns, pool.Window.Columns)
                select codes[(((p * input.Width) + q) * input.Channels) + c]).Max(),
        ];
}
