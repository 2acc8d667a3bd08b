// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;

namespace RtlExport.Parameters;

/// <summary>A field and where its value comes from. A field of width 0 is one that the design does not have: its value must be 0.</summary>
/// <param name="Name">Name of the instruction's property.</param>
/// <param name="Width">Bits.</param>
/// <param name="Value">The value to encode; negative codes as their low bits, so that every value is unsigned.</param>
/// <param name="Minimum">Least value that the hardware can do something with.</param>
internal sealed record InstructionEntry<T>(string Name, int Width, Func<T, long> Value, long Minimum = 0);

/// <summary>Layout and encoding of one unit's instructions: semaphores first, then the unit's own fields.</summary>
internal sealed class InstructionTable<T> where T : Instruction
{
    private readonly IReadOnlyList<InstructionEntry<T>> _entries;

    public InstructionTable(UnitKind unit, string prefix, IReadOnlyList<InstructionEntry<T>> entries)
    {
        _entries =
        [
            new("Waits", SemaphoreSet.Count, i => i.Waits.Mask),
            new("Signals", SemaphoreSet.Count, i => i.Signals.Mask),
            .. entries,
        ];
        var fields = new List<InstructionField>();
        foreach (InstructionEntry<T> entry in _entries)
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
                throw new InstructionEncodingException(
                    Format.Unit, index, width == 0 ? $"{name} is {value}, the design does not have it" : $"{name} is {value}, its field holds {minimum}..{maximum}");
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
