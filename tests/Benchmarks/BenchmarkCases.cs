// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification;
using Cli.Commands;
using Cli.Networks;

namespace Benchmarks;

/// <summary>Networks of the usual shapes with random weights, and a design to run them on.</summary>
internal static class BenchmarkCases
{
    /// <summary>Multiply-accumulates of one image through <see cref="LenetLarge"/>.</summary>
    public const long LenetLargeMacs = 12_273_152;

    /// <summary>32C5-P2-64C5-P2-512-10 on 28 x 28, padding 2.</summary>
    public static IntegerNetwork LenetLarge(int weightBits, int activationBits) => Network("lenet_large", weightBits, activationBits, 2, [32, 64], [512, 10]);

    /// <summary>6C5-P2-16C5-P2-120-84-10 on 28 x 28, padding 2 in the first layer.</summary>
    public static IntegerNetwork Lenet5(int weightBits, int activationBits) => Network("lenet5", weightBits, activationBits, 0, [6, 16], [120, 84, 10]);

    /// <summary>An array with 8-bit operands and partial sums and accumulators of these widths.</summary>
    public static AcceleratorSpec Accelerator(int rows, int columns, int partialSumWidth, int accumulatorWidth) => new()
    {
        Name = $"{rows}x{columns}",
        ClockMhz = 100,
        Array = new ArraySpec
        {
            Dataflow = Dataflow.WeightStationary,
            Rows = rows,
            Columns = columns,
            Lanes = 1,
            ProcessingElement = ProcessingElementKind.Multiply,
            WeightDoubleBuffering = true,
            ActivationWidth = 8,
            ActivationSigned = false,
            WeightWidth = 8,
            PartialSumWidth = partialSumWidth,
            Overflow = OverflowMode.Saturate,
        },
        Accumulator = new AccumulatorSpec { Width = accumulatorWidth, Overflow = OverflowMode.Saturate },
        Requantizer = new RequantizerSpec { Rounding = RoundingMode.HalfUp, MultiplierWidth = 16, ElementWidth = 8 },
        Buffers = new BuffersSpec
        {
            Activation = new BufferSpec { Size = 16384, DoubleBuffered = true },
            Weight = new BufferSpec { Size = 4096, DoubleBuffered = true },
            Parameter = new BufferSpec { Size = 2, DoubleBuffered = true },
            Accumulator = new BufferSpec { Size = 2048, DoubleBuffered = true },
            Output = new BufferSpec { Size = 2048, DoubleBuffered = true },
        },
        Memory = new MemorySpec { BytesPerCycle = 16, LatencyCycles = 20, BurstBeats = 16 },
        Mapping = new MappingSpec { Convolution = ConvolutionMapping.Im2col },
    };

    /// <summary>A named network with random weights in formats of the full design, and that design.</summary>
    public static (IntegerNetwork Network, AcceleratorSpec Accelerator) Named(string name) => Inputs.Load(name, NetworkCatalogue.Accelerator);

    /// <summary>Random images of 8-bit codes.</summary>
    public static int[] Images(int count)
    {
        Random random = new(7);
        return [.. Enumerable.Range(0, count * 28 * 28).Select(_ => random.Next(256))];
    }

    private static IntegerNetwork Network(string name, int weightBits, int activationBits, int laterPadding, int[] convolutions, int[] dense)
    {
        Random random = new(3);
        FixedPointFormat codes = new(false, activationBits, 0);
        TensorSpec current = new(28, 28, 1, new FixedPointFormat(false, 8, 0));
        TensorSpec input = current;
        string last = IntegerNetwork.InputName;
        List<Layer> layers = [];
        for (int i = 0; i < convolutions.Length; i++)
        {
            int padding = i == 0 ? 2 : laterPadding;
            int extent = current.Height + (2 * padding) - 4;
            TensorSpec map = new(extent, extent, convolutions[i], codes);
            layers.Add(new Conv2dLayer
            {
                Name = $"conv{i}",
                Input = last,
                Output = map,
                Weights = Weights(random, weightBits, [convolutions[i], 5, 5, current.Channels]),
                WeightFormat = new FixedPointFormat(true, weightBits, 0),
                Stride = (1, 1),
                Padding = new Padding(padding, padding, padding, padding),
                Dilation = (1, 1),
                Groups = 1,
                PaddingCode = 0,
                Requantization = Requantization(convolutions[i], codes),
            });
            current = new TensorSpec(extent / 2, extent / 2, convolutions[i], codes);
            last = $"pool{i}";
            layers.Add(new MaxPoolLayer { Name = last, Input = $"conv{i}", Output = current, Window = (2, 2), Stride = (2, 2) });
        }
        for (int i = 0; i < dense.Length; i++)
        {
            TensorSpec output = new(1, 1, dense[i], codes);
            layers.Add(new DenseLayer
            {
                Name = $"dense{i}",
                Input = last,
                Output = output,
                Weights = Weights(random, weightBits, [dense[i], current.Elements]),
                WeightFormat = new FixedPointFormat(true, weightBits, 0),
                Requantization = Requantization(dense[i], codes),
            });
            current = output;
            last = $"dense{i}";
        }
        return new IntegerNetwork { Name = name, Input = input, Layers = [.. layers] };
    }

    private static Requantization Requantization(int channels, FixedPointFormat codes) => new()
    {
        Kind = RequantizationKind.MultiplierShift,
        Bias = [.. Enumerable.Range(0, channels).Select(channel => (long)channel)],
        Multiplier = [.. Enumerable.Range(0, channels).Select(channel => 20000L + channel)],
        Shift = [.. Enumerable.Repeat(24, channels)],
        Rounding = RoundingMode.HalfUp,
        Minimum = 0,
        Maximum = (int)codes.MaxRaw,
    };

    private static IntegerTensor Weights(Random random, int bits, int[] shape)
    {
        int low = -(1 << (bits - 1));
        int count = shape.Aggregate(1, (product, extent) => product * extent);
        return new IntegerTensor([.. shape], [.. Enumerable.Range(0, count).Select(_ => random.Next(low, -low))]);
    }
}
