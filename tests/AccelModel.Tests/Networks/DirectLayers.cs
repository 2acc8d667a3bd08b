// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Networks;
using AccelModel.Numerics;

namespace AccelModel.Tests.Networks;

/// <summary>
/// Every kind of layer from the other side: windows and convolutions scattered from the pixels of the padded input, products of matrices as sums of outer
/// products, concats and shuffles as regrouped sequences.
/// </summary>
internal static class DirectLayers
{
    public static int[] Compute(Layer layer, DirectTensor[] inputs) => layer switch
    {
        Conv2dLayer convolution => Requantize(convolution.Requantization, Convolve(convolution, inputs[0]), layer.Output.Channels),
        DenseLayer dense => Requantize(dense.Requantization, Connect(dense, inputs[0].Codes), layer.Output.Channels),
        MatmulLayer matmul => Requantize(matmul.Requantization, OuterProducts(matmul, inputs[0], inputs[1]), layer.Output.Channels),
        MaxPoolLayer pool => [.. Windows(layer.Output, pool.Window, pool.Stride, pool.Padding, null, inputs[0]).Select(codes => codes.Max())],
        AveragePoolLayer pool =>
        [
            .. Windows(layer.Output, pool.Window, pool.Stride, pool.Padding, pool.CountIncludePad ? pool.PaddingCode : null, inputs[0])
                .Select(codes => (int)DirectEvaluation.Rounded(RoundingMode.HalfAway, codes.Aggregate(BigInteger.Zero, (sum, code) => sum + code), codes.Count)),
        ],
        AddLayer add => Requantize(add.Requantization, Sums(add, inputs[0], inputs[1]), layer.Output.Channels),
        MultiplyLayer multiply => Requantize(multiply.Requantization, Products(multiply, inputs[0], inputs[1]), layer.Output.Channels),
        RequantizeLayer requantize => Requantize(requantize.Requantization, [.. inputs[0].Codes.Select(code => (BigInteger)code)], layer.Output.Channels),
        LookupLayer lookup => Look(lookup, inputs[0]),
        ConcatLayer => Joined(inputs),
        ChannelShuffleLayer shuffle => [.. inputs[0].Codes.Chunk(layer.Output.Channels).SelectMany(pixel => Transposed(pixel, shuffle.Groups))],
        FlattenLayer => inputs[0].Codes,
        _ => throw new ArgumentException(layer.Kind, nameof(layer)),
    };

    private static int[] Requantize(Requantization requantization, BigInteger[] accumulators, int channels) =>
        [.. accumulators.Select((accumulator, i) => DirectEvaluation.Requantized(requantization, accumulator, i % channels))];

    private static BigInteger[] Connect(DenseLayer dense, int[] codes) =>
        [.. dense.Weights.Values.Chunk(codes.Length).Select(row => row.Zip(codes).Aggregate(BigInteger.Zero, (sum, pair) => sum + ((BigInteger)pair.First * pair.Second)))];

