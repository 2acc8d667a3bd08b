// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using Xunit;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Tests.Hardware;

/// <summary>What a store writes, byte by byte, and in how many beats.</summary>
public sealed class StoreTests
{
    [Theory]
    [InlineData(8, 1)]
    [InlineData(8, 4)]
    [InlineData(8, 16)]
    [InlineData(16, 2)]
    [InlineData(16, 8)]
    public void Every_offset_length_and_pitch_writes_its_own_bytes_and_no_other(int elementWidth, int wordBytes)
    {
        const int Columns = 5;
        AcceleratorSpec spec = Bench.Spec(1, Columns) with { Memory = new() { BytesPerCycle = wordBytes, LatencyCycles = 2, BurstBeats = 3 } };
        spec = spec with { Requantizer = spec.Requantizer with { ElementWidth = elementWidth } };
        int perWord = spec.ElementsPerWord, elementBytes = elementWidth / 8;

        for (int offset = 0; offset < Math.Min(perWord, 5); offset++)
        {
            for (int channels = 1; channels <= Columns; channels++)
            {
                for (int gap = 0; gap <= 2; gap++)
                {
                    Check(spec, elementBytes, perWord, 512 + offset, channels, channels + gap);
                }
            }
        }
    }

    [Fact]
    public void Rows_and_pixels_keep_their_pitches()
    {
        AcceleratorSpec spec = Bench.Spec(1, 2);
        StoreInstruction store = Bench.Store(3, 2, 600, 5, Bench.Set(Semaphore.OutputReady)) with { Rows = 2, RowPitch = 23, OutputAddress = 1 };
        byte[] memory = Filled(2048);
        Accelerator machine = Bench.Run(Schedule(spec, store, memory, 8)).Machine;
        byte[] expected = Filled(2048, spec);
        for (int y = 0; y < 2; y++)
        {
            for (int x = 0; x < 3; x++)
            {
                expected[600 + (23 * y) + (5 * x)] = 10;
                expected[600 + (23 * y) + (5 * x) + 1] = 11;
            }
        }
        Assert.Equal(expected, machine.Memory.ToArray());
    }

    private static void Check(AcceleratorSpec spec, int elementBytes, int perWord, int address, int channels, int pitch)
    {
        const int Pixels = 3;
        StoreInstruction store = Bench.Store(Pixels, channels, address, pitch, Bench.Set(Semaphore.OutputReady));
        byte[] memory = Filled(2048);
        (Accelerator machine, TimingResult timing) = Bench.Run(Schedule(spec, store, memory, Pixels));

        byte[] expected = Filled(2048, spec);
        long beats = 0;
        for (int pixel = 0; pixel < Pixels; pixel++)
        {
            int first = address + (pixel * pitch);
            beats += ((first + channels - 1) / perWord) - (first / perWord) + 1;
            for (int channel = 0; channel < channels; channel++)
            {
                int value = 10 + channel;
                expected[(first + channel) * elementBytes] = (byte)value;
                if (elementBytes == 2)
                {
                    expected[((first + channel) * 2) + 1] = (byte)(value >> 8);
                }
            }
        }
        Assert.Equal(expected, machine.Memory.ToArray());
        Assert.Equal(beats, timing.Units[(int)UnitKind.Store].Busy);
        Assert.Equal(beats * spec.Memory.BytesPerCycle, timing.Layers[0].Traffic.StoreBytes);
        Assert.Equal(Pixels, timing.Layers[0].Traffic.OutputReads);
    }

    /// <summary>Output words all hold 10 + column: zero accumulators plus that bias.</summary>
    private static Schedule Schedule(AcceleratorSpec spec, StoreInstruction store, byte[] memory, int words)
    {
        Parameters(spec).CopyTo(memory, 0);
        return Bench.Schedule(
            spec,
            [Bench.Load(LoadTarget.Parameter, 0, spec.ParameterLineWords, signals: Bench.Set(Semaphore.ParameterReady))],
            vector: [Bench.Vector(words, Bench.Set(Semaphore.ParameterReady), Bench.Set(Semaphore.OutputReady))],
            store: [store],
            memory: memory);
    }

    private static byte[] Parameters(AcceleratorSpec spec) => Bench.Pack(
        spec.ParameterLineWords * spec.Memory.BytesPerCycle,
        Enumerable.Range(0, spec.Array.Columns).SelectMany(column => Bench.Record(spec, new(10 + column, 1, 0, 0, -100, 100, false))));

    private static byte[] Filled(int bytes, AcceleratorSpec? spec = null)
    {
        byte[] memory = [.. Enumerable.Repeat((byte)0xA5, bytes)];
        if (spec is not null)
        {
            Parameters(spec).CopyTo(memory, 0);
        }
        return memory;
    }
}
