// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Xunit;

namespace AccelModel.Tests.Hardware;

/// <summary>What the vector unit makes of words (docs/architecture.md, section 5), against plain loops with exact fractions.</summary>
public sealed class VectorValueTests
{
    [Fact]
    public void Random_programs_on_random_designs_give_the_codes_of_the_formulas()
    {
        HashSet<string> seen = [];
        for (int seed = 0; seed < 1500; seed++)
        {
            var random = new Random(seed);
            AcceleratorSpec spec = Spec(random);
            long[][] accumulators = [.. Enumerable.Range(0, 64).Select(_ => Lanes(spec, () => Signed(random, spec.Accumulator.Width)))];
            ushort[] operands = [.. Enumerable.Range(0, 128).Select(_ => (ushort)random.Next(1 << spec.Requantizer.ElementWidth))];
            LaneRecord[][] lines = [.. Enumerable.Range(0, 4).Select(_ => Lanes(spec, () => Record(random, spec)))];
            byte[] tables = new byte[512];
            random.NextBytes(tables);
            List<VectorInstruction> program = [];
            int outputs = 0;
            for (int i = 0; i < 3; i++)
            {
                VectorInstruction vector = Instruction(random, spec) with { OutputAddress = outputs };
                program.Add(vector);
                outputs += vector.Rows * vector.Columns;
                seen.Add($"{vector.Source} {vector.Combine} post {vector.Post} lookup {vector.Lookup}");
            }
            VectorBench bench = new(spec, program, accumulators, operands, lines, tables);

            var oracle = new Oracle(spec, accumulators, operands, lines, tables);
            foreach ((VectorInstruction vector, int index) in program.Select((vector, index) => (vector, index)))
            {
                foreach ((int word, ushort[] expected) in oracle.Run(vector))
                {
                    Assert.True(expected.SequenceEqual(bench.Output(word)), $"seed {seed}, instruction {index}, word {word}: {string.Join(' ', expected)} and {string.Join(' ', bench.Output(word))}");
                }
            }
            int words = program.Sum(vector => vector.Words), operandWords = program.Where(vector => vector.Source == VectorSource.Operand).Sum(vector => vector.Words);
            Assert.Equal(
                new Traffic
                {
                    ParameterReads = words,
                    AccumulatorReads = words - operandWords,
                    OperandReads = operandWords,
                    OutputWrites = outputs,
                    LookupReads = program.Where(vector => vector.Lookup).Sum(vector => vector.Rows * vector.Columns),
                },
                bench.Traffic);
        }
        Assert.Equal(2 * 3 * 2 * 2, seen.Count);
    }

    [Fact]
    public void An_average_of_operands_is_the_quotient_rounded_half_away_from_zero()
    {
        AcceleratorSpec spec = Elementwise(2);
        for (int count = 1; count <= 9; count++)
        {
            ushort[] operands = [.. Enumerable.Range(0, 2 * count).Select(i => (ushort)(byte)(sbyte)((i * 37 % 31) - 17))];
            LaneRecord record = LaneRecord.Average(count, 128, (-128, 127), spec);
            VectorInstruction average = Bench.Vector(1) with
            {
                Source = VectorSource.Operand, OperandSigned = true, PoolRows = 1, PoolColumns = count, PoolColumnStride = 2, Combine = VectorCombine.Sum, Post = true,
            };
            ushort[] output = new VectorBench(spec, [average], operands: operands, lines: [[record, record]]).Output(0);
            for (int lane = 0; lane < 2; lane++)
            {
                int sum = Enumerable.Range(0, count).Sum(i => (sbyte)operands[(2 * i) + lane]);
                Assert.Equal(Math.Round((decimal)sum / count, MidpointRounding.AwayFromZero), (sbyte)output[lane]);
            }
        }
    }