    /// <summary>Every pixel of the padded input is added to each output that it belongs to.</summary>
    private static BigInteger[] Convolve(Conv2dLayer layer, DirectTensor input)
    {
        BigInteger[] sums = new BigInteger[layer.Output.Elements];
        int groupInputs = input.Spec.Channels / layer.Groups;
        int groupOutputs = layer.Output.Channels / layer.Groups;
        int kernelRows = layer.Weights.Shape[1];
        int kernelColumns = layer.Weights.Shape[2];
        for (int row = -layer.Padding.Top; row < input.Spec.Height + layer.Padding.Bottom; row++)
        {
            for (int column = -layer.Padding.Left; column < input.Spec.Width + layer.Padding.Right; column++)
            {
                bool padded = row < 0 || column < 0 || row >= input.Spec.Height || column >= input.Spec.Width;
                for (int channel = 0; channel < input.Spec.Channels; channel++)
                {
                    int code = padded ? layer.PaddingCode : input[row, column, channel];
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

    /// <summary>Column k of the one times row k of the other, batch by batch.</summary>
    private static BigInteger[] OuterProducts(MatmulLayer layer, DirectTensor first, DirectTensor second)
    {
        BigInteger[] sums = new BigInteger[layer.Output.Elements];
        for (int k = 0; k < first.Spec.Channels; k++)
        {
            for (int i = 0; i < sums.Length; i++)
            {
                int n = i % layer.Output.Channels;
                int m = i / layer.Output.Channels % layer.Output.Width;
                int b = i / layer.Output.Channels / layer.Output.Width;
                int right = layer.TransposeSecond ? second[b, n, k] : second[b, k, n];
                sums[i] += ((BigInteger)first[b, m, k] + layer.FirstOffset) * ((BigInteger)right + layer.SecondOffset);
            }
        }
        return sums;
    }

    /// <summary>The codes that each output's window holds, from the pixels' side: a pixel is in every window that begins before it and has not ended.</summary>
    private static List<int>[] Windows(
        TensorSpec output, (int Rows, int Columns) window, (int Rows, int Columns) stride, Padding padding, int? paddingCode, DirectTensor input)
    {
        List<int>[] codes = [.. Enumerable.Range(0, output.Elements).Select(_ => new List<int>())];
        for (int row = 0; row < padding.Top + input.Spec.Height + padding.Bottom; row++)
        {
            for (int column = 0; column < padding.Left + input.Spec.Width + padding.Right; column++)
            {
                bool inside = row >= padding.Top && row < padding.Top + input.Spec.Height && column >= padding.Left && column < padding.Left + input.Spec.Width;
                for (int i = 0; i < output.Elements && (inside || paddingCode is not null); i++)
                {
                    int y = i / output.Channels / output.Width * stride.Rows;
                    int x = i / output.Channels % output.Width * stride.Columns;
                    if (row >= y && row < y + window.Rows && column >= x && column < x + window.Columns)
                    {
                        codes[i].Add(inside ? input[row - padding.Top, column - padding.Left, i % output.Channels] : paddingCode!.Value);
                    }
                }
            }
        }
        return codes;
    }

    private static BigInteger[] Sums(AddLayer add, DirectTensor first, DirectTensor second)
    {
        BigInteger factor = BigInteger.Pow(2, add.LeftShift);
        int Term(Requantization scale, int code, int i) => DirectEvaluation.OfBiased(scale, ((BigInteger)code + scale.Bias.Single()) * factor, i % add.Output.Channels);
        return [.. first.Codes.Zip(second.Codes).Select((pair, i) => (BigInteger)Term(add.First, pair.First, i) + Term(add.Second, pair.Second, i))];
    }

    private static BigInteger[] Products(MultiplyLayer multiply, DirectTensor first, DirectTensor second)
    {
        // One pixel over and over is a tensor of the first one's shape.
        IEnumerable<int> repeated = Enumerable.Repeat(second.Codes, first.Codes.Length / second.Codes.Length).SelectMany(codes => codes);
        return [.. first.Codes.Zip(repeated, (a, b) => ((BigInteger)a + multiply.FirstOffset) * ((BigInteger)b + multiply.SecondOffset))];
    }

    private static int[] Look(LookupLayer lookup, DirectTensor input)
    {
        Dictionary<long, int> entries = lookup.Table.Select((entry, i) => (entry, i)).ToDictionary(pair => input.Spec.Format.MinRaw + pair.i, pair => pair.entry);
        return [.. input.Codes.Select(code => entries[code])];
    }

    private static int[] Joined(DirectTensor[] inputs)
    {
        List<int[][]> pixels = [.. inputs.Select(input => input.Codes.Chunk(input.Spec.Channels).ToArray())];
        return [.. Enumerable.Range(0, pixels[0].Length).SelectMany(pixel => pixels.SelectMany(of => of[pixel]))];
    }

    private static IEnumerable<int> Transposed(int[] pixel, int groups)
    {
        int[][] rows = [.. pixel.Chunk(pixel.Length / groups)];
        return Enumerable.Range(0, rows[0].Length).SelectMany(column => rows.Select(row => row[column]));
    }
}
