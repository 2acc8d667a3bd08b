// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Specification;

/// <summary>What <see cref="HardwareFit"/> reads of a design: two designs with equal keys run the same networks. Shape, buffers, memory and clock are not in it.</summary>
/// <param name="Design">The design, with what does not matter taken out.</param>
public sealed record FitKey(AcceleratorSpec Design)
{
    private static readonly BufferSpec AnyBuffer = new() { Size = 0, DoubleBuffered = false };

    private static readonly BuffersSpec AnyBuffers = new()
    {
        Activation = AnyBuffer, Weight = AnyBuffer, Parameter = AnyBuffer, Accumulator = AnyBuffer, Output = AnyBuffer, Operand = AnyBuffer,
    };

    private static readonly MemorySpec AnyMemory = new() { BytesPerCycle = 0, LatencyCycles = 0, BurstBeats = 0 };

    /// <summary>The key of a design.</summary>
    public static FitKey Of(AcceleratorSpec accelerator) => new(accelerator with
    {
        Name = "",
        ClockMhz = 0,
        Array = accelerator.Array with { Rows = 0, Columns = 0, Lanes = 0, Dataflow = default, WeightDoubleBuffering = false, PartialSumWidth = 0, Overflow = default, ColumnFilter = false },
        Accumulator = accelerator.Accumulator with { Overflow = default },
        Buffers = AnyBuffers,
        Memory = AnyMemory,
        Mapping = new() { Convolution = default },
    });
}
