// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.Json;
using AccelModel.Scheduling;
using RtlExport.Parameters;

namespace RtlExport.Vectors;

/// <summary>The JSON and listing files of a bundle.</summary>
internal static class BundleText
{
    /// <summary><c>params.json</c>: every constant by name.</summary>
    public static string Parameters(RtlParameters parameters, BundleStamp stamp) => Json(json =>
    {
        json.WriteString("name", parameters.Spec.Name);
        json.WriteString("configuration_sha256", stamp.ConfigurationSha256);
        json.WriteString("hardware_sha256", stamp.HardwareSha256);
        json.WriteStartObject("parameters");
        foreach (HardwareParameter parameter in parameters.Hardware)
        {
            json.WriteNumber(parameter.Name, parameter.Value);
        }

        json.WriteEndObject();
        json.WriteStartObject("instructions");
        foreach (InstructionFormat format in parameters.Instructions.Formats)
        {
            json.WriteStartObject(format.Prefix);
            json.WriteNumber("width", format.Width);
            json.WriteStartArray("fields");
            foreach (InstructionField field in format.Fields)
            {
                json.WriteStartObject();
                json.WriteString("name", field.Name);
                json.WriteNumber("lsb", field.Lsb);
                json.WriteNumber("width", field.Width);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    });

    /// <summary><c>programs.txt</c>: the four programs to read.</summary>
    public static string Listing(RtlParameters parameters, BundleStamp stamp, Schedule schedule)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Programs of network '{schedule.Network.Name}' on accelerator '{schedule.Accelerator.Name}'.\n");
        text.Append(CultureInfo.InvariantCulture, $"# configuration_sha256 {stamp.ConfigurationSha256}\n");
        IReadOnlyList<IReadOnlyList<Instruction>> programs = BenchVectors.Programs(schedule);
        for (int unit = 0; unit < programs.Count; unit++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{BenchVectors.UnitNames[unit]}:\n");
            for (int i = 0; i < programs[unit].Count; i++)
            {
                Instruction instruction = programs[unit][i];
                text.Append(CultureInfo.InvariantCulture, $"{i,6}  layer {instruction.Layer,-3}");
                foreach ((string name, long value) in parameters.Instructions.Fields(instruction, i))
                {
                    text.Append(' ').Append(name).Append('=').Append(name is "Waits" or "Signals" ? new SemaphoreSet((int)value).ToString() : value.ToString(CultureInfo.InvariantCulture));
                }

                text.Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>A JSON object, indented, with <c>\n</c> line ends.</summary>
    public static string Json(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new() { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }
}
