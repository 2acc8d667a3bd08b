// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Xunit;

namespace AccelModel.Tests.Hardware;

/// <summary>Every kind of PE in every dataflow, with random fields, against the contract's formulas in plain loops: accumulators and overflows.</summary>
public sealed class ArrayValueTests
{
    private const int Seeds = 100;
    private const int Fewest = 5;

    public static IEnumerable<object[]> Arrays =>
        from dataflow in Enum.GetValues<Dataflow>()
        from kind in Enum.GetValues<ProcessingElementKind>()
        select new object[] { dataflow, kind };

    [Theory]
    [MemberData(nameof(Arrays))]
    public void Random_programs_leave_the_sums_of_the_formulas(Dataflow dataflow, ProcessingElementKind kind)
    {
        int overflows = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            overflows += Check(new RandomArray(new Random(seed), dataflow, kind), seed, seed % 3 == 0 ? new Random(seed) : null);
        }
        Assert.True(overflows >= Fewest, $"only {overflows} overflows");
    }

    [Theory]
    [InlineData(ProcessingElementKind.Multiply)]
    [InlineData(ProcessingElementKind.DspPacked)]
    [InlineData(ProcessingElementKind.XnorPopcount)]
    [InlineData(ProcessingElementKind.TernaryAdd)]
    [InlineData(ProcessingElementKind.ShiftAdd)]
    [InlineData(ProcessingElementKind.Codebook)]
    public void Columns_filter_channels_of_their_own(ProcessingElementKind kind)
    {
        int overflows = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            overflows += Check(new RandomArray(new Random(seed), Dataflow.WeightStationary, kind, columnFilter: true), seed, seed % 3 == 0 ? new Random(seed) : null);
        }
        Assert.True(overflows >= Fewest, $"only {overflows} overflows");
    }

    /// <summary>Compares one case; returns how many overflows it has.</summary>
    private static int Check(RandomArray sample, int seed, Random? shuffle)
    {
        ArrayBench bench = sample.Bench();
        bench.Run(shuffle);
        var expected = new ExpectedSums(sample);
        for (int word = 0; word < RandomArray.Words; word++)
        {
            Assert.True(expected.Words[word].SequenceEqual(bench.ReadAccumulators(word)), $"seed {seed}, word {word}");
        }
        Assert.True(expected.Overflows == bench.Overflows, $"seed {seed}: {expected.Overflows}, found {bench.Overflows}");
        return (int)(expected.Overflows.PartialSums + expected.Overflows.Accumulators);
    }

    /// <summary>The accumulators after a program, product by product.</summary>
    private sealed class ExpectedSums
    {
        private readonly RandomArray _sample;
        private readonly int _rows;
        private readonly int _columns;
        private readonly int _lanes;
        private long _partialSums;
        private long _accumulators;
        private FirstOverflow? _first;

        public ExpectedSums(RandomArray sample)
        {
            _sample = sample;
            (_rows, _columns, _lanes) = (sample.Spec.Array.Rows, sample.Spec.Array.Columns, sample.Spec.Array.Lanes);
            Words = [.. sample.Initial.Select(word => word.ToArray())];
            foreach (MatmulInstruction matmul in sample.Program)
            {
                bool channelsStream = sample.Spec.Array.Dataflow == Dataflow.InputStationary;
                for (int pixel = 0; pixel < matmul.Vectors; pixel++)
                {
                    for (int channel = 0; channel < (channelsStream ? matmul.Channels : _columns); channel++)
                    {
                        int word = matmul.AccumulatorAddress + pixel + (channelsStream ? channel / _columns * matmul.Vectors : 0);
                        ref long accumulator = ref Words[word][channel % _columns];
                        accumulator = Sum(matmul, matmul.Accumulate ? accumulator : 0, pixel, channel);
                    }
                }
            }
        }

        public long[][] Words { get; }

        public LayerOverflows Overflows => new(_partialSums, _accumulators, _first);

        private long Sum(MatmulInstruction matmul, long accumulator, int pixel, int channel)
        {
            int segments = matmul.KernelRows * matmul.KernelColumns * matmul.Tiles;
            for (int digit = 0; digit < matmul.Digits; digit++)
            {
                // A stationary sum runs through all segments of a digit, a moving one through one segment.
                bool stays = _sample.Spec.Array.Dataflow == Dataflow.OutputStationary;
                long sum = 0;
                for (int q = 0; q < segments; q++)
                {
                    sum = stays ? sum : 0;
                    int planSegment = matmul.Origin.Segment + (stays ? digit : (digit * segments) + q);
                    for (int row = 0; row < _rows; row++)
                    {
                        long products = matmul.ColumnFilter ? FilterProduct(matmul, digit, q, row, pixel, channel) : Products(matmul, digit, q, row, pixel, channel);
                        long exact = sum + products;
                        sum = Brought(exact, _sample.Spec.Array.PartialSumWidth, _sample.Spec.Array.Overflow);
                        Count(matmul, sum != exact, pixel, channel, planSegment, stays ? (q * _rows) + row : row, OverflowStage.PartialSum);
                    }
                    if (!stays || q == segments - 1)
                    {
                        long exact = accumulator + (sum * (1L << (digit * DigitWidth)));
                        accumulator = Brought(exact, _sample.Spec.Accumulator.Width, _sample.Spec.Accumulator.Overflow);
                        Count(matmul, accumulator != exact, pixel, channel, planSegment, stays ? (segments * _rows) - 1 : _rows - 1, OverflowStage.Accumulator);
                    }
                }
            }
            return accumulator;
        }

        private int DigitWidth => _sample.Kind == ProcessingElementKind.BitSerial ? 0 : _sample.DigitWidth;

        private long Products(MatmulInstruction matmul, int digit, int q, int row, int pixel, int channel)
        {
            (int kernel, int tile) = Math.DivRem(q, matmul.Tiles);
            int address = matmul.ActivationAddress + Pixel(matmul, pixel) + (kernel / matmul.KernelColumns * matmul.KernelRowStride)
                + (kernel % matmul.KernelColumns * matmul.KernelColumnStride) + (tile * _rows * _lanes);
            long sum = 0;
            for (int lane = 0; lane < _lanes; lane++)
            {
                int element = (row * _lanes) + lane;
                bool masked = tile == matmul.Tiles - 1 && matmul.LastTileElements > 0 && element >= matmul.LastTileElements;
                int code = _sample.Spec.Array.Dataflow == Dataflow.InputStationary
                    ? Line(matmul, (q * matmul.Channels) + channel)[element]
                    : Line(matmul, (q * _rows) + row)[(channel * _lanes) + lane];
                sum += masked ? 0 : Product(matmul, code, address + element, digit);
            }
            return sum;
        }

        /// <summary>Row r meets the vector r places on in the stream.</summary>
        private long FilterProduct(MatmulInstruction matmul, int digit, int q, int row, int pixel, int channel)
        {
            int taps = matmul.LastTileElements == 0 ? _rows : matmul.LastTileElements;
            if (row >= taps || pixel + row >= matmul.Vectors)
            {
                return 0;
            }
            int address = matmul.ActivationAddress + Pixel(matmul, pixel + row) + (q * matmul.KernelRowStride) + channel;
            return Product(matmul, Line(matmul, (q * _rows) + row)[channel * _lanes], address, digit);
        }

        private long Product(MatmulInstruction matmul, int code, int address, int digit) => _sample.Weight(matmul, code) * _sample.Operand(matmul, address, digit);

        private int[] Line(MatmulInstruction matmul, int line) => _sample.Codes[matmul.WeightAddress + matmul.TableLines + line];

        private static int Pixel(MatmulInstruction matmul, int pixel) => (pixel / matmul.Columns * matmul.RowStride) + (pixel % matmul.Columns * matmul.ColumnStride);

        private void Count(MatmulInstruction matmul, bool overflowed, int pixel, int channel, int segment, int addition, OverflowStage stage)
        {
            int step = Math.Max(matmul.Origin.ColumnStep, 1), column = pixel % matmul.Columns;
            bool isOutput = (matmul.Channels == 0 || channel < matmul.Channels)
                && column % step == 0 && (matmul.Origin.Columns == 0 || column / step < matmul.Origin.Columns);
            if (!overflowed || !isOutput)
            {
                return;
            }
            _partialSums += stage == OverflowStage.PartialSum ? 1 : 0;
            _accumulators += stage == OverflowStage.Accumulator ? 1 : 0;
            int output = ((matmul.Origin.Row + (pixel / matmul.Columns)) * RandomArray.Layer.Width) + matmul.Origin.Column + (column / step);
            var overflow = new FirstOverflow(0, (output * RandomArray.Layer.Channels) + matmul.Origin.Channel + channel, segment, addition, stage);
            _first = _first is { } first && Key(first).CompareTo(Key(overflow)) <= 0 ? first : overflow;
        }

        private static (int Output, int Segment, int Row, OverflowStage Stage) Key(FirstOverflow overflow) => (overflow.Output, overflow.Segment, overflow.Row, overflow.Stage);

        private static long Brought(long value, int width, OverflowMode mode)
        {
            long low = -(1L << (width - 1)), span = 1L << width;
            return mode == OverflowMode.Saturate
                ? Math.Min(Math.Max(value, low), low + span - 1)
                : ((((value - low) % span) + span) % span) + low;
        }
    }
}
