// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace RtlExport.Parameters;

/// <summary>
/// Writes <c>accel_pkg.sv</c>, the constants that every module of the RTL is elaborated with, and <c>accel_params.svh</c>, the same constants for modules of others.
/// </summary>
public static class SystemVerilogPackage
{
    /// <summary>Least room for a unit's instructions in the bench's timeline.</summary>
    public const int LeastBenchEvents = 256;

    /// <summary>
    /// The file's text. <paramref name="benchMemoryWords"/> and <paramref name="benchEvents"/> are the size of the bench's memory and the most instructions that a unit runs in it: constants that no
    /// hardware has.
    /// </summary>
    public static string Write(RtlParameters parameters, BundleStamp stamp, int benchMemoryWords, int benchEvents = LeastBenchEvents)
    {
        var text = new StringBuilder();
        text.Append("// SPDX-License-Identifier: Apache-2.0\n");
        text.Append(CultureInfo.InvariantCulture, $"// Constants of the accelerator '{parameters.Spec.Name}'. Written by the exporter; the modules beside it are written by hand.\n");
        text.Append(CultureInfo.InvariantCulture, $"// configuration_sha256 {stamp.ConfigurationSha256}\n");
        text.Append("package accel_pkg;\n\n");
        text.Append("  // A design need not use every constant: some are for the bench, some for other designs.\n  /* verilator lint_off UNUSEDPARAM */\n\n");
        AppendHashes(text, stamp);
        text.Append('\n');
        Append(text, parameters.Hardware);
        text.Append("\n  // Instruction fields: bits [Lsb +: Width] of an instruction word.\n");
        Append(text, parameters.Fields);
        text.Append("\n  // On a system bus: sizes, and the registers with their fields.\n");
        Append(text, AxiParameters.Of(parameters.Spec.Memory).Concat(RegisterMap.Parameters()));
        int columns = parameters.LaneSeeds.Length;
        text.Append("\n  // First random word of lane c at bit 32 * c.\n");
        text.Append(CultureInfo.InvariantCulture, $"  localparam logic [{32 * columns - 1}:0] LaneSeeds = {{");
        text.Append(string.Join(", ", parameters.LaneSeeds.Reverse().Select(seed => "32'h" + seed.ToString("x8", CultureInfo.InvariantCulture))));
        text.Append("};\n");
        text.Append("\n  // Words of the bench's memory, and instructions of a unit's timeline in it.\n");
        text.Append(CultureInfo.InvariantCulture, $"  localparam int BenchMemoryWords = {benchMemoryWords};\n");
        text.Append(CultureInfo.InvariantCulture, $"  localparam int BenchEvents = {benchEvents};\n");
        text.Append("\n  /* verilator lint_on UNUSEDPARAM */\n\nendpackage\n");
        return text.ToString();
    }

    /// <summary>
    /// The header's text: the package's constants, without those of the bench and of the system bus, as declarations to include inside a module or a package. It has no guard: each scope that includes it gets its own.
    /// </summary>
    public static string Include(RtlParameters parameters, BundleStamp stamp)
    {
        var text = new StringBuilder();
        text.Append("// SPDX-License-Identifier: Apache-2.0\n");
        text.Append(CultureInfo.InvariantCulture, $"// Constants of the accelerator '{parameters.Spec.Name}', to include inside a module or package; the same as in accel_pkg.sv.\n");
        text.Append(CultureInfo.InvariantCulture, $"// configuration_sha256 {stamp.ConfigurationSha256}\n");
        text.Append("  /* verilator lint_off UNUSEDPARAM */\n");
        AppendHashes(text, stamp);
        Append(text, parameters.Hardware.Concat(parameters.Fields));
        return text.Append("  /* verilator lint_on UNUSEDPARAM */\n").ToString();
    }

    private static void AppendHashes(StringBuilder text, BundleStamp stamp)
    {
        text.Append(CultureInfo.InvariantCulture, $"  localparam logic [255:0] ConfigurationSha256 = 256'h{stamp.ConfigurationSha256};\n");
        text.Append(CultureInfo.InvariantCulture, $"  localparam logic [255:0] HardwareSha256      = 256'h{stamp.HardwareSha256};\n");
    }

    private static void Append(StringBuilder text, IEnumerable<HardwareParameter> parameters)
    {
        foreach (HardwareParameter parameter in parameters)
        {
            string declaration = parameter.Type == ParameterType.Bit
                ? $"localparam bit {parameter.Name} = 1'b{parameter.Text};"
                : $"localparam int {parameter.Name} = {parameter.Text};";
            text.Append("  ").Append(declaration).Append(parameter.Comment.Length > 0 ? "  // " + parameter.Comment : "").Append('\n');
        }
    }
}