    [Fact]
    public void Window_columns_have_lines_of_their_own_so_that_two_tensors_can_be_added_and_multiplied()
    {
        // 3 * (5 + 1) - 2 * (7 - 2) = 8 and (5 + 1) * (7 - 2) = 30, halved.
        AcceleratorSpec spec = Elementwise(1);
        LaneRecord first = new(1, 3, 0, 0, -1000, 1000, false), second = new(-2, 2, 0, -20, -1000, 1000, false);
        LaneRecord sum = second with { PostMultiplier = 1, PostShift = 1, PostMinimum = -128, PostMaximum = 127 };
        VectorInstruction add = Bench.Vector(1) with
        {
            Source = VectorSource.Operand, OperandSigned = true, PoolColumns = 2, PoolColumnStride = 9, Combine = VectorCombine.Sum, Post = true, ParameterStride = 1,
        };
        ushort[] operands = new ushort[16];
        (operands[0], operands[9]) = (5, 7);
        VectorBench bench = new(
            spec,
            [add, add with { Combine = VectorCombine.Product, ParameterAddress = 2, OutputAddress = 1 }],
            operands: operands,
            lines: [[first], [sum], [first with { Multiplier = 1 }], [sum with { Multiplier = 1, ZeroPoint = 0 }]]);
        Assert.Equal((18 + 10 - 20) / 2, bench.Output(0)[0]);
        Assert.Equal(6 * 5 / 2, bench.Output(1)[0]);
    }

    [Fact]
    public void Operands_past_the_end_of_the_buffer_come_from_its_beginning()
    {
        AcceleratorSpec spec = Elementwise(4);
        ushort[] operands = [.. Enumerable.Range(0, 128).Select(i => (ushort)i)];
        LaneRecord[] line = [.. Enumerable.Repeat(LaneRecord.Identity(spec), 4)];
        Assert.Equal([126, 127, 0, 1], new VectorBench(spec, [Bench.Vector(1) with { Source = VectorSource.Operand, SourceAddress = 126 }], operands: operands, lines: [line]).Output(0));
    }

    private static AcceleratorSpec Elementwise(int columns)
    {
        AcceleratorSpec spec = Bench.Spec(1, columns);
        return spec with
        {
            Requantizer = spec.Requantizer with { MultiplierWidth = 20 },
            Vector = new() { Elementwise = true },
            Buffers = spec.Buffers with { Operand = new() { Size = 128, DoubleBuffered = false } },
        };
    }

    private static AcceleratorSpec Spec(Random random)
    {
        int accumulator = random.Next(8, 49);
        AcceleratorSpec spec = Bench.Spec(2, random.Next(1, 5));
        int element = random.Next(2) == 0 ? 8 : 16;
        bool twice = random.Next(3) == 0;
        return spec with
        {
            Accumulator = spec.Accumulator with { Width = accumulator },
            Requantizer = new()
            {
                Rounding = (RoundingMode)random.Next(6),
                DoubleRounding = twice,
                FixedShift = !twice && random.Next(3) == 0 ? random.Next(0, 40) : null,
                MultiplierWidth = random.Next(1, Math.Min(33, 64 - accumulator)),
                ElementWidth = element,
            },
            Vector = new() { Elementwise = random.Next(3) != 0, Lookup = element == 8 && random.Next(2) == 0, ThresholdLevels = random.Next(2) * random.Next(1, 6) },
            Buffers = spec.Buffers with { Operand = new() { Size = 128, DoubleBuffered = false } },
        };
    }

