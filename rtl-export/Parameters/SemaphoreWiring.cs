// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace RtlExport.Parameters;

/// <summary>Which unit signals and which unit waits for each semaphore (docs/architecture.md, section 2).</summary>
public static class SemaphoreWiring
{
    private static readonly (UnitKind Signals, UnitKind Waits)[] Wires =
    [
        (UnitKind.Load, UnitKind.Array),
        (UnitKind.Load, UnitKind.Array),
        (UnitKind.Load, UnitKind.Vector),
        (UnitKind.Array, UnitKind.Vector),
        (UnitKind.Vector, UnitKind.Store),
        (UnitKind.Store, UnitKind.Load),
        (UnitKind.Array, UnitKind.Load),
        (UnitKind.Array, UnitKind.Load),
        (UnitKind.Vector, UnitKind.Load),
        (UnitKind.Vector, UnitKind.Array),
        (UnitKind.Store, UnitKind.Vector),
        (UnitKind.Load, UnitKind.Vector),
        (UnitKind.Vector, UnitKind.Load),
        (UnitKind.Load, UnitKind.Vector),
        (UnitKind.Vector, UnitKind.Load),
        (UnitKind.Store, UnitKind.Array),
        (UnitKind.Array, UnitKind.Store),
    ];

    /// <summary>Refuses a semaphore that the instruction's unit has no wire to.</summary>
    /// <exception cref="InstructionEncodingException">There is one.</exception>
    public static void Check(Instruction instruction, int index)
    {
        for (int s = 0; s < SemaphoreSet.Count; s++)
        {
            if (instruction.Signals.Contains((Semaphore)s) && Wires[s].Signals != instruction.Unit)
            {
                throw new InstructionEncodingException(instruction.Unit, index, $"{(Semaphore)s} is signalled by {Wires[s].Signals} only");
            }

            if (instruction.Waits.Contains((Semaphore)s) && Wires[s].Waits != instruction.Unit)
            {
                throw new InstructionEncodingException(instruction.Unit, index, $"{(Semaphore)s} is waited for by {Wires[s].Waits} only");
            }
        }
    }
}
