// SPDX-License-Identifier: Apache-2.0
using AccelModel.Hardware;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Xunit;

namespace AccelModel.Tests.Hardware;

/// <summary>Loads of runs, fills and tables (docs/architecture.md, section 3): their time by its formula, their values by plain loops.</summary>
public sealed class LoadRunTests
{
    /// <summary>First run cycle of a unit that never waits: its request, and its grant where the port is free.</summary>
    private const int Grant = 2;

    [Fact]
    public void A_run_takes_a_beat_for_each_memory_word_that_it_touches()
    {
        AcceleratorSpec spec = Spec(8, 4, 5, 8);
        for (int address = 0; address < 9; address++)
        {
            for (int run = 1; run < 14; run++)
            {
                MemoryBench bench = new(spec, Memory(1), [Runs(LoadTarget.Activation) with { MemoryAddress = address, Run = run }]);
                int beats = ((address + run - 1) / 4) - (address / 4) + 1;
                Assert.Equal(Grant + 5 + beats, bench.Loads[0].End);
                Assert.Equal((beats, 1, 5), (bench.LoadCycles.Busy, bench.LoadCycles.PortWait, bench.LoadCycles.Latency));
                Assert.Equal((beats * 4, run), (bench.Traffic.ActivationLoadBytes, bench.Traffic.ActivationLoadElements));
            }
        }
    }

    [Theory]
    [InlineData(LoadTarget.Activation)]
    [InlineData(LoadTarget.Operand)]
    public void Rectangles_of_runs_arrive_where_they_belong_in_the_time_of_their_beats(LoadTarget target)
    {
        var random = new Random(5);
        for (int i = 0; i < 400; i++)
        {
            AcceleratorSpec spec = Spec(random.Next(2) == 0 ? 8 : 16, 1 << random.Next(1, 5), random.Next(1, 6), random.Next(1, 9));
            LoadInstruction load = Random(random, target);
            byte[] memory = Memory(i);
            MemoryBench bench = new(spec, memory, [load], stall: null);

            (ushort[] expected, int beats, int elements) = Expected(spec, load, memory);
            Assert.Equal(expected, target == LoadTarget.Activation ? bench.Activations : bench.Operands);
            int bursts = (beats + spec.Memory.BurstBeats - 1) / spec.Memory.BurstBeats;
            Assert.Equal(Grant + (bursts * spec.Memory.LatencyCycles) + beats, bench.Loads[0].End);
            Traffic traffic = bench.Traffic;
            long bytes = (long)beats * spec.Memory.BytesPerCycle;
            Assert.Equal(
                target == LoadTarget.Activation ? new Traffic { ActivationLoadBytes = bytes, ActivationLoadElements = elements } : new() { OperandLoadBytes = bytes, OperandLoadElements = elements },
                traffic);

            // A memory that stalls changes the time alone.
            MemoryBench stalled = new(spec, memory, [load], stall: new RandomStall((uint)i, 100));
            Assert.Equal(expected, target == LoadTarget.Activation ? stalled.Activations : stalled.Operands);
            Assert.Equal(traffic, stalled.Traffic);
            Assert.Equal(beats, stalled.LoadCycles.Busy);
        }
    }

    [Theory]
    [InlineData(LoadTarget.Activation)]
    [InlineData(LoadTarget.Operand)]
    public void A_fill_writes_its_code_without_latency_whatever_the_memory_does(LoadTarget target)
    {
        var random = new Random(6);
        for (int i = 0; i < 200; i++)
        {
            AcceleratorSpec spec = Spec(random.Next(2) == 0 ? 8 : 16, 1 << random.Next(1, 5), random.Next(1, 6), random.Next(1, 9));
            int code = random.Next(-128, 128);
            LoadInstruction load = Random(random, target) with { Fill = true, FillCode = code };
            MemoryBench bench = new(spec, [], [load], stall: new RandomStall((uint)i, 200));

            ushort[] expected = new ushort[256];
            ForEachRun(load, (_, buffer) => expected.AsSpan(buffer, load.Run).Fill((ushort)(code & ((1 << spec.Requantizer.ElementWidth) - 1))));
            int beats = load.Rows * load.Columns * ((load.Run + spec.ElementsPerWord - 1) / spec.ElementsPerWord);
            Assert.Equal(expected, target == LoadTarget.Activation ? bench.Activations : bench.Operands);
            Assert.Equal(Grant + beats, bench.Loads[0].End);
            Assert.Equal(new UnitCycles { Issue = 2, PortWait = 1, Busy = beats }, bench.LoadCycles);
            Assert.Equal(new Traffic { FillBeats = beats }, bench.Traffic);
        }
    }

    [Fact]
    public void A_load_after_a_fill_opens_its_burst_afresh()
    {
        AcceleratorSpec spec = Spec(8, 4, 5, 4);
        LoadInstruction fill = Runs(LoadTarget.Activation) with { Fill = true, Run = 7 };
        LoadInstruction load = Runs(LoadTarget.Activation) with { Run = 20 };
        MemoryBench bench = new(spec, Memory(1), [load, fill, load]);
        Assert.Equal(2 + 10 + 5, bench.Loads[0].End);
        Assert.Equal(17 + 3 + 2, bench.Loads[1].End);
        Assert.Equal(22 + 3 + 10 + 5, bench.Loads[2].End);
    }

