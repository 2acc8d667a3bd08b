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
        int perWord = spec.ElementsPerWord;
        byte[] bytes = new byte[buffer.Size * spec.ElementBytes];
        new Random(1).NextBytes(bytes);
        for (int address = 0; address < buffer.Size; address += perWord)
        {
            buffer.Write(address, bytes.AsSpan(address * spec.ElementBytes, wordBytes));
            buffer.Advance();
        }
        for (int address = 0; address < buffer.Size; address++)
        {
            buffer.Read(address);
            buffer.Advance();
            for (int i = 0; i < rows * lanes; i++)
            {
                // 256 elements are a whole number of banks: past the end comes address 0.
                int element = (address + i) % buffer.Size;
                int expected = elementWidth == 8 ? bytes[element] : bytes[2 * element] | (bytes[(2 * element) + 1] << 8);
                Assert.Equal(expected, buffer.Output[i]);
            }
        }
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

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void An_address_outside_the_buffer_is_refused(int address)
    {
        var buffer = new LineBuffer("weight", 4, 2, 4);
        Assert.Contains("weight buffer's read port", Assert.Throws<InvalidOperationException>(() => buffer.Read(address)).Message);
    }
}
