// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Tests.Numerics;
using Xunit;

namespace AccelModel.Tests.Networks;

/// <summary>
/// Arm CMSIS-NN's own layer tests as networks: convolutions, depthwise ones as groups, fully connected layers and max pooling. Input offsets go into
/// the bias and the padding code; pooling with padding becomes a padding 1 x 1 convolution and pooling without.
/// </summary>
public sealed class CmsisNnNetworkTests
{
    private const string Folder = "cmsis_nn";

    private static readonly string[] Kinds = ["conv2d", "depthwise_conv2d", "fully_connected", "max_pool"];

    public static TheoryData<string> Cases => [.. CaseFile.NamesIn(Folder).Where(name => Kinds.Contains(CaseFile.Load(Folder, name).Text("op")))];

    [Theory, MemberData(nameof(Cases))]
    public void Every_output_of_the_case_is_equal(string name)
    {
        CaseFile @case = CaseFile.Load(Folder, name);
        (IntegerNetwork network, int images) = @case.Text("op") switch
        {
            "fully_connected" => FullyConnected(@case),
            "max_pool" => MaxPool(@case),
            _ => Convolution(@case),
        };
        Assert.Equal(@case.Ints("output"), ReferenceInterpreter.Run(network, @case.Ints("input"), images).Output);
    }

    [Fact]
    public void There_are_35_cases() => Assert.Equal(35, Cases.Count);

    private static (IntegerNetwork Network, int Images) Convolution(CaseFile @case)
    {
        CaseFile shape = @case.Section("shape");
        FixedPointFormat format = FormatOf(@case);
        int channels = shape.Int("OC");
        int[] kernel = [shape.Int("KH"), shape.Int("KW")];
        int perGroup = shape.Int("IC") / shape.Int("groups");
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
        return (Network(input, new Conv2dLayer
        {
            Name = "conv",
            Input = "input",
            Output = output,
            Weights = new IntegerTensor([channels, kernel[0], kernel[1], perGroup], [.. weights]),
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
            Requantization = RequantizationOf(@case, weights, channels),
        }), shape.Int("N"));
    }

    private static (IntegerNetwork Network, int Images) FullyConnected(CaseFile @case)
    {
        CaseFile shape = @case.Section("shape");
        FixedPointFormat format = FormatOf(@case);
        int outputs = shape.Int("out");
        int[] weights = [.. @case.Ints("weights").Select(weight => weight + @case.Int("filter_offset"))];
        return (Network(new TensorSpec(1, 1, shape.Int("depth"), format), new DenseLayer
        {
            Name = "fc",
            Input = "input",
            Output = new TensorSpec(1, 1, outputs, format),
            Weights = new IntegerTensor([outputs, shape.Int("depth")], [.. weights]),
            WeightFormat = new FixedPointFormat(true, 9, 0),
            Requantization = RequantizationOf(@case, weights, outputs),
        }), shape.Int("batches"));
    }

    private static (IntegerNetwork Network, int Images) MaxPool(CaseFile @case)
    {
        CaseFile p = @case.Section("params");
        FixedPointFormat format = @case.Text("dtype") == "int8_t" ? TestNetworks.S8 : new FixedPointFormat(true, 16, 0);
        int channels = p.Int("INPUT_C");
        TensorSpec input = new(p.Int("INPUT_H"), p.Int("INPUT_W"), channels, format);
        TensorSpec output = new(p.Int("OUTPUT_H"), p.Int("OUTPUT_W"), channels, format);
        Padding padding = new(
            p.Int("PADDING_H"),
            p.Int("PADDING_W"),
            PaddingAfter(input.Height, output.Height, p.Int("PADDING_H"), p.Int("STRIDE_H"), p.Int("FILTER_H") - 1),
            PaddingAfter(input.Width, output.Width, p.Int("PADDING_W"), p.Int("STRIDE_W"), p.Int("FILTER_W") - 1));
        TensorSpec padded = input with { Height = input.Height + padding.Top + padding.Bottom, Width = input.Width + padding.Left + padding.Right };
        Layer pad = new Conv2dLayer
        {
            Name = "pad",
            Input = "input",
            Output = padded,
            Weights = new IntegerTensor([channels, 1, 1, 1], [.. Enumerable.Repeat(1, channels)]),
            WeightFormat = new FixedPointFormat(true, 2, 0),
            Stride = (1, 1),
            Padding = padding,
            Dilation = (1, 1),
            Groups = channels,
            PaddingCode = (int)format.MinRaw,
            Requantization = TestNetworks.Identity(channels, format) with { Minimum = p.Int("ACTIVATION_MIN"), Maximum = p.Int("ACTIVATION_MAX") },
        };
        Layer pool = new MaxPoolLayer
        {
            Name = "pool",
            Input = "pad",
            Output = output,
            Window = (p.Int("FILTER_H"), p.Int("FILTER_W")),
            Stride = (p.Int("STRIDE_H"), p.Int("STRIDE_W")),
        };
        return (Network(input, pad, pool), p.Int("BATCH_SIZE"));
    }

    /// <summary>What the last window reads beyond the input; the floor of the output size drops what is left over.</summary>
    private static int PaddingAfter(int input, int output, int before, int stride, int reach) =>
        Math.Max(0, ((output - 1) * stride) + reach + 1 - input - before);

    /// <summary><c>sum((x + offset) * w) + bias = sum(x * w) + (bias + offset * sum(w))</c>.</summary>
    private static Requantization RequantizationOf(CaseFile @case, int[] weights, int channels)
    {
        int products = weights.Length / channels;
        long[] bias = @case.IsNull("bias") ? new long[channels] : @case.Longs("bias");
        Requantization common = new()
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
        if (@case.IsNull("bias_dtype") || @case.Text("bias_dtype") != "int64_t")
        {
            return common;
        }

        // The 16-bit multiplier form rounds once, half up, at 15 - shift.
        return common with
        {
            Kind = RequantizationKind.MultiplierShift,
            Multiplier = [.. common.Multiplier.Select(multiplier => (long)new QuantizedMultiplier((int)multiplier, 0).ReducedMultiplier)],
            Shift = [.. common.Shift.Select(shift => 15 - shift)],
        };
    }

    private static FixedPointFormat FormatOf(CaseFile @case) => new(true, @case.Text("input_dtype") == "int8_t" ? 8 : 16, 0);

    private static IntegerNetwork Network(TensorSpec input, params ImmutableArray<Layer> layers) => new() { Name = "cmsis_nn", Input = input, Layers = layers };
}
