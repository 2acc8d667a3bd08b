// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;

namespace Cli.Sweeps;

/// <summary>Reads <c>configs/sweeps/*.yaml</c>: strict, all findings at once; docs/sweep-file.md describes the keys.</summary>
public static class SweepFile
{
    /// <summary>The largest grid.</summary>
    public const int MaxPoints = 100_000;

    private const int MaxAxes = 16;
    private const int MaxImages = 1_000_000;

    /// <summary>Where the keys of an axis may begin.</summary>
    private static readonly string[] Roots = ["accelerator", "network", "training", "dataset", "integer_network", "test_set", "test_images"];

    /// <summary>The sweep of a file, or null after findings.</summary>
    public static SweepSpec? Load(string path, SpecIssues issues)
    {
        int before = issues.Count;
        SpecSection root = SpecSection.Root(YamlFile.LoadWithBase(path, issues), issues);
        string name = root.RequiredString("name");
        string description = root.OptionalString("description") ?? "";
        string? experiment = root.RequiredFile("experiment");
        SpecValue? images = root.Optional("test_images");
        images?.AsInt(1, MaxImages);
        IReadOnlyList<SpecSection> sections = root.RequiredSections("axes", 1, MaxAxes);
        SweepSpec sweep = new()
        {
            Name = name,
            Description = description,
            File = path,
            Experiment = experiment ?? "",
            Axes = [.. sections.Select(ReadAxis)],
            TestImages = images?.Node,
            ColorBy = root.OptionalString("color_by"),
        };
        CheckAxes(sweep, sections);
        CheckSize(sweep, root);
        root.Finish();
        return issues.Count == before ? sweep : null;
    }

    private static SweepAxis ReadAxis(SpecSection section)
    {
        string name = section.RequiredString("name");
        string unit = section.OptionalString("unit") ?? "";
        IReadOnlyList<SpecValue> keys = section.Required("keys").AsList(1);
        foreach (SpecValue key in keys)
        {
            CheckKey(key);
        }

        ImmutableArray<SweepValue> values = [.. section.Required("values").AsList(1).Select(value => ReadValue(value, keys.Count)).OfType<SweepValue>()];
        return new(name, unit, [.. keys.Select(key => key.Node is SpecScalar text ? text.Text : "")], values);
    }

    private static void CheckKey(SpecValue key)
    {
        string root = key.AsString().Split('.', '[')[0];
        if (root.Length > 0 && !Roots.Contains(root))
        {
            string meant = NearestName.Of(root, Roots) is string near ? $" (did you mean '{near}'?)" : "";
            key.Issue($"not a key of experiments that can vary, found '{key.AsString()}'{meant}, allowed keys that begin with {string.Join(", ", Roots)}");
        }
    }

    /// <summary>A scalar goes to every key, a list to the keys one by one.</summary>
    private static SweepValue? ReadValue(SpecValue value, int keys)
    {
        if (value.Node is SpecSequence)
        {
            IReadOnlyList<SpecValue> items = value.AsList(keys, keys);
            string[] texts = [.. items.Select(item => item.AsString())];
            return items.Count == keys && items.All(item => item.Node is SpecScalar)
                ? new([.. items.Select(item => (SpecScalar)item.Node)], string.Join('x', texts))
                : null;
        }

        string text = value.AsString();
        return value.Node is SpecScalar scalar ? new([.. Enumerable.Repeat(scalar, keys)], text) : null;
    }

    private static void CheckAxes(SweepSpec sweep, IReadOnlyList<SpecSection> sections)
    {
        HashSet<string> names = [];
        HashSet<string> keys = [];
        foreach ((SweepAxis axis, SpecSection section) in sweep.Axes.Zip(sections))
        {
            if (!names.Add(axis.Name))
            {
                section.Issue("name", $"not unique, found '{axis.Name}' again, allowed a name of its own");
            }

            foreach (string key in axis.Keys.Where(key => !keys.Add(key)))
            {
                section.Issue("keys", $"two axes cannot set one key, found '{key}' again, allowed each key once");
            }

            foreach (string label in axis.Values.GroupBy(value => value.Label).Where(same => same.Count() > 1).Select(same => same.Key))
            {
                section.Issue("values", $"found '{label}' more than once, allowed each value once");
            }
        }
    }

    private static void CheckSize(SweepSpec sweep, SpecSection root)
    {
        if (sweep.ColorBy is string axis && sweep.Axes.All(other => other.Name != axis))
        {
            root.Issue("color_by", $"not an axis, found '{axis}', allowed {string.Join(", ", sweep.Axes.Select(other => other.Name))}");
        }

        double points = sweep.Axes.Aggregate(1.0, (product, other) => product * other.Values.Length);
        if (points > MaxPoints)
        {
            root.Issue("axes", FormattableString.Invariant($"too many points, found {points:0}, allowed at most {MaxPoints}"));
        }
    }
}
