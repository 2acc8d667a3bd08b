// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using AccelModel.Specification;
using Cli.CommandLine;
using Cli.Sweeps.Metrics;

namespace Cli.Sweeps.Storage;

/// <summary>A results.csv that is read back, line by line.</summary>
public sealed class ResultTable
{
    private readonly string _path;

    private ResultTable(string path, ImmutableArray<string> header)
    {
        (_path, Header) = (path, header);
        Metrics = [.. header.Select(MetricTable.Named).OfType<Metric>()];
        Keys = [.. header.Skip(1).TakeWhile(name => MetricTable.Named(name) is null)];
    }

    /// <summary>All columns.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>The columns that are keys of axes; they follow the number.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>The columns that are metrics.</summary>
    public IReadOnlyList<Metric> Metrics { get; }

    /// <summary>The table of a sweep's folder.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static ResultTable Open(SweepFolder folder)
    {
        if (!File.Exists(folder.Results))
        {
            throw new CommandException(ExitCode.BadInput, $"{folder.Root}: not a finished sweep, found no {Path.GetFileName(folder.Results)}, allowed a folder that sweep wrote");
        }

        return new(folder.Results, CsvLine.Fields(File.ReadLines(folder.Results).FirstOrDefault() ?? ""));
    }

    /// <summary>The rows, in order.</summary>
    /// <exception cref="CommandException">A row has another number of fields.</exception>
    public IEnumerable<IReadOnlyList<string>> Rows()
    {
        int line = 1;
        foreach (string text in File.ReadLines(_path).Skip(1))
        {
            line++;
            ImmutableArray<string> fields = CsvLine.Fields(text);
            yield return fields.Length == Header.Count
                ? fields
                : throw new CommandException(ExitCode.BadInput, FormattableString.Invariant($"{_path}:{line}: wrong number of fields, found {fields.Length}, allowed {Header.Count}"));
        }
    }

    /// <summary>A metric of a row; null where it is not known.</summary>
    public double? ValueOf(IReadOnlyList<string> row, Metric metric)
    {
        int column = Header.ToList().IndexOf(metric.Name);
        return column >= 0 && double.TryParse(row[column], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
    }

    /// <summary>The fields of a row that are keys of axes.</summary>
    public IReadOnlyList<string> KeysOf(IReadOnlyList<string> row) => [.. row.Skip(1).Take(Keys.Count)];
}
