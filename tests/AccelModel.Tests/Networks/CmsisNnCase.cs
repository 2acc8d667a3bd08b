// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Tests.Numerics;

namespace AccelModel.Tests.Networks;

/// <summary>
/// A layer test of Arm CMSIS-NN as a network. Input offsets of convolutions and fully connected layers go into the bias and the padding code, filter offsets
/// into the weights; limits of pooling become a layer of their own. Cases with two inputs have them side by side in one tensor, and begin with convolutions that
/// take them apart.
/// </summary>
/// <param name="Network">The network.</param>
/// <param name="Input">Its input, image after image.</param>
/// <param name="Images">Number of images.</param>
internal sealed record CmsisNnCase(IntegerNetwork Network, int[] Input, int Images)
{
    public static CmsisNnCase Of(CaseFile @case) => @case.Text("op") switch
    {
        "conv2d" or "depthwise_conv2d" => Convolution(@case),
        "fully_connected" => FullyConnected(@case),
        "max_pool" or "avg_pool" => Pool(@case),
        "elementwise_add" => Elementwise(@case, Add(@case.Section("params"), FormatOf(@case))),
        "elementwise_mul" => Elementwise(@case, Multiply(@case.Section("params"), FormatOf(@case))),
        "batch_matmul" => BatchMatmul(@case),
        string other => throw new InvalidDataException(other),
    };

    private static CmsisNnCase Convolution(CaseFile @case)
    {
        CaseFile shape = @case.Section("shape");
        FixedPointFormat format = FormatOf(@case);
        int channels = shape.Int("OC");
        int[] kernel = [shape.Int("KH"), shape.Int("KW")];
        int[] stored = @case.Ints("weights");
        int positions = kernel[0] * kernel[1];
        int[] weights = @case.Text("op") == "conv2d"
            ? stored
            : [.. Enumerable.Range(0, stored.Length).Select(i => stored[(i % positions * channels) + (i / positions)])];
        TensorSpec input = new(shape.Int("H"), shape.Int("W"), shape.Int("IC"), format);
        TensorSpec output = new(shape.Int("OH"), shape.Int("OW"), channels, format);
        int[] stride = @case.Ints("stride");
        int[] pad = @case.Ints("pad");
        int[] dilation = @case.Ints("dilation");
        return new CmsisNnCase(Build(input, new Conv2dLayer
        {
            Name = "conv",
            Input = "input",
            Output = output,
            Weights = new IntegerTensor([channels, kernel[0], kernel[1], shape.Int("IC") / shape.Int("groups")], [.. weights]),
            WeightFormat = new FixedPointFormat(true, 8, 0),
            Stride = (stride[0], stride[1]),
            Padding = new Padding(
                pad[0],
                pad[1],
                PaddingAfter(input.Height, output.Height, pad[0], stride[0], (kernel[0] - 1) * dilation[0]),
                PaddingAfter(input.Width, output.Width, pad[1], stride[1], (kernel[1] - 1) * dilation[1])),
            Dilation = (dilation[0], dilation[1]),
            Groups = shape.Int("groups"),
            PaddingCode = -@case.Int("input_offset"),
            Requantization = OfWeights(@case, weights, channels),
        }), @case.Ints("input"), shape.Int("N"));
    }

    private static CmsisNnCase FullyConnected(CaseFile @case)
    {
        CaseFile shape = @case.Section("shape");
        FixedPointFormat format = FormatOf(@case);
        int outputs = shape.Int("out");
        int[] weights = [.. @case.Ints("weights").Select(weight => weight + @case.Int("filter_offset"))];
        return new CmsisNnCase(Build(new TensorSpec(1, 1, shape.Int("depth"), format), new DenseLayer
        {
            Name = "fc",
            Input = "input",
            Output = new TensorSpec(1, 1, outputs, format),
            Weights = new IntegerTensor([outputs, shape.Int("depth")], [.. weights]),
            WeightFormat = new FixedPointFormat(true, 9, 0),
            Requantization = OfWeights(@case, weights, outputs),
        }), @case.Ints("input"), shape.Int("batches"));
    }

