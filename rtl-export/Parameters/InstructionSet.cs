// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace RtlExport.Parameters;

/// <summary>
/// The one definition of the instruction words: a table of fields per unit. The SystemVerilog package takes its positions and widths from here, and
/// <see cref="Encode"/> its values.
/// </summary>
public sealed partial class InstructionSet
{
    /// <summary>Bits of every loop count.</summary>
    public const int LoopWidth = 16;

    /// <summary>Bits of an address in external memory.</summary>
    public const int MemoryAddressWidth = 32;

    /// <summary>Entries of the lookup memory: two tables, one for each code of 8 bits.</summary>
    public const int LookupEntries = 512;

    private readonly AcceleratorSpec _spec;
    private readonly InstructionTable<LoadInstruction> _load;
    private readonly InstructionTable<MatmulInstruction> _matmul;
    private readonly InstructionTable<VectorInstruction> _vector;
    private readonly InstructionTable<StoreInstruction> _store;

    /// <summary>The instruction words of <paramref name="spec"/>: buffer addresses are as wide as the buffers need, and what the design does not have takes no bits.</summary>
    public InstructionSet(AcceleratorSpec spec)
    {
        _spec = spec;
        var widths = new Widths(spec);
        _load = new(UnitKind.Load, "Load", LoadFields(spec, widths));
        _matmul = new(UnitKind.Array, "Matmul", MatmulFields(spec, widths));
        _vector = new(UnitKind.Vector, "Vector", VectorFields(spec, widths));
        _store = new(UnitKind.Store, "Store", StoreFields(spec, widths));
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

    /// <summary>Elements of the operand buffer: none without an elementwise vector unit.</summary>
    public static int OperandSize(AcceleratorSpec spec) => spec.Vector.Elementwise ? spec.Buffers.Operand.Size : 0;

    /// <summary>Bits of an address that a load writes to, whatever the buffer.</summary>
    public static int DestinationAddressWidth(AcceleratorSpec spec) => AddressWidth(new[]
    {
        spec.Buffers.Activation.Size, spec.Buffers.Weight.Size, spec.Buffers.Parameter.Size, OperandSize(spec), spec.Vector.Lookup ? LookupEntries : 0,
        spec.Buffers.Factor.Size,
    }.Max());

    /// <summary>Bits of the address of a line of weights: of the weight buffer's lines, or of the factor buffer's elements.</summary>
    public static int LineAddressWidth(AcceleratorSpec spec) => AddressWidth(Math.Max(spec.Buffers.Weight.Size, spec.Buffers.Factor.Size));

    /// <summary>Bits of an address that the vector unit reads words from.</summary>
    public static int SourceAddressWidth(AcceleratorSpec spec) => AddressWidth(Math.Max(spec.Buffers.Accumulator.Size, OperandSize(spec)));

    /// <summary>The instruction as 32-bit words, lowest first; <paramref name="index"/> is its position in the program.</summary>
    /// <exception cref="InstructionEncodingException">
    /// A value does not fit its field, a loop count is zero, fields contradict each other, or a semaphore is signalled or waited for by a unit that has no wire to it.
    /// </exception>
    public uint[] Encode(Instruction instruction, int index)
    {
        switch (instruction)
        {
            case LoadInstruction load:
                LoadInstruction inRuns = InRuns(load);
                InstructionShape.Check(inRuns, index, _spec);
                return _load.Encode(inRuns, index);
            case MatmulInstruction matmul:
                return _matmul.Encode(matmul, index);
            case VectorInstruction vector:
                return _vector.Encode(vector, index);
            case StoreInstruction store:
                InstructionShape.Check(store, index, _spec);
                return _store.Encode(store, index);
            default:
                throw new ArgumentException($"no unit executes a {instruction.GetType().Name}", nameof(instruction));
        }
    }

    /// <summary>The values of an instruction's fields as the hardware will see them, for listings.</summary>
    public IEnumerable<(string Name, long Value)> Fields(Instruction instruction, int index)
    {
        uint[] words = Encode(instruction, index);
        return Formats[(int)instruction.Unit].Fields.Select(field => (field.Name, Extract(words, field)));
    }

    /// <summary>Memory words of a load into elements are one run.</summary>
    private LoadInstruction InRuns(LoadInstruction load) => !load.IsElementwise || load.Run > 0 || load.Fill ? load : load with
    {
        MemoryAddress = checked(load.MemoryAddress * _spec.ElementsPerWord),
        Run = checked(load.Beats * _spec.ElementsPerWord),
        Beats = 0,
    };

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
}
