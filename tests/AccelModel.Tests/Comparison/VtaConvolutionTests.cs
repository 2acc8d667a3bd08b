// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Scheduling.Tiles;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Tests.Networks;
using AccelModel.Tests.Specification;
using Xunit;

namespace AccelModel.Tests.Comparison;

/// <summary>
/// The convolution of VTA's tutorial (docs/validation.md): 14 x 14, 256 channels to 256, 3 x 3, padding 1, on 16 x 16 elements and VTA's buffers. Its
/// simulator counted 114,688 bytes of input, 1,179,648 of weights, 50,176 of output and 451,584 products of a vector of 16 with a tile of 16 x 16.
/// </summary>
public sealed class VtaConvolutionTests
{
    private const int Extent = 14, Channels = 256, WordBytes = 16;

    [Fact]
    public void With_the_tiles_of_the_tutorial_the_traffic_is_that_of_its_simulator_to_the_byte()
    {
        // b_block 1, oc_block 128, ic_block 16, h_block 7, w_block 14, two threads over the output channels.
        Schedule schedule = Scheduler.Schedule(Network(), Accelerator(),
        [
            new StepChoice { RowsPerBand = 7, OutputChannelsPerGroup = 128, InputChannelsPerChunk = 16, Order = LoopOrder.ChannelsOutermost, Mapping = SegmentMapping.KernelOffsets },
        ]);
        Assert.Equal((114_688, 1_179_648, 50_176), Bytes(schedule));
        Assert.Equal(451_584, Products(schedule));
        Traffic reported = FastEngine.Time(schedule).Layers[0].Traffic;
        Assert.Equal((114_688, 1_179_648, 50_176), (reported.ActivationLoadBytes, reported.WeightLoadBytes, reported.StoreBytes));
    }

    /// <summary>VTA's default: 16 x 16, 32 KiB of input, 256 KiB of weights, 128 KiB of accumulators of 32 bits, 32 KiB of output; both threads have half of each.</summary>
    private static AcceleratorSpec Accelerator() => TestAccelerators.Signed8 with
    {
        Array = TestAccelerators.Signed8.Array with { Rows = 16, Columns = 16, PartialSumWidth = 32 },
        Buffers = new()
        {
            Activation = new() { Size = 32 * 1024, DoubleBuffered = true },
            Weight = new() { Size = 256 * 1024 / 16, DoubleBuffered = true },
            Parameter = new() { Size = 32, DoubleBuffered = true },
            Accumulator = new() { Size = 128 * 1024 / 64, DoubleBuffered = true },
            Output = new() { Size = 32 * 1024 / 16, DoubleBuffered = true },
        },
        Memory = TestAccelerators.Signed8.Memory with { BytesPerCycle = WordBytes },
    };

    private static IntegerNetwork Network() => new()
    {
        Name = "conv9",
        Input = new(Extent, Extent, Channels, TestNetworks.S8),
        Layers =
        [
            new Conv2dLayer
            {
                Name = "conv9",
                Input = IntegerNetwork.InputName,
                Output = new(Extent, Extent, Channels, TestNetworks.S8),
                Weights = new([Channels, 3, 3, Channels], [.. Enumerable.Range(0, Channels * 9 * Channels).Select(i => (i * 7 % 255) - 127)]),
                WeightFormat = TestNetworks.S8,
                Stride = (1, 1),
                Padding = new(1, 1, 1, 1),
                Dilation = (1, 1),
                Groups = 1,
                PaddingCode = 0,
                Requantization = TestNetworks.Identity(Channels, TestNetworks.S8) with { Shift = [8], Minimum = 0, Maximum = 127 },
            },
        ],
    };

    /// <summary>Vectors that stream: each meets a tile of 16 x 16 weights.</summary>
    private static long Products(Schedule schedule) => schedule.Array.Sum(matmul => (long)matmul.Vectors * matmul.Segments);

    /// <summary>Bytes between chip and memory, in whole memory words of 16: activations, weights, output. VTA has no parameters.</summary>
    private static (long Input, long Weights, long Output) Bytes(Schedule schedule) =>
    (
        WordBytes * schedule.Load.Where(load => load.Target == LoadTarget.Activation && !load.Fill)
            .Sum(load => Words(load.Rows, load.Columns, load.MemoryAddress, load.MemoryRowPitch, load.MemoryColumnPitch, load.Run)),
        WordBytes * schedule.Load.Where(load => load.Target == LoadTarget.Weight).Sum(load => (long)load.Beats),
        WordBytes * schedule.Store.Sum(store => Words(store.Rows, store.Columns, store.MemoryAddress, store.RowPitch, store.PixelPitch, store.Channels))
    );

    private static long Words(int rows, int columns, int address, int rowPitch, int columnPitch, int run)
    {
        var words = 0L;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                int first = address + (row * rowPitch) + (column * columnPitch);
                words += ((first + run - 1) / WordBytes) - (first / WordBytes) + 1;
            }
        }

        return words;
    }
}