    private static CmsisNnCase Pool(CaseFile @case)
    {
        CaseFile p = @case.Section("params");
        FixedPointFormat format = FormatOf(@case);
        int channels = p.Int("INPUT_C");
        TensorSpec input = new(p.Int("INPUT_H"), p.Int("INPUT_W"), channels, format);
        TensorSpec output = new(p.Int("OUTPUT_H"), p.Int("OUTPUT_W"), channels, format);
        (int Rows, int Columns) window = (p.Int("FILTER_H"), p.Int("FILTER_W"));
        (int Rows, int Columns) stride = (p.Int("STRIDE_H"), p.Int("STRIDE_W"));
        Padding padding = new(
            p.Int("PADDING_H"),
            p.Int("PADDING_W"),
            PaddingAfter(input.Height, output.Height, p.Int("PADDING_H"), stride.Rows, window.Rows - 1),
            PaddingAfter(input.Width, output.Width, p.Int("PADDING_W"), stride.Columns, window.Columns - 1));
        Layer pool = @case.Text("op") == "max_pool"
            ? new MaxPoolLayer { Name = "pool", Input = "input", Output = output, Window = window, Stride = stride, Padding = padding }
            : new AveragePoolLayer { Name = "pool", Input = "input", Output = output, Window = window, Stride = stride, Padding = padding };
        Layer clamp = new RequantizeLayer
        {
            Name = "clamp",
            Input = "pool",
            Output = output,
            Requantization = TestNetworks.Identity(1, format) with { Minimum = p.Int("ACTIVATION_MIN"), Maximum = p.Int("ACTIVATION_MAX") },
        };
        return new CmsisNnCase(Build(input, pool, clamp), @case.Ints("input"), p.Int("BATCH_SIZE"));
    }

    /// <summary>Each pair of elements is an image.</summary>
    private static CmsisNnCase Elementwise(CaseFile @case, Layer layer)
    {
        TensorSpec pair = new(1, 2, 1, FormatOf(@case));
        int[] first = @case.Ints("input1");
        return new CmsisNnCase(
            Build(pair, Part("first", pair, 0, 1, 1), Part("second", pair, 1, 1, 1), layer),
            [.. first.Zip(@case.Ints("input2")).SelectMany(both => new[] { both.First, both.Second })],
            first.Length);
    }

    private static AddLayer Add(CaseFile p, FixedPointFormat format) => new()
    {
        Name = "add",
        Input = "first",
        SecondInput = "second",
        Output = new TensorSpec(1, 1, 1, format),
        LeftShift = p.Int("LEFT_SHIFT"),
        First = Term(p, "INPUT1"),
        Second = Term(p, "INPUT2"),
        Requantization = OfParameters(p, "OUTPUT_MULT", "OUT_ACTIVATION", p.Int("OUTPUT_SHIFT")),
    };

    private static Requantization Term(CaseFile p, string input) => new()
    {
        Kind = RequantizationKind.DoubleRounding,
        Bias = [p.Int(input + "_OFFSET")],
        Multiplier = [p.Int(input + "_MULT")],
        Shift = [p.Int(input + "_SHIFT")],
        Rounding = RoundingMode.HalfUp,
        Minimum = int.MinValue,
        Maximum = int.MaxValue,
    };

    private static MultiplyLayer Multiply(CaseFile p, FixedPointFormat format) => new()
    {
        Name = "multiply",
        Input = "first",
        SecondInput = "second",
        Output = new TensorSpec(1, 1, 1, format),
        FirstOffset = p.Int("INPUT1_OFFSET"),
        SecondOffset = p.Int("INPUT2_OFFSET"),
        Requantization = OfParameters(p, "OUTPUT_MULT", "OUT_ACTIVATION", p.Int("OUTPUT_SHIFT")),
    };

    /// <summary>The matrices of one height are a row of the tensors, those of one batch an image; what has fewer of either is repeated.</summary>
    private static CmsisNnCase BatchMatmul(CaseFile @case)
    {
        CaseFile p = @case.Section("params");
        FixedPointFormat format = FormatOf(@case);
        (int images, int height, int rows, int columns) = (p.Int("OUTPUT_BATCH"), p.Int("OUTPUT_HEIGHT"), p.Int("OUTPUT_ROWS"), p.Int("OUTPUT_COLS"));
        int[] left = @case.Ints("lhs");
        int[] right = @case.Ints("rhs");
        int depth = left.Length / (p.Int("LHS_BATCH") * p.Int("LHS_HEIGHT") * rows);
        bool transposed = p.Int("ADJ_Y") != 0;
        (int Pixels, int Channels) second = transposed ? (columns, depth) : (depth, columns);
        TensorSpec input = new(height, rows + second.Pixels, Math.Max(depth, second.Channels), format);
        List<int> codes = [];
        for (int matrix = 0; matrix < images * height; matrix++)
        {
            int[] a = Matrix(left, "LHS", matrix, rows * depth);
            int[][] rowsOfA = p.Int("ADJ_X") == 0 ? [.. a.Chunk(depth)] : [.. Enumerable.Range(0, rows).Select(m => Enumerable.Range(0, depth).Select(k => a[(k * rows) + m]).ToArray())];
            foreach (int[] pixel in rowsOfA.Concat(Matrix(right, "RHS", matrix, depth * columns).Chunk(second.Channels)))
            {
                codes.AddRange([.. pixel, .. new int[input.Channels - pixel.Length]]);
            }
        }
        Requantization scale = OfParameters(p, "OUTPUT_MULTIPLIER", "ACTIVATION", p.Int("OUTPUT_SHIFT"));
        MatmulLayer matmul = new()
        {
            Name = "matmul",
            Input = "first",
            SecondInput = "second",
            Output = new TensorSpec(height, rows, columns, format),
            TransposeSecond = transposed,
            FirstOffset = p.Int("LHS_OFFSET"),
            SecondOffset = p.Int("RHS_OFFSET"),
            Requantization = format.Width == 16 ? Reduced(scale) : scale,
        };
        return new CmsisNnCase(Build(input, Part("first", input, 0, rows, depth), Part("second", input, rows, second.Pixels, second.Channels), matmul), [.. codes], images);

        int[] Matrix(int[] all, string side, int matrix, int length)
        {
            int index = (matrix / height % p.Int(side + "_BATCH") * p.Int(side + "_HEIGHT")) + (matrix % height % p.Int(side + "_HEIGHT"));
            return all[(index * length)..((index + 1) * length)];
        }
    }

