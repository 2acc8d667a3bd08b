// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AccelModel.Specification;

namespace Cli.Sweeps.Storage;

/// <summary>Writes results.csv, invalid.csv and failures.csv line by line beside their places; <see cref="Finish"/> moves all three there.</summary>
public sealed class ResultFiles : IDisposable
{
    private const string Suffix = ".partial";
    private readonly (string Path, StreamWriter Writer)[] _files;

    /// <summary>Begins the files of a folder.</summary>
    public ResultFiles(SweepFolder folder, ResultRow row) =>
        _files = [Begin(folder.Results, row.Header), Begin(folder.Invalid, row.ReasonHeader), Begin(folder.Failures, row.ReasonHeader)];

    /// <summary>Adds the line of a point.</summary>
    public void Add(OutcomeKind kind, ReadOnlySpan<char> line)
    {
        StreamWriter writer = _files[(int)kind].Writer;
        writer.Write(line);
        writer.Write(CsvLine.End);
    }

    /// <summary>Puts the files into their places.</summary>
    public void Finish()
    {
        foreach ((string path, StreamWriter writer) in _files)
        {
            writer.Dispose();
            File.Move(path + Suffix, path, overwrite: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, StreamWriter writer) in _files)
        {
            writer.Dispose();
        }
    }

    private static (string Path, StreamWriter Writer) Begin(string path, string header)
    {
        var writer = new StreamWriter(path + Suffix, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16);
        writer.Write(header);
        writer.Write(CsvLine.End);
        return (path, writer);
    }
}
