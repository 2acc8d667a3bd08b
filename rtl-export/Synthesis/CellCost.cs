// SPDX-License-Identifier: Apache-2.0
namespace RtlExport.Synthesis;

/// <summary>Resources of an FPGA that cells or modules occupy.</summary>
/// <param name="Lut">Look-up tables, those that serve as memory or as shift registers included.</param>
/// <param name="FlipFlops">Flip-flops.</param>
/// <param name="Dsp">Multiplier blocks.</param>
/// <param name="BlockRam">Blocks of memory, in the target's unit.</param>
/// <param name="Carry">Carry cells.</param>
public readonly record struct CellCost(long Lut = 0, long FlipFlops = 0, long Dsp = 0, long BlockRam = 0, long Carry = 0)
{
    /// <summary>Resource by resource.</summary>
    public static CellCost operator +(CellCost a, CellCost b) =>
        new(a.Lut + b.Lut, a.FlipFlops + b.FlipFlops, a.Dsp + b.Dsp, a.BlockRam + b.BlockRam, a.Carry + b.Carry);

    /// <summary>Several of the same.</summary>
    public static CellCost operator *(long count, CellCost cost) =>
        new(count * cost.Lut, count * cost.FlipFlops, count * cost.Dsp, count * cost.BlockRam, count * cost.Carry);
}
