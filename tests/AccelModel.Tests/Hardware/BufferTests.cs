// SPDX-License-Identifier: Apache-2.0
using AccelModel.Hardware;
using AccelModel.Specification;
using Xunit;

namespace AccelModel.Tests.Hardware;

public sealed class BufferTests
{
    [Theory]
    [InlineData(1, 1, 8, 1)]
    [InlineData(3, 1, 8, 4)]
    [InlineData(3, 2, 8, 2)]
    [InlineData(2, 2, 16, 16)]
    [InlineData(5, 3, 8, 4)]
    public void A_vector_can_be_read_from_any_element(int rows, int lanes, int elementWidth, int wordBytes)
    {
        AcceleratorSpec spec = Bench.Spec(rows, 1, lanes) with { Memory = new() { BytesPerCycle = wordBytes, LatencyCycles = 1, BurstBeats = 1 } };
        spec = spec with { Requantizer = spec.Requantizer with { ElementWidth = elementWidth } };
        var buffer = new ActivationBuffer(spec);
        ushort[] elements = new ushort[buffer.Size];
        var random = new Random(1);
        int count;
        for (int address = 0; address < buffer.Size; address += count)
        {
            // Up to a memory word of elements, from any element on.
            count = Math.Min(random.Next(1, spec.ElementsPerWord + 1), buffer.Size - address);
            Span<ushort> written = buffer.Write(address, count);
            Assert.Equal(count, written.Length);
            for (int i = 0; i < count; i++)
            {
                written[i] = elements[address + i] = (ushort)random.Next(1 << elementWidth);
            }
            buffer.Advance();
        }
        for (int address = 0; address < buffer.Size; address++)
        {
            buffer.Read(address);
            buffer.Advance();
            for (int i = 0; i < rows * lanes; i++)
            {
                // 256 elements are a whole number of banks: past the end comes address 0.
                Assert.Equal(elements[(address + i) % buffer.Size], buffer.Output[i]);
            }
        }
    }

    [Fact]
    public void Elements_past_the_end_are_not_written()
    {
        var buffer = new ActivationBuffer(Bench.Spec());
        buffer.Write(252, 4);
        buffer.Advance();
        Assert.Contains("activation buffer's write port", Assert.Throws<InvalidOperationException>(() => buffer.Write(253, 4)).Message);
    }

    [Fact]
    public void Each_lane_looks_up_an_entry_of_its_own_one_cycle_later()
    {
        var lookup = new LookupMemory(3, 8);
        for (int entry = 0; entry < 512; entry += 8)
        {
            lookup.Write(entry, [.. Enumerable.Range(entry, 8).Select(i => (byte)(i * 7))]);
            lookup.Advance();
        }
        for (int lane = 0; lane < 3; lane++)
        {
            lookup.Read(lane, 100 + (200 * lane));
        }
        lookup.Advance();
        Assert.Equal([unchecked((byte)(100 * 7)), unchecked((byte)(300 * 7)), unchecked((byte)(500 * 7))], lookup.Output.ToArray());
    }

    [Fact]
    public void A_read_in_the_cycle_of_a_write_sees_the_old_word_one_cycle_later()
    {
        var buffer = new OutputBuffer(4, 1);
        buffer.Write(2)[0] = 7;
        buffer.Read(2);
        Assert.Equal(0, buffer.Output[0]);
        buffer.Advance();
        Assert.Equal(0, buffer.Output[0]);
        buffer.Read(2);
        buffer.Advance();
        Assert.Equal(7, buffer.Output[0]);
        buffer.Advance();
        Assert.Equal(7, buffer.Output[0]);
    }

    [Fact]
    public void A_port_takes_one_access_in_a_cycle()
    {
        var buffer = new AccumulatorBuffer(4, 1);
        buffer.ReadForArray(1);
        buffer.ReadForVector(1);
        Assert.Contains("two accesses", Assert.Throws<InvalidOperationException>(() => buffer.ReadForVector(1)).Message);
        buffer.Advance();
        buffer.ReadForVector(1);
    }

    [Fact]
    public void The_array_reaches_one_word_or_one_lane_of_consecutive_words()
    {
        var buffer = new AccumulatorBuffer(5, 3);
        for (int word = 0; word < 5; word++)
        {
            new long[] { 10 * word, (10 * word) + 1, (10 * word) + 2 }.CopyTo(buffer.Write(word));
            buffer.Advance();
        }
        buffer.ReadLaneForArray(1, 3, 2);
        new long[] { -1, -2 }.CopyTo(buffer.WriteLane(2, 2, 1));
        buffer.Advance();
        Assert.Equal([12, 22, 32], buffer.ArrayOutput.ToArray());
        buffer.ReadForVector(2);
        buffer.ReadForArray(3);
        buffer.Advance();
        Assert.Equal([20, -1, 22], buffer.VectorOutput.ToArray());
        Assert.Equal([30, -2, 32], buffer.ArrayOutput.ToArray());
        Assert.Throws<InvalidOperationException>(() => buffer.ReadLaneForArray(3, 3, 0));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void An_address_outside_the_buffer_is_refused(int address)
    {
        var buffer = new LineBuffer("weight", 4, 2, 4);
        Assert.Contains("weight buffer's read port", Assert.Throws<InvalidOperationException>(() => buffer.Read(address)).Message);
    }
}
