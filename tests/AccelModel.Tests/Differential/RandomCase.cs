// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace AccelModel.Tests.Differential;

/// <summary>A random design, a random network that it can run, and random images.</summary>
public sealed record RandomCase(AcceleratorSpec Accelerator, IntegerNetwork Network, int Images, int[] Input, Schedule Schedule)
{
    /// <summary>Draws a case; buffers start small and grow only until the network fits.</summary>
    public static RandomCase Draw(ChoiceSource choices, CaseSize? size = null)
    {
        size ??= CaseSize.Small;
        AcceleratorSpec accelerator = DrawAccelerator(choices, size);
        IntegerNetwork network = DrawNetwork(choices, accelerator, size);
        int images = choices.Between(1, size.Images);
        var input = new int[images * network.Input.Elements];
        for (int i = 0; i < input.Length; i++)
        {
            input[i] = DrawCode(choices, network.Input.Format);
        }

        while (true)
        {
            try
            {
                return new(accelerator, network, images, input, Scheduler.Schedule(network, accelerator));
            }
            catch (ScheduleException)
            {
                accelerator = Grow(accelerator);
            }
        }
    }

    /// <summary>The counter-example as YAML.</summary>
    public string ToYaml() =>
        "# accelerator\n" + YamlPrinter.Print(Accelerator) + "# network\n" + YamlPrinter.Print(Network) + $"# {Images} image(s)\ninput: [{string.Join(", ", Input)}]\n";

    private static AcceleratorSpec DrawAccelerator(ChoiceSource choices, CaseSize size)
    {
        bool signed = choices.OnceIn(2);
        int elementWidth = choices.OnceIn(4) ? 16 : 8;
        int bytesPerCycle = choices.Of(4, 1, 2, 8, 16);
        bytesPerCycle = Math.Max(bytesPerCycle, elementWidth / 8);
        int perWord = bytesPerCycle * 8 / elementWidth;
        int accumulatorWidth = choices.OnceIn(3) ? choices.Between(8, 16) : choices.Of(32, 24, 20, 40, 48);
        return new()
        {
            Name = "random",
            ClockMhz = 100,
            Array = new()
            {
                Dataflow = Dataflow.WeightStationary,
                Rows = choices.Between(1, size.Array),
                Columns = choices.Between(1, size.Array),
                Lanes = choices.Of(1, 1, 2, 3),
                ProcessingElement = ProcessingElementKind.Multiply,
                WeightDoubleBuffering = !choices.OnceIn(2),
                ActivationSigned = signed,
                ActivationWidth = choices.Between(signed ? 2 : 1, 9),
                WeightWidth = choices.Between(2, 8),
                PartialSumWidth = choices.OnceIn(2) ? choices.Between(6, 14) : choices.Of(32, 24, 18, 40),
                Overflow = choices.Of(OverflowMode.Saturate, OverflowMode.Wrap),
            },
            Accumulator = new() { Width = accumulatorWidth, Overflow = choices.Of(OverflowMode.Saturate, OverflowMode.Wrap) },
            Requantizer = new()
            {
                Rounding = choices.Of(RoundingMode.HalfUp, RoundingMode.Floor, RoundingMode.HalfAway, RoundingMode.HalfEven, RoundingMode.TowardZero, RoundingMode.Stochastic),
                MultiplierWidth = choices.Between(1, Math.Min(18, 62 - accumulatorWidth)),
                ElementWidth = elementWidth,
            },
            Buffers = new()
            {
                Activation = DrawBuffer(choices, 24, perWord),
                Weight = DrawBuffer(choices, 16, 1),
                Parameter = DrawBuffer(choices, 2, 1),
                Accumulator = DrawBuffer(choices, 24, 1),
                Output = DrawBuffer(choices, 24, 1),
            },
            Memory = new() { BytesPerCycle = bytesPerCycle, LatencyCycles = choices.Between(1, 9), BurstBeats = choices.Of(16, 1, 2, 3, 7, 64) },
            Mapping = new() { Convolution = choices.Of(ConvolutionMapping.Im2col, ConvolutionMapping.ChannelTiles) },
        };
    }

    private static BufferSpec DrawBuffer(ChoiceSource choices, int largest, int multiple)
    {
        bool doubleBuffered = choices.OnceIn(2);
        int slot = choices.Between(1, largest) * multiple;
        return new() { Size = doubleBuffered ? 2 * slot : slot, DoubleBuffered = doubleBuffered };
    }

    private static AcceleratorSpec Grow(AcceleratorSpec accelerator)
    {
        BuffersSpec b = accelerator.Buffers;
        return accelerator with
        {
            Buffers = new()
            {
                Activation = b.Activation with { Size = b.Activation.Size * 2 },
                Weight = b.Weight.SlotSize < accelerator.Array.Rows ? b.Weight with { Size = b.Weight.Size * 2 } : b.Weight,
                Parameter = b.Parameter,
                Accumulator = b.Accumulator with { Size = b.Accumulator.Size * 2 },
                Output = b.Output with { Size = b.Output.Size * 2 },
            },
        };
    }

