// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace RtlExport.Parameters;

/// <summary>Writes <c>params.tcl</c>: the constants as one Tcl array, for the scripts of synthesis tools.</summary>
public static class TclScript
{
    /// <summary>The script's text: <c>accel(NAME)</c> is the value of each constant under its name in the package, <c>accel_name</c> and two hashes stand beside it.</summary>
    public static string Write(RtlParameters parameters, BundleStamp stamp)
    {
        var text = new StringBuilder();
        text.Append("# SPDX-License-Identifier: Apache-2.0\n");
        text.Append(CultureInfo.InvariantCulture, $"# Constants of the accelerator '{parameters.Spec.Name}'; the same as in accel_pkg.sv.\n");
        text.Append(CultureInfo.InvariantCulture, $"set accel_name {Quoted(parameters.Spec.Name)}\n");
        text.Append(CultureInfo.InvariantCulture, $"set accel_configuration_sha256 {stamp.ConfigurationSha256}\n");
        text.Append(CultureInfo.InvariantCulture, $"set accel_hardware_sha256 {stamp.HardwareSha256}\n");
        text.Append("array set accel {\n");
        foreach (HardwareParameter parameter in parameters.Hardware.Concat(parameters.Fields))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {parameter.Name} {parameter.Text}\n");
        }

        return text.Append("}\n").ToString();
    }

    /// <summary>A word in which Tcl substitutes nothing.</summary>
    private static string Quoted(string word) => $"\"{string.Concat(word.Select(c => c is '"' or '\\' or '$' or '[' or ']' ? "\\" + c : c.ToString()))}\"";
}
