// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace RtlExport.Parameters;

/// <summary>
/// The one definition of the instruction words: a table of fields per unit. The SystemVerilog package takes its positions and widths from here, and
/// <see cref="Encode"/> its values.
/// </summary>
public sealed class InstructionSet
{
    /// <summary>Bits of every loop count.</summary>
    public const int LoopWidth = 16;

    /// <summary>Bits of an address in external memory.</summary>
    public const int MemoryAddressWidth = 32;

    private const int BeatsWidth = 24;

    private readonly Table<LoadInstruction> _load;
    private readonly Table<MatmulInstruction> _matmul;
    private readonly Table<VectorInstruction> _vector;
    private readonly Table<StoreInstruction> _store;

    /// <summary>The instruction words of <paramref name="spec"/>: buffer addresses are as wide as the buffers need.</summary>
    public InstructionSet(AcceleratorSpec spec)
    {
        int activation = AddressWidth(spec.Buffers.Activation.Size);
        int weight = AddressWidth(spec.Buffers.Weight.Size);
        int parameter = AddressWidth(spec.Buffers.Parameter.Size);
        int accumulator = AddressWidth(spec.Buffers.Accumulator.Size);
        int output = AddressWidth(spec.Buffers.Output.Size);

        // A stride that no loop uses is written as zero, so that it need not fit.
        _load = new(UnitKind.Load, "Load",
        [
            new("Target", 2, i => (int)i.Target),
            new("MemoryAddress", MemoryAddressWidth, i => i.MemoryAddress),
            new("Beats", BeatsWidth, i => i.Beats, 1),
            new("BufferAddress", Math.Max(activation, Math.Max(weight, parameter)), i => i.BufferAddress),
        ]);
        _matmul = new(UnitKind.Array, "Matmul",
        [
            new("ActivationAddress", activation, i => i.ActivationAddress),
            new("ActivationSigned", 1, i => i.ActivationSigned ? 1 : 0),
            new("Rows", LoopWidth, i => i.Rows, 1),
            new("Columns", LoopWidth, i => i.Columns, 1),
            new("RowStride", activation, i => i.Rows > 1 ? i.RowStride : 0),
            new("ColumnStride", activation, i => i.Columns > 1 ? i.ColumnStride : 0),
            new("Digits", LoopWidth, i => i.Digits, 1),
            new("KernelRows", LoopWidth, i => i.KernelRows, 1),
            new("KernelColumns", LoopWidth, i => i.KernelColumns, 1),
            new("Tiles", LoopWidth, i => i.Tiles, 1),
            new("KernelRowStride", activation, i => i.KernelRows > 1 ? i.KernelRowStride : 0),
            new("KernelColumnStride", activation, i => i.KernelColumns > 1 ? i.KernelColumnStride : 0),
            new("WeightAddress", weight, i => i.WeightAddress),
            new("AccumulatorAddress", accumulator, i => i.AccumulatorAddress),
            new("Accumulate", 1, i => i.Accumulate ? 1 : 0),
        ]);
        _vector = new(UnitKind.Vector, "Vector",
        [
            new("AccumulatorAddress", accumulator, i => i.SourceAddress),
            new("Rows", LoopWidth, i => i.Rows, 1),
            new("Columns", LoopWidth, i => i.Columns, 1),
            new("RowStride", accumulator, i => i.Rows > 1 ? i.RowStride : 0),
            new("ColumnStride", accumulator, i => i.Columns > 1 ? i.ColumnStride : 0),
            new("PoolRows", LoopWidth, i => i.PoolRows, 1),
            new("PoolColumns", LoopWidth, i => i.PoolColumns, 1),
            new("PoolRowStride", accumulator, i => i.PoolRows > 1 ? i.PoolRowStride : 0),
            new("PoolColumnStride", accumulator, i => i.PoolColumns > 1 ? i.PoolColumnStride : 0),
            new("ParameterAddress", parameter, i => i.ParameterAddress),
            new("OutputAddress", output, i => i.OutputAddress),
        ]);
        _store = new(UnitKind.Store, "Store",
        [
            new("OutputAddress", output, i => i.OutputAddress),
            new("Rows", LoopWidth, i => i.Rows, 1),
            new("Columns", LoopWidth, i => i.Columns, 1),
            new("Channels", AddressWidth(spec.Array.Columns + 1), i => i.Channels, 1),
            new("MemoryAddress", MemoryAddressWidth, i => i.MemoryAddress),
            new("RowPitch", MemoryAddressWidth, i => i.RowPitch),
            new("PixelPitch", MemoryAddressWidth, i => i.PixelPitch),
        ]);
        Formats = [_load.Format, _matmul.Format, _vector.Format, _store.Format];
    }

