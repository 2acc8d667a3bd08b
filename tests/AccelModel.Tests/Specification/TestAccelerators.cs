// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;

namespace AccelModel.Tests.Specification;

/// <summary>Designs to vary with <c>with</c>.</summary>
internal static class TestAccelerators
{
    /// <summary>4 x 4, signed activations of 8 bits, weights of 8 bits, accumulators of 32.</summary>
    public static AcceleratorSpec Signed8 { get; } = new()
    {
        Name = "signed8",
        ClockMhz = 100,
        Array = new ArraySpec
        {
            Dataflow = Dataflow.WeightStationary,
            Rows = 4,
            Columns = 4,
            Lanes = 1,
            ProcessingElement = ProcessingElementKind.Multiply,
            WeightDoubleBuffering = true,
            ActivationWidth = 8,
            ActivationSigned = true,
            WeightWidth = 8,
            PartialSumWidth = 24,
            Overflow = OverflowMode.Saturate,
        },
        Accumulator = new AccumulatorSpec { Width = 32, Overflow = OverflowMode.Saturate },
        Requantizer = new RequantizerSpec { Rounding = RoundingMode.HalfUp, MultiplierWidth = 16, ElementWidth = 8 },
        Buffers = new BuffersSpec
        {
            Activation = new BufferSpec { Size = 1024, DoubleBuffered = true },
            Weight = new BufferSpec { Size = 64, DoubleBuffered = true },
            Parameter = new BufferSpec { Size = 4, DoubleBuffered = true },
            Accumulator = new BufferSpec { Size = 64, DoubleBuffered = true },
            Output = new BufferSpec { Size = 64, DoubleBuffered = true },
        },
        Memory = new MemorySpec { BytesPerCycle = 8, LatencyCycles = 10, BurstBeats = 16 },
        Mapping = new MappingSpec { Convolution = ConvolutionMapping.Im2col },
    };
}
