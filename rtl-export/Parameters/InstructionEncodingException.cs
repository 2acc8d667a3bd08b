// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;

namespace RtlExport.Parameters;

/// <summary>An instruction does not fit the hardware's instruction word.</summary>
public sealed class InstructionEncodingException(UnitKind unit, int index, string problem)
    : Exception($"{unit.ToString().ToLowerInvariant()} instruction {index}: {problem}")
{
    /// <summary>The unit.</summary>
    public UnitKind Unit { get; } = unit;

    /// <summary>Position in the unit's program.</summary>
    public int Index { get; } = index;
}
