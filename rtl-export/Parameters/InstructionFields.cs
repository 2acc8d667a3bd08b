// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace RtlExport.Parameters;

/// <content>The tables. A stride that no loop uses is written as zero, so that it need not fit; a feature that a design does not have has no bits.</content>
public sealed partial class InstructionSet
{
    private const int BeatsWidth = 24;

    private static List<InstructionEntry<LoadInstruction>> LoadFields(AcceleratorSpec spec, Widths widths) =>
    [
        new("Target", spec.Vector.Lookup || spec.Array.ActivationWeights ? 3 : 2, i => (int)i.Target),
        new("MemoryAddress", MemoryAddressWidth, i => i.Fill ? 0 : i.MemoryAddress),
        new("Beats", BeatsWidth, i => i.Beats),
        new("BufferAddress", widths.Destination, i => i.BufferAddress),
        new("Fill", 1, i => i.Fill ? 1 : 0),
        new("FillCode", widths.Element, i => i.Fill ? Code(i.FillCode, widths.Element) : 0),
        new("Rows", LoopWidth, i => i.Rows, 1),
        new("Columns", LoopWidth, i => i.Columns, 1),
        new("Run", widths.Run, i => i.Run),
        new("MemoryRowPitch", MemoryAddressWidth, i => i.Rows > 1 && !i.Fill ? i.MemoryRowPitch : 0),
        new("MemoryColumnPitch", MemoryAddressWidth, i => i.Columns > 1 && !i.Fill ? i.MemoryColumnPitch : 0),
        new("BufferRowPitch", widths.Destination, i => i.Rows > 1 ? i.BufferRowPitch : 0),
        new("BufferColumnPitch", widths.Destination, i => i.Columns > 1 ? i.BufferColumnPitch : 0),
        new("PerFrame", 1, i => i.PerFrame ? 1 : 0),
    ];

    private static List<InstructionEntry<MatmulInstruction>> MatmulFields(AcceleratorSpec spec, Widths widths) =>
    [
        new("ActivationAddress", widths.Activation, i => i.ActivationAddress),
        new("ActivationSigned", 1, i => i.ActivationSigned ? 1 : 0),
        new("Rows", LoopWidth, i => i.Rows, 1),
        new("Columns", LoopWidth, i => i.Columns, 1),
        new("RowStride", widths.Activation, i => i.Rows > 1 ? i.RowStride : 0),
        new("ColumnStride", widths.Activation, i => i.Columns > 1 ? i.ColumnStride : 0),
        new("Digits", LoopWidth, i => i.Digits, 1),
        new("KernelRows", LoopWidth, i => i.KernelRows, 1),
        new("KernelColumns", LoopWidth, i => i.KernelColumns, 1),
        new("Tiles", LoopWidth, i => i.Tiles, 1),
        new("KernelRowStride", widths.Activation, i => i.KernelRows > 1 ? i.KernelRowStride : 0),
        new("KernelColumnStride", widths.Activation, i => i.KernelColumns > 1 ? i.KernelColumnStride : 0),
        new("WeightAddress", widths.Line, i => i.WeightAddress),
        new("AccumulatorAddress", widths.Accumulator, i => i.AccumulatorAddress),
        new("Accumulate", 1, i => i.Accumulate ? 1 : 0),
        spec.Array.ProcessingElement == ProcessingElementKind.BitSerial
            ? new("Interval", AddressWidth(spec.Array.ActivationWidth + 1), i => i.Interval, 1)
            : new("Interval", 0, i => i.Interval == 1 ? 0 : i.Interval),
        new("LastTileElements", AddressWidth(spec.VectorElements + 1), i => i.LastTileElements),
        new("TableLines", spec.Array.ProcessingElement == ProcessingElementKind.Codebook ? widths.Weight : 0, i => i.TableLines),

        // Elsewhere no hardware sees the channels of a tile.
        spec.Array.Dataflow == Dataflow.InputStationary ? new("Channels", LoopWidth, i => i.Channels, 1) : new("Channels", 0, _ => 0),

        // The words from one group of channels to the next: what the hardware would need a multiplier for.
        spec.Array.Dataflow == Dataflow.InputStationary
            ? new("AccumulatorPitch", widths.Accumulator, i => i.Channels > spec.Array.Columns ? i.Vectors : 0)
            : new("AccumulatorPitch", 0, _ => 0),
        new("ColumnFilter", spec.Array.ColumnFilter ? 1 : 0, i => i.ColumnFilter ? 1 : 0),

        // Addresses of the factor buffer count modulo a power of two, and so do what they are made of.
        new("ActivationWeights", spec.Array.ActivationWeights ? 1 : 0, i => i.ActivationWeights ? 1 : 0),
        new("WeightColumnPitch", widths.Factor, i => i.WeightColumnPitch & widths.FactorMask),
        new("WeightLanePitch", widths.Factor, i => i.WeightLanePitch & widths.FactorMask),
        new("WeightLineStride", widths.Factor, i => i.WeightLineStride & widths.FactorMask),
        new("WeightSegmentStride", widths.Factor, i => i.WeightSegmentStride & widths.FactorMask),

        // Sums wrap at their width, and so do offsets.
        new("ActivationCodesSigned", widths.OffsetSign, i => widths.OffsetSign > 0 && i.ActivationCodesSigned ? 1 : 0),
        new("ActivationOffset", widths.ActivationOffset, i => Code(i.ActivationOffset, widths.ActivationOffset)),
        new("WeightCodesSigned", widths.OffsetSign, i => widths.OffsetSign > 0 && i.WeightCodesSigned ? 1 : 0),
        new("WeightOffset", widths.WeightOffset, i => Code(i.WeightOffset, widths.WeightOffset)),
    ];

