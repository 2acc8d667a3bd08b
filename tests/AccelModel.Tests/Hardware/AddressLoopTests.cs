// SPDX-License-Identifier: Apache-2.0
using AccelModel.Hardware;
using Xunit;

namespace AccelModel.Tests.Hardware;

public sealed class AddressLoopTests
{
    [Fact]
    public void A_nest_of_counters_makes_the_addresses_of_nested_loops()
    {
        var random = new Random(1);
        for (int trial = 0; trial < 200; trial++)
        {
            int[] count = [.. Enumerable.Range(0, 3).Select(_ => random.Next(1, 5))];
            int[] stride = [.. Enumerable.Range(0, 3).Select(_ => random.Next(-9, 10))];
            int start = random.Next(100);
            var loop = new AddressLoop(3);
            loop.Load(start, (count[0], stride[0]), (count[1], stride[1]), (count[2], stride[2]));
            loop.Advance();

            // Twice around: after the last address comes the first.
            for (int round = 0; round < 2; round++)
            {
                for (int i = 0; i < count[0]; i++)
                {
                    for (int j = 0; j < count[1]; j++)
                    {
                        for (int k = 0; k < count[2]; k++)
                        {
                            Assert.Equal(start + (i * stride[0]) + (j * stride[1]) + (k * stride[2]), loop.Address);
                            Assert.Equal((i, j, k), (loop.Index(0), loop.Index(1), loop.Index(2)));
                            Assert.Equal(j == 0 && k == 0, loop.IsFirstOf(2));
                            Assert.Equal(j == count[1] - 1 && k == count[2] - 1, loop.IsLastOf(2));
                            Assert.Equal(i == count[0] - 1 && loop.IsLastOf(2), loop.IsLast);
                            loop.Step();
                            loop.Advance();
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public void Without_a_step_the_address_stays()
    {
        var loop = new AddressLoop(2);
        loop.Load(5, (2, 10), (2, 1));
        loop.Advance();
        loop.Advance();
        Assert.Equal(5, loop.Address);
        loop.Step();
        Assert.Equal(5, loop.Address);
        loop.Advance();
        Assert.Equal(6, loop.Address);
    }
}