    /// <summary>Some columns and the first channels of a tensor, by a convolution with a single one in the kernel of each channel.</summary>
    public static Conv2dLayer Part(string name, TensorSpec input, int from, int columns, int channels)
    {
        int kernel = input.Width - columns + 1;
        return new Conv2dLayer
        {
            Name = name,
            Input = "input",
            Output = new TensorSpec(input.Height, columns, channels, input.Format),
            Weights = new IntegerTensor(
                [channels, 1, kernel, input.Channels],
                [.. Enumerable.Range(0, channels * kernel * input.Channels).Select(i => i / input.Channels % kernel == from && i % input.Channels == i / input.Channels / kernel ? 1 : 0)]),
            WeightFormat = new FixedPointFormat(true, 2, 0),
            Stride = (1, 1),
            Padding = Padding.None,
            Dilation = (1, 1),
            Groups = 1,
            PaddingCode = 0,
            Requantization = TestNetworks.Identity(channels, input.Format),
        };
    }

    /// <summary>What the last window reads beyond the input; the floor of the output size drops what is left over.</summary>
    private static int PaddingAfter(int input, int output, int before, int stride, int reach) =>
        Math.Max(0, ((output - 1) * stride) + reach + 1 - input - before);

    /// <summary><c>sum((x + offset) * w) + bias = sum(x * w) + (bias + offset * sum(w))</c>.</summary>
    private static Requantization OfWeights(CaseFile @case, int[] weights, int channels)
    {
        int products = weights.Length / channels;
        long[] bias = @case.IsNull("bias") ? new long[channels] : @case.Longs("bias");
        Requantization scale = new()
        {
            Kind = RequantizationKind.DoubleRounding,
            Bias = [.. bias.Select((value, channel) => value + ((long)@case.Int("input_offset") * weights.Skip(channel * products).Take(products).Sum()))],
            Multiplier = [.. @case.Longs("multiplier")],
            Shift = [.. @case.Ints("shift")],
            Rounding = RoundingMode.HalfUp,
            ZeroPoint = @case.Int("output_offset"),
            Minimum = @case.Int("act_min"),
            Maximum = @case.Int("act_max"),
        };

        // Where there is no bias, 16-bit data use the form of 64-bit ones.
        bool wide = @case.IsNull("bias_dtype") ? FormatOf(@case).Width == 16 : @case.Text("bias_dtype") == "int64_t";
        return wide ? Reduced(scale) : scale;
    }

    private static Requantization OfParameters(CaseFile p, string multiplier, string limits, int shift) => new()
    {
        Kind = RequantizationKind.DoubleRounding,
        Bias = [0],
        Multiplier = [p.Int(multiplier)],
        Shift = [shift],
        Rounding = RoundingMode.HalfUp,
        ZeroPoint = p.Int("OUTPUT_OFFSET"),
        Minimum = p.Int(limits + "_MIN"),
        Maximum = p.Int(limits + "_MAX"),
    };

    /// <summary>The form of 16-bit data with 64-bit bias rounds once, half up, at 15 - shift.</summary>
    private static Requantization Reduced(Requantization scale) => scale with
    {
        Kind = RequantizationKind.MultiplierShift,
        Multiplier = [.. scale.Multiplier.Select(multiplier => (long)new QuantizedMultiplier((int)multiplier, 0).ReducedMultiplier)],
        Shift = [.. scale.Shift.Select(shift => 15 - shift)],
    };

    private static FixedPointFormat FormatOf(CaseFile @case)
    {
        string type = @case.Text("op") is "conv2d" or "depthwise_conv2d" or "fully_connected" ? "input_dtype" : "dtype";
        return new FixedPointFormat(true, @case.Text(type) == "int8_t" ? 8 : 16, 0);
    }

    private static IntegerNetwork Build(TensorSpec input, params ImmutableArray<Layer> layers) => new() { Name = "cmsis_nn", Input = input, Layers = layers };
}