    private static List<InstructionEntry<VectorInstruction>> VectorFields(AcceleratorSpec spec, Widths widths)
    {
        bool elementwise = spec.Vector.Elementwise;
        return
        [
            new("Source", elementwise ? 1 : 0, i => (int)i.Source),
            new("OperandSigned", elementwise ? 1 : 0, i => i.OperandSigned ? 1 : 0),
            new("SourceAddress", widths.Source, i => i.SourceAddress),
            new("Rows", LoopWidth, i => i.Rows, 1),
            new("Columns", LoopWidth, i => i.Columns, 1),
            new("RowStride", widths.Source, i => i.Rows > 1 ? i.RowStride : 0),
            new("ColumnStride", widths.Source, i => i.Columns > 1 ? i.ColumnStride : 0),
            new("PoolRows", LoopWidth, i => i.PoolRows, 1),
            new("PoolColumns", LoopWidth, i => i.PoolColumns, 1),
            new("PoolRowStride", widths.Source, i => i.PoolRows > 1 ? i.PoolRowStride : 0),
            new("PoolColumnStride", widths.Source, i => i.PoolColumns > 1 ? i.PoolColumnStride : 0),
            new("Combine", elementwise ? 2 : 0, i => (int)i.Combine),
            new("Post", elementwise ? 1 : 0, i => i.Post ? 1 : 0),
            new("Lookup", spec.Vector.Lookup ? 1 : 0, i => i.Lookup ? 1 : 0),
            new("LookupAddress", spec.Vector.Lookup ? widths.Lookup : 0, i => i.Lookup ? i.LookupAddress : 0),
            new("ParameterAddress", widths.Parameter, i => i.ParameterAddress),
            new("ParameterStride", elementwise ? widths.Parameter : 0, i => i.PoolColumns > 1 ? i.ParameterStride : 0),
            new("OutputAddress", widths.Output, i => i.OutputAddress),
        ];
    }

