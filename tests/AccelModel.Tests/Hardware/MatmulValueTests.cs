// SPDX-License-Identifier: Apache-2.0
using AccelModel.Hardware;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Xunit;
using static AccelModel.Scheduling.Semaphore;

namespace AccelModel.Tests.Hardware;

/// <summary>One pass load, matmul, vector, store with random fields, against the contract's formulas in plain loops.</summary>
public sealed class MatmulValueTests
{
    [Fact]
    public void A_two_by_two_product_is_what_one_gets_by_hand()
    {
        // (1 2) (5 6)   (19 22)
        // (3 4) (7 8) = (43 50)
        AcceleratorSpec spec = Bench.Spec(2, 2);
        byte[] memory = new byte[1024];
        new byte[] { 1, 2, 3, 4 }.CopyTo(memory, 0);
        Bench.Pack(4, (5, 5), (6, 5)).CopyTo(memory, 4);
        Bench.Pack(4, (7, 5), (8, 5)).CopyTo(memory, 8);
        byte[] parameters = Bench.Pack(spec.ParameterLineWords * 4, [.. Identity(spec), .. Identity(spec)]);
        parameters.CopyTo(memory, 16);
        Schedule schedule = Bench.Schedule(
            spec,
            [
                Bench.Load(LoadTarget.Activation, 0, 1, signals: Bench.Set(ActivationReady)),
                Bench.Load(LoadTarget.Weight, 1, 2, signals: Bench.Set(WeightReady)),
                Bench.Load(LoadTarget.Parameter, 4, spec.ParameterLineWords, signals: Bench.Set(ParameterReady)),
            ],
            [Bench.Matmul(2, 1, Bench.Set(ActivationReady, WeightReady), Bench.Set(AccumulatorReady)) with { ColumnStride = 2 }],
            [Bench.Vector(2, Bench.Set(AccumulatorReady, ParameterReady), Bench.Set(OutputReady))],
            [Bench.Store(2, 2, 512, 2, Bench.Set(OutputReady))],
            memory);
        Assert.Equal([19, 22, 43, 50], Bench.Run(schedule).Machine.Memory.Slice(512, 4).ToArray());
    }

    [Fact]
    public void Random_instructions_give_what_the_formulas_give()
    {
        for (int seed = 0; seed < 400; seed++)
        {
            var pass = new RandomPass(new Random(seed));
            (Accelerator machine, _) = Bench.Run(pass.Schedule);
            Assert.True(machine.Memory.SequenceEqual(pass.ExpectedMemory()), $"seed {seed}");
        }
    }

