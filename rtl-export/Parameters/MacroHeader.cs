// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace RtlExport.Parameters;

/// <summary>Writes the constants as macros: <c>accel_params.vh</c> for Verilog, <c>accel_params.h</c> for C drivers.</summary>
public static class MacroHeader
{
    private const string Prefix = "ACCEL_";

    /// <summary>The Verilog header: one <c>`define</c> per constant.</summary>
    public static string Verilog(RtlParameters parameters, BundleStamp stamp)
    {
        var text = Head(parameters, stamp);
        text.Append(CultureInfo.InvariantCulture, $"`ifndef {Prefix}PARAMS_VH\n`define {Prefix}PARAMS_VH\n");
        text.Append(CultureInfo.InvariantCulture, $"`define {Prefix}CONFIGURATION_SHA256 256'h{stamp.ConfigurationSha256}\n");
        text.Append(CultureInfo.InvariantCulture, $"`define {Prefix}HARDWARE_SHA256 256'h{stamp.HardwareSha256}\n");
        foreach (HardwareParameter parameter in parameters.Hardware.Concat(parameters.Fields))
        {
            text.Append(CultureInfo.InvariantCulture, $"`define {Prefix}{parameter.MacroName} {parameter.Text}\n");
        }

        return text.Append("`endif\n").ToString();
    }

    /// <summary>The C header: one <c>#define</c> per constant.</summary>
    public static string C(RtlParameters parameters, BundleStamp stamp)
    {
        var text = Head(parameters, stamp);
        text.Append(CultureInfo.InvariantCulture, $"#ifndef {Prefix}PARAMS_H\n#define {Prefix}PARAMS_H\n");
        text.Append(CultureInfo.InvariantCulture, $"#define {Prefix}CONFIGURATION_SHA256 \"{stamp.ConfigurationSha256}\"\n");
        text.Append(CultureInfo.InvariantCulture, $"#define {Prefix}HARDWARE_SHA256 \"{stamp.HardwareSha256}\"\n");
        foreach (HardwareParameter parameter in parameters.Hardware.Concat(parameters.Fields))
        {
            text.Append(CultureInfo.InvariantCulture, $"#define {Prefix}{parameter.MacroName} {parameter.Text}\n");
        }

        return text.Append("#endif\n").ToString();
    }

    private static StringBuilder Head(RtlParameters parameters, BundleStamp stamp) => new StringBuilder()
        .Append("// SPDX-License-Identifier: Apache-2.0\n")
        .Append(CultureInfo.InvariantCulture, $"// Constants of the accelerator '{parameters.Spec.Name}'; the same as in accel_pkg.sv.\n")
        .Append(CultureInfo.InvariantCulture, $"// configuration_sha256 {stamp.ConfigurationSha256}\n");
}