    /// <summary>Per unit, in the order of <see cref="UnitKind"/>.</summary>
    public IReadOnlyList<InstructionFormat> Formats { get; }

    /// <summary>Bits that number <paramref name="size"/> addresses: <c>max(1, ceil(log2(size)))</c>.</summary>
    public static int AddressWidth(int size)
    {
        int width = 1;
        while (1L << width < size)
        {
            width++;
        }

        return width;
    }

    /// <summary>The instruction as 32-bit words, lowest first; <paramref name="index"/> is its position in the program.</summary>
    /// <exception cref="InstructionEncodingException">
    /// A value does not fit its field, a loop count is zero, or a semaphore is signalled or waited for by a unit that has no wire to it.
    /// </exception>
    public uint[] Encode(Instruction instruction, int index) => instruction switch
    {
        LoadInstruction load => _load.Encode(load, index),
        MatmulInstruction matmul => _matmul.Encode(matmul, index),
        VectorInstruction vector => _vector.Encode(vector, index),
        StoreInstruction store => _store.Encode(store, index),
        _ => throw new ArgumentException($"no unit executes a {instruction.GetType().Name}", nameof(instruction)),
    };

    /// <summary>The values of an instruction's fields as the hardware will see them, for listings.</summary>
    public IEnumerable<(string Name, long Value)> Fields(Instruction instruction, int index)
    {
        uint[] words = Encode(instruction, index);
        return Formats[(int)instruction.Unit].Fields.Select(field => (field.Name, Extract(words, field)));
    }

    private static long Extract(uint[] words, InstructionField field)
    {
        long value = 0;
        for (int bit = 0; bit < field.Width; bit++)
        {
            int position = field.Lsb + bit;
            value |= (long)(words[position / 32] >> (position % 32) & 1) << bit;
        }

        return value;
    }

    /// <summary>A field and where its value comes from.</summary>
    private sealed record Entry<T>(string Name, int Width, Func<T, long> Value, long Minimum = 0);

    private sealed class Table<T> where T : Instruction
    {
        private readonly IReadOnlyList<Entry<T>> _entries;

        public Table(UnitKind unit, string prefix, IReadOnlyList<Entry<T>> entries)
        {
            _entries =
            [
                new("Waits", SemaphoreSet.Count, i => i.Waits.Mask),
                new("Signals", SemaphoreSet.Count, i => i.Signals.Mask),
                .. entries,
            ];
            var fields = new List<InstructionField>();
            foreach (Entry<T> entry in _entries)
            {
                int lsb = fields.Count == 0 ? 0 : fields[^1].Lsb + fields[^1].Width;
                fields.Add(new(entry.Name, lsb, entry.Width));
            }

            Format = new() { Unit = unit, Prefix = prefix, Fields = fields };
        }

        public InstructionFormat Format { get; }

        public uint[] Encode(T instruction, int index)
        {
            SemaphoreWiring.Check(instruction, index);
            var words = new uint[Format.Words];
            for (int f = 0; f < _entries.Count; f++)
            {
                (string name, int width, Func<T, long> read, long minimum) = _entries[f];
                long value = read(instruction);
                long maximum = (1L << width) - 1;
                if (value < minimum || value > maximum)
                {
                    throw new InstructionEncodingException(Format.Unit, index, $"{name} is {value}, its field holds {minimum}..{maximum}");
                }

                for (int bit = 0; bit < width; bit++)
                {
                    int position = Format.Fields[f].Lsb + bit;
                    words[position / 32] |= (uint)(value >> bit & 1) << (position % 32);
                }
            }

            return words;
        }
    }
}
