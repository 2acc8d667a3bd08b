// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>What the fields of a matmul must be on the array of a design.</summary>
internal static class MatmulRules
{
    /// <exception cref="InvalidScheduleException">A field is outside what the design has.</exception>
    public static void Check(MatmulInstruction matmul, int index, AcceleratorSpec spec)
    {
        ArraySpec array = spec.Array;
        bool isSerial = array.ProcessingElement == ProcessingElementKind.BitSerial;
        bool channelsStream = array.Dataflow == Dataflow.InputStationary;

        InstructionRules.RequireExtents(
            matmul, index, matmul.Rows, matmul.Columns, matmul.Digits, matmul.KernelRows, matmul.KernelColumns, matmul.Tiles, matmul.Interval);
        Require((!matmul.ActivationSigned && !isSerial) || matmul.Digits == 1, $"{matmul.Digits} digits of a tensor that is signed or serial, expected 1");
        Require(
            isSerial ? matmul.Interval <= spec.ActivationCodeWidth : matmul.Interval == 1,
            $"an interval of {matmul.Interval}, expected {(isSerial ? "at most the bits of an element, or of its sum with an offset" : "1")}");
        Require(matmul.TableLines == spec.CodebookLines, $"{matmul.TableLines} lines of a codebook, expected {spec.CodebookLines}");
        Require(
            matmul.LastTileElements >= 0 && matmul.LastTileElements <= (matmul.ColumnFilter ? array.Rows : spec.VectorElements),
            $"{matmul.LastTileElements} elements of the last tile, expected those of a vector, or the rows of a filter, at most");
        Require(
            channelsStream ? matmul.Channels >= 1 : matmul.Channels >= 0 && matmul.Channels <= array.Columns,
            $"{matmul.Channels} channels, expected {(channelsStream ? "at least 1" : $"at most the {array.Columns} columns")}");
        Require(
            !matmul.ColumnFilter || (array.ColumnFilter && !isSerial && array.Dataflow == Dataflow.WeightStationary && matmul.KernelColumns == 1 && matmul.Tiles == 1),
            "a column filter, expected on a design that has it, with one kernel column and one tile");
        Require(array.Dataflow != Dataflow.OutputStationary || array.Rows > 1, "one row of sums that stay, expected at least 2");

        Require(
            !matmul.ActivationWeights || (array.ActivationWeights && !matmul.ColumnFilter),
            "activations as weights, expected on a design that has them, and not with a column filter");
        Require(
            array.HasOperandOffsets
                ? Holds(spec.ActivationCodeWidth, matmul.ActivationOffset) && Holds(array.WeightValueWidth, matmul.WeightOffset)
                : matmul is { ActivationOffset: 0, WeightOffset: 0 },
            $"offsets of {matmul.ActivationOffset} and {matmul.WeightOffset}, expected such as the design has bits for, and 0 without array.operand_offsets");
        Require(!matmul.ActivationWeights || FactorLayout.AreApart(matmul, spec), "pitches with which elements of a line share a bank, expected others");

        // Sums wrap, so that a number of so many bits may be read with a sign or without.
        static bool Holds(int width, int offset) => offset >= TwosComplement.Min(width) && offset < 1L << width;

        void Require(bool holds, string problem) => InstructionRules.Require(holds, matmul, index, problem);
    }
}