    private static LaneRecord Record(Random random, AcceleratorSpec spec)
    {
        int multiplier = spec.Requantizer.MultiplierWidth, code = spec.Requantizer.ElementWidth + 1, term = spec.TermWidth;
        int a = (int)Signed(random, random.Next(2) == 0 ? term : code), b = (int)Signed(random, random.Next(2) == 0 ? term : code);
        LaneRecord record = new(
            Signed(random, spec.Accumulator.Width), Unsigned(random, multiplier), spec.Requantizer.FixedShift ?? random.Next(64), (int)Signed(random, term),
            Math.Min(a, b), Math.Max(a, b), random.Next(8) == 0);
        record = spec.Requantizer.DoubleRounding && random.Next(2) == 0 ? record with { DoubleRounding = true, SecondShift = random.Next(32) } : record;
        if (spec.Vector.Elementwise)
        {
            int c = (int)Signed(random, code), d = (int)Signed(random, code);
            record = record with
            {
                PostMultiplier = Unsigned(random, multiplier),
                PostShift = random.Next(64),
                PostZeroPoint = (int)Signed(random, code),
                PostMinimum = Math.Min(c, d),
                PostMaximum = Math.Max(c, d),
                PostHalfAway = random.Next(2) == 0,
                PostDoubleRounding = spec.Requantizer.DoubleRounding && random.Next(2) == 0,
                PostSecondShift = spec.Requantizer.DoubleRounding ? random.Next(32) : 0,
            };
        }
        return random.Next(3) == 0 && spec.Vector.ThresholdLevels > 0
            ? record with
            {
                Minimum = random.Next(-100, 100),
                ThresholdStep = random.Next(1, 11),
                Thresholds = [.. Enumerable.Range(0, random.Next(1, spec.Vector.ThresholdLevels + 1)).Select(_ => Signed(random, spec.Accumulator.Width + 1)).Order()],
            }
            : record;
    }

    private static VectorInstruction Instruction(Random random, AcceleratorSpec spec)
    {
        bool elementwise = spec.Vector.Elementwise;
        return Bench.Vector(1) with
        {
            Source = elementwise ? (VectorSource)random.Next(2) : VectorSource.Accumulator,
            OperandSigned = random.Next(2) == 0,
            SourceAddress = random.Next(0, 20),
            Rows = random.Next(1, 3),
            Columns = random.Next(1, 4),
            RowStride = random.Next(0, 9),
            ColumnStride = random.Next(0, 5),
            PoolRows = random.Next(1, 3),
            PoolColumns = random.Next(1, 4),
            PoolRowStride = random.Next(0, 9),
            PoolColumnStride = random.Next(0, 5),
            Combine = elementwise ? (VectorCombine)random.Next(3) : VectorCombine.Maximum,
            Post = elementwise && random.Next(2) == 0,
            Lookup = spec.Vector.Lookup && random.Next(2) == 0,
            LookupAddress = 256 * random.Next(2),
            ParameterAddress = random.Next(0, 2),
            ParameterStride = random.Next(0, 2),
        };
    }

    private static T[] Lanes<T>(AcceleratorSpec spec, Func<T> lane) => [.. Enumerable.Range(0, spec.Array.Columns).Select(_ => lane())];

    /// <summary>Small values as often as large ones, and both ends.</summary>
    private static long Signed(Random random, int width)
    {
        long value = random.Next(12) switch
        {
            0 => -(1L << (width - 1)),
            1 => (1L << (width - 1)) - 1,
            _ => random.NextInt64() >> (64 - random.Next(1, width + 1)),
        };
        return random.Next(2) == 0 ? value : ~value;
    }

    private static long Unsigned(Random random, int width) => random.Next(8) == 0 ? (1L << width) - 1 : random.NextInt64() >> (63 - random.Next(0, width + 1));

    /// <summary>The formulas of section 5.2, in exact integers and one step after the other.</summary>
    private sealed class Oracle(AcceleratorSpec spec, long[][] accumulators, ushort[] operands, LaneRecord[][] lines, byte[] tables)
    {
        private readonly uint[] _random = [.. Enumerable.Range(0, spec.Array.Columns).Select(lane => unchecked(0x12345678 + ((uint)lane * 0x9E3779B9)))];

        public List<(int Word, ushort[] Codes)> Run(VectorInstruction vector)
        {
            List<(int, ushort[])> outputs = [];
            for (int y = 0; y < vector.Rows; y++)
            {
                for (int x = 0; x < vector.Columns; x++)
                {
                    outputs.Add((vector.OutputAddress + (y * vector.Columns) + x, Window(vector, vector.SourceAddress + (y * vector.RowStride) + (x * vector.ColumnStride))));
                }
            }
            return outputs;
        }

