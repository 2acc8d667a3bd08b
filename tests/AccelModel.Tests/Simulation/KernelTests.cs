// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using AccelModel.Numerics;
using AccelModel.Simulation.Kernels;
using Xunit;

namespace AccelModel.Tests.Simulation;

/// <summary>Kernels against plain loops in exact arithmetic, for every shape in a small range and with every instruction set of this machine.</summary>
public sealed unsafe class KernelTests
{
    public static TheoryData<InstructionSet> InstructionSetsHere => [.. InstructionSets.Supported];

    [Theory]
    [MemberData(nameof(InstructionSetsHere))]
    public void The_exact_product_equals_plain_loops_for_every_small_shape(InstructionSet set)
    {
        Random random = new(1);
        foreach ((bool bytes, int activation, int weight) in ((bool, int, int)[])[(true, 255, 128), (true, 127, 128), (true, 15, 8), (false, 32767, 32768)])
        {
            MatrixProduct product = MatrixProduct.For(set, bytes, activation, weight);
            for (int pixels = 1; pixels <= 9; pixels++)
            {
                for (int products = 1; products <= 19; products++)
                {
                    CheckProduct(product, random, pixels, products, activation, weight);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(InstructionSetsHere))]
    public void Extreme_operands_do_not_saturate_inside_the_exact_product(InstructionSet set)
    {
        foreach ((bool bytes, int activation, int weight) in ((bool, int, int)[])[(true, 255, 128), (true, 128, 127), (true, 127, 129), (true, 255, 64), (false, 32767, 32768)])
        {
            int smallest = bytes ? Math.Max(-128, -weight) : -weight;
            MatrixProduct product = MatrixProduct.For(set, bytes, activation, weight);
            PinnedBuffer<byte> activations = new(4 * product.ElementBytes);
            PinnedBuffer<int> weights = new(product.BlockChannels);
            for (int k = 0; k < product.GroupElements; k++)
            {
                Write(activations.Pointer, k, product.ElementBytes, activation);
                for (int c = 0; c < product.BlockChannels; c++)
                {
                    Write((byte*)(weights.Pointer + c), k, product.ElementBytes, smallest);
                }
            }
            PinnedBuffer<int> results = new(product.BlockChannels);
            PinnedBuffer<int> zeros = new(product.BlockChannels);
            product.Run(weights.Pointer, activations.Pointer, zeros.Pointer, 1, [new ActivationRun(0, 1)], zeros.Pointer, results.Pointer, product.BlockChannels);
            Assert.All(results.Span.ToArray(), result => Assert.Equal(unchecked((int)((long)product.GroupElements * activation * smallest)), result));
        }
    }

    [Theory]
    [MemberData(nameof(InstructionSetsHere))]
    public void Ordered_sums_and_their_overflow_counts_equal_plain_loops(InstructionSet set)
    {
        Random random = new(2);
        foreach (OverflowMode mode in Enum.GetValues<OverflowMode>())
        {
            AdditionKind plain = mode == OverflowMode.Saturate ? AdditionKind.Saturating : AdditionKind.Wrapping;
            AdditionKind narrow = mode == OverflowMode.Saturate ? AdditionKind.NarrowSaturating : AdditionKind.Wrapping;
            AdditionKind full = mode == OverflowMode.Saturate ? AdditionKind.FullSaturating : AdditionKind.FullWrapping;
            for (int rows = 1; rows <= 7; rows++)
            {
                for (int lanes = 1; lanes <= 4; lanes++)
                {
                    // Fewer than are kept at a time, and more.
                    int[] segments = rows % 2 == 0 ? [rows, 1, 3] : [1, 2, rows, 1, 1, 3, 1, rows, 2, 1, 1];
                    CheckOrdered<short, int>(set, random, mode, (10, plain), (12, plain), segments, lanes, 15);
                    CheckOrdered<short, int>(set, random, mode, (15, narrow), (32, AdditionKind.Unchecked), segments, lanes, 90);
                    CheckOrdered<short, int>(set, random, mode, (9, narrow), (32, AdditionKind.Unchecked), segments, lanes, 90);
                    CheckOrdered<short, long>(set, random, mode, (16, full), (17, plain), segments, lanes, 80);
                    CheckOrdered<int, int>(set, random, mode, (18, plain), (19, plain), segments, lanes, 400);
                    CheckOrdered<int, int>(set, random, mode, (31, narrow), (32, full), segments, lanes, 20000);
                    CheckOrdered<int, long>(set, random, mode, (32, full), (33, plain), segments, lanes, 20000);
                    CheckOrdered<long, long>(set, random, mode, (36, plain), (37, plain), segments, lanes, 200000);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(InstructionSetsHere))]
    public void More_additions_than_a_lane_can_count_are_counted(InstructionSet set)
    {
        Random random = new(3);
        CheckOrdered<short, int>(set, random, OverflowMode.Saturate, (16, AdditionKind.FullSaturating), (32, AdditionKind.Unchecked), [4000, 4096, 9000], 1, 80);
    }

    [Theory]
    [MemberData(nameof(InstructionSetsHere))]
    public void Vectors_round_as_the_rounding_modes_do_around_every_tie_and_edge(InstructionSet set)
    {
        foreach (RoundingMode mode in Enum.GetValues<RoundingMode>().Where(mode => mode != RoundingMode.Stochastic))
        {
            for (int shift = 0; shift <= 62; shift++)
            {
                long half = shift == 0 ? 0 : 1L << (shift - 1);
                long unit = 1L << shift;
                long[] centres = [0, half, -half, unit, -unit, unit + half, -unit - half, (1L << 62) - 3, -(1L << 62) + 3, 3 * half, -3 * half];
                long[] values = [.. centres.SelectMany(centre => Enumerable.Range(-2, 5).Select(d => centre + d)).Where(value => Math.Abs(value) < 1L << 62)];
                int[] codes = Requantize(set, values, mode, 1, shift, zeroPoint: 0, int.MinValue, int.MaxValue);
                for (int i = 0; i < values.Length; i++)
                {
                    long expected = Math.Clamp(Rounding.ShiftRight(mode, values[i], shift), int.MinValue, int.MaxValue);
                    Assert.True(expected == codes[i], $"{mode}, {values[i]} >> {shift}: {codes[i]} instead of {expected}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(InstructionSetsHere))]
    public void Vectors_requantise_as_the_requantiser_does(InstructionSet set)
    {
        Random random = new(5);
        foreach (RoundingMode mode in Enum.GetValues<RoundingMode>().Where(mode => mode != RoundingMode.Stochastic))
        {
            for (int trial = 0; trial < 200; trial++)
            {
                uint multiplier = (uint)random.Next(1, 1 << 20);
                int shift = random.Next(0, 40);
                int zeroPoint = random.Next(-9, 10);
                long[] values = [.. Enumerable.Range(0, 16).Select(_ => random.NextInt64(-(1L << random.Next(1, 41)), 1L << 40))];
                int[] codes = Requantize(set, values, mode, multiplier, shift, zeroPoint, -128, 127);
                for (int i = 0; i < values.Length; i++)
                {
                    long product = values[i] * multiplier;
                    Assert.Equal(Math.Clamp(Rounding.ShiftRight(mode, product, shift) + zeroPoint, -128, 127), codes[i]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(InstructionSetsHere))]
    public void Vectors_count_the_thresholds_that_are_reached(InstructionSet set)
    {
        const int channels = 16;
        Random random = new(6);
        for (int count = 1; count <= 15; count++)
        {
            PinnedBuffer<long> accumulators = new(channels);
            PinnedBuffer<long> bias = new(channels);
            PinnedBuffer<long> thresholds = new(channels * count);
            PinnedBuffer<int> codes = new(channels);
            for (int i = 0; i < channels; i++)
            {
                accumulators.Span[i] = random.Next(-20, 20);
                bias.Span[i] = random.Next(-3, 4);
            }
            for (int i = 0; i < thresholds.Length; i++)
            {
                thresholds.Span[i] = random.Next(-20, 20);
            }
            RequantizationTables tables = new()
            {
                Bias = bias.Pointer, Thresholds = thresholds.Pointer, ThresholdCount = count, ThresholdPitch = channels, ThresholdStep = 2, Minimum = -1,
            };
            RequantizationKernels.For<long>(set, RequantizationForm.Thresholds, RoundingMode.Floor)(
                new Pixels<long>(accumulators.Pointer, channels, 1, channels), new Pixels<int>(codes.Pointer, channels, 1, channels), &tables, null, 0);
            for (int c = 0; c < channels; c++)
            {
                int reached = Enumerable.Range(0, count).Count(i => accumulators.Span[c] + bias.Span[c] >= thresholds.Span[(i * channels) + c]);
                Assert.Equal(-1 + (2 * reached), codes.Span[c]);
            }
        }
    }

    [Fact]
    public void Operands_are_converted_for_every_length()
    {
        Random random = new(7);
        for (int length = 0; length <= 100; length++)
        {
            int[] codes = [.. Enumerable.Range(0, length).Select(_ => random.Next(-70000, 70000))];
            byte[] bytes = new byte[length + 1];
            short[] shorts = new short[length + 1];
            fixed (int* source = codes)
            fixed (byte* toBytes = bytes)
            fixed (short* toShorts = shorts)
            {
                OperandConversion.Run(source, toBytes, length, new OperandOfCode(0, -1, 128));
                OperandConversion.Run(source, toShorts, length, new OperandOfCode(0, -1, -32768 + 128));
            }
            Assert.Equal([.. codes.Select(code => unchecked((byte)(code + 128))), 0], bytes);
            Assert.Equal([.. codes.Select(code => unchecked((short)(code + 128 - 32768))), 0], shorts);
        }
    }

    [Fact]
    public void A_narrow_dot_product_is_chosen_only_where_no_pair_of_products_saturates()
    {
        if (!Avx2.IsSupported)
        {
            return;
        }
        Assert.Equal(typeof(NarrowDotProduct256), MatrixProduct.For(InstructionSet.Avx2, true, 127, 129).Step);
        Assert.Equal(typeof(PairDotProduct256), MatrixProduct.For(InstructionSet.Avx2, true, 128, 128).Step);
        short[] products = [.. Enumerable.Range(0, 16).Select(i => Avx2.MultiplyAddAdjacent(Vector256.Create((byte)127), Vector256.Create((sbyte)-128))[i])];
        Assert.All(products, product => Assert.Equal(-2 * 127 * 128, product));
    }

    private static void CheckProduct(MatrixProduct product, Random random, int pixels, int products, int activation, int weight)
    {
        int channels = product.BlockChannels;
        int groups = (products + product.GroupElements - 1) / product.GroupElements;
        int low = product.Form == OperandForm.Bytes ? 0 : -activation - 1;
        PinnedBuffer<byte> activations = new(((pixels * 3) + products) * product.ElementBytes);
        PinnedBuffer<int> bases = new(pixels);
        PinnedBuffer<int> weights = new(2L * groups * channels);
        PinnedBuffer<int> initial = new(channels);
        PinnedBuffer<int> results = new((long)pixels * channels);
        for (int i = 0; i < (pixels * 3) + products; i++)
        {
            Write(activations.Pointer, i, product.ElementBytes, random.Next(low, activation + 1));
        }
        for (int i = 0; i < pixels; i++)
        {
            bases.Span[i] = random.Next(0, pixels + 1) * product.ElementBytes;
        }
        int[] values = [.. Enumerable.Range(0, 2 * products * channels).Select(_ => random.Next(-weight, weight))];
        for (int i = 0; i < values.Length; i++)
        {
            int run = i / (products * channels);
            int k = i / channels % products;
            int* group = weights.Pointer + (((run * groups) + (k / product.GroupElements)) * channels) + (i % channels);
            Write((byte*)group, k % product.GroupElements, product.ElementBytes, values[i]);
        }
        for (int c = 0; c < channels; c++)
        {
            initial.Span[c] = random.Next();
        }

        // Two runs, the second one an odd number of elements further on.
        ActivationRun[] runs = [new ActivationRun(0, groups), new ActivationRun(pixels * product.ElementBytes, groups)];
        product.Run(weights.Pointer, activations.Pointer, bases.Pointer, pixels, runs, initial.Pointer, results.Pointer, channels);
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            for (int c = 0; c < channels; c++)
            {
                BigInteger sum = initial.Span[c];
                for (int k = 0; k < 2 * products; k++)
                {
                    int element = (bases.Span[pixel] / product.ElementBytes) + (k < products ? 0 : pixels) + (k % products);
                    sum += (BigInteger)Read(activations.Pointer, element, product) * values[(k * channels) + c];
                }
                Assert.Equal((int)(uint)(sum & uint.MaxValue), results.Span[(pixel * channels) + c]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(InstructionSetsHere))]
    public void Products_of_one_bit_are_counted_in_every_chunk(InstructionSet set)
    {
        Random random = new(8);
        int channels = BitProductKernels.Channels(set);
        for (int trial = 0; trial < 40; trial++)
        {
            // Runs of all lengths, chunks up to the most that a byte counts, every bit different where counts are the greatest.
            bool extreme = trial % 4 == 0;
            int blocks = random.Next(1, 4), pixels = random.Next(1, 20), factor = random.Next(1, 9);
            List<ActivationRun> runs = [];
            List<int> chunks = [];
            int steps = 0;
            for (int chunk = random.Next(1, 4); chunk > 0; chunk--)
            {
                chunks.Add(0);
                for (int free = extreme ? BitProductKernels.StepsOfChunk : random.Next(1, BitProductKernels.StepsOfChunk + 1); free > 0; chunks[^1]++)
                {
                    int length = random.Next(1, free + 1);
                    runs.Add(new ActivationRun(random.Next(100), length));
                    free -= length;
                    steps += length;
                }
            }
            PinnedBuffer<byte> weights = new((long)blocks * steps * channels);
            PinnedBuffer<byte> activations = new(300);
            PinnedBuffer<int> bases = new(pixels);
            PinnedBuffer<int> accumulators = new((long)pixels * blocks * channels);
            PinnedBuffer<byte> tables = BitProductKernels.Tables();
            Fill(bases.Span, 0, 100);
            Fill(accumulators.Span, -1000, 1000);
            foreach (ref byte weight in weights.Span)
            {
                weight = (byte)(extreme ? 15 : random.Next(16));
            }
            foreach (ref byte activation in activations.Span)
            {
                activation = (byte)(extreme ? 0 : random.Next(16) << 4);
            }
            int[] before = accumulators.Span.ToArray();
            BitProductKernels.For(set)(new BitProduct
            {
                Weights = weights.Pointer,
                Blocks = blocks,
                BlockBytes = (nint)steps * channels,
                Activations = activations.Pointer,
                Bases = bases.Pointer,
                Pixels = pixels,
                Runs = runs.ToArray(),
                Chunks = chunks.ToArray(),
                Factor = factor,
                Tables = tables.Pointer,
                Accumulators = accumulators.Pointer,
                Pitch = blocks * channels,
            });
            for (int i = 0; i < before.Length; i++)
            {
                (int pixel, int channel) = Math.DivRem(i, blocks * channels);
                (int block, int lane) = Math.DivRem(channel, channels);
                int differ = 0, step = 0;
                foreach (ActivationRun run in runs)
                {
                    for (int group = 0; group < run.Groups; group++, step++)
                    {
                        int activation = activations.Span[bases.Span[pixel] + run.Offset + group] >> 4;
                        differ += int.PopCount(activation ^ weights.Span[(((block * steps) + step) * channels) + lane]);
                    }
                }
                Assert.Equal(before[i] - (factor * differ), accumulators.Span[i]);
            }
        }

        void Fill(Span<int> values, int least, int end)
        {
            foreach (ref int value in values)
            {
                value = random.Next(least, end);
            }
        }
    }

    private static void CheckOrdered<T, TAccumulator>(
        InstructionSet set, Random random, OverflowMode mode, (int Width, AdditionKind Kind) sum, (int Width, AdditionKind Kind) accumulator, int[] segments, int lanes, int magnitude)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TAccumulator : unmanaged, IBinaryInteger<TAccumulator>, IMinMaxValue<TAccumulator>
    {
        CheckOrdered<T, TAccumulator, SharedActivation>(set, random, mode, sum, accumulator, segments, lanes, magnitude, own: false);
        CheckOrdered<T, TAccumulator, OwnActivations>(set, random, mode, sum, accumulator, segments, lanes, magnitude, own: true);
    }

    private static void CheckOrdered<T, TAccumulator, TSource>(
        InstructionSet set, Random random, OverflowMode mode, (int Width, AdditionKind Kind) sum, (int Width, AdditionKind Kind) accumulator, int[] segments, int lanes, int magnitude, bool own)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TAccumulator : unmanaged, IBinaryInteger<TAccumulator>, IMinMaxValue<TAccumulator>
        where TSource : struct, IActivationSource
    {
        int channels = OrderedTile.Channels<T>(set);
        int steps = segments.Sum() * lanes;
        PinnedBuffer<T> weights = new((long)steps * channels);
        PinnedBuffer<T> activations = new(200 + channels);
        PinnedBuffer<int> offsets = new(steps);
        PinnedBuffer<SegmentRows> rows = new(segments.Length);
        PinnedBuffer<T> sums = new((long)channels * OrderedTile.Pixels * OrderedTile.SegmentsAtATime);
        PinnedBuffer<TAccumulator> accumulators = new((long)channels * OrderedTile.Pixels);
        Fill(weights.Span, random, magnitude);
        Fill(activations.Span, random, magnitude);
        long[] expected = new long[channels * OrderedTile.Pixels];
        for (int i = 0; i < expected.Length; i++)
        {
            expected[i] = random.Next(-100, 100);
            accumulators.Span[i] = TAccumulator.CreateTruncating(expected[i]);
        }
        T** windows = stackalloc T*[OrderedTile.Pixels];
        int[] bases = [.. Enumerable.Range(0, OrderedTile.Pixels).Select(_ => random.Next(100))];
        for (int pixel = 0; pixel < OrderedTile.Pixels; pixel++)
        {
            windows[pixel] = activations.Pointer + bases[pixel];
        }
        foreach (ref int offset in offsets.Span)
        {
            offset = random.Next(100);
        }
        // An accumulator that cannot overflow stays where it is proven that it cannot.
        int[] shifts = [.. segments.Select(_ => accumulator.Kind == AdditionKind.Unchecked || random.Next(2) == 0 ? 0 : Math.Min(random.Next(3), accumulator.Width - sum.Width))];
        int[] safeRows = [.. segments];
        long sumOverflows = 0;
        long accumulatorOverflows = 0;
        for (int word = 0; word < expected.Length; word++)
        {
            (int pixel, int channel) = Math.DivRem(word, channels);
            int step = 0;
            for (int segment = 0; segment < segments.Length; segment++)
            {
                long partial = 0;
                for (int row = 0; row < segments[segment]; row++)
                {
                    long addend = 0;
                    for (int lane = 0; lane < lanes; lane++, step++)
                    {
                        long activation = long.CreateTruncating(activations.Span[bases[pixel] + offsets.Span[step] + (own ? channel : 0)]);
                        addend += long.CreateTruncating(weights.Span[(step * channels) + channel]) * activation;
                    }
                    partial = Overflow.Add(mode, partial, addend, sum.Width, out bool overflowed);
                    if (overflowed)
                    {
                        sumOverflows++;
                        safeRows[segment] = Math.Min(safeRows[segment], row);
                    }
                }
                expected[word] = Overflow.Add(mode, expected[word], partial << shifts[segment], accumulator.Width, out bool left);
                accumulatorOverflows += left ? 1 : 0;
            }
        }

        // What is known to be safe may be less than what is.
        for (int i = 0; i < segments.Length; i++)
        {
            rows.Span[i] = new SegmentRows(segments[i], random.Next(2) == 0 ? safeRows[i] : random.Next(safeRows[i] + 1), shifts[i]);
        }
        OrderedTile<T, TAccumulator> tile = new()
        {
            Weights = weights.Pointer,
            Windows = windows,
            Offsets = offsets.Pointer,
            Segments = rows.Pointer,
            SegmentCount = segments.Length,
            Lanes = lanes,
            SumRange = Range<T>(sum.Width),
            AccumulatorRange = Range<TAccumulator>(accumulator.Width),
            Sums = sums.Pointer,
            Accumulators = accumulators.Pointer,
        };
        OrderedKernels.For<T, TAccumulator, TSource>(set, sum.Kind, accumulator.Kind)(&tile);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], long.CreateTruncating(accumulators.Span[i]));
        }
        Assert.Equal(sumOverflows, tile.SumOverflows);
        Assert.Equal(accumulatorOverflows, tile.AccumulatorOverflows);
    }

    private static int[] Requantize(InstructionSet set, long[] values, RoundingMode mode, uint multiplier, int shift, int zeroPoint, int minimum, int maximum)
    {
        int padded = (values.Length + 15) / 16 * 16;
        PinnedBuffer<long> accumulators = new(padded);
        PinnedBuffer<long> zeros = new(padded);
        PinnedBuffer<long> multipliers = new(padded);
        PinnedBuffer<long> shifts = new(padded);
        PinnedBuffer<long> addends = new(padded);
        PinnedBuffer<long> ties = new(padded);
        PinnedBuffer<int> codes = new(padded);
        values.CopyTo(accumulators.Span);
        multipliers.Span.Fill(multiplier);
        shifts.Span.Fill(shift);
        addends.Span.Fill(RequantizationKernels.Addend(mode, shift));
        ties.Span.Fill(shift == 0 ? 0 : 1);
        RequantizationTables tables = new()
        {
            Bias = zeros.Pointer, Multiplier = multipliers.Pointer, Shift = shifts.Pointer, Addend = addends.Pointer, Tie = ties.Pointer, ZeroPoint = zeroPoint, Minimum = minimum,
            Maximum = maximum,
        };
        RequantizationKernels.For<long>(set, RequantizationForm.Scale, mode)(
            new Pixels<long>(accumulators.Pointer, padded, 1, padded), new Pixels<int>(codes.Pointer, padded, 1, padded), &tables, null, 0);
        return codes.Span[..values.Length].ToArray();
    }

    private static WordRange<T> Range<T>(int width)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
        new(T.CreateTruncating(TwosComplement.Min(width)), T.CreateTruncating(TwosComplement.Max(width)), (8 * sizeof(T)) - width);

    private static void Fill<T>(Span<T> values, Random random, int magnitude)
        where T : unmanaged, IBinaryInteger<T>
    {
        foreach (ref T value in values)
        {
            value = T.CreateTruncating(random.Next(-magnitude, magnitude + 1));
        }
    }

    private static void Write(byte* destination, int element, int bytes, int value)
    {
        destination[element * bytes] = (byte)value;
        if (bytes == 2)
        {
            destination[(element * bytes) + 1] = (byte)(value >> 8);
        }
    }

    private static int Read(byte* source, int element, MatrixProduct product) =>
        product.Form == OperandForm.Bytes ? source[element] : ((short*)source)[element];
}
