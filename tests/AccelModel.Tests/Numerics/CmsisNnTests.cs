// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using Xunit;

namespace AccelModel.Tests.Numerics;

/// <summary>
/// The requantisers inside Arm CMSIS-NN's own unit tests: the layers are the plainest loops, written here and nowhere
/// else, so that nothing but the arithmetic is under test.
/// </summary>
public sealed class CmsisNnTests
{
    private const string Folder = "cmsis_nn";

    private delegate int Requantize(long accumulator, long bias, QuantizedMultiplier scale, OutputRange range);

    public static TheoryData<string> Cases => [.. CaseFile.NamesIn(Folder)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_output_of_the_case_is_equal(string name)
    {
        CaseFile @case = CaseFile.Load(Folder, name);
        int[] expected = @case.Ints("output");
        int[] computed = Compute(@case, FormOf(@case));
        Assert.NotEmpty(expected);
        Assert.Equal(expected, computed);
    }

    [Fact]
    public void All_46_cases_and_all_8_kinds_of_layer_are_there()
    {
        Assert.Equal(46, CaseFile.NamesIn(Folder).Count());
        Assert.Equal(8, CaseFile.NamesIn(Folder).Select(name => CaseFile.Load(Folder, name).Text("op")).Distinct().Count());
    }

    [Theory]
    [InlineData("depthwise_int4_1")]
    [InlineData("kernel1x1_int4_3")]
    [InlineData("batch_matmul_5_s8")]
    [InlineData("add_s16")]
    public void A_single_rounding_in_place_of_two_is_noticed_by_these_cases(string name)
    {
        CaseFile @case = CaseFile.Load(Folder, name);
        int[] computed = Compute(@case, static (accumulator, bias, scale, range) =>
            Requantizer.ByMultiplierShift<RoundHalfUp>(accumulator, bias, new MultiplierShift((uint)scale.Multiplier, 31 - scale.Shift), range));
        Assert.NotEqual(@case.Ints("output"), computed);
    }

    /// <summary>16-bit data with a bias of 64 bits (or none) use the reduced multiplier, all others the two roundings.</summary>
    private static Requantize FormOf(CaseFile @case)
    {
        bool reduced = @case.Text("op") switch
        {
            "batch_matmul" => @case.Text("dtype") == "int16_t",
            "conv2d" or "depthwise_conv2d" or "fully_connected" => !@case.IsNull("bias_dtype") && @case.Text("bias_dtype") == "int64_t",
            _ => false,
        };
        return reduced ? Requantizer.ByReducedMultiplier : Requantizer.ByDoubleRounding;
    }

    private static int[] Compute(CaseFile @case, Requantize requantize) => @case.Text("op") switch
    {
        "conv2d" => Convolve(@case, requantize, depthwise: false),
        "depthwise_conv2d" => Convolve(@case, requantize, depthwise: true),
        "fully_connected" => Connect(@case, requantize),
        "batch_matmul" => MultiplyBatches(@case, requantize),
        "elementwise_add" => Add(@case, requantize),
        "elementwise_mul" => Multiply(@case, requantize),
        "max_pool" => Pool(@case, static window => window.Max()),
        "avg_pool" => Pool(@case, static window =>
            Requantizer.ByMultiplierShift<RoundHalfAway>(
                window.Sum(), 0, MultiplierShift.ForAverage(window.Count, (long)window.Count << 15), new OutputRange(0, short.MinValue, short.MaxValue))),
        string other => throw new InvalidDataException(other),
    };

    private static int[] Convolve(CaseFile @case, Requantize requantize, bool depthwise)
    {
        CaseFile shape = @case.Section("shape");
        int batches = shape.Int("N"), height = shape.Int("H"), width = shape.Int("W"), inputs = shape.Int("IC"), outputs = shape.Int("OC");
        int kernelHeight = shape.Int("KH"), kernelWidth = shape.Int("KW"), outHeight = shape.Int("OH"), outWidth = shape.Int("OW");
        int perGroup = inputs / shape.Int("groups"), outputsPerGroup = outputs / shape.Int("groups");
        int[] stride = @case.Ints("stride"), pad = @case.Ints("pad"), dilation = @case.Ints("dilation");
        int[] input = @case.Ints("input"), weights = @case.Ints("weights");
        int inputOffset = @case.Int("input_offset");
        int[] result = new int[batches * outHeight * outWidth * outputs];
        int index = 0;
        for (int n = 0; n < batches; n++)
        {
            for (int y = 0; y < outHeight; y++)
            {
                for (int x = 0; x < outWidth; x++)
                {
                    for (int o = 0; o < outputs; o++)
                    {
                        long sum = 0;
                        for (int i = 0; i < kernelHeight; i++)
                        {
                            for (int j = 0; j < kernelWidth; j++)
                            {
                                int row = (y * stride[0]) - pad[0] + (i * dilation[0]);
                                int column = (x * stride[1]) - pad[1] + (j * dilation[1]);
                                if (row < 0 || row >= height || column < 0 || column >= width)
                                {
                                    continue;
                                }
                                for (int c = 0; c < perGroup; c++)
                                {
                                    int channel = (o / outputsPerGroup * perGroup) + c;
                                    int code = input[(((((n * height) + row) * width) + column) * inputs) + channel];
                                    int weight = depthwise
                                        ? weights[(((i * kernelWidth) + j) * outputs) + o]
                                        : weights[(((((o * kernelHeight) + i) * kernelWidth) + j) * perGroup) + c];
                                    sum += (long)(code + inputOffset) * weight;
                                }
                            }
                        }
                        result[index++] = requantize(sum, BiasOf(@case, o), ScaleOf(@case, o), RangeOf(@case));
                    }
                }
            }
        }
        return result;
    }

    private static int[] Connect(CaseFile @case, Requantize requantize)
    {
        CaseFile shape = @case.Section("shape");
        int batches = shape.Int("batches"), depth = shape.Int("depth"), outputs = shape.Int("out");
        int[] input = @case.Ints("input"), weights = @case.Ints("weights");
        int inputOffset = @case.Int("input_offset"), filterOffset = @case.Int("filter_offset");
        int[] result = new int[batches * outputs];
        for (int n = 0; n < batches; n++)
        {
            for (int o = 0; o < outputs; o++)
            {
                long sum = 0;
                for (int k = 0; k < depth; k++)
                {
                    sum += (long)(input[(n * depth) + k] + inputOffset) * (weights[(o * depth) + k] + filterOffset);
                }
                result[(n * outputs) + o] = requantize(sum, BiasOf(@case, o), ScaleOf(@case, o), RangeOf(@case));
            }
        }
        return result;
    }

    private static int[] MultiplyBatches(CaseFile @case, Requantize requantize)
    {
        CaseFile p = @case.Section("params");
        int[] left = @case.Ints("lhs"), right = @case.Ints("rhs");
        int batches = p.Int("OUTPUT_BATCH"), heights = p.Int("OUTPUT_HEIGHT"), rows = p.Int("OUTPUT_ROWS"), columns = p.Int("OUTPUT_COLS");
        int depth = p.Int("LHS_COLS");
        bool transposed = p.Int("ADJ_Y") == 1;
        var scale = new QuantizedMultiplier(p.Int("OUTPUT_MULTIPLIER"), p.Int("OUTPUT_SHIFT"));
        var range = new OutputRange(p.Int("OUTPUT_OFFSET"), p.Int("ACTIVATION_MIN"), p.Int("ACTIVATION_MAX"));
        var result = new List<int>();
        for (int b = 0; b < batches; b++)
        {
            for (int h = 0; h < heights; h++)
            {
                int leftMatrix = ((b % p.Int("LHS_BATCH") * p.Int("LHS_HEIGHT")) + (h % p.Int("LHS_HEIGHT"))) * rows * depth;
                int rightMatrix = ((b % p.Int("RHS_BATCH") * p.Int("RHS_HEIGHT")) + (h % p.Int("RHS_HEIGHT"))) * depth * columns;
                for (int i = 0; i < rows; i++)
                {
                    for (int j = 0; j < columns; j++)
                    {
                        long sum = 0;
                        for (int k = 0; k < depth; k++)
                        {
                            int a = left[leftMatrix + (i * depth) + k] + p.Int("LHS_OFFSET");
                            int w = right[rightMatrix + (transposed ? (j * depth) + k : (k * columns) + j)] + p.Int("RHS_OFFSET");
                            sum += (long)a * w;
                        }
                        result.Add(requantize(sum, 0, scale, range));
                    }
                }
            }
        }
        return [.. result];
    }

    /// <summary>Both inputs are shifted left and scaled to a common unit, added, and scaled to the output's unit.</summary>
    private static int[] Add(CaseFile @case, Requantize requantize)
    {
        CaseFile p = @case.Section("params");
        var unlimited = new OutputRange(0, int.MinValue, int.MaxValue);
        int Scaled(int code, string input)
        {
            long shifted = (long)(code + p.Int(input + "_OFFSET")) << p.Int("LEFT_SHIFT");
            return requantize(shifted, 0, new QuantizedMultiplier(p.Int(input + "_MULT"), p.Int(input + "_SHIFT")), unlimited);
        }
        return [.. @case.Ints("input1").Zip(@case.Ints("input2"), (a, b) =>
            requantize(Scaled(a, "INPUT1"), Scaled(b, "INPUT2"), ElementwiseScale(p), ElementwiseRange(p)))];
    }

    private static int[] Multiply(CaseFile @case, Requantize requantize)
    {
        CaseFile p = @case.Section("params");
        return [.. @case.Ints("input1").Zip(@case.Ints("input2"), (a, b) =>
            requantize((long)(a + p.Int("INPUT1_OFFSET")) * (b + p.Int("INPUT2_OFFSET")), 0, ElementwiseScale(p), ElementwiseRange(p)))];
    }

    /// <summary>Windows leave out what lies in the padding.</summary>
    private static int[] Pool(CaseFile @case, Func<IReadOnlyList<int>, int> reduce)
    {
        CaseFile p = @case.Section("params");
        int[] input = @case.Ints("input");
        int height = p.Int("INPUT_H"), width = p.Int("INPUT_W"), channels = p.Int("INPUT_C");
        var result = new List<int>();
        for (int n = 0; n < p.Int("BATCH_SIZE"); n++)
        {
            for (int y = 0; y < p.Int("OUTPUT_H"); y++)
            {
                for (int x = 0; x < p.Int("OUTPUT_W"); x++)
                {
                    for (int c = 0; c < channels; c++)
                    {
                        var window = new List<int>();
                        for (int i = 0; i < p.Int("FILTER_H"); i++)
                        {
                            for (int j = 0; j < p.Int("FILTER_W"); j++)
                            {
                                int row = (y * p.Int("STRIDE_H")) - p.Int("PADDING_H") + i;
                                int column = (x * p.Int("STRIDE_W")) - p.Int("PADDING_W") + j;
                                if (row >= 0 && row < height && column >= 0 && column < width)
                                {
                                    window.Add(input[(((((n * height) + row) * width) + column) * channels) + c]);
                                }
                            }
                        }
                        result.Add(Math.Clamp(reduce(window), p.Int("ACTIVATION_MIN"), p.Int("ACTIVATION_MAX")));
                    }
                }
            }
        }
        return [.. result];
    }

    private static long BiasOf(CaseFile @case, int channel) => @case.IsNull("bias") ? 0 : @case.Longs("bias")[channel];

    private static QuantizedMultiplier ScaleOf(CaseFile @case, int channel)
    {
        int[] multipliers = @case.Ints("multiplier"), shifts = @case.Ints("shift");
        return new QuantizedMultiplier(multipliers[channel % multipliers.Length], shifts[channel % shifts.Length]);
    }

    private static OutputRange RangeOf(CaseFile @case) => new(@case.Int("output_offset"), @case.Int("act_min"), @case.Int("act_max"));

    private static QuantizedMultiplier ElementwiseScale(CaseFile p) => new(p.Int("OUTPUT_MULT"), p.Int("OUTPUT_SHIFT"));

    private static OutputRange ElementwiseRange(CaseFile p) => new(p.Int("OUTPUT_OFFSET"), p.Int("OUT_ACTIVATION_MIN"), p.Int("OUT_ACTIVATION_MAX"));
}
