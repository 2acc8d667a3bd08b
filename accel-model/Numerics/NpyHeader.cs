// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AccelModel.Numerics;

/// <summary>
/// The head of an <c>.npy</c> file, version 1.0 (numpy.lib.format): the magic <c>\x93NUMPY</c>, the version, the length
/// of the text in two bytes, and a Python dictionary that ends with spaces and a line end so that the data starts at
/// a multiple of 64 bytes.
/// </summary>
internal static partial class NpyHeader
{
    private const int PrefixBytes = 10;

    private const int Alignment = 64;

    /// <summary>NumPy leaves room for an extent of this many digits, so that a file can grow in place.</summary>
    private const int GrowthDigits = 21;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];

    /// <summary>The bytes that <c>numpy.save</c> writes before the data (compared with NumPy 1.24).</summary>
    public static byte[] Write(NpyType type, ReadOnlySpan<int> shape)
    {
        string text = $"{{'descr': '{type.Descriptor()}', 'fortran_order': False, 'shape': {NpyArray.ShapeText(shape)}, }}";
        int growth = shape.Length == 0 ? 0 : GrowthDigits - shape[0].ToString(CultureInfo.InvariantCulture).Length;
        int unpadded = PrefixBytes + text.Length + growth + 1;
        int total = unpadded + Alignment - (unpadded % Alignment);
        byte[] bytes = new byte[total];
        Magic.CopyTo(bytes);
        bytes[8] = (byte)(total - PrefixBytes);
        bytes[9] = (byte)((total - PrefixBytes) >> 8);
        Encoding.ASCII.GetBytes(text.PadRight(total - PrefixBytes - 1) + "\n", bytes.AsSpan(PrefixBytes));
        return bytes;
    }

    /// <summary>Reads the head of a file; <paramref name="dataStart"/> is where the elements begin.</summary>
    /// <returns>Null, or what is wrong.</returns>
    public static string? TryRead(ReadOnlySpan<byte> bytes, out NpyType type, out ImmutableArray<int> shape, out int dataStart)
    {
        (type, shape, dataStart) = (default, [], 0);
        if (bytes.Length < PrefixBytes || !bytes[..6].SequenceEqual(Magic[..6]))
        {
            return "not an .npy file, found other bytes than the magic \\x93NUMPY at its start";
        }
        if (!bytes[6..8].SequenceEqual(Magic[6..]))
        {
            return $"unknown version of the format, found {bytes[6]}.{bytes[7]}, allowed 1.0";
        }
        dataStart = PrefixBytes + bytes[8] + (bytes[9] << 8);
        if (bytes.Length < dataStart)
        {
            return $"truncated header, found {bytes.Length} bytes, needed {dataStart}";
        }
        string text = Encoding.Latin1.GetString(bytes[PrefixBytes..dataStart]);
        Match dictionary = Dictionary.Match(text);
        CaptureCollection keys = dictionary.Groups["key"].Captures;
        if (!dictionary.Success || keys.Select(key => key.Value).Distinct().Count() != 3)
        {
            return "malformed header, allowed a dictionary of 'descr', 'fortran_order' and 'shape'";
        }
        string descriptor = dictionary.Groups["descr"].Value;
        if (!NpyTypes.TryParse(descriptor, out type))
        {
            return $"element type not supported, found '{descriptor}', allowed {string.Join(", ", NpyTypes.AllDescriptors)}";
        }
        if (dictionary.Groups["order"].Value == "True")
        {
            return "column-major (Fortran) order is not supported, allowed row-major";
        }
        return TryReadShape(dictionary.Groups["extent"].Captures, out shape);
    }

    private static string? TryReadShape(CaptureCollection extents, out ImmutableArray<int> shape)
    {
        var read = ImmutableArray.CreateBuilder<int>(extents.Count);
        foreach (Capture extent in extents)
        {
            if (!int.TryParse(extent.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int value))
            {
                shape = [];
                return $"impossible shape, found the extent {extent.Value}, allowed 0..{int.MaxValue}";
            }
            read.Add(value);
        }
        shape = read.ToImmutable();
        return NpyArray.Elements(shape.AsSpan()) is null
            ? $"too many elements, found the shape {NpyArray.ShapeText(shape.AsSpan())}"
            : null;
    }

    /// <summary>The three entries in any order, each at most as Python's <c>repr</c> would write it.</summary>
    [GeneratedRegex(
        """
        \A\{\s*
        (
          (
              '(?<key>descr)'\s*:\s*'(?<descr>[^'\\]{1,16})'
            | '(?<key>fortran_order)'\s*:\s*(?<order>True|False)
            | '(?<key>shape)'\s*:\s*\(\s*(
                  \)
                | (?<extent>-?[0-9]{1,25})\s*,\s*\)
                | ((?<extent>-?[0-9]{1,25})\s*,\s*){1,31}(?<extent>-?[0-9]{1,25})\s*,?\s*\)
              )
          )\s*(,\s*|(?=\}))
        ){3}
        \}\s*\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Dictionary { get; }
}
