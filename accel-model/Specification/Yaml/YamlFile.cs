// SPDX-License-Identifier: Apache-2.0
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

    /// <summary>The tree of a file, or null when there is a finding that leaves no tree to read.</summary>
    public static SpecNode? Load(string path, SpecIssues issues) =>
        SpecText.ReadBytes(path, "a YAML file", MaxBytes, issues) is byte[] bytes ? Parse(bytes, path, issues) : null;

    /// <summary>
    /// The tree of a file laid over the file that its top-level key <c>base</c> names (relative to the file itself),
    /// that one over its own base, and so on. The key itself is gone from the result. See
    /// <see cref="SpecNode.OverriddenBy"/>.
    /// </summary>
    public static SpecNode? LoadWithBase(string path, SpecIssues issues) => LoadWithBase(path, issues, []);

    /// <summary>The tree of a text that is not in a file of its own; <paramref name="file"/> is its name in findings.</summary>
    public static SpecNode? Parse(string text, string file, SpecIssues issues) =>
        SpecText.IsClean(text, file, issues) ? new YamlTreeBuilder(text, file, issues).Build() : null;

    /// <summary>The tree of the bytes of a file; <paramref name="file"/> is its name in findings.</summary>
    public static SpecNode? Parse(ReadOnlySpan<byte> bytes, string file, SpecIssues issues) =>
        SpecText.Decode(bytes, file, issues) is string text ? Parse(text, file, issues) : null;

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
}
