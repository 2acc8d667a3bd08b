// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using RtlExport.Corners;
using RtlExport.Parameters;
using RtlExport.Vectors;

namespace RtlExport.Formats;

/// <summary>Vectors, programs and memory as constant arrays in C headers.</summary>
internal static class CArrays
{
    private const string Prefix = "accel_";

    private const int PerLine = 16;

    /// <summary><c>vectors.h</c>: input codes and every layer's output codes, by image, row, column, channel.</summary>
    public static string Tensors(BundleStamp stamp, IReadOnlyList<VectorTensor> tensors)
    {
        StringBuilder text = Head("VECTORS", stamp, "Input codes and output codes of every layer, by image, row, column and channel.");
        text.Append(CultureInfo.InvariantCulture, $"#define ACCEL_VECTOR_IMAGES {tensors[0].Images}\n");
        foreach (VectorTensor tensor in tensors)
        {
            string shape = string.Concat(tensor.Shape.Select(extent => string.Create(CultureInfo.InvariantCulture, $"[{extent}]")));
            text.Append(CultureInfo.InvariantCulture, $"\n/* {tensor.Title} */\nstatic const {TypeOf(tensor.Type)} {Prefix}{tensor.Name}{shape} = {{\n");
            int image = tensor.Spec.Elements, row = tensor.Spec.Width * tensor.Spec.Channels, pixel = tensor.Spec.Channels;
            for (int i = 0; i < tensor.Codes.Length; i++)
            {
                text.Append(i % image == 0 ? " {" : "").Append(i % row == 0 ? "{" : "").Append(i % pixel == 0 ? "{" : "").Append(CultureInfo.InvariantCulture, $"{tensor.Codes[i]}");
                int end = i + 1;
                text.Append(end % pixel == 0 ? "}" : "").Append(end % row == 0 ? "}" : "").Append(end % image == 0 ? "}" : "")
                    .Append(end == tensor.Codes.Length ? "\n" : end % PerLine == 0 || end % image == 0 ? ",\n" : ",");
            }

            text.Append("};\n");
        }

        return text.Append("\n#endif\n").ToString();
    }

    /// <summary><c>modules.h</c>: the directed vectors of single modules, a vector per row, and the number of each field.</summary>
    public static string Tables(BundleStamp stamp, IEnumerable<VectorTable> tables)
    {
        StringBuilder text = Head("MODULES", stamp, "Directed vectors of single modules: a vector per row, its fields by the numbers of the enumeration.");
        foreach (VectorTable table in tables)
        {
            string upper = "VECTOR_" + table.Name.ToUpperInvariant();
            text.Append(CultureInfo.InvariantCulture, $"\nenum {Prefix}{table.Name}_field {{\n");
            text.AppendJoin(",\n", table.Columns.Select(column => $"  ACCEL_{upper}_{column.Name.ToUpperInvariant()}"));
            text.Append(CultureInfo.InvariantCulture, $",\n  ACCEL_{upper}_FIELDS\n}};\n#define ACCEL_{upper}_COUNT {table.Rows.Length}\n");
            text.Append(CultureInfo.InvariantCulture, $"static const int64_t {Prefix}{table.Name}[ACCEL_{upper}_COUNT][ACCEL_{upper}_FIELDS] = {{\n");
            text.AppendJoin(",\n", table.Rows.Select(row => $"  {{{string.Join(", ", row.Select(Literal))}}}"));
            text.Append("\n};\n");
        }

        return text.Append("\n#endif\n").ToString();
    }

