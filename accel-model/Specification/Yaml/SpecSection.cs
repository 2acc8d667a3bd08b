// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Specification.Yaml;

/// <summary>
/// A section being read. Ask for every key it may have, then call <see cref="Finish"/> on the root: what nobody asked
/// for is unknown. A section that is itself wrong or missing had its finding already and gives defaults silently.
/// </summary>
public sealed class SpecSection
{
    private readonly SpecMapping? _mapping;
    private readonly SpecPosition _position;
    private readonly SpecIssues _issues;
    private readonly OrderedDictionary<string, SpecValue?> _asked = [];
    private readonly List<SpecSection> _children = [];

    internal SpecSection(SpecMapping? mapping, SpecPosition position, string keyPath, SpecIssues issues)
    {
        _mapping = mapping;
        _position = position;
        _issues = issues;
        KeyPath = keyPath;
    }

    /// <summary>The key path of the section itself, empty for the root.</summary>
    public string KeyPath { get; }

    /// <summary>The keys that the file has, in its order.</summary>
    public IEnumerable<string> Keys => _mapping is null ? [] : _mapping.Entries.Select(entry => entry.Key);

    /// <summary>The root of a tree; null (a file that could not be read) gives defaults silently.</summary>
    public static SpecSection Root(SpecNode? tree, SpecIssues issues) => tree is null
        ? new SpecSection(null, default, "", issues)
        : new SpecValue(tree, tree.Position, "", issues, owner: null).AsSection();

    /// <summary>True when the file has the key; asking does not make the key known.</summary>
    public bool Has(string key) => _mapping?.Find(key) is not null;

    /// <summary>Where a key's value is, or the section where the key is missing.</summary>
    public SpecPosition PositionOf(string key) => _mapping?.Find(key)?.Value.Position ?? _position;

    /// <summary>Records a finding about a key, for rules between several of them.</summary>
    public void Issue(string key, string message) => _issues.Add(PositionOf(key), SpecValue.Join(KeyPath, key), message);

    /// <summary>Records a finding about the section as a whole.</summary>
    public void Issue(string message) => _issues.Add(_position, KeyPath, message);

    /// <summary>The value of a key that must be there: its absence becomes a finding when the value is read.</summary>
    public SpecValue Required(string key) =>
        Optional(key) ?? Value(key, _position, _mapping is null ? new SpecInvalid(_position) : new SpecMissing(_position));

    /// <summary>The value of a key, or null where the file does not have it.</summary>
    public SpecValue? Optional(string key)
    {
        if (!_asked.TryGetValue(key, out SpecValue? value))
        {
            value = _mapping?.Find(key) is SpecEntry entry ? Value(key, entry.KeyPosition, entry.Value) : null;
            _asked.Add(key, value);
        }
        return value;
    }

    /// <inheritdoc cref="SpecValue.AsInt"/>
    public int RequiredInt(string key, int min, int max) => Required(key).AsInt(min, max);

    /// <summary>As <see cref="RequiredInt"/>; the default where the key is missing.</summary>
    public int OptionalInt(string key, int @default, int min, int max) => Optional(key)?.AsInt(min, max) ?? @default;

    /// <inheritdoc cref="SpecValue.AsLong"/>
    public long RequiredLong(string key, long min, long max) => Required(key).AsLong(min, max);

    /// <summary>As <see cref="RequiredLong"/>; the default where the key is missing.</summary>
    public long OptionalLong(string key, long @default, long min, long max) => Optional(key)?.AsLong(min, max) ?? @default;

    /// <inheritdoc cref="SpecValue.AsDouble"/>
    public double RequiredDouble(string key, double min, double max) => Required(key).AsDouble(min, max);

    /// <summary>As <see cref="RequiredDouble"/>; the default where the key is missing.</summary>
    public double OptionalDouble(string key, double @default, double min, double max) => Optional(key)?.AsDouble(min, max) ?? @default;

