// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace AccelModel.Simulation;

/// <summary>What every instruction of a schedule must be: something that the design has, with extents of at least 1, whose accesses all lie in their buffer or in external memory.</summary>
internal sealed class FastEngineRules
{
    private readonly Schedule schedule;
    private readonly AcceleratorSpec spec;
    private readonly BuffersSpec buffers;
    private readonly int elementsPerWord;
    private readonly long memoryElements;

    public FastEngineRules(Schedule schedule)
    {
        this.schedule = schedule;
        spec = schedule.Accelerator;
        buffers = spec.Buffers;
        elementsPerWord = spec.ElementsPerWord;
        memoryElements = (long)schedule.Memory.Words * elementsPerWord;
    }

    /// <summary>All of a schedule's instructions, unit by unit.</summary>
    /// <exception cref="InvalidScheduleException">An instruction breaks the contract.</exception>
    public static void CheckAll(Schedule schedule)
    {
        FastEngineRules rules = new(schedule);
        for (int i = 0; i < schedule.Load.Length; i++)
        {
            rules.Check(schedule.Load[i], i);
        }
        for (int i = 0; i < schedule.Array.Length; i++)
        {
            rules.Check(schedule.Array[i], i);
        }
        for (int i = 0; i < schedule.Vector.Length; i++)
        {
            rules.Check(schedule.Vector[i], i);
        }
        for (int i = 0; i < schedule.Store.Length; i++)
        {
            rules.Check(schedule.Store[i], i);
        }
    }

    /// <exception cref="InvalidScheduleException">The instruction breaks the contract.</exception>
    public void Check(LoadInstruction load, int index)
    {
        bool inWords = FastEngineFormulas.IsInWords(load);
        Extents(load, index, load.Rows, load.Columns, inWords ? load.Beats : load.Run);
        Forbid(!inWords && load.Beats != 0, load, index, "both memory words and runs, expected one of them");
        Forbid(!inWords && !load.IsElementwise, load, index, "runs or a fill of lines, expected whole memory words");
        Forbid(load.Target == LoadTarget.Operand && !spec.Vector.Elementwise, load, index, "operands, expected only with vector.elementwise");
        Forbid(load.Target == LoadTarget.Lookup && !spec.Vector.Lookup, load, index, "a lookup table, expected only with vector.lookup");
        Forbid(load.Target == LoadTarget.Factor && !spec.Array.ActivationWeights, load, index, "factors, expected only with array.activation_weights");
        if (inWords)
        {
            (string name, long size, long last) = load.Target switch
            {
                LoadTarget.Activation => ("activation buffer", buffers.Activation.Size, load.Beats * (long)elementsPerWord),
                LoadTarget.Operand => ("operand buffer", buffers.Operand.Size, load.Beats * (long)elementsPerWord),
                LoadTarget.Factor => ("factor buffer", buffers.Factor.Size, load.Beats * (long)elementsPerWord),
                LoadTarget.Weight => ("weight buffer", buffers.Weight.Size, Lines(spec.WeightLineWords)),
                LoadTarget.Parameter => ("parameter buffer", buffers.Parameter.Size, Lines(spec.ParameterLineWords)),
                _ => ("lookup memory", VectorSpec.LookupEntries, load.Beats * (long)elementsPerWord),
            };
            Forbid(load.Target == LoadTarget.Lookup && load.BufferAddress % elementsPerWord != 0, load, index, "a lookup entry inside a memory word, expected the first of one");
            Inside(AddressRange.At(load.BufferAddress).Over(last, 1), size, name, load, index);
            Inside(AddressRange.At(load.MemoryAddress).Over(load.Beats, 1), schedule.Memory.Words, "external memory, in words", load, index);
            return;
        }
        (string buffer, int elements) = load.Target switch
        {
            LoadTarget.Activation => ("activation buffer", buffers.Activation.Size),
            LoadTarget.Operand => ("operand buffer", buffers.Operand.Size),
            _ => ("factor buffer", buffers.Factor.Size),
        };
        Inside(
            AddressRange.At(load.BufferAddress).Over(load.Rows, load.BufferRowPitch).Over(load.Columns, load.BufferColumnPitch).Over(load.Run, 1), elements, buffer, load, index);
        if (!load.Fill)
        {
            Inside(
                AddressRange.At(load.MemoryAddress).Over(load.Rows, load.MemoryRowPitch).Over(load.Columns, load.MemoryColumnPitch).Over(load.Run, 1),
                memoryElements, "external memory, in elements", load, index);
        }

        long Lines(int wordsPerLine) => ((load.Beats - 1) / wordsPerLine) + 1;
    }

