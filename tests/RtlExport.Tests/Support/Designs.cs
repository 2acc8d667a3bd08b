// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;

namespace RtlExport.Tests.Support;

/// <summary>Small designs to vary with <c>with</c>.</summary>
internal static class Designs
{
    /// <summary>
    /// 4 x 4, 5-bit signed operands, so that 8-bit images take two digits; 9-bit partial sums that saturate, and buffers so small
    /// that a convolution is cut into bands. The package in <c>rtl-export/rtl</c> is this design's.
    /// </summary>
    public static AcceleratorSpec Reference { get; } = new()
    {
        Name = "reference_4x4",
        ClockMhz = 100,
        Array = new()
        {
            Dataflow = Dataflow.WeightStationary,
            Rows = 4,
            Columns = 4,
            Lanes = 1,
            ProcessingElement = ProcessingElementKind.Multiply,
            WeightDoubleBuffering = true,
            ActivationSigned = true,
            ActivationWidth = 5,
            WeightWidth = 4,
            PartialSumWidth = 9,
            Overflow = OverflowMode.Saturate,
        },
        Accumulator = new() { Width = 14, Overflow = OverflowMode.Saturate },
        Requantizer = new() { Rounding = RoundingMode.HalfUp, MultiplierWidth = 16, ElementWidth = 8 },
        Buffers = new()
        {
            Activation = new() { Size = 512, DoubleBuffered = true },
            Weight = new() { Size = 96, DoubleBuffered = true },
            Parameter = new() { Size = 4, DoubleBuffered = true },
            Accumulator = new() { Size = 24, DoubleBuffered = true },
            Output = new() { Size = 16, DoubleBuffered = true },
        },
        Memory = new() { BytesPerCycle = 4, LatencyCycles = 6, BurstBeats = 8 },
        Mapping = new() { Convolution = ConvolutionMapping.Im2col },
    };

    /// <summary>The reference with another rounding.</summary>
    public static AcceleratorSpec With(RoundingMode rounding) => Reference with { Requantizer = Reference.Requantizer with { Rounding = rounding } };
}
