// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AccelModel.Specification.Yaml;

/// <summary>
/// Reads a YAML file of this project: one UTF-8 document of at most 4 MiB, at most 32 levels deep, each key once,
/// without tags, anchors, aliases and merge keys (so a small file cannot expand into a large one). Whatever is wrong
/// with a file becomes a finding; no exception leaves.
/// </summary>
public static class YamlFile
{
    /// <summary>The largest file.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>The deepest nesting of sections and lists.</summary>
    public const int MaxDepth = 32;

    private const string BaseKey = "base";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The tree of a file, or null when there is a finding that leaves no tree to read.</summary>
    public static SpecNode? Load(string path, SpecIssues issues) =>
        ReadBytes(path, issues) is byte[] bytes ? Parse(bytes, path, issues) : null;

    /// <summary>
    /// The tree of a file laid over the file that its top-level key <c>base</c> names (relative to the file itself),
    /// that one over its own base, and so on. The key itself is gone from the result. See
    /// <see cref="SpecNode.OverriddenBy"/>.
    /// </summary>
    public static SpecNode? LoadWithBase(string path, SpecIssues issues) => LoadWithBase(path, issues, []);

    /// <summary>The tree of a text that is not in a file of its own; <paramref name="file"/> is its name in findings.</summary>
    public static SpecNode? Parse(string text, string file, SpecIssues issues) =>
        TextIsClean(text, file, issues) ? new YamlTreeBuilder(text, file, issues).Build() : null;

    /// <summary>The tree of the bytes of a file; <paramref name="file"/> is its name in findings.</summary>
    public static SpecNode? Parse(ReadOnlySpan<byte> bytes, string file, SpecIssues issues)
    {
        ReadOnlySpan<byte> content = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        try
        {
            return Parse(StrictUtf8.GetString(content), file, issues);
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

    private static SpecNode? LoadWithBase(string path, SpecIssues issues, List<string> chain)
    {
        chain.Add(Path.GetFullPath(path.Replace("\0", "")));
        SpecNode? tree = Load(path, issues);
        if (tree is not SpecMapping mapping || mapping.Find(BaseKey) is not SpecEntry entry)
        {
            return tree;
        }
        SpecMapping overlay = mapping with { Entries = mapping.Entries.Remove(entry) };
        if (SpecSection.Root(mapping, issues).RequiredFile(BaseKey) is not string basePath)
        {
            return overlay;
        }
        if (chain.Contains(Path.GetFullPath(basePath)))
        {
            issues.Add(entry.Value.Position, BaseKey, $"a file cannot be its own base, found {entry.Value.Description} again");
            return overlay;
        }
        return LoadWithBase(basePath, issues, chain)?.OverriddenBy(overlay);
    }

    private static byte[]? ReadBytes(string path, SpecIssues issues)
    {
        string? problem;
        try
        {
            if (Directory.Exists(path))
            {
                problem = "cannot be read, found a directory, allowed a YAML file";
            }
            else
            {
                using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                byte[] buffer = new byte[MaxBytes + 1];
                int length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
                if (length <= MaxBytes)
                {
                    return buffer[..length];
                }
                problem = "too large, found more than 4 MiB, allowed up to 4 MiB";
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

    /// <summary>
    /// Control characters and foreign line ends are refused: the YAML scanner takes NUL for the end of the file, and
    /// others would make its lines differ from an editor's.
    /// </summary>
    private static bool TextIsClean(string text, string file, SpecIssues issues)
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

    private static readonly System.Buffers.SearchValues<char> Unprintable = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 0x10000).Select(code => (char)code).Where(c => (char.IsControl(c) && c is not ('\t' or '\n' or '\r')) || c is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF')]);
}