    /// <exception cref="InvalidScheduleException">The instruction breaks the contract.</exception>
    public void Check(MatmulInstruction matmul, int index)
    {
        ArraySpec array = spec.Array;
        bool isInputStationary = array.Dataflow == Dataflow.InputStationary;
        bool isBitSerial = array.ProcessingElement == ProcessingElementKind.BitSerial;
        Extents(matmul, index, matmul.Rows, matmul.Columns, matmul.Digits);
        Extents(matmul, index, matmul.KernelRows, matmul.KernelColumns, matmul.Tiles);
        Extents(matmul, index, isInputStationary ? matmul.Channels : 1, matmul.Interval, 1);
        Forbid(matmul.Digits > 1 && (matmul.ActivationSigned || isBitSerial), matmul, index, "digits of a signed or bit-serial operand, expected 1");
        Forbid(matmul.Interval > (isBitSerial ? array.ActivationWidth : 1), matmul, index, "an interval that the PEs do not have, expected 1, or the bits of a bit-serial operand");
        Forbid(matmul.TableLines != spec.CodebookLines, matmul, index, "a table that is not the codebook's, expected its lines, or 0 on other PEs");
        int mostElements = matmul.ColumnFilter ? array.Rows : spec.VectorElements;
        Forbid(matmul.LastTileElements < 0 || matmul.LastTileElements > mostElements, matmul, index, "a last tile of other elements, expected those of a vector, or the taps of a filter");
        Forbid(matmul.ColumnFilter && !array.ColumnFilter, matmul, index, "a column filter, expected only with array.column_filter");
        Forbid(matmul.ColumnFilter && (matmul.KernelColumns > 1 || matmul.Tiles > 1), matmul, index, "a column filter of several segments a kernel row, expected one");

        CheckActivations(matmul, index, array);
        long kernel = (long)matmul.KernelRows * matmul.KernelColumns * matmul.Tiles;
        Forbid(
            matmul.ActivationWeights && (!array.ActivationWeights || matmul.ColumnFilter), matmul, index,
            "activations as weights, expected only with array.activation_weights, and not with a column filter");
        Forbid(IsBeyond(matmul.ActivationOffset, spec.ActivationCodeWidth), matmul, index, "an offset that the design has no bits for, expected 0, or with array.operand_offsets one of the width of its sums");
        Forbid(IsBeyond(matmul.WeightOffset, array.WeightValueWidth), matmul, index, "an offset of weights that the design has no bits for, expected 0, or with array.operand_offsets one of their width");
        if (matmul.ActivationWeights)
        {
            Forbid(!FactorLayout.AreApart(matmul, spec), matmul, index, "pitches with which elements of a line share a bank, expected others");
            Inside(new(matmul.WeightAddress, FactorLayout.Greatest(matmul, spec)), buffers.Factor.Size, "factor buffer", matmul, index);
        }
        else
        {
            CheckLines(matmul, index, isInputStationary, kernel);
        }
        long tiles = isInputStationary ? ArrayTiming.Groups(matmul.Channels, array.Columns) : 1;
        Inside(AddressRange.At(matmul.AccumulatorAddress).Over(tiles * matmul.Vectors, 1), buffers.Accumulator.Size, "accumulator buffer", matmul, index);
    }

    /// <summary>Whether an offset is none of the words of a width, read with a sign or without; without hardware that adds it only 0 is.</summary>
    private bool IsBeyond(int offset, int width) => spec.Array.HasOperandOffsets ? offset < -(1L << (width - 1)) || offset >> width > 0 : offset != 0;

    private void CheckLines(MatmulInstruction matmul, int index, bool isInputStationary, long kernel) =>
        Inside(
            AddressRange.At(matmul.WeightAddress).Over(matmul.TableLines + (kernel * (isInputStationary ? matmul.Channels : spec.Array.Rows)), 1),
            buffers.Weight.Size, "weight buffer", matmul, index);

    /// <summary>
    /// Whole vectors of all tiles but the last; of the last those elements that take part. Without a mask that is the first at least: what lies behind the end of a layer's
    /// channels meets weights of zero, and may lie behind the end of the buffer.
    /// </summary>
    private void CheckActivations(MatmulInstruction matmul, int index, ArraySpec array)
    {
        int vector = spec.VectorElements;
        AddressRange first = AddressRange.At(matmul.ActivationAddress)
            .Over(matmul.Rows, matmul.RowStride).Over(matmul.Columns, matmul.ColumnStride)
            .Over(matmul.KernelRows, matmul.KernelRowStride).Over(matmul.KernelColumns, matmul.KernelColumnStride);
        int last = matmul.ColumnFilter ? Math.Clamp(matmul.Channels, 1, array.Columns) : Math.Max(1, matmul.LastTileElements);
        Inside(first.Over(((matmul.Tiles - 1) * (long)vector) + last, 1), buffers.Activation.Size, "activation buffer", matmul, index);
    }

