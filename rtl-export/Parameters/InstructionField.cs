// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;

namespace RtlExport.Parameters;

/// <summary>A field of an instruction word. Fields lie side by side, the first one in the least significant bits.</summary>
/// <param name="Name">Name of the instruction's property.</param>
/// <param name="Lsb">Position of the lowest bit.</param>
/// <param name="Width">Bits; all fields are unsigned.</param>
public sealed record InstructionField(string Name, int Lsb, int Width);

/// <summary>Layout of one unit's instructions.</summary>
public sealed record InstructionFormat
{
    /// <summary>The unit.</summary>
    public required UnitKind Unit { get; init; }

    /// <summary>Prefix of the names in SystemVerilog: <c>Load</c>, <c>Matmul</c>, <c>Vector</c>, <c>Store</c>.</summary>
    public required string Prefix { get; init; }

    /// <summary>Fields, lowest first.</summary>
    public required IReadOnlyList<InstructionField> Fields { get; init; }

    /// <summary>Bits of an instruction.</summary>
    public int Width => Fields[^1].Lsb + Fields[^1].Width;

    /// <summary>32-bit words of an instruction in the host's address space.</summary>
    public int Words => (Width + 31) / 32;
}
