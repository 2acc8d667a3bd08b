// SPDX-License-Identifier: Apache-2.0
namespace RtlExport.Synthesis;

/// <summary>The clock of a placed and routed design by two analyses of the same result.</summary>
/// <param name="NextpnrMhz">Fastest clock that nextpnr-ice40 reports after routing.</param>
/// <param name="IcetimeMhz">Fastest clock that icetime reports for the same bitstream.</param>
/// <param name="LogicCells">Logic cells that the placed design takes, harness included.</param>
/// <param name="CriticalPath">Instances along icetime's slowest path, each once, in order.</param>
public sealed record PlacedTiming(double NextpnrMhz, double IcetimeMhz, int LogicCells, string CriticalPath)
{
    /// <summary>The lower of the two.</summary>
    public double FmaxMhz => Math.Min(NextpnrMhz, IcetimeMhz);
}
