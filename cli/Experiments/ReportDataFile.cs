// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;
using Cli.CommandLine;
using Reports.Runs;

namespace Cli.Experiments;

/// <summary>Keeps what a report shows, so that it can be drawn again: <c>simulation/report.json</c>.</summary>
public static class ReportDataFile
{
    private static readonly JsonSerializerOptions Options = new(RunSummary.JsonOptions) { Converters = { new MatrixConverter() }, WriteIndented = false };

    /// <summary>Writes the data.</summary>
    public static void Save(string path, RunReportData data) => AtomicFile.Write(path, JsonSerializer.Serialize(data, Options) + "\n");

    /// <summary>Reads the data.</summary>
    /// <exception cref="CommandException">The file is missing or not of this version.</exception>
    public static RunReportData Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new CommandException(ExitCode.BadInput, $"{path}: no such file: the folder holds no finished run");
        }

        try
        {
            return JsonSerializer.Deserialize<RunReportData>(File.ReadAllText(path), Options)
                ?? throw new CommandException(ExitCode.BadInput, $"{path}: is empty");
        }
        catch (JsonException exception)
        {
            throw new CommandException(ExitCode.BadInput, $"{path}:{exception.LineNumber + 1}:{exception.BytePositionInLine + 1}: not a report of this version: {exception.Path}", exception);
        }
    }

    /// <summary>A matrix as a list of rows.</summary>
    private sealed class MatrixConverter : JsonConverter<int[,]>
    {
        public override int[,] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            int[][] rows = JsonSerializer.Deserialize<int[][]>(ref reader, options) ?? [];
            int columns = rows.Length == 0 ? 0 : rows[0].Length;
            var matrix = new int[rows.Length, columns];
            for (int row = 0; row < rows.Length; row++)
            {
                if (rows[row].Length != columns)
                {
                    throw new JsonException("rows of different lengths");
                }

                for (int column = 0; column < columns; column++)
                {
                    matrix[row, column] = rows[row][column];
                }
            }

            return matrix;
        }

        public override void Write(Utf8JsonWriter writer, int[,] value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            for (int row = 0; row < value.GetLength(0); row++)
            {
                writer.WriteStartArray();
                for (int column = 0; column < value.GetLength(1); column++)
                {
                    writer.WriteNumberValue(value[row, column]);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }
    }
}
