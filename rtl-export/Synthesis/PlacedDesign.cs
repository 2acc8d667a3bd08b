// SPDX-License-Identifier: Apache-2.0
namespace RtlExport.Synthesis;

/// <summary>A design placed and routed on a device: what it occupies, and how fast its slowest path is.</summary>
/// <param name="Tool">Programs and their versions.</param>
/// <param name="LogicCells">Logic cells: a LUT, a carry cell and a flip-flop each, of which one at least is used.</param>
/// <param name="BlockRam">Memory blocks of 4 Kbit.</param>
/// <param name="Dsp">Multiplier blocks.</param>
/// <param name="SinglePortRam">Memory blocks of 256 Kbit.</param>
/// <param name="Pins">Pins.</param>
/// <param name="NextpnrMhz">Highest clock by the timing analysis of nextpnr.</param>
/// <param name="IcetimeMhz">Highest clock by the timing analysis of icetime.</param>
public sealed record PlacedDesign(string Tool, int LogicCells, int BlockRam, int Dsp, int SinglePortRam, int Pins, double NextpnrMhz, double IcetimeMhz)
{
    /// <summary>The lower of both, since either analysis has been seen to miss a path that the other one finds.</summary>
    public double FmaxMhz => Math.Min(NextpnrMhz, IcetimeMhz);
}

/// <summary>Files of a placed and routed design.</summary>
/// <param name="Netlist">Flat netlist of the device's cells as Yosys writes it (JSON), to be placed.</param>
/// <param name="Routed">Gets the routed design (ASCII).</param>
/// <param name="Bitstream">Gets the bitstream; null: none is packed.</param>
/// <param name="Pins">Which port is on which pin (PCF); null: the placer chooses.</param>
/// <param name="Log">Gets what the tools print where one of them fails.</param>
public sealed record PlacementFiles(string Netlist, string Routed, string? Bitstream, string? Pins, string Log);
