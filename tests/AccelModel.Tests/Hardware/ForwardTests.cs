// SPDX-License-Identifier: Apache-2.0
using AccelModel.Hardware;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Xunit;

namespace AccelModel.Tests.Hardware;

/// <summary>Stores with any channel pitch, stores into the activation buffer, and fills by the store unit (docs/architecture.md, section 3).</summary>
public sealed class ForwardTests
{
    private const int Grant = 2;

    [Fact]
    public void Stores_of_any_pitch_write_their_elements_and_nothing_else_in_the_time_of_their_beats()
    {
        var random = new Random(8);
        for (int i = 0; i < 400; i++)
        {
            AcceleratorSpec spec = Spec(random);
            StoreInstruction store = Random(random, spec);
            byte[] memory = [.. Enumerable.Repeat((byte)0xA5, 2048)];
            MemoryBench bench = new(spec, memory, store: [store]);

            byte[] expected = [.. Enumerable.Repeat((byte)0xA5, 2048)];
            ForEachElement(store, (word, channel, address) =>
            {
                ushort element = MemoryBench.OutputElement(spec, word, channel);
                for (int part = 0; part < spec.ElementBytes; part++)
                {
                    expected[(address * spec.ElementBytes) + part] = (byte)(element >> (8 * part));
                }
            });
            Assert.Equal(expected, memory);
            int beats = Beats(spec, store);
            int bursts = (beats + spec.Memory.BurstBeats - 1) / spec.Memory.BurstBeats;
            Assert.Equal(Grant + (bursts * spec.Memory.LatencyCycles) + beats, bench.Stores[0].End);
            int pixels = store.Rows * store.Columns;
            Assert.Equal(
                new Traffic { StoreBytes = (long)beats * spec.Memory.BytesPerCycle, StoreElements = pixels * store.Channels, OutputReads = pixels }, bench.Traffic);
        }
    }

    [Fact]
    public void Forwarding_makes_the_beats_of_a_store_without_latency_whatever_the_memory_does()
    {
        var random = new Random(9);
        for (int i = 0; i < 400; i++)
        {
            AcceleratorSpec spec = Spec(random);
            StoreInstruction store = Random(random, spec) with { Target = StoreTarget.Activation };
            MemoryBench bench = new(spec, [], store: [store], stall: new RandomStall((uint)i, 200));

            ushort[] expected = new ushort[1024];
            ForEachElement(store, (word, channel, address) => expected[address] = MemoryBench.OutputElement(spec, word, channel));
            Assert.Equal(expected, bench.Activations);
            int beats = Beats(spec, store), pixels = store.Rows * store.Columns;
            Assert.Equal(Grant + beats, bench.Stores[0].End);
            Assert.Equal(new UnitCycles { Issue = 2, PortWait = 1, Busy = beats }, bench.StoreCycles);
            Assert.Equal(new Traffic { ForwardElements = pixels * store.Channels, OutputReads = pixels }, bench.Traffic);
        }
    }

    [Fact]
    public void A_fill_by_the_store_unit_writes_up_to_a_memory_word_of_elements_in_a_cycle_and_reads_no_output_word()
    {
        var random = new Random(10);
        for (int i = 0; i < 200; i++)
        {
            AcceleratorSpec spec = Spec(random);
            int channels = random.Next(1, 40);
            StoreInstruction store = Random(random, spec) with { Target = StoreTarget.Activation, Fill = true, FillCode = -3, Channels = channels, ChannelPitch = 1 };
            MemoryBench bench = new(spec, [], store: [store]);

            ushort[] expected = new ushort[1024];
            ForEachElement(store, (_, _, address) => expected[address] = (ushort)(spec.ElementBytes == 1 ? 0xFD : 0xFFFD));
            Assert.Equal(expected, bench.Activations);
            int beats = store.Rows * store.Columns * ((channels + spec.ElementsPerWord - 1) / spec.ElementsPerWord);
            Assert.Equal(Grant + beats, bench.Stores[0].End);
            Assert.Equal(new Traffic { FillBeats = beats }, bench.Traffic);
        }
    }

    [Fact]
    public void A_load_and_a_store_into_the_activation_buffer_take_turns_at_the_port()
    {
        // Requests of one cycle: the load first. Then the store, in the cycle after the load's last beat, then the load's second command.
        AcceleratorSpec spec = Spec(new Random(1)) with { Memory = new() { BytesPerCycle = 4, LatencyCycles = 6, BurstBeats = 8 } };
        spec = spec with { Requantizer = spec.Requantizer with { ElementWidth = 8 } };
        byte[] memory = [.. Enumerable.Range(1, 64).Select(i => (byte)i)];
        LoadInstruction load = Bench.Load(LoadTarget.Activation, 0, 0) with { Run = 8 };
        StoreInstruction forward = Bench.Store(5, 2, 100, 2) with { Target = StoreTarget.Activation };
        MemoryBench bench = new(spec, memory, [load, load with { BufferAddress = 8, Fill = true, FillCode = 9 }], [forward]);
        Assert.Equal(Grant + 6 + 2, bench.Loads[0].End);
        Assert.Equal(bench.Loads[0].End + 1 + 5, bench.Stores[0].End);
        Assert.Equal(bench.Stores[0].End + 1 + 2, bench.Loads[1].End);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 9, 9, 9, 9], bench.Activations[..16].Select(element => (int)element));
        Assert.Equal(
            Enumerable.Range(0, 10).Select(i => (int)MemoryBench.OutputElement(spec, i / 2, i % 2)), bench.Activations[100..110].Select(element => (int)element));
    }

    private static int Beats(AcceleratorSpec spec, StoreInstruction store)
    {
        HashSet<(int, int)> words = [];
        int elements = 0;
        ForEachElement(store, (word, _, address) =>
        {
            words.Add((word, address / spec.ElementsPerWord));
            elements++;
        });
        return store.ChannelPitch == 1 ? words.Count : elements;
    }

    private static void ForEachElement(StoreInstruction store, Action<int, int, int> element)
    {
        for (int y = 0; y < store.Rows; y++)
        {
            for (int x = 0; x < store.Columns; x++)
            {
                for (int c = 0; c < store.Channels; c++)
                {
                    element(
                        store.OutputAddress + (y * store.Columns) + x,
                        store.FirstChannel + c,
                        store.MemoryAddress + (y * store.RowPitch) + (x * store.PixelPitch) + (c * store.ChannelPitch));
                }
            }
        }
    }

    private static StoreInstruction Random(Random random, AcceleratorSpec spec)
    {
        int channels = random.Next(1, spec.Array.Columns + 1);
        return Bench.Store(1, channels, random.Next(0, 100), random.Next(0, 50)) with
        {
            OutputAddress = random.Next(0, 30),
            Rows = random.Next(1, 4),
            Columns = random.Next(1, 5),
            FirstChannel = random.Next(0, spec.Array.Columns - channels + 1),
            RowPitch = random.Next(0, 100),
            ChannelPitch = random.Next(2) == 0 ? 1 : random.Next(0, 20),
        };
    }

    private static AcceleratorSpec Spec(Random random)
    {
        AcceleratorSpec spec = Bench.Spec(3, random.Next(2, 12));
        return spec with
        {
            Requantizer = spec.Requantizer with { ElementWidth = random.Next(2) == 0 ? 8 : 16 },
            Buffers = spec.Buffers with { Activation = new() { Size = 1024, DoubleBuffered = false } },
            Memory = new() { BytesPerCycle = 1 << random.Next(1, 5), LatencyCycles = random.Next(1, 6), BurstBeats = random.Next(1, 9) },
        };
    }
}
