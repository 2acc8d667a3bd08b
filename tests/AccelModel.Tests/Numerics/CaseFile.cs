// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace AccelModel.Tests.Numerics;

/// <summary>A third-party case kept as JSON beside the tests.</summary>
internal sealed class CaseFile
{
    private readonly JsonElement _root;

    private CaseFile(JsonElement root) => _root = root;

    public static IEnumerable<string> NamesIn(string folder) =>
        Directory.EnumerateFiles(PathOf(folder), "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    public static CaseFile Load(string folder, string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(PathOf(folder), name + ".json")));
        return new CaseFile(document.RootElement.Clone());
    }

    public string Text(string key) => _root.GetProperty(key).GetString()!;

    public bool IsNull(string key) => _root.GetProperty(key).ValueKind == JsonValueKind.Null;

    public int Int(string key) => _root.GetProperty(key).GetInt32();

    public int[] Ints(string key) => [.. _root.GetProperty(key).EnumerateArray().Select(item => item.GetInt32())];

    public long[] Longs(string key) => [.. _root.GetProperty(key).EnumerateArray().Select(item => item.GetInt64())];

    public CaseFile Section(string key) => new(_root.GetProperty(key));

    public IReadOnlyList<CaseFile> Sections(string key) => [.. _root.GetProperty(key).EnumerateArray().Select(item => new CaseFile(item))];

    public double[] Doubles(string key) => [.. _root.GetProperty(key).EnumerateArray().Select(item => item.GetDouble())];

    private static string PathOf(string folder) => Path.Combine(AppContext.BaseDirectory, "data", folder);
}