        private ushort[] Window(VectorInstruction vector, int address)
        {
            ushort[] codes = new ushort[spec.Array.Columns];
            for (int lane = 0; lane < codes.Length; lane++)
            {
                List<BigInteger> terms = [];
                LaneRecord record = LaneRecord.Zero;
                for (int p = 0; p < vector.PoolRows; p++)
                {
                    for (int q = 0; q < vector.PoolColumns; q++)
                    {
                        record = lines[vector.ParameterAddress + (q * vector.ParameterStride)][lane];
                        terms.Add(Term(Source(vector, address + (p * vector.PoolRowStride) + (q * vector.PoolColumnStride), lane), record, lane));
                    }
                }
                BigInteger z = vector.Combine switch
                {
                    VectorCombine.Maximum => terms.Max(),
                    VectorCombine.Sum => Low(terms.Aggregate((a, b) => a + b), 32),
                    _ => terms.Count == 1 ? terms[0] : Low(terms.Aggregate((a, b) => a * b), 32),
                };
                if (vector.Post)
                {
                    RoundingMode mode = record.PostHalfAway ? RoundingMode.HalfAway : spec.Requantizer.Rounding == RoundingMode.Stochastic ? RoundingMode.HalfUp : spec.Requantizer.Rounding;
                    BigInteger rounded = record.PostDoubleRounding
                        ? Twice(z * record.PostMultiplier, record.PostShift, record.PostSecondShift)
                        : Round(mode, z * record.PostMultiplier, record.PostShift, 0);
                    z = BigInteger.Clamp(rounded + record.PostZeroPoint, record.PostMinimum, record.PostMaximum);
                }
                int raw = (int)(z & ((1 << spec.Requantizer.ElementWidth) - 1));
                codes[lane] = vector.Lookup ? tables[vector.LookupAddress + (raw & 255)] : (ushort)raw;
            }
            return codes;
        }

        private BigInteger Source(VectorInstruction vector, int address, int lane)
        {
            if (vector.Source == VectorSource.Accumulator)
            {
                return accumulators[address][lane];
            }
            ushort raw = operands[(address + lane) % operands.Length];
            return !vector.OperandSigned ? raw : spec.Requantizer.ElementWidth == 8 ? (sbyte)raw : (short)raw;
        }

        private BigInteger Term(BigInteger source, LaneRecord record, int lane)
        {
            uint random = _random[lane];
            _random[lane] = (random >> 1) ^ ((random & 1) * 0x80200003);
            BigInteger t = source + record.Bias;
            return record.Thresholds.Length > 0 ? record.Minimum + (record.ThresholdStep * record.Thresholds.Count(threshold => t >= threshold))
                : record.SignOutput ? (t >= 0 ? 1 : -1)
                : BigInteger.Clamp((record.DoubleRounding ? Twice(t * record.Multiplier, record.Shift, record.SecondShift) : Round(spec.Requantizer.Rounding, t * record.Multiplier, record.Shift, random)) + record.ZeroPoint, record.Minimum, record.Maximum);
        }

        private static BigInteger Twice(BigInteger value, int shift, int secondShift) =>
            Round(RoundingMode.HalfAway, Round(RoundingMode.HalfUp, value, shift, 0), secondShift, 0);

        private static BigInteger Round(RoundingMode mode, BigInteger value, int shift, uint random)
        {
            BigInteger unit = BigInteger.One << shift, half = unit / 2;
            BigInteger magnitude = BigInteger.Abs(value);
            return mode switch
            {
                RoundingMode.Floor => value >> shift,
                RoundingMode.HalfUp => (value + half) >> shift,
                RoundingMode.HalfAway => value.Sign * ((magnitude + half) >> shift),
                RoundingMode.HalfEven => (((2 * value) + unit) >> (shift + 1)) - (((2 * value) + unit) % (2 * unit) == 0 && !(((2 * value) + unit) >> (shift + 1)).IsEven ? 1 : 0),
                RoundingMode.TowardZero => value / unit,
                _ => (value + (((BigInteger)random << shift) >> 32)) >> shift,
            };
        }

        private static BigInteger Low(BigInteger value, int bits)
        {
            BigInteger modulus = BigInteger.One << bits;
            BigInteger low = ((value % modulus) + modulus) % modulus;
            return low >= modulus / 2 ? low - modulus : low;
        }
    }
}
