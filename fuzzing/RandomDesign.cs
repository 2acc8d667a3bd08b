// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;

namespace Fuzzing;

/// <summary>Random designs: every dataflow, kind of PE, mode and feature that the rules allow together. The first of every choice is the simplest.</summary>
internal static class RandomDesign
{
    /// <summary>Draws a design that keeps all rules.</summary>
    public static AcceleratorSpec Draw(ChoiceSource choices, CaseSize size)
    {
        ArraySpec array = DrawArray(choices, size);

        // An element with an offset has a bit more.
        int elementWidth = array.ActivationWidth <= (array.HasOperandOffsets ? 9 : 8) && !choices.OnceIn(4) ? 8 : 16;
        int bytesPerCycle = Math.Max(choices.Of(4, 1, 2, 8, 16), elementWidth / 8);
        int perWord = bytesPerCycle * 8 / elementWidth;
        int accumulatorWidth = choices.OnceIn(3) ? choices.Between(8, 16) : choices.Of(32, 24, 20, 40, 48);
        var vector = new VectorSpec
        {
            Elementwise = choices.OnceIn(2),
            Lookup = elementWidth == 8 && choices.OnceIn(3),
            ThresholdLevels = choices.OnceIn(3) ? choices.Between(1, 5) : 0,
        };
        bool twice = choices.OnceIn(4);

        // Multipliers of TFLite have 31 bits.
        int multiplierWidth = twice && choices.OnceIn(2) ? Math.Min(31, 63 - accumulatorWidth) : choices.Between(1, Math.Min(18, 63 - accumulatorWidth));
        AcceleratorSpec design = new()
        {
            Name = "random",
            ClockMhz = 100,
            Array = array,
            Accumulator = new() { Width = accumulatorWidth, Overflow = choices.Of(OverflowMode.Saturate, OverflowMode.Wrap) },
            Requantizer = new()
            {
                Rounding = choices.Of(RoundingMode.HalfUp, RoundingMode.Floor, RoundingMode.HalfAway, RoundingMode.HalfEven, RoundingMode.TowardZero, RoundingMode.Stochastic),
                MultiplierWidth = multiplierWidth,
                ElementWidth = elementWidth,

                // Codes as they are take the multiplier 2^shift.
                DoubleRounding = twice,
                FixedShift = !twice && choices.OnceIn(6) ? choices.Between(0, Math.Min(12, multiplierWidth - 1)) : null,
            },
            Vector = vector,
            Buffers = new()
            {
                Activation = DrawBuffer(choices, 24, perWord),
                Weight = DrawBuffer(choices, 16, 1),
                Parameter = DrawBuffer(choices, 3, 1),
                Accumulator = DrawBuffer(choices, 24, 1),
                Output = DrawBuffer(choices, 24, 1),
                Operand = vector.Elementwise ? DrawBuffer(choices, 24, perWord) : new() { Size = 0, DoubleBuffered = false },
            },
            Memory = new()
            {
                BytesPerCycle = bytesPerCycle,
                LatencyCycles = choices.Between(1, 9),
                BurstBeats = choices.Of(16, 1, 2, 3, 7, 64),
                BurstAlignmentBytes = bytesPerCycle * choices.Of(0, 0, 1, 4, 16, 512),
            },
            Mapping = new() { Convolution = choices.Of(ConvolutionMapping.Im2col, ConvolutionMapping.ChannelTiles) },
        };

        if (array.ActivationWeights)
        {
            BufferSpec weight = design.Buffers.Weight;
            int slot = perWord * choices.Between(1, 24);
            while (slot < Math.Max(array.Rows, array.Columns) * array.Lanes * 2)
            {
                slot *= 2;
            }
            design = design with { Buffers = design.Buffers with { Factor = new() { Size = slot * weight.Slots, DoubleBuffered = weight.DoubleBuffered } } };
        }

        // A slot must hold the weights of one segment, with the table before them.
        while (design.Buffers.Weight.SlotSize < Math.Max(array.Rows, array.Columns) + design.CodebookLines)
        {
            design = design with { Buffers = design.Buffers with { Weight = design.Buffers.Weight with { Size = design.Buffers.Weight.Size * 2 } } };
        }

        return design;
    }

    private static ArraySpec DrawArray(ChoiceSource choices, CaseSize size)
    {
        Dataflow dataflow = choices.Of(Dataflow.WeightStationary, Dataflow.OutputStationary, Dataflow.InputStationary);
        ProcessingElementKind kind = choices.Of(
            ProcessingElementKind.Multiply, ProcessingElementKind.DspPacked, ProcessingElementKind.XnorPopcount, ProcessingElementKind.TernaryAdd,
            ProcessingElementKind.ShiftAdd, ProcessingElementKind.BitSerial, ProcessingElementKind.Codebook);
        bool signed = kind == ProcessingElementKind.XnorPopcount || choices.OnceIn(2);
        int terms = kind == ProcessingElementKind.ShiftAdd ? choices.Between(1, 2) : 1;
        int lanes = choices.Of(1, 1, 2, 3);
        (int weightWidth, int activationWidth) = kind switch
        {
            ProcessingElementKind.XnorPopcount => (1, 1),
            ProcessingElementKind.TernaryAdd => (2, choices.Between(signed ? 2 : 1, 9)),
            ProcessingElementKind.ShiftAdd => (terms * choices.Between(2, 4), choices.Between(signed ? 2 : 1, 9)),
            ProcessingElementKind.Codebook => (choices.Between(1, 4), choices.Between(signed ? 2 : 1, 9)),
            ProcessingElementKind.DspPacked => (choices.Between(2, 5), choices.Between(signed ? 2 : 1, 4)),
            ProcessingElementKind.BitSerial => (choices.Between(2, 8), choices.Between(signed ? 2 : 1, 9)),
            _ => (choices.Between(2, 8), choices.Between(signed ? 2 : 1, 9)),
        };
        ArraySpec array = new()
        {
            Dataflow = dataflow,
            Rows = choices.Between(dataflow == Dataflow.OutputStationary ? 2 : 1, size.Array),
            Columns = choices.Between(1, size.Array),
            Lanes = kind == ProcessingElementKind.DspPacked ? 2 : lanes,
            ProcessingElement = kind,
            WeightDoubleBuffering = !choices.OnceIn(2),
            ActivationSigned = signed,
            ActivationWidth = activationWidth,
            WeightWidth = weightWidth,
            WeightTerms = terms,
            CodebookValueWidth = kind == ProcessingElementKind.Codebook ? choices.Between(2, 8) : 0,
            ColumnFilter = dataflow == Dataflow.WeightStationary && kind != ProcessingElementKind.BitSerial && choices.OnceIn(2),
            ActivationWeights = kind is ProcessingElementKind.Multiply or ProcessingElementKind.DspPacked or ProcessingElementKind.BitSerial && choices.OnceIn(2),
            PartialSumWidth = choices.OnceIn(2) ? choices.Between(6, 14) : choices.Of(32, 24, 18, 40),
            Overflow = choices.Of(OverflowMode.Saturate, OverflowMode.Wrap),
        };
        return array.ActivationWeights && choices.OnceIn(2) ? array with { OperandOffsets = true } : array;
    }

    private static BufferSpec DrawBuffer(ChoiceSource choices, int largest, int multiple)
    {
        bool doubleBuffered = choices.OnceIn(2);
        int slot = choices.Between(1, largest) * multiple;
        return new() { Size = doubleBuffered ? 2 * slot : slot, DoubleBuffered = doubleBuffered };
    }
}