    private static IntegerNetwork DrawNetwork(ChoiceSource choices, AcceleratorSpec accelerator, CaseSize size)
    {
        var input = new TensorSpec(choices.Between(1, size.Extent), choices.Between(1, size.Extent), choices.Between(1, size.InputChannels), DrawActivationFormat(choices, accelerator));
        var layers = ImmutableArray.CreateBuilder<Layer>();
        TensorSpec current = input;
        string name = "input";
        int count = choices.Between(1, 3);
        for (int i = 0; i < count; i++)
        {
            FixedPointFormat format = i == count - 1 ? DrawOutputFormat(choices, accelerator) : DrawActivationFormat(choices, accelerator);
            bool dense = choices.OnceIn(3);
            int channels = choices.Between(1, size.Channels);
            int fan;
            if (dense)
            {
                fan = current.Elements;
                var output = new TensorSpec(1, 1, channels, format);
                (Requantization requantization, output) = DrawRequantization(choices, accelerator, output, fan, i == count - 1);
                layers.Add(new DenseLayer
                {
                    Name = $"layer{i}", Input = name, Output = output, Weights = DrawWeights(choices, accelerator, [channels, fan]),
                    WeightFormat = new(true, accelerator.Array.WeightWidth, 0), Requantization = requantization,
                });
                current = output;
                name = $"layer{i}";
                continue;
            }

            (int Rows, int Columns) stride = (choices.Between(1, 2), choices.Between(1, 2));
            (int Rows, int Columns) dilation = (choices.OnceIn(4) ? 2 : 1, choices.OnceIn(4) ? 2 : 1);
            var padding = new Padding(choices.Next(3), choices.Next(3), choices.Next(3), choices.Next(3));
            int paddedHeight = current.Height + padding.Top + padding.Bottom;
            int paddedWidth = current.Width + padding.Left + padding.Right;
            int kernelRows = choices.Between(1, Math.Min(3, (paddedHeight - 1) / dilation.Rows + 1));
            int kernelColumns = choices.Between(1, Math.Min(3, (paddedWidth - 1) / dilation.Columns + 1));
            int height = (paddedHeight - (kernelRows - 1) * dilation.Rows - 1) / stride.Rows + 1;
            int width = (paddedWidth - (kernelColumns - 1) * dilation.Columns - 1) / stride.Columns + 1;
            fan = kernelRows * kernelColumns * current.Channels;
            var map = new TensorSpec(height, width, channels, format);
            (Requantization rescale, map) = DrawRequantization(choices, accelerator, map, fan, i == count - 1);
            layers.Add(new Conv2dLayer
            {
                Name = $"layer{i}", Input = name, Output = map,
                Weights = DrawWeights(choices, accelerator, [channels, kernelRows, kernelColumns, current.Channels]),
                WeightFormat = new(true, accelerator.Array.WeightWidth, 0), Stride = stride, Padding = padding, Dilation = dilation, Groups = 1,
                PaddingCode = DrawCode(choices, current.Format), Requantization = rescale,
            });
            current = map;
            name = $"layer{i}";

            if (choices.OnceIn(2))
            {
                (int Rows, int Columns) window = (choices.Between(1, Math.Min(3, height)), choices.Between(1, Math.Min(3, width)));
                (int Rows, int Columns) poolStride = (choices.Between(1, 3), choices.Between(1, 3));
                if (accelerator.Requantizer.Rounding == RoundingMode.Stochastic)
                {
                    // A word in two windows would be rounded twice.
                    poolStride = (Math.Max(window.Rows, poolStride.Rows), Math.Max(window.Columns, poolStride.Columns));
                }

                current = map with { Height = (height - window.Rows) / poolStride.Rows + 1, Width = (width - window.Columns) / poolStride.Columns + 1 };
                name = $"pool{i}";
                layers.Add(new MaxPoolLayer { Name = name, Input = $"layer{i}", Output = current, Window = window, Stride = poolStride });
            }
        }

        return new() { Name = "random", Input = input, Layers = layers.ToImmutable() };
    }

    /// <summary>A format that the array can read: signed ones of at most its width, unsigned ones of any width (in digits).</summary>
    private static FixedPointFormat DrawActivationFormat(ChoiceSource choices, AcceleratorSpec accelerator)
    {
        int element = accelerator.Requantizer.ElementWidth;
        bool signed = accelerator.Array.ActivationSigned && choices.OnceIn(2);
        return signed
            ? new(true, choices.Between(2, Math.Min(element, Math.Max(2, accelerator.Array.ActivationWidth))), 0)
            : new(false, choices.Between(1, element - 1), 0);
    }

    private static FixedPointFormat DrawOutputFormat(ChoiceSource choices, AcceleratorSpec accelerator)
    {
        bool signed = choices.OnceIn(2);
        return new(signed, choices.Between(2, accelerator.Requantizer.ElementWidth), 0);
    }