    private static List<InstructionEntry<StoreInstruction>> StoreFields(AcceleratorSpec spec, Widths widths) =>
    [
        new("OutputAddress", widths.Output, i => i.OutputAddress),
        new("Rows", LoopWidth, i => i.Rows, 1),
        new("Columns", LoopWidth, i => i.Columns, 1),
        new("Channels", AddressWidth(Math.Max(spec.Array.Columns, spec.Buffers.Activation.Size) + 1), i => i.Channels, 1),
        new("FirstChannel", AddressWidth(spec.Array.Columns), i => i.Fill ? 0 : i.FirstChannel),
        new("Target", 1, i => (int)i.Target),
        new("MemoryAddress", MemoryAddressWidth, i => i.MemoryAddress),
        new("RowPitch", MemoryAddressWidth, i => i.Rows > 1 ? i.RowPitch : 0),
        new("PixelPitch", MemoryAddressWidth, i => i.Columns > 1 ? i.PixelPitch : 0),
        new("ChannelPitch", MemoryAddressWidth, i => i.Channels > 1 ? i.ChannelPitch : 1),
        new("Fill", 1, i => i.Fill ? 1 : 0),
        new("FillCode", widths.Element, i => i.Fill ? Code(i.FillCode, widths.Element) : 0),
        new("PerFrame", 1, i => i.PerFrame ? 1 : 0),
    ];

    /// <summary>The bits of an element (or an offset) that hold <paramref name="code"/>; a code that none holds is refused like any other value.</summary>
    private static long Code(int code, int width) => width > 0 && code < 0 && code >= -(1 << (width - 1)) ? code + (1L << width) : code;

    /// <summary>Bits of the addresses of each buffer.</summary>
    private sealed class Widths(AcceleratorSpec spec)
    {
        public int Activation { get; } = AddressWidth(spec.Buffers.Activation.Size);

        public int Weight { get; } = AddressWidth(spec.Buffers.Weight.Size);

        /// <summary>Of the lines that an array reads, or of the elements of the factor buffer at which they begin.</summary>
        public int Line { get; } = LineAddressWidth(spec);

        /// <summary>Of the factor buffer; 0 without one.</summary>
        public int Factor { get; } = spec.Array.ActivationWeights ? AddressWidth(spec.Buffers.Factor.Size) : 0;

        /// <summary>Of the signs of codes that offsets are added to; 0 in a design without offsets, as are the two below.</summary>
        public int OffsetSign { get; } = spec.Array.HasOperandOffsets ? 1 : 0;

        /// <summary>Of the offset of activations.</summary>
        public int ActivationOffset { get; } = spec.Array.HasOperandOffsets ? spec.ActivationCodeWidth : 0;

        /// <summary>Of the offset of factors.</summary>
        public int WeightOffset { get; } = spec.Array.HasOperandOffsets ? spec.Array.WeightValueWidth : 0;

        /// <summary>The bits of an address of the factor buffer.</summary>
        public int FactorMask => (1 << Factor) - 1;

        public int Parameter { get; } = AddressWidth(spec.Buffers.Parameter.Size);

        public int Accumulator { get; } = AddressWidth(spec.Buffers.Accumulator.Size);

        public int Output { get; } = AddressWidth(spec.Buffers.Output.Size);

        /// <summary>Of the entries of the lookup memory.</summary>
        public int Lookup { get; } = AddressWidth(LookupEntries);

        /// <summary>Of everything that a load writes.</summary>
        public int Destination { get; } = DestinationAddressWidth(spec);

        /// <summary>Of everything that the vector unit reads words from.</summary>
        public int Source { get; } = SourceAddressWidth(spec);

        /// <summary>Of the elements of a run: as many as a buffer holds.</summary>
        public int Run { get; } = AddressWidth(Math.Max(Math.Max(spec.Buffers.Activation.Size, OperandSize(spec)), spec.Buffers.Factor.Size) + 1);

        public int Element { get; } = spec.Requantizer.ElementWidth;
    }
}
