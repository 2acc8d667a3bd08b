// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

namespace AccelModel.Networks;

/// <summary>
/// The directory format of an <see cref="IntegerNetwork"/>: <c>network.json</c> and one <c>.npy</c> file per constant tensor, as
/// docs/network-format.md describes it. The same network always gives the same bytes.
/// </summary>
public static class NetworkFile
{
    /// <summary>Version of the format, the key <c>format_version</c>.</summary>
    public const int FormatVersion = 1;

    /// <summary>The file that a directory must hold.</summary>
    public const string JsonName = "network.json";

    /// <summary>
    /// Writes a network beside its place and then moves it there, so that no reader sees half of it. A network that is there already is
    /// replaced; any other directory must be empty.
    /// </summary>
    /// <exception cref="ArgumentException">The network is not well-formed.</exception>
    /// <exception cref="IOException">The directory holds something else, or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written.</exception>
    public static void Save(IntegerNetwork network, string directory)
    {
        NetworkValidator.ThrowIfInvalid(network);
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        if (File.Exists(target) || (Directory.Exists(target) && !IsReplaceable(target)))
        {
            throw new IOException($"{directory}: not replaced, found something other than a network, allowed a new path, an empty directory or one with {JsonName}");
        }

        string parent = Path.GetDirectoryName(target) ?? throw new IOException($"{directory}: not a directory for a network");
        Directory.CreateDirectory(parent);
        string scratch = Path.Combine(parent, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}");
        string written = Path.Combine(scratch, "new");
        try
        {
            Directory.CreateDirectory(written);
            foreach ((string name, byte[] content) in NetworkWriter.Files(network))
            {
                File.WriteAllBytes(Path.Combine(written, name), content);
            }
            Replace(target, written, Path.Combine(scratch, "old"));
        }
        finally
        {
            if (Directory.Exists(scratch))
            {
                Directory.Delete(scratch, recursive: true);
            }
        }
    }

    /// <summary>The network of a directory, or null after findings; every finding of every file comes at once.</summary>
    public static IntegerNetwork? Load(string directory, SpecIssues issues)
    {
        string path = Path.Combine(directory, JsonName);
        SpecIssues found = [];
        IntegerNetwork? network = null;
        if (IsPlainJson(path, found) && YamlFile.Load(path, found) is SpecNode tree)
        {
            network = NetworkReader.Read(tree, directory, found);
        }
        foreach (SpecIssue issue in found)
        {
            issues.Add(issue);
        }
        return found.Count == 0 ? network : null;
    }

    /// <summary>Moves the new directory into place; where that fails, the old one is there again.</summary>
    private static void Replace(string target, string written, string old)
    {
        if (Directory.Exists(target))
        {
            Directory.Move(target, old);
        }
        try
        {
            Directory.Move(written, target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && Directory.Exists(old))
        {
            Directory.Move(old, target);
            throw;
        }
    }

    /// <summary>
    /// Adds findings about a network that was loaded from a directory (such as those of <see cref="HardwareFit"/>) at their places in its
    /// <c>network.json</c>.
    /// </summary>
    public static void Report(string directory, IEnumerable<Finding> findings, SpecIssues issues)
    {
        SpecNode tree = YamlFile.Load(Path.Combine(directory, JsonName), issues) ?? new SpecInvalid(SpecPosition.StartOf(Path.Combine(directory, JsonName)));
        foreach (Finding finding in findings)
        {
            issues.Add(tree, finding);
        }
    }

    private static bool IsReplaceable(string directory) =>
        File.Exists(Path.Combine(directory, JsonName)) || !Directory.EnumerateFileSystemEntries(directory).Any();

    /// <summary>
    /// JSON is read by the project's one strict reader (every JSON text is YAML); this keeps out what YAML allows beyond it. A file that
    /// cannot be read is left to that reader's findings.
    /// </summary>
    private static bool IsPlainJson(string path, SpecIssues issues)
    {
        byte[] bytes;
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length > YamlFile.MaxBytes)
            {
                return true;
            }
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true;
        }
        ReadOnlyMemory<byte> content = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsMemory(Encoding.UTF8.Preamble.Length) : bytes;
        try
        {
            JsonDocument.Parse(content).Dispose();
            return true;
        }
        catch (JsonException exception)
        {
            issues.Add(PositionOf(exception, content.Span, path), "", $"not plain JSON, found {Reason(exception)}");
            return false;
        }
    }

    private static SpecPosition PositionOf(JsonException exception, ReadOnlySpan<byte> content, string path)
    {
        int line = (int)(exception.LineNumber ?? 0);
        ReadOnlySpan<byte> rest = content;
        for (int i = 0; i < line; i++)
        {
            rest = rest[(rest.IndexOf((byte)'\n') + 1)..];
        }
        int before = (int)Math.Min(exception.BytePositionInLine ?? 0, rest.Length);
        return new SpecPosition(path, line + 1, Encoding.UTF8.GetCharCount(rest[..before]) + 1);
    }

    /// <summary>The parser's sentence without the position that it appends.</summary>
    private static string Reason(JsonException exception)
    {
        int end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? exception.Message : exception.Message[..end]).ReplaceLineEndings(" ").TrimEnd('.');
    }
}