    /// <summary><c>programs.h</c>: what a driver writes before a run (docs/rtl.md, the host port), and the memory's bytes before the first inference.</summary>
    public static string Programs(BundleStamp stamp, RtlParameters parameters, Schedule schedule)
    {
        StringBuilder text = Head("PROGRAMS", stamp, "Instructions of the four units, the counts of the semaphores before the first cycle, and the bytes of the memory before the first inference.");
        IReadOnlyList<IReadOnlyList<Instruction>> programs = BenchVectors.Programs(schedule);
        for (int unit = 0; unit < programs.Count; unit++)
        {
            int words = parameters.Instructions.Formats[unit].Words;
            string[] rows = [.. programs[unit].Select((instruction, index) => $"{{{string.Join(',', parameters.Instructions.Encode(instruction, index).Select(Hex))}}}")];
            string name = BenchVectors.UnitNames[unit];
            text.Append(CultureInfo.InvariantCulture, $"\n#define ACCEL_PROGRAM_{name.ToUpperInvariant()}_INSTRUCTIONS {programs[unit].Count}\n");

            // An array of no elements is none in C.
            Append(text, "uint32_t", $"program_{name}[{Math.Max(1, programs[unit].Count)}][{words}]", rows.Length == 0 ? ["{0}"] : rows, 1);
        }

        ImmutableArray<int> initial = schedule.InitialSemaphores.IsEmpty ? [.. new int[SemaphoreSet.Count]] : schedule.InitialSemaphores;
        text.Append(CultureInfo.InvariantCulture, $"\n#define ACCEL_LOAD_PROLOGUE {schedule.LoadPrologue}\n");
        Append(text, "uint8_t", $"initial_semaphores[{SemaphoreSet.Count}]", [.. initial.Select(count => count.ToString(CultureInfo.InvariantCulture))]);
        text.Append(CultureInfo.InvariantCulture, $"\n/* Byte addresses and sizes of the input's and the output's regions. */\n");
        int wordBytes = schedule.Accelerator.Memory.BytesPerCycle;
        foreach ((string name, FeatureMap map) in new[] { ("INPUT", schedule.Input), ("OUTPUT", schedule.Output) })
        {
            text.Append(CultureInfo.InvariantCulture, $"#define ACCEL_{name}_ADDRESS {map.RegionAddress * (long)wordBytes}\n#define ACCEL_{name}_BYTES {map.RegionWords * (long)wordBytes}\n");
        }

        Append(text, "uint8_t", $"memory[{schedule.Memory.Bytes.Length}]", [.. schedule.Memory.Bytes.Select(value => value.ToString(CultureInfo.InvariantCulture))]);
        return text.Append("\n#endif\n").ToString();
    }

    private static void Append(StringBuilder text, string type, FormattableString name, string[] values, int perLine = PerLine)
    {
        text.Append(CultureInfo.InvariantCulture, $"static const {type} {Prefix}{FormattableString.Invariant(name)} = {{\n");
        for (int i = 0; i < values.Length; i++)
        {
            text.Append(values[i]).Append(i + 1 == values.Length ? "\n" : (i + 1) % perLine == 0 ? ",\n" : ",");
        }

        text.Append("};\n");
    }

    private static StringBuilder Head(string guard, BundleStamp stamp, string what) => new StringBuilder()
        .Append(CultureInfo.InvariantCulture, $"/* SPDX-License-Identifier: Apache-2.0 */\n/* {what} */\n/* configuration_sha256 {stamp.ConfigurationSha256} */\n")
        .Append(CultureInfo.InvariantCulture, $"#ifndef ACCEL_{guard}_H\n#define ACCEL_{guard}_H\n#include <stdint.h>\n")
        .Append(CultureInfo.InvariantCulture, $"#define ACCEL_{guard}_CONFIGURATION_SHA256 \"{stamp.ConfigurationSha256}\"\n#define ACCEL_{guard}_HARDWARE_SHA256 \"{stamp.HardwareSha256}\"\n");

    private static string Hex(uint word) => "0x" + word.ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>C has no literal for the least number of 64 bits.</summary>
    private static string Literal(long value) => value == long.MinValue ? "INT64_MIN" : Math.Abs(value) > int.MaxValue ? string.Create(CultureInfo.InvariantCulture, $"INT64_C({value})") : value.ToString(CultureInfo.InvariantCulture);

    private static string TypeOf(NpyType type) => type switch
    {
        NpyType.Int8 => "int8_t",
        NpyType.UInt8 => "uint8_t",
        NpyType.Int16 => "int16_t",
        NpyType.UInt16 => "uint16_t",
        _ => "int32_t",
    };
}