    [Fact]
    public void Random_stalls_of_the_memory_change_the_time_and_no_byte()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var pass = new RandomPass(new Random(seed));
            (Accelerator machine, TimingResult timing) = Bench.Run(pass.Schedule, new() { Stall = new RandomStall((uint)seed, 128) });
            Assert.True(machine.Memory.SequenceEqual(pass.ExpectedMemory()), $"seed {seed}");
            Assert.True(timing.Cycles > Bench.Run(pass.Schedule).Timing.Cycles, $"seed {seed}");
            Assert.All(timing.Units, unit => Assert.Equal(timing.Cycles, unit.Total));
        }
    }

    private static IEnumerable<(long Value, int Width)> Identity(AcceleratorSpec spec) => Bench.Record(spec, new(0, 1, 0, 0, -128, 127, false));

    /// <summary>Random design, fields and data, and the memory that has to come out.</summary>
    private sealed class RandomPass
    {
        private readonly AcceleratorSpec _spec;
        private readonly MatmulInstruction _matmul;
        private readonly VectorInstruction _vector;
        private readonly StoreInstruction _store;
        private readonly LaneRecord[] _lanes;
        private readonly int[] _elements;
        private readonly int[,,] _weights;
        private readonly byte[] _memory;

        public RandomPass(Random random)
        {
            bool isSigned = random.Next(2) == 0;
            int elementWidth = random.Next(2) == 0 ? 8 : 16;
            AcceleratorSpec spec = Bench.Spec(random.Next(1, 6), random.Next(1, 6), random.Next(1, 4), random.Next(2) == 0);
            _spec = spec with
            {
                Array = spec.Array with
                {
                    ActivationSigned = isSigned || random.Next(2) == 0,
                    ActivationWidth = isSigned ? elementWidth : random.Next(2, 7),
                    WeightWidth = random.Next(2, 9),
                    PartialSumWidth = random.Next(6, 30),
                    Overflow = random.Next(2) == 0 ? OverflowMode.Saturate : OverflowMode.Wrap,
                },
                Accumulator = new() { Width = random.Next(8, 33), Overflow = random.Next(2) == 0 ? OverflowMode.Saturate : OverflowMode.Wrap },
                Requantizer = new() { Rounding = random.Next(2) == 0 ? RoundingMode.HalfUp : RoundingMode.Stochastic, MultiplierWidth = random.Next(1, 20), ElementWidth = elementWidth },
                Memory = new() { BytesPerCycle = (elementWidth / 8) << random.Next(0, 5), LatencyCycles = random.Next(1, 8), BurstBeats = random.Next(1, 12) },
            };
            int digits = isSigned ? 1 : (elementWidth + _spec.DigitWidth - 1) / _spec.DigitWidth;
            int rows = random.Next(1, 4), columns = random.Next(1, 5), poolRows = random.Next(1, 3), poolColumns = random.Next(1, 3);
            _matmul = Bench.Matmul(1, 1, Bench.Set(ActivationReady, WeightReady), Bench.Set(AccumulatorReady)) with
            {
                ActivationAddress = random.Next(0, 20),
                ActivationSigned = isSigned,
                Rows = rows * poolRows,
                Columns = columns * poolColumns,
                RowStride = random.Next(0, 9),
                ColumnStride = random.Next(0, 4),
                Digits = digits,
                KernelRows = random.Next(1, 3),
                KernelColumns = random.Next(1, 3),
                Tiles = random.Next(1, 3),
                KernelRowStride = random.Next(0, 9),
                KernelColumnStride = random.Next(0, 9),
                WeightAddress = random.Next(0, 4),
                AccumulatorAddress = random.Next(0, 5),
            };
            int convColumns = _matmul.Columns;
            _vector = Bench.Vector(1, Bench.Set(AccumulatorReady, ParameterReady), Bench.Set(OutputReady)) with
            {
                SourceAddress = _matmul.AccumulatorAddress,
                Rows = rows,
                Columns = columns,
                RowStride = poolRows * convColumns,
                ColumnStride = poolColumns,
                PoolRows = poolRows,
                PoolColumns = poolColumns,
                PoolRowStride = convColumns,
                PoolColumnStride = 1,
                ParameterAddress = random.Next(0, 4),
                OutputAddress = random.Next(0, 4),
            };
            int channels = random.Next(1, _spec.Array.Columns + 1), pixelPitch = channels + random.Next(0, 3);
            int perWord = _spec.ElementsPerWord, wordBytes = _spec.Memory.BytesPerCycle;
            int activationWords = (256 + perWord - 1) / perWord;
            int lines = _matmul.KernelRows * _matmul.KernelColumns * _matmul.Tiles * _spec.Array.Rows;
            int weightWords = lines * _spec.WeightLineWords;
            int outputWord = activationWords + weightWords + _spec.ParameterLineWords;
            _store = Bench.Store(columns, channels, (outputWord * perWord) + random.Next(0, 2 * perWord), pixelPitch, Bench.Set(OutputReady)) with
            {
                OutputAddress = _vector.OutputAddress,
                Rows = rows,
                RowPitch = (columns * pixelPitch) + random.Next(0, 5),
            };

            _memory = new byte[(outputWord * wordBytes) + 4096];
            random.NextBytes(_memory);
            _elements = [.. Enumerable.Range(0, 256).Select(i => elementWidth == 8 ? _memory[i] : _memory[2 * i] | (_memory[(2 * i) + 1] << 8))];
            _weights = new int[lines, _spec.Array.Columns, _spec.Array.Lanes];
            int lineBytes = _spec.WeightLineWords * wordBytes;
            for (int line = 0; line < lines; line++)
            {
                var fields = new List<(long, int)>();
                for (int column = 0; column < _spec.Array.Columns; column++)
                {
                    for (int lane = 0; lane < _spec.Array.Lanes; lane++)
                    {
                        int weight = random.Next(-(1 << (_spec.Array.WeightWidth - 1)), 1 << (_spec.Array.WeightWidth - 1));
                        _weights[line, column, lane] = weight;
                        fields.Add((weight, _spec.Array.WeightWidth));
                    }
                }
                Bench.Pack(lineBytes, fields).CopyTo(_memory, (activationWords * wordBytes) + (line * lineBytes));
            }
            int code = 1 << elementWidth;
            _lanes = [.. Enumerable.Range(0, _spec.Array.Columns).Select(_ => new LaneRecord(
                random.NextInt64(-(1L << (_spec.Accumulator.Width - 1)), 1L << (_spec.Accumulator.Width - 1)) >> random.Next(0, _spec.Accumulator.Width),
                random.NextInt64(0, 1L << _spec.Requantizer.MultiplierWidth),
                random.Next(0, random.Next(1, 64)),
                random.Next(-code, code),
                random.Next(-code, 0),
                random.Next(0, code),
                random.Next(4) == 0))];
            Bench.Pack(_spec.ParameterLineWords * wordBytes, _lanes.SelectMany(lane => Bench.Record(_spec, lane)))
                .CopyTo(_memory, (activationWords + weightWords) * wordBytes);

            Schedule = Bench.Schedule(
                _spec,
                [
                    Bench.Load(LoadTarget.Parameter, activationWords + weightWords, _spec.ParameterLineWords, _vector.ParameterAddress, signals: Bench.Set(ParameterReady)),
                    Bench.Load(LoadTarget.Activation, 0, activationWords, signals: Bench.Set(ActivationReady)),
                    Bench.Load(LoadTarget.Weight, activationWords, weightWords, _matmul.WeightAddress, signals: Bench.Set(WeightReady)),
                ],
                [_matmul],
                [_vector],
                [_store],
                _memory);
        }

        public Schedule Schedule { get; }

        public byte[] ExpectedMemory()
        {
            byte[] memory = [.. _memory];
            int elementBytes = _spec.ElementBytes;
            for (int column = 0; column < _store.Channels; column++)
            {
                var random = Lfsr.ForLane(column);
                for (int y = 0; y < _vector.Rows; y++)
                {
                    for (int x = 0; x < _vector.Columns; x++)
                    {
                        long best = long.MinValue;
                        for (int p = 0; p < _vector.PoolRows; p++)
                        {
                            for (int q = 0; q < _vector.PoolColumns; q++)
                            {
                                long accumulator = Accumulator((y * _vector.PoolRows) + p, (x * _vector.PoolColumns) + q, column);
                                best = Math.Max(best, Requantize(accumulator, _lanes[column], random.Next()));
                            }
                        }
                        int address = _store.MemoryAddress + (y * _store.RowPitch) + (x * _store.PixelPitch) + column;
                        for (int part = 0; part < elementBytes; part++)
                        {
                            memory[(address * elementBytes) + part] = (byte)(best >> (8 * part));
                        }
                    }
                }
            }
            return memory;
        }

        private long Accumulator(int y, int x, int column)
        {
            long accumulator = 0;
            for (int digit = 0; digit < _matmul.Digits; digit++)
            {
                for (int i = 0; i < _matmul.KernelRows; i++)
                {
                    for (int j = 0; j < _matmul.KernelColumns; j++)
                    {
                        for (int t = 0; t < _matmul.Tiles; t++)
                        {
                            long sum = PartialSum(digit, i, j, t, y, x, column);
                            accumulator = Brought(accumulator + (sum * (1L << (digit * _spec.DigitWidth))), _spec.Accumulator.Width, _spec.Accumulator.Overflow);
                        }
                    }
                }
            }
            return accumulator;
        }

        private long PartialSum(int digit, int i, int j, int t, int y, int x, int column)
        {
            int rows = _spec.Array.Rows, lanes = _spec.Array.Lanes;
            int address = _matmul.ActivationAddress + (y * _matmul.RowStride) + (x * _matmul.ColumnStride)
                + (i * _matmul.KernelRowStride) + (j * _matmul.KernelColumnStride) + (t * rows * lanes);
            int line = ((((i * _matmul.KernelColumns) + j) * _matmul.Tiles) + t) * rows;
            long sum = 0;
            for (int row = 0; row < rows; row++)
            {
                long products = 0;
                for (int lane = 0; lane < lanes; lane++)
                {
                    products += (long)Operand(_elements[address + (row * lanes) + lane], digit) * _weights[line + row, column, lane];
                }
                sum = Brought(sum + products, _spec.Array.PartialSumWidth, _spec.Array.Overflow);
            }
            return sum;
        }

        private int Operand(int element, int digit)
        {
            int half = 1 << (_spec.Requantizer.ElementWidth - 1);
            return _matmul.ActivationSigned ? element >= half ? element - (2 * half) : element : (element >> (digit * _spec.DigitWidth)) % (1 << _spec.DigitWidth);
        }

        private long Requantize(long accumulator, LaneRecord lane, uint random)
        {
            long t = accumulator + lane.Bias;
            if (lane.SignOutput)
            {
                return t >= 0 ? 1 : -1;
            }
            // floor((t * m + addend) / 2^shift), the addend half a unit or the top bits of the random word.
            Int128 addend = _spec.Requantizer.Rounding == RoundingMode.HalfUp
                ? (lane.Shift == 0 ? 0 : Int128.One << (lane.Shift - 1))
                : lane.Shift <= 32 ? random >> (32 - lane.Shift) : (Int128)random << (lane.Shift - 32);
            addend = lane.Shift == 0 ? 0 : addend;
            Int128 rounded = (((Int128)t * lane.Multiplier) + addend) >> lane.Shift;
            return (long)Int128.Min(Int128.Max(rounded + lane.ZeroPoint, lane.Minimum), lane.Maximum);
        }

        private static long Brought(long value, int width, OverflowMode mode)
        {
            long low = -(1L << (width - 1)), span = 1L << width;
            return mode == OverflowMode.Saturate
                ? Math.Min(Math.Max(value, low), low + span - 1)
                : ((((value - low) % span) + span) % span) + low;
        }
    }
}
