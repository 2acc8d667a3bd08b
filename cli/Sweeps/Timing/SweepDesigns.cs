// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Cli.Experiments;
using Cli.Sweeps.Space;

namespace Cli.Sweeps.Timing;

/// <summary>
/// The design of a point. Files are read once, and every value of an axis once; a point changes the members of a design that is there already, and the rules between members are asked of
/// the result. What cannot be had that way (a section that the base lacks) is read from the changed tree, as everything else is.
/// </summary>
public sealed class SweepDesigns
{
    private const string Part = "accelerator";
    private const string Prefix = Part + ".";

    private sealed record Leaf(int Axis, int Key, string Path, MemberPatch? Member, ImmutableArray<(object? Value, ImmutableArray<SpecIssue> Issues)> Values);

    private sealed record Base(SpecNode Tree, AcceleratorSpec Design);

    private readonly SweepSpec _sweep;
    private readonly int _fileAxis;
    private readonly int _fileKey;
    private readonly ImmutableArray<Base> _bases;
    private readonly ImmutableArray<Leaf> _leaves;
    private readonly bool _patches;

    /// <summary>The designs of a sweep.</summary>
    /// <exception cref="SpecException">A file of a base cannot be read.</exception>
    public SweepDesigns(SweepSpec sweep)
    {
        _sweep = sweep;
        _fileAxis = sweep.Axes.ToList().FindIndex(axis => axis.Keys.Contains(Part));
        _fileKey = _fileAxis < 0 ? -1 : sweep.Axes[_fileAxis].Keys.IndexOf(Part);
        SpecIssues issues = [];
        SpecNode? own = sweep.Experiment.Length > 0 ? ExperimentFile.AcceleratorTree(sweep.Experiment, issues) : YamlFile.LoadWithBase(sweep.Accelerator, issues);
        SpecNode?[] files = _fileAxis < 0 ? [] : [.. sweep.Axes[_fileAxis].Values.Select(value => File(value.ByKey[_fileKey], issues))];
        issues.ThrowIfAny();
        bool complete = true;
        _bases = [.. files.Prepend(own).Select(tree =>
        {
            SpecIssues found = [];
            AcceleratorSpec design = AcceleratorFile.ReadMembers(tree!, found);
            complete &= found.Count == 0;
            return new Base(tree!, design);
        })];
        _leaves =
        [
            .. sweep.Axes.SelectMany((axis, a) => axis.Keys.Select((key, k) => (a, k, key)))
                .Where(entry => entry.key.StartsWith(Prefix, StringComparison.Ordinal))
                .Select(entry => LeafOf(entry.a, entry.k, entry.key[Prefix.Length..])),
        ];
        _patches = complete && _leaves.All(leaf => leaf.Member is not null);
    }

    /// <summary>The design of the base alone.</summary>
    public AcceleratorSpec First => _bases[0].Design;

    /// <summary>The design of a point; null after saying what is wrong with it.</summary>
    public AcceleratorSpec? Of(ReadOnlySpan<int> point, out string problem)
    {
        problem = "";
        Base start = _bases[_fileAxis < 0 ? 0 : point[_fileAxis] + 1];
        if (!_patches)
        {
            return Read(start.Tree, point, out problem);
        }

        AcceleratorSpec design = start.Design;
        bool sound = true;
        foreach (Leaf leaf in _leaves)
        {
            int value = point[leaf.Axis];
            if (value != PointSpace.Absent)
            {
                (object? member, ImmutableArray<SpecIssue> issues) = leaf.Values[value];
                design = leaf.Member!.With(design, member);
                sound &= issues.IsEmpty;
            }
        }

        return sound && !AcceleratorRules.CheckRules(design, []).Any() ? design : Read(start.Tree, point, out problem);
    }

    /// <summary>The design of a point from its file, key by key: what <see cref="Of"/> must agree with.</summary>
    public AcceleratorSpec? Read(SpecNode tree, ReadOnlySpan<int> point, out string problem)
    {
        SpecIssues issues = [];
        foreach (Leaf leaf in _leaves)
        {
            if (point[leaf.Axis] != PointSpace.Absent)
            {
                tree = tree.With(leaf.Path, _sweep.Axes[leaf.Axis].Values[point[leaf.Axis]].ByKey[leaf.Key], issues);
            }
        }

        AcceleratorSpec? design = AcceleratorFile.Read(tree, issues);
        problem = string.Join('\n', issues.Select(_sweep.RelativeText));
        return issues.Count == 0 ? design : null;
    }

    /// <summary>The tree of a point before its keys are changed.</summary>
    public SpecNode TreeOf(ReadOnlySpan<int> point) => _bases[_fileAxis < 0 ? 0 : point[_fileAxis] + 1].Tree;

    private Leaf LeafOf(int axis, int key, string path)
    {
        MemberPatch? member = MemberPatch.Of(path);
        bool alone = true;
        var values = ImmutableArray.CreateBuilder<(object?, ImmutableArray<SpecIssue>)>();
        foreach (SweepValue value in member is null ? [] : _sweep.Axes[axis].Values)
        {
            SpecIssues issues = [];
            AcceleratorSpec read = AcceleratorFile.ReadMembers(_bases[0].Tree.With(path, value.ByKey[key], issues), issues);
            alone &= issues.All(issue => issue.KeyPath == path);
            values.Add((member!.Read(read), [.. issues]));
        }

        return new(axis, key, path, alone ? member : null, values.ToImmutable());
    }

    private static SpecNode? File(SpecScalar value, SpecIssues issues)
    {
        string path = Path.Combine(Path.GetDirectoryName(value.Position.File) ?? "", value.Text);
        if (System.IO.File.Exists(path))
        {
            return YamlFile.LoadWithBase(path, issues);
        }

        issues.Add(value.Position, Part, $"no such file, found '{value.Text}', allowed a path relative to this file");
        return null;
    }
}
