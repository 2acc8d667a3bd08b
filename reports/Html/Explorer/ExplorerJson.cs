// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using Reports.Tables;

namespace Reports.Html.Explorer;

/// <summary>The data of an <see cref="ExplorerBlock"/> as JSON, the form that <c>explorer/*.js</c> read.</summary>
internal static class ExplorerJson
{
    /// <summary>The text; it may stand inside a script element.</summary>
    public static string Write(ExplorerBlock block)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            WriteTexts(json, "ids", block.Ids);
            json.WriteStartArray("columns");
            foreach (ExplorerColumn column in block.Columns)
            {
                json.WriteStartObject();
                json.WriteString("title", column.Header.Title);
                json.WriteString("unit", column.Header.Style == NumberStyle.Percent ? "%" : column.Header.Unit);
                json.WriteBoolean("percent", column.Header.Style == NumberStyle.Percent);
                ColumnEncoder.Write(json, column);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            WriteIndices(json, "axes", block.Axes);
            json.WriteStartArray("plots");
            foreach (ExplorerPlot plot in block.Plots)
            {
                json.WriteStartObject();
                json.WriteString("id", plot.Figure.Id);
                json.WriteNumber("x", plot.X);
                json.WriteNumber("y", plot.Y);
                json.WriteBoolean("minimize_x", plot.MinimizeX);
                ColumnEncoder.WriteRows(json, "front", plot.Front);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("color", block.ColorColumn ?? -1);
            ColumnEncoder.WriteRows(json, "front", block.Front);
            ColumnEncoder.WriteRows(json, "missing", block.Missing);
            json.WriteNumber("recommended", block.Recommended ?? -1);
            WriteTexts(json, "yaml_head", block.YamlHead);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void WriteIndices(Utf8JsonWriter json, string name, IEnumerable<int> indices)
    {
        json.WriteStartArray(name);
        foreach (int index in indices)
        {
            json.WriteNumberValue(index);
        }

        json.WriteEndArray();
    }
}
