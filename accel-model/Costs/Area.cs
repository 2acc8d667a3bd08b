// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Costs;

/// <summary>Where a figure comes from.</summary>
public enum Provenance
{
    /// <summary>Chosen, or a formula that was never compared with a tool.</summary>
    Assumed,

    /// <summary>A fitted model with a known error.</summary>
    Estimated,

    /// <summary>Read from a tool's result.</summary>
    Measured,
}

/// <summary>Resources of an FPGA.</summary>
/// <param name="Lut">Look-up tables.</param>
/// <param name="FlipFlops">Flip-flops.</param>
/// <param name="MemoryBits">Bits in block memory.</param>
public readonly record struct Area(double Lut, double FlipFlops, double MemoryBits)
{
    /// <summary>Resource by resource.</summary>
    public static Area operator +(Area a, Area b) => new(a.Lut + b.Lut, a.FlipFlops + b.FlipFlops, a.MemoryBits + b.MemoryBits);

    /// <summary>Several of the same.</summary>
    public static Area operator *(double count, Area area) => new(count * area.Lut, count * area.FlipFlops, count * area.MemoryBits);
}

/// <summary>Area of one part of a design.</summary>
/// <param name="Component">The part, as in the RTL's hierarchy.</param>
/// <param name="Area">Its resources.</param>
public sealed record ComponentArea(string Component, Area Area);