    private static (Requantization Requantization, TensorSpec Output) DrawRequantization(
        ChoiceSource choices, AcceleratorSpec accelerator, TensorSpec output, int fan, bool last)
    {
        int width = accelerator.Accumulator.Width;
        RequantizerSpec requantizer = accelerator.Requantizer;
        long lowestBias = -(1L << (width - 1));
        var bias = ImmutableArray.CreateBuilder<long>();
        for (int channel = 0; channel < output.Channels; channel++)
        {
            long value = choices.Next(8) switch
            {
                0 or 1 => 0,
                6 => ~lowestBias,
                7 => lowestBias,
                _ => choices.Next(256) - 128 + choices.Next(2) * fan,
            };
            bias.Add(Math.Clamp(value, lowestBias, ~lowestBias));
        }

        bool bipolarFits = output.Format.Signed;
        if (bipolarFits && choices.OnceIn(5))
        {
            var thresholds = Enumerable.Range(0, output.Channels).Select(_ => (long)choices.Next(64) - 32).ToImmutableArray();
            // The threshold is folded into the bias, which must still fit.
            var clamped = bias.Select(value => Math.Clamp(value, lowestBias + 64, ~lowestBias - 64)).ToImmutableArray();
            return (new()
            {
                Kind = RequantizationKind.Thresholds, Bias = clamped, Rounding = requantizer.Rounding, Minimum = -1, Maximum = 1,
                Thresholds = thresholds, ThresholdsPerChannel = 1, ThresholdStep = 2,
            }, output);
        }

        int count = choices.OnceIn(2) ? output.Channels : 1;
        bool shiftOnly = choices.OnceIn(3);
        int multiplierWidth = requantizer.MultiplierWidth;
        var multipliers = Enumerable.Range(0, count).Select(_ => (long)(1 + choices.Next((1 << multiplierWidth) - 1 > 0 ? (1 << multiplierWidth) - 1 : 1))).ToImmutableArray();
        var shifts = Enumerable.Range(0, count).Select(_ => choices.Next(10) switch
        {
            8 => 0,
            9 => 63,
            int step => (shiftOnly ? 0 : multiplierWidth - 1) + step,
        }).ToImmutableArray();
        long lowest = output.Format.MinRaw, highest = output.Format.MaxRaw;
        bool clip = choices.OnceIn(3);
        int minimum = (int)(clip && lowest < 0 ? 0 : lowest);
        int maximum = (int)(clip ? Math.Max(minimum, highest / 2) : highest);
        return (new()
        {
            Kind = shiftOnly ? RequantizationKind.Shift : RequantizationKind.MultiplierShift,
            Bias = bias.ToImmutable(),
            Multiplier = shiftOnly ? [] : multipliers,
            Shift = shifts,
            Rounding = requantizer.Rounding,
            ZeroPoint = choices.OnceIn(3) ? choices.Next(9) - 4 : 0,
            Minimum = minimum,
            Maximum = maximum,
        }, output);
    }

    private static IntegerTensor DrawWeights(ChoiceSource choices, AcceleratorSpec accelerator, ImmutableArray<int> shape)
    {
        int width = accelerator.Array.WeightWidth;
        int count = shape.Aggregate(1, (product, extent) => product * extent);
        int style = choices.Next(3);
        int low = -(1 << (width - 1)), high = (1 << (width - 1)) - 1;

        // One seed instead of one choice per weight: a case stays a short list, and its weights can still shrink to zero.
        var random = new Random(choices.Next(1 << 16));
        return new(shape, [.. Enumerable.Range(0, count).Select(_ => style switch
        {
            0 => 0,
            1 => random.Next(low, high + 1),
            _ => random.Next(2) == 0 ? low : high,
        })]);
    }

    private static int DrawCode(ChoiceSource choices, FixedPointFormat format) => choices.Next(4) switch
    {
        0 => 0,
        1 => (int)format.MaxRaw,
        2 => (int)format.MinRaw,
        _ => (int)(format.MinRaw + choices.Next((int)(format.MaxRaw - format.MinRaw + 1))),
    };
}

/// <summary>How large random cases get.</summary>
/// <param name="Array">Most rows and columns of the array.</param>
/// <param name="Extent">Most rows and columns of the image.</param>
/// <param name="InputChannels">Most channels of the image.</param>
/// <param name="Channels">Most channels of a layer.</param>
/// <param name="Images">Most images.</param>
public sealed record CaseSize(int Array, int Extent, int InputChannels, int Channels, int Images)
{
    /// <summary>A few hundred cycles on a few PEs.</summary>
    public static CaseSize Small { get; } = new(6, 7, 5, 8, 2);

    /// <summary>Wider than the longest vector of the fast engine's kernels.</summary>
    public static CaseSize Large { get; } = new(18, 12, 40, 72, 5);
}
