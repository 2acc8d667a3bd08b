// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Security.Cryptography;
using AccelModel.Numerics;
using AccelModel.Specification.Yaml;

namespace AccelModel.Networks;

/// <summary>
/// Constant tensors of a <c>network.json</c>: the name of an <c>.npy</c> file beside it, or the numbers themselves as nested lists. Checks the files
/// against the checksums that the section <c>files</c> gives.
/// </summary>
internal sealed class ConstantReader
{
    private readonly string _directory;
    private readonly SpecSection? _checksums;
    private readonly SpecIssues _issues;
    private readonly Dictionary<string, NpyArray?> _files = [];

    public ConstantReader(string directory, SpecSection? checksums, SpecIssues issues)
    {
        _directory = directory;
        _checksums = checksums;
        _issues = issues;
    }

    /// <summary>A tensor of 32-bit integers with a number of extents; an empty one after findings.</summary>
    public IntegerTensor ReadTensor(SpecValue value, int extents)
    {
        (ImmutableArray<int> shape, long[] values) = Read(value, extents);
        int outside = Array.FindIndex(values, entry => entry != (int)entry);
        if (outside >= 0)
        {
            value.Issue($"out of range, found {values[outside]} at flat index {outside}, allowed {int.MinValue}..{int.MaxValue}");
            return new IntegerTensor([], []);
        }
        return new IntegerTensor(shape, [.. values.Select(entry => (int)entry)]);
    }

    /// <summary>A list of integers; an empty one after findings.</summary>
    public ImmutableArray<long> ReadList(SpecValue value) => [.. Read(value, 1).Values];

    /// <summary>Rows of integers of one length.</summary>
    public (int Rows, int Columns, ImmutableArray<long> Values) ReadTable(SpecValue value)
    {
        (ImmutableArray<int> shape, long[] values) = Read(value, 2);
        return shape.Length == 2 ? (shape[0], shape[1], [.. values]) : (0, 0, []);
    }

    /// <summary>Reports checksums that are none, and (where everything was read) those of files that no tensor names.</summary>
    public void Finish()
    {
        bool complete = _issues.Count == 0;
        foreach (string name in _checksums?.Keys ?? [])
        {
            string checksum = _checksums!.Required(name).AsString();
            if (checksum.Length > 0 && (checksum.Length != 64 || checksum.AsSpan().ContainsAnyExcept("0123456789abcdef")))
            {
                _checksums.Issue(name, $"not a SHA-256, found '{checksum}', allowed 64 lower-case hexadecimal digits");
            }
            else if (complete && !_files.ContainsKey(name))
            {
                _checksums.Issue(name, "no tensor names this file, allowed only files that are used");
            }
        }
    }

    private (ImmutableArray<int> Shape, long[] Values) Read(SpecValue value, int extents)
    {
        (ImmutableArray<int> Shape, long[] Values)? read = value.Node is SpecSequence ? ReadInline(value) : ReadFile(value);
        if (read is not (ImmutableArray<int> shape, long[] values))
        {
            return ([], []);
        }
        if (shape.Length != extents)
        {
            value.Issue($"wrong shape, found [{string.Join(", ", shape)}], allowed {extents} extents");
            return ([], []);
        }
        return (shape, values);
    }

    private static (ImmutableArray<int> Shape, long[] Values)? ReadInline(SpecValue value)
    {
        IReadOnlyList<SpecValue> items = value.AsList();
        if (items.Count == 0 || items[0].Node is not SpecSequence)
        {
            return ([items.Count], [.. items.Select(item => item.AsLong())]);
        }
        List<(ImmutableArray<int> Shape, long[] Values)> rows = [];
        foreach (SpecValue item in items)
        {
            if (ReadInlineRow(item) is not (ImmutableArray<int> shape, long[] values))
            {
                return null;
            }
            if (rows.Count > 0 && !rows[0].Shape.AsSpan().SequenceEqual(shape.AsSpan()))
            {
                item.Issue($"not as long as the first row, found [{string.Join(", ", shape)}], allowed [{string.Join(", ", rows[0].Shape)}]");
                return null;
            }
            rows.Add((shape, values));
        }
        return ([items.Count, .. rows[0].Shape], [.. rows.SelectMany(row => row.Values)]);
    }

    private static (ImmutableArray<int> Shape, long[] Values)? ReadInlineRow(SpecValue item)
    {
        if (item.Node is SpecSequence)
        {
            return ReadInline(item);
        }
        item.AsList();
        return null;
    }

    private (ImmutableArray<int> Shape, long[] Values)? ReadFile(SpecValue value)
    {
        string name = value.AsString();
        if (name.Length == 0)
        {
            return null;
        }
        if (name != Path.GetFileName(name) || name.Contains('\\', StringComparison.Ordinal) || !name.EndsWith(".npy", StringComparison.Ordinal))
        {
            value.Issue($"not a file beside {NetworkFile.JsonName}, found '{name}', allowed names that end in .npy, without folders; or a list of numbers");
            return null;
        }
        if (!_files.TryGetValue(name, out NpyArray? array))
        {
            array = LoadFile(name, value);
            _files.Add(name, array);
        }
        return array is null ? null : (array.Shape, array.ToIntegers<long>());
    }

    private NpyArray? LoadFile(string name, SpecValue value)
    {
        string path = Path.Combine(_directory, name);
        if (value.AsFile() is null)
        {
            return null;
        }
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            string? expected = _checksums?.Optional(name)?.AsString();
            string found = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (expected?.Length == 64 && expected != found)
            {
                _issues.Add(SpecPosition.StartOf(path), value.KeyPath, $"not the file that {NetworkFile.JsonName} was written with, found SHA-256 {found}, allowed {expected}");
                return null;
            }
            NpyArray array = NpyFile.Parse(bytes, path);
            if (array.Type != NpyType.Float32)
            {
                return array;
            }
            _issues.Add(SpecPosition.StartOf(path), value.KeyPath, $"not integers, found {array}, allowed |i1, |u1, <i2, <u2, <i4, <u4, <i8");
        }
        catch (NpyException exception)
        {
            _issues.Add(SpecPosition.StartOf(path), value.KeyPath, exception.Problem);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _issues.Add(SpecPosition.StartOf(path), value.KeyPath, "cannot be read, found an input/output error or a refused permission");
        }
        return null;
    }
}
