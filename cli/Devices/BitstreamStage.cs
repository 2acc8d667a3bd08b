// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Cli.CommandLine;
using RtlExport.Synthesis;

namespace Cli.Devices;

/// <summary>RTL bundle to bitstream.</summary>
internal static class BitstreamStage
{
    /// <summary>Makes the bitstream and its netlist.</summary>
    public static PlacedDesign Run(string bundle, string bitstream, CommandContext context)
    {
        var flow = new BitstreamFlow { Progress = new CallbackProgress<string>(stage => context.Tell($"bitstream: {stage} ...")) };
        return flow.Build(bundle, bitstream, context.Cancellation);
    }

    /// <summary>What <c>--json</c> says of it.</summary>
    public static object Summary(PlacedDesign placed, string bitstream) => new
    {
        File = bitstream,
        Netlist = BitstreamFlow.NetlistOf(bitstream),
        placed.Tool,
        placed.LogicCells,
        Bram = placed.BlockRam,
        placed.Dsp,
        placed.Pins,
        placed.NextpnrMhz,
        placed.IcetimeMhz,
    };

    /// <summary>What people read of it.</summary>
    public static string Describe(PlacedDesign placed, string bitstream) => string.Create(
        CultureInfo.InvariantCulture,
        $"{bitstream}: {placed.LogicCells:N0} logic cells, {placed.BlockRam} BRAM, {placed.Pins} pins, {placed.FmaxMhz:F1} MHz (nextpnr {placed.NextpnrMhz:F1}, icetime {placed.IcetimeMhz:F1}; {placed.Tool})");
}