    [Fact]
    public void A_table_is_loaded_by_the_memory_word()
    {
        foreach (int wordBytes in new[] { 1, 8, 128 })
        {
            AcceleratorSpec spec = Spec(8, wordBytes, 3, 16);
            byte[] memory = Memory(3);
            int beats = 256 / wordBytes;
            MemoryBench bench = new(spec, memory, [Bench.Load(LoadTarget.Lookup, 2, beats, 256)]);
            Assert.Equal([.. new byte[256], .. memory.AsSpan(2 * wordBytes, 256)], bench.Lookup);
            Assert.Equal(Grant + ((beats + 15) / 16 * 3) + beats, bench.Loads[0].End);
            Assert.Equal(new Traffic { LookupLoadBytes = 256 }, bench.Traffic);
        }
    }

    [Fact]
    public void Whole_words_for_the_activation_buffer_are_one_run()
    {
        AcceleratorSpec spec = Spec(16, 8, 5, 4);
        byte[] memory = Memory(4);
        MemoryBench bench = new(spec, memory, [Bench.Load(LoadTarget.Activation, 3, 6, 10)]);
        LoadInstruction run = Runs(LoadTarget.Activation) with { MemoryAddress = 12, Run = 24, BufferAddress = 10 };
        Assert.Equal(Expected(spec, run, memory).Buffer, bench.Activations);
        Assert.Equal(Grant + 10 + 6, bench.Loads[0].End);
    }

    [Fact]
    public void A_run_outside_its_memory_or_its_buffer_is_refused()
    {
        AcceleratorSpec spec = Spec(8, 4, 5, 8);
        LoadInstruction load = Runs(LoadTarget.Activation) with { Run = 8 };
        Assert.Throws<InvalidOperationException>(() => new MemoryBench(spec, new byte[64], [load with { MemoryAddress = 57 }]));
        Assert.Throws<InvalidOperationException>(() => new MemoryBench(spec, new byte[64], [load with { MemoryAddress = -1 }]));
        Assert.Throws<InvalidOperationException>(() => new MemoryBench(spec, new byte[64], [load with { BufferAddress = 249 }]));
    }

    private static LoadInstruction Runs(LoadTarget target) => Bench.Load(target, 0, 0);

    private static LoadInstruction Random(Random random, LoadTarget target)
    {
        int rows = random.Next(1, 4), columns = random.Next(1, 5), run = random.Next(1, 18);
        return Runs(target) with
        {
            Rows = rows,
            Columns = columns,
            Run = run,
            MemoryAddress = random.Next(0, 100),
            MemoryRowPitch = random.Next(0, 100),
            MemoryColumnPitch = random.Next(0, 40),
            BufferAddress = random.Next(0, 50),
            BufferRowPitch = random.Next(0, 50),
            BufferColumnPitch = random.Next(0, 25),
        };
    }

    private static (ushort[] Buffer, int Beats, int Elements) Expected(AcceleratorSpec spec, LoadInstruction load, byte[] memory)
    {
        ushort[] buffer = new ushort[256];
        int beats = 0, elements = 0;
        ForEachRun(load, (from, to) =>
        {
            HashSet<int> words = [];
            for (int e = 0; e < load.Run; e++)
            {
                int position = (from + e) * spec.ElementBytes;
                buffer[to + e] = spec.ElementBytes == 1 ? memory[position] : BitConverter.ToUInt16(memory, position);
                words.Add(position / spec.Memory.BytesPerCycle);
                elements++;
            }
            beats += words.Count;
        });
        return (buffer, beats, elements);
    }

    private static void ForEachRun(LoadInstruction load, Action<int, int> run)
    {
        for (int y = 0; y < load.Rows; y++)
        {
            for (int x = 0; x < load.Columns; x++)
            {
                run(
                    load.MemoryAddress + (y * load.MemoryRowPitch) + (x * load.MemoryColumnPitch),
                    load.BufferAddress + (y * load.BufferRowPitch) + (x * load.BufferColumnPitch));
            }
        }
    }

    private static byte[] Memory(int seed)
    {
        byte[] memory = new byte[2048];
        new Random(seed).NextBytes(memory);
        return memory;
    }

    private static AcceleratorSpec Spec(int elementWidth, int wordBytes, int latency, int burst)
    {
        AcceleratorSpec spec = Bench.Spec();
        return spec with
        {
            Requantizer = spec.Requantizer with { ElementWidth = elementWidth },
            Vector = new() { Elementwise = true, Lookup = elementWidth == 8 },
            Buffers = spec.Buffers with { Operand = new() { Size = 256, DoubleBuffered = false } },
            Memory = new() { BytesPerCycle = wordBytes, LatencyCycles = latency, BurstBeats = burst },
        };
    }
}
