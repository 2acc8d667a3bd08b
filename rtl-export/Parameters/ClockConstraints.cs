// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace RtlExport.Parameters;

/// <summary>
/// Writes the clock that the design is to meet for two families of tools: <c>constraints.xdc</c> (a Tcl subset: Vivado) and <c>constraints.pcf</c> (nextpnr-ice40). Pins belong to a board and are
/// its user's.
/// </summary>
public static class ClockConstraints
{
    /// <summary>Name of the clock's port in every module.</summary>
    public const string Port = "clk_i";

    /// <summary>The period in nanoseconds, down to whole picoseconds: the constraint is never slower than the specification's clock.</summary>
    public static string Period(double clockMhz) => (Math.Floor(1e6 / clockMhz) / 1000).ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>For Vivado.</summary>
    public static string Xdc(RtlParameters parameters, BundleStamp stamp) => Head(parameters, stamp)
        .Append(CultureInfo.InvariantCulture, $"create_clock -name {Port} -period {Period(parameters.Spec.ClockMhz)} [get_ports {Port}]\n").ToString();

    /// <summary>For nextpnr-ice40; the frequency in MHz.</summary>
    public static string Pcf(RtlParameters parameters, BundleStamp stamp) => Head(parameters, stamp)
        .Append(CultureInfo.InvariantCulture, $"set_frequency {Port} {parameters.Spec.ClockMhz:0.######}\n").ToString();

    private static StringBuilder Head(RtlParameters parameters, BundleStamp stamp) => new StringBuilder()
        .Append("# SPDX-License-Identifier: Apache-2.0\n")
        .Append(CultureInfo.InvariantCulture, $"# The clock of the accelerator '{parameters.Spec.Name}', clock_mhz of its specification. Pins are the board's: add them here.\n")
        .Append(CultureInfo.InvariantCulture, $"# configuration_sha256 {stamp.ConfigurationSha256}\n");
}