    /// <exception cref="InvalidScheduleException">The instruction breaks the contract.</exception>
    public void Check(VectorInstruction vector, int index)
    {
        Extents(vector, index, vector.Rows, vector.Columns, 1);
        Extents(vector, index, vector.PoolRows, vector.PoolColumns, 1);
        bool isPlain = vector is { Source: VectorSource.Accumulator, Combine: VectorCombine.Maximum, Post: false };
        Forbid(!isPlain && !spec.Vector.Elementwise, vector, index, "operands, a sum, a product or a second requantisation, expected only with vector.elementwise");
        Forbid(vector.Lookup && !spec.Vector.Lookup, vector, index, "a lookup, expected only with vector.lookup");
        (string name, int size) = vector.Source == VectorSource.Accumulator ? ("accumulator buffer", buffers.Accumulator.Size) : ("operand buffer", buffers.Operand.Size);
        Inside(
            AddressRange.At(vector.SourceAddress)
                .Over(vector.Rows, vector.RowStride).Over(vector.Columns, vector.ColumnStride)
                .Over(vector.PoolRows, vector.PoolRowStride).Over(vector.PoolColumns, vector.PoolColumnStride),
            size, name, vector, index);
        Inside(AddressRange.At(vector.ParameterAddress).Over(vector.PoolColumns, vector.ParameterStride), buffers.Parameter.Size, "parameter buffer", vector, index);
        Inside(AddressRange.At(vector.OutputAddress).Over(vector.Rows * (long)vector.Columns, 1), buffers.Output.Size, "output buffer", vector, index);
        if (vector.Lookup)
        {
            Inside(AddressRange.At(vector.LookupAddress).Over(VectorSpec.LookupTableEntries, 1), VectorSpec.LookupEntries, "lookup memory", vector, index);
        }
    }

    /// <exception cref="InvalidScheduleException">The instruction breaks the contract.</exception>
    public void Check(StoreInstruction store, int index)
    {
        Extents(store, index, store.Rows, store.Columns, store.Channels);
        bool toMemory = store.Target == StoreTarget.Memory;
        Forbid(store.Fill && (toMemory || store.ChannelPitch != 1), store, index, "a fill of external memory or of channels apart, expected one of pixels in the activation buffer");
        if (!store.Fill)
        {
            Inside(AddressRange.At(store.FirstChannel).Over(store.Channels, 1), spec.Array.Columns, "output word", store, index);
            Inside(AddressRange.At(store.OutputAddress).Over(store.Rows * (long)store.Columns, 1), buffers.Output.Size, "output buffer", store, index);
        }
        Inside(
            AddressRange.At(store.MemoryAddress).Over(store.Rows, store.RowPitch).Over(store.Columns, store.PixelPitch).Over(store.Channels, store.ChannelPitch),
            toMemory ? memoryElements : buffers.Activation.Size, toMemory ? "external memory, in elements" : "activation buffer", store, index);
    }

    private static void Extents(Instruction instruction, int index, int first, int second, int third)
    {
        int least = Math.Min(first, Math.Min(second, third));
        if (least < 1)
        {
            throw Problem(instruction, index, $"an extent of {least}, expected at least 1");
        }
    }

    private static void Inside(AddressRange range, long size, string place, Instruction instruction, int index)
    {
        if (range.Least < 0 || range.Greatest >= size)
        {
            throw Problem(instruction, index, $"addresses {range.Least}..{range.Greatest} of the {place}, expected 0..{size - 1}");
        }
    }

    private static void Forbid(bool broken, Instruction instruction, int index, string problem)
    {
        if (broken)
        {
            throw Problem(instruction, index, problem);
        }
    }

    private static InvalidScheduleException Problem(Instruction instruction, int index, string problem) =>
        new($"{instruction.Unit} instruction {index}: {problem}", instruction.Unit, index);

    /// <summary>The least and the greatest of some addresses.</summary>
    private readonly record struct AddressRange(long Least, long Greatest)
    {
        public static AddressRange At(long address) => new(address, address);

        /// <summary>These, and each as often as there are steps of a loop.</summary>
        public AddressRange Over(long steps, long stride) => new(Least + Math.Min(0, (steps - 1) * stride), Greatest + Math.Max(0, (steps - 1) * stride));
    }
}
