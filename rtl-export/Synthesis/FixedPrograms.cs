// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using RtlExport.Tools;

namespace RtlExport.Synthesis;

/// <summary>
/// A bundle's sources with its four programs as constants in place of the memories that the host writes. Instructions are 100 to 300 bits wide, and a memory block of a small part is 16 bits wide, whatever its
/// depth: four program memories take more blocks than an iCE40UP5K has, constants take a few LUTs. What the host writes to a program is then ignored; all else, run control among it, is as it was.
/// </summary>
public static partial class FixedPrograms
{
    private const string Accelerator = "accelerator.sv", Memory = "program_memory.sv";

    /// <summary>The sources of <paramref name="bundleDirectory"/> with fixed programs.</summary>
    /// <exception cref="BundleException">The folder is no bundle, or files are missing.</exception>
    public static HardwareSources Of(string bundleDirectory)
    {
        HardwareSources sources = HardwareSources.Read(bundleDirectory);
        return new([.. sources.Files.Select(file => file.Name switch
        {
            Accelerator => (file.Name, Instances().Replace(file.Text, "fixed_program_$2 $1 u_$2_program")),
            Memory => (file.Name, string.Concat(RtlProgram.Units.Select(unit => Module(unit, RtlProgram.Read(bundleDirectory, unit))))),
            _ => file,
        })]);
    }

    private static string Module(string unit, ImmutableArray<string> words)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $$"""
            // The {{unit}} program; ports and timing of program_memory.sv.
            module fixed_program_{{unit}} #(
              parameter int InstructionWidth = 64,
              parameter int InstructionWords = 2,
              parameter int Depth            = accel_pkg::ProgramDepth,
              parameter int AddressWidth     = accel_pkg::ProgramAddressWidth
            ) (
              input  logic                        clk_i,
              input  logic                        rst_ni,
              input  logic                        host_write_i,
              input  logic                        select_i,
              input  logic                        select_length_i,
              input  logic [AddressWidth-1:0]     host_line_i,
              input  logic [3:0]                  host_word_i,
              input  logic [31:0]                 host_data_i,
              input  logic                        fetch_i,
              input  logic [AddressWidth-1:0]     address_i,
              output logic [InstructionWidth-1:0] instruction_o,
              output logic [AddressWidth:0]       length_o
            );
              assign length_o = {{words.Length}};
              always_ff @(posedge clk_i) begin
                if (fetch_i) begin
                  case (address_i)

            """));
        for (int i = 0; i < words.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"        {i}: instruction_o <= {4 * words[i].Length}'h{words[i]};\n");
        }

        return text.Append("        default: instruction_o <= {InstructionWidth{1'bx}};\n      endcase\n    end\n  end\nendmodule\n\n").ToString();
    }

    [GeneratedRegex(@"program_memory\s+(#\([^;]*?\))\s+u_(load|array|vector|store)_program")]
    private static partial Regex Instances();
}

/// <summary>The programs of a bundle's vectors.</summary>
internal static class RtlProgram
{
    /// <summary>The units, as the files are named.</summary>
    public static ImmutableArray<string> Units { get; } = ["load", "array", "vector", "store"];

    /// <summary>A unit's instructions, in hexadecimal.</summary>
    /// <exception cref="BundleException">The file is missing.</exception>
    public static ImmutableArray<string> Read(string bundleDirectory, string unit)
    {
        string name = $"vectors/program_{unit}.memh", path = Path.Combine(bundleDirectory, name);
        return File.Exists(path)
            ? [.. File.ReadLines(path).Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)).Select(line => line.Trim())]
            : throw new BundleException($"{bundleDirectory}: {name} is missing", [name]);
    }
}
