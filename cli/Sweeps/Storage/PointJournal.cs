// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Cli.Sweeps.Storage;

/// <summary>
/// Finished chunks of points, appended to one file in the order in which they end: a line <c>chunk NUMBER BYTES CHECKSUM</c>, then the chunk's lines. What a kill left half-written is cut off
/// when the file is opened; a chunk whose bytes are not those of its checksum is told and counts as not done. docs/sweep-file.md describes the file.
/// </summary>
public sealed partial class PointJournal : IDisposable
{
    private readonly record struct Place(long Offset, int Length);

    private readonly FileStream _file;
    private readonly Dictionary<int, Place> _places = [];
    private readonly Lock _gate = new();

    private PointJournal(FileStream file) => _file = file;

    /// <summary>Whether a chunk is there.</summary>
    public bool Has(int chunk)
    {
        lock (_gate)
        {
            return _places.ContainsKey(chunk);
        }
    }

    /// <summary>Opens a journal, and takes what it holds of the same sweep.</summary>
    /// <param name="path">The file; it need not be there.</param>
    /// <param name="identity">What its points depend on, in one line; a file of another one begins anew.</param>
    /// <param name="log">Told about damage.</param>
    public static PointJournal Open(string path, string identity, TextWriter log)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var journal = new PointJournal(file);
        byte[] head = Encoding.UTF8.GetBytes(identity + "\n");
        byte[] there = new byte[head.Length];
        if (file.ReadAtLeast(there, head.Length, throwOnEndOfStream: false) == head.Length && there.AsSpan().SequenceEqual(head))
        {
            journal.Read(path, log);
        }
        else
        {
            file.SetLength(0);
            file.Write(head);
            file.Flush();
        }

        return journal;
    }

    /// <summary>Adds a chunk; when it returns, a kill does not lose it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Append(int chunk, string lines)
    {
        byte[] body = Encoding.UTF8.GetBytes(lines);
        byte[] head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"chunk {chunk} {body.Length} {Checksum(body)}\n"));
        lock (_gate)
        {
            long offset = _file.Seek(0, SeekOrigin.End);
            _file.Write(head);
            _file.Write(body);
            _file.Flush();
            _places[chunk] = new(offset + head.Length, body.Length);
        }
    }

    /// <summary>The lines of a chunk that is there.</summary>
    public string Lines(int chunk)
    {
        lock (_gate)
        {
            Place place = _places[chunk];
            byte[] body = new byte[place.Length];
            _file.Seek(place.Offset, SeekOrigin.Begin);
            _file.ReadExactly(body);
            return Encoding.UTF8.GetString(body);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Takes over the chunks of another journal of the same sweep that are not here; that one is only read, as somebody may still write to it.</summary>
    /// <param name="path">The other one.</param>
    /// <param name="identity">What the points depend on; a journal of another one is passed over.</param>
    public void Import(string path, string identity)
    {
        using var other = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] head = Encoding.UTF8.GetBytes(identity + "\n"), there = new byte[head.Length];
        if (other.ReadAtLeast(there, head.Length, throwOnEndOfStream: false) < head.Length || !there.AsSpan().SequenceEqual(head))
        {
            return;
        }

        Scan(other, (chunk, _, bytes) =>
        {
            if (!Has(chunk))
            {
                Append(chunk, Encoding.UTF8.GetString(bytes));
            }
        });
    }

    private void Read(string path, TextWriter log)
    {
        (long sound, bool damaged) = Scan(_file, (chunk, offset, bytes) => _places[chunk] = new(offset, bytes.Length));
        if (damaged)
        {
            log.WriteLine($"{path}: damaged, what is lost is computed again");
        }

        _file.SetLength(sound);
    }

    /// <summary>Calls with the number, place and bytes of each sound chunk; returns where the last of them ends, and whether there was anything else before it.</summary>
    private static (long Sound, bool Damaged) Scan(FileStream file, Action<int, long, byte[]> found)
    {
        long sound = file.Position;
        bool damaged = false;
        while (Line(file) is string line)
        {
            Match match = Head.Match(line);
            long body = file.Position;
            if (!match.Success)
            {
                // Somewhere in what was damaged: the next head is looked for.
                damaged = true;
                continue;
            }

            int length = int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
            byte[] bytes = new byte[(int)Math.Min(length, file.Length - body)];
            int read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (read < length)
            {
                break;
            }

            if (Checksum(bytes) != match.Groups[3].Value)
            {
                damaged = true;
                file.Position = body;
                continue;
            }

            found(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), body, bytes);
            sound = file.Position;
        }

        return (sound, damaged);
    }

    /// <summary>The first eight bytes of the SHA-256.</summary>
    private static string Checksum(byte[] body) => Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 8));

    /// <summary>The next line without its end; null where none ends.</summary>
    private static string? Line(FileStream file)
    {
        var line = new List<byte>(64);
        for (int value = file.ReadByte(); value >= 0; value = file.ReadByte())
        {
            if (value == '\n')
            {
                return Encoding.UTF8.GetString([.. line]);
            }

            line.Add((byte)value);
        }

        return null;
    }

    [GeneratedRegex(@"\Achunk ([0-9]{1,9}) ([0-9]{1,9}) ([0-9a-f]{16})\z")]
    private static partial Regex Head { get; }
}
