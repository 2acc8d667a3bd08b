// SPDX-License-Identifier: Apache-2.0
using System.Collections.Frozen;
using System.Collections.Immutable;

namespace RtlExport.Synthesis;

/// <summary>An FPGA family as Yosys knows it: the commands that map a design onto it, and what each of its cells occupies.</summary>
/// <param name="Name">The name on the command line and in technology files.</param>
/// <param name="Title">The family's name.</param>
/// <param name="Libraries">Commands that read the family's cells.</param>
/// <param name="Mapping">Commands from elaborated modules to the family's cells, module by module, without flattening.</param>
/// <param name="Cells">What one cell of each type occupies.</param>
/// <param name="BlockBits">Bits of one block of memory.</param>
public sealed record SynthesisTarget(
    string Name, string Title, ImmutableArray<string> Libraries, ImmutableArray<string> Mapping, FrozenDictionary<string, CellCost> Cells, int BlockBits)
{
    /// <summary>Its name: what help shows as a default.</summary>
    public override string ToString() => Name;

    /// <summary>Xilinx 7 series. Blocks are of 18 Kbit; a block of 36 Kbit counts as two. A RAM32M or RAM64M takes the four LUTs of a slice (UG474, Distributed RAM).</summary>
    public static SynthesisTarget Xc7 { get; } = Xilinx("xc7", "Xilinx 7 series", "DSP48E1", ("RAMB18E1", "RAMB36E1"), ["RAM32M", "RAM64M"], []);

    /// <summary>Xilinx UltraScale+. A RAM32M16 or RAM64M8 takes the eight LUTs of a slice (UG574, Distributed RAM).</summary>
    public static SynthesisTarget Xcup { get; } = Xilinx("xcup", "Xilinx UltraScale+", "DSP48E2", ("RAMB18E2", "RAMB36E2"), ["RAM32M", "RAM64M"], ["RAM32M16", "RAM64M8"]);

    /// <summary>Lattice ECP5. A CCU2C takes two LUTs, a TRELLIS_DPR16X4 four and the two that write them; blocks are of 18 Kbit (FPGA-DS-02012).</summary>
    public static SynthesisTarget Ecp5 { get; } = new(
        "ecp5",
        "Lattice ECP5",
        ["read_verilog -lib -specify +/ecp5/cells_sim.v +/ecp5/cells_bb.v"],
        ["proc", "synth_ecp5 -noflatten -run coarse:check"],
        new Dictionary<string, CellCost>
        {
            ["LUT4"] = new(Lut: 1),
            ["CCU2C"] = new(Lut: 2, Carry: 1),
            ["TRELLIS_DPR16X4"] = new(Lut: 6),
            ["TRELLIS_FF"] = new(FlipFlops: 1),
            ["MULT18X18D"] = new(Dsp: 1),
            ["DP16KD"] = new(BlockRam: 1),
            ["PDPW16KD"] = new(BlockRam: 1),
        }.ToFrozenDictionary(),
        18 * 1024);

    /// <summary>Lattice iCE40 UltraPlus 5K. A carry cell shares its logic cell with a LUT; blocks are of 4 Kbit (FPGA-DS-02008).</summary>
    public static SynthesisTarget Ice40Up5k { get; } = new(
        "ice40up5k",
        "Lattice iCE40 UltraPlus 5K",
        ["read_verilog -D ICE40_U -lib -specify +/ice40/cells_sim.v"],
        ["proc", "synth_ice40 -device u -dsp -noflatten -run coarse:check"],
        Ice40Cells().ToFrozenDictionary(),
        4 * 1024);

    /// <summary>Whether it is of Xilinx, whose LUTs have six inputs; Lattice's have four.</summary>
    public bool IsXilinx => this == Xc7 || this == Xcup;

    /// <summary>All of them.</summary>
    public static ImmutableArray<SynthesisTarget> All { get; } = [Xc7, Xcup, Ecp5, Ice40Up5k];

    /// <summary>The target named <paramref name="name"/>, or null.</summary>
    public static SynthesisTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);

    private static SynthesisTarget Xilinx(string family, string title, string dsp, (string Half, string Whole) block, string[] slicesOfFour, string[] slicesOfEight)
    {
        var cells = new Dictionary<string, CellCost>
        {
            ["RAM32X1D"] = new(Lut: 2),
            ["RAM64X1D"] = new(Lut: 2),
            ["RAM128X1D"] = new(Lut: 4),
            ["RAM256X1D"] = new(Lut: 8),
            ["SRL16E"] = new(Lut: 1),
            ["SRLC32E"] = new(Lut: 1),
            ["CARRY4"] = new(Carry: 1),
            ["CARRY8"] = new(Carry: 1),
            [dsp] = new(Dsp: 1),
            [block.Half] = new(BlockRam: 1),
            [block.Whole] = new(BlockRam: 2),
        };
        for (int inputs = 1; inputs <= 6; inputs++)
        {
            cells[$"LUT{inputs}"] = new(Lut: 1);
        }

        foreach (string flipFlop in new[] { "FDRE", "FDSE", "FDCE", "FDPE" })
        {
            cells[flipFlop] = new(FlipFlops: 1);
        }

        foreach (string cell in slicesOfFour)
        {
            cells[cell] = new(Lut: 4);
        }

        foreach (string cell in slicesOfEight)
        {
            cells[cell] = new(Lut: 8);
        }

        return new(
            family,
            title,
            ["read_verilog -lib -specify +/xilinx/cells_sim.v", "read_verilog -lib +/xilinx/cells_xtra.v"],
            [$"synth_xilinx -family {family} -noiopad -noclkbuf -run prepare:check"],
            cells.ToFrozenDictionary(),
            18 * 1024);
    }

    private static Dictionary<string, CellCost> Ice40Cells()
    {
        var cells = new Dictionary<string, CellCost>
        {
            ["SB_LUT4"] = new(Lut: 1),
            ["SB_CARRY"] = new(Carry: 1),
            ["SB_MAC16"] = new(Dsp: 1),
            ["SB_RAM40_4K"] = new(BlockRam: 1),
        };
        foreach (string enable in new[] { "", "E" })
        {
            foreach (string reset in new[] { "", "R", "S", "SR", "SS" })
            {
                foreach (string edge in new[] { "", "N" })
                {
                    cells[$"SB_DFF{edge}{enable}{reset}"] = new(FlipFlops: 1);
                }
            }
        }

        foreach (string ports in new[] { "NR", "NW", "NRNW" })
        {
            cells[$"SB_RAM40_4K{ports}"] = new(BlockRam: 1);
        }

        return cells;
    }
}
