// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;

namespace AccelModel.Specification.Yaml;

/// <summary>The text of an input file: bytes that can be read, in UTF-8, without control characters. Whatever is wrong becomes a finding; no exception leaves.</summary>
internal static class SpecText
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly SearchValues<char> Unprintable = SearchValues.Create(
        [.. Enumerable.Range(0, 0x10000).Select(code => (char)code).Where(c => (char.IsControl(c) && c is not ('\t' or '\n' or '\r')) || c is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF')]);

    /// <summary>The bytes of a file, or null after a finding.</summary>
    /// <param name="path">The file.</param>
    /// <param name="wanted">What the file should be, for example <c>a YAML file</c>.</param>
    /// <param name="maxBytes">The largest file, a whole number of MiB.</param>
    /// <param name="issues">Receives the finding.</param>
    public static byte[]? ReadBytes(string path, string wanted, int maxBytes, SpecIssues issues)
    {
        string? problem;
        try
        {
            if (Directory.Exists(path))
            {
                problem = $"cannot be read, found a directory, allowed {wanted}";
            }
            else
            {
                using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                byte[] buffer = new byte[maxBytes + 1];
                int length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
                if (length <= maxBytes)
                {
                    return buffer[..length];
                }
                problem = $"too large, found more than {maxBytes >> 20} MiB, allowed up to {maxBytes >> 20} MiB";
            }
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            problem = "cannot be read, found no such file";
        }
        catch (UnauthorizedAccessException)
        {
            problem = "cannot be read, found that permission is denied";
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or NotSupportedException)
        {
            problem = "cannot be read, found an input/output error or an impossible path";
        }
        issues.Add(SpecPosition.StartOf(path), "", problem);
        return null;
    }

    /// <summary>The text of bytes in UTF-8, with or without a byte order mark, or null after a finding; <paramref name="file"/> is its name there.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes, string file, SpecIssues issues)
    {
        ReadOnlySpan<byte> content = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        try
        {
            return StrictUtf8.GetString(content);
        }
        catch (DecoderFallbackException exception)
        {
            ReadOnlySpan<byte> before = content[..Math.Clamp(exception.Index, 0, content.Length)];
            string bad = Convert.ToHexStringLower(exception.BytesUnknown ?? []);
            int lineStart = before.LastIndexOf((byte)'\n') + 1;
            int line = before.Count((byte)'\n') + 1;
            int column = Encoding.UTF8.GetCharCount(before[lineStart..]) + 1;
            issues.Add(new SpecPosition(file, line, column), "", $"not a text in UTF-8, found the bytes 0x{bad}");
            return null;
        }
    }

    /// <summary>
    /// Whether there are no control characters and foreign line ends: the YAML scanner takes NUL for the end of the file, and others would make a
    /// reader's lines differ from an editor's.
    /// </summary>
    public static bool IsClean(string text, string file, SpecIssues issues)
    {
        int index = text.AsSpan().IndexOfAny(Unprintable);
        if (index < 0)
        {
            return true;
        }
        ReadOnlySpan<char> before = text.AsSpan(0, index);
        int line = before.Count('\n') + 1;
        issues.Add(
            new SpecPosition(file, line, index - before.LastIndexOf('\n')),
            "",
            $"unprintable character, found U+{(int)text[index]:X4}, allowed printable text, tabs and line ends");
        return false;
    }
}