    /// <inheritdoc cref="SpecValue.AsBool"/>
    public bool RequiredBool(string key) => Required(key).AsBool();

    /// <summary>As <see cref="RequiredBool"/>; the default where the key is missing.</summary>
    public bool OptionalBool(string key, bool @default) => Optional(key)?.AsBool() ?? @default;

    /// <inheritdoc cref="SpecValue.AsString"/>
    public string RequiredString(string key) => Required(key).AsString();

    /// <summary>As <see cref="RequiredString"/>; null where the key is missing.</summary>
    public string? OptionalString(string key) => Optional(key)?.AsString();

    /// <inheritdoc cref="SpecValue.AsEnum{T}"/>
    public T RequiredEnum<T>(string key)
        where T : struct, Enum => Required(key).AsEnum<T>();

    /// <summary>As <see cref="RequiredEnum{T}"/>; the default where the key is missing.</summary>
    public T OptionalEnum<T>(string key, T @default)
        where T : struct, Enum => Optional(key)?.AsEnum<T>() ?? @default;

    /// <inheritdoc cref="SpecValue.AsFile"/>
    public string? RequiredFile(string key) => Required(key).AsFile();

    /// <summary>As <see cref="RequiredFile"/>; null also where the key is missing.</summary>
    public string? OptionalFile(string key) => Optional(key)?.AsFile();

    /// <summary>A list of whole numbers, each within its range.</summary>
    public IReadOnlyList<int> RequiredInts(string key, int min, int max, int minCount = 1, int maxCount = int.MaxValue) =>
        [.. Required(key).AsList(minCount, maxCount).Select(item => item.AsInt(min, max))];

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> RequiredStrings(string key, int minCount = 1, int maxCount = int.MaxValue) =>
        [.. Required(key).AsList(minCount, maxCount).Select(item => item.AsString())];

    /// <summary>A list of sections.</summary>
    public IReadOnlyList<SpecSection> RequiredSections(string key, int minCount = 1, int maxCount = int.MaxValue) =>
        [.. Required(key).AsList(minCount, maxCount).Select(item => item.AsSection())];

    /// <summary>A section that must be there; one finding where it is not.</summary>
    public SpecSection Section(string key) => Required(key).AsSection();

    /// <summary>A section, or null where the file does not have it.</summary>
    public SpecSection? OptionalSection(string key) => Optional(key)?.AsSection();

    /// <summary>A section whose keys all have defaults: where the file does not have it, it reads as empty.</summary>
    public SpecSection SectionOrEmpty(string key) =>
        OptionalSection(key)
        ?? new SpecSection(_mapping is null ? null : new SpecMapping(_position, []), _position, SpecValue.Join(KeyPath, key), _issues);

    /// <summary>
    /// Records every key that was not asked for, with the nearest one that was; here and in all sections that were
    /// read from this one.
    /// </summary>
    public void Finish()
    {
        string allowed = _asked.Count == 0 ? "no keys" : string.Join(", ", _asked.Keys);
        foreach (SpecEntry entry in _mapping?.Entries ?? [])
        {
            if (!_asked.ContainsKey(entry.Key))
            {
                string suggestion = NearestName.Suggestion(entry.Key, _asked.Keys);
                _issues.Add(
                    entry.KeyPosition,
                    SpecValue.Join(KeyPath, entry.Key),
                    $"unknown key, found '{entry.Key}'{suggestion}, allowed {allowed}");
            }
        }
        foreach (SpecSection child in _children)
        {
            child.Finish();
        }
    }

    /// <summary>Takes in a section read from this one, to be finished with it.</summary>
    internal void Adopt(SpecSection child) => _children.Add(child);

    private SpecValue Value(string key, SpecPosition keyPosition, SpecNode node) =>
        new(node, keyPosition, SpecValue.Join(KeyPath, key), _issues, owner: this);
}
