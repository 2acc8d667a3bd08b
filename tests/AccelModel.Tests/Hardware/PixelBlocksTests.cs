// SPDX-License-Identifier: Apache-2.0
using AccelModel.Hardware;
using AccelModel.Scheduling;
using Xunit;

namespace AccelModel.Tests.Hardware;

public sealed class PixelBlocksTests
{
    [Fact]
    public void Each_block_is_walked_as_often_as_is_wanted_before_the_next()
    {
        var random = new Random(5);
        for (int trial = 0; trial < 200; trial++)
        {
            int size = random.Next(1, 6), rounds = random.Next(1, 4);
            MatmulInstruction matmul = Bench.Matmul(1, 1) with
            {
                Rows = random.Next(1, 5), Columns = random.Next(1, 6), RowStride = random.Next(0, 30), ColumnStride = random.Next(0, 9),
            };
            var blocks = new PixelBlocks(size);
            blocks.Load(matmul);
            blocks.Advance();
            for (int first = 0; first < matmul.Vectors; first += size)
            {
                for (int round = 0; round < rounds; round++)
                {
                    for (int place = 0; place < size; place++)
                    {
                        int pixel = first + place;
                        Assert.Equal(pixel < matmul.Vectors, blocks.Exists);
                        if (blocks.Exists)
                        {
                            Assert.Equal((pixel / matmul.Columns * matmul.RowStride) + (pixel % matmul.Columns * matmul.ColumnStride), blocks.Address);
                        }
                        Assert.Equal((place == 0, place == size - 1), (blocks.IsFirstPlace, blocks.IsLastPlace));
                        Assert.Equal(first + size >= matmul.Vectors, blocks.IsLastBlock);
                        blocks.Step(toNextBlock: round == rounds - 1);
                        blocks.Advance();
                    }
                }
            }
        }
    }
}
