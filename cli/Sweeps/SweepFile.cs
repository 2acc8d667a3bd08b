// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;
using Cli.Sweeps.Metrics;
using Cli.Sweeps.Space;
using Cli.Sweeps.Strategies;
using Cli.Sweeps.Timing;
using Cli.Sweeps.Units;
using Reports.Figures;

namespace Cli.Sweeps;

/// <summary>Reads <c>configs/sweeps/*.yaml</c>: strict, all findings at once; docs/sweep-file.md describes the keys.</summary>
public static class SweepFile
{
    /// <summary>The most points that are tried, unless the command says another number.</summary>
    public const long MaxPoints = 100_000;

    private const int MaxAxes = 32;
    private const int MaxImages = 1_000_000;

    /// <summary>Where the keys of an axis may begin: over an experiment, and over a design and a network.</summary>
    private static readonly string[] ExperimentRoots = ["accelerator", "network", "training", "dataset", "integer_network", "test_set", "test_images"];
    private static readonly string[] DesignRoots = ["accelerator", "network"];

    /// <summary>The sweep of a file, or null after findings.</summary>
    /// <param name="path">The file.</param>
    /// <param name="issues">Receives the findings.</param>
    /// <param name="maxPoints">The most points that are allowed.</param>
    public static SweepSpec? Load(string path, SpecIssues issues, long maxPoints = MaxPoints)
    {
        int before = issues.Count;
        SpecSection root = SpecSection.Root(YamlFile.LoadWithBase(path, issues), issues);
        string name = root.RequiredString("name");
        string description = root.OptionalString("description") ?? "";
        bool ofDesign = root.Has("accelerator") || root.Has("network");
        string? experiment = ofDesign ? null : root.RequiredFile("experiment");
        string? accelerator = ofDesign ? root.RequiredFile("accelerator") : null;
        SpecValue? network = ofDesign ? root.Required("network") : null;
        SpecValue? images = ofDesign ? null : root.Optional("test_images");
        images?.AsInt(1, MaxImages);
        IReadOnlyList<SpecSection> sections = root.RequiredSections("axes", 1, MaxAxes);
        List<SweepAxis> axes = [];
        foreach (SpecSection section in sections)
        {
            axes.Add(ReadAxis(section, axes, ofDesign ? DesignRoots : ExperimentRoots));
        }

        bool soundAxes = issues.Count == before;
        ImmutableArray<Constraint> constraints = ReadConstraints(root);
        ImmutableArray<SweepObjective> objectives = ReadObjectives(root);
        SweepSpec sweep = new()
        {
            Name = name,
            Description = description,
            File = path,
            Experiment = experiment ?? "",
            Accelerator = accelerator ?? "",
            Network = network is null ? "" : TimingNetworkName(network),
            NetworkPosition = network?.Position,
            Axes = [.. axes],
            TestImages = images?.Node,
            ColorBy = root.OptionalString("color_by"),
            PlotOver = root.OptionalString("plot_over"),
            Constraints = constraints,
            Objectives = objectives.IsEmpty ? SweepObjective.Usual(values: !ofDesign) : objectives,
            Strategy = StrategySpec.Read(root.OptionalSection("strategy"), axes),
            Limits = PointLimits.Read(root.OptionalSection("limits")),
        };
        CheckAxes(sweep, sections);
        CheckValues(sweep, root, ofDesign);
        if (sweep.Limits != PointLimits.None && !sweep.NeedsValues)
        {
            root.Issue("limits", "limits are for points that compute values, found neither an objective nor a constraint that asks for any, allowed without limits only");
        }

        CheckSize(sweep, root, maxPoints);
        if (sweep.Strategy.Kind == StrategyKind.SuccessiveHalving && !sweep.NeedsValues)
        {
            root.Issue("strategy", "successive_halving halts trainings, found a sweep that trains nothing, allowed over an experiment with an objective such as accuracy");
        }

        root.Finish();
        if (soundAxes)
        {
            SweepBase.CheckKeys(sweep, sections, issues);
        }

        if (issues.Count == before)
        {
            SweepLayers.Check(sweep, issues);
            return issues.Count == before ? sweep : null;
        }

        if (sweep.Network.Length > 0)
        {
            NamedNetworks.AddFindings(sweep, issues);
        }

        return null;
    }

    /// <summary>A name stays as it is; what looks like a path is relative to the file.</summary>
    private static string TimingNetworkName(SpecValue value)
    {
        string text = value.AsString();
        return text.Length > 0 && (text.Contains('/') || text.Contains('.')) ? value.AsPath() : text;
    }

    private static SweepAxis ReadAxis(SpecSection section, IReadOnlyList<SweepAxis> before, string[] roots)
    {
        string? name = section.OptionalString("name");
        string unit = section.OptionalString("unit") ?? "";
        IReadOnlyList<SpecValue> keys = section.Required("keys").AsList(1);
        foreach (SpecValue key in keys)
        {
            CheckKey(key, roots);
        }

        ImmutableArray<string> paths = [.. keys.Select(key => key.Node is SpecScalar text ? text.Text : "")];
        ImmutableArray<SweepValue> values;
        if (section.OptionalSection("range") is SpecSection range)
        {
            values = [.. AxisRange.Read(range).Select(value => new SweepValue([.. Enumerable.Repeat(value, keys.Count)], value.Text))];
            if (section.Optional("values") is SpecValue both)
            {
                both.Issue("an axis has values or a range, found both, allowed one of them");
            }
        }
        else
        {
            values = [.. section.Required("values").AsList(1).Select(value => ReadValue(value, keys.Count)).OfType<SweepValue>()];
        }

        return new(name ?? (paths.IsEmpty ? "" : paths[0].Split('.')[^1].Replace('_', ' ')), unit, paths, values)
        {
            When = section.Optional("when") is SpecValue when ? AxisCondition.Read(when, before) : null,
        };
    }

    private static void CheckKey(SpecValue key, string[] roots)
    {
        string root = key.AsString().Split('.', '[')[0];
        if (root.Length > 0 && !roots.Contains(root))
        {
            string meant = NearestName.Suggestion(root, roots);
            key.Issue($"not a key of experiments that can vary, found '{key.AsString()}'{meant}, allowed keys that begin with {string.Join(", ", roots)}");
        }
    }

    private static ImmutableArray<Constraint> ReadConstraints(SpecSection root)
    {
        IReadOnlyList<SpecValue> items = root.Optional("constraints")?.AsList(1) ?? [];
        var constraints = ImmutableArray.CreateBuilder<Constraint>();
        foreach (SpecValue item in items)
        {
            // "fits: zynq-7020" is YAML for a mapping, "fits(zynq-7020)" for a text.
            bool fits = item.Node is SpecMapping;
            SpecValue value = fits ? item.AsSection().Required("fits") : item;
            string text = value.AsString(), problem;
            if ((fits ? Constraint.Fits(text, out problem) : Constraint.Parse(text, out problem)) is Constraint constraint)
            {
                constraints.Add(constraint with { Position = value.Position });
            }
            else if (text.Length > 0)
            {
                value.Issue(problem);
            }
        }

        if (Constraint.Contradiction(constraints.ToImmutable()) is (Constraint first, var second))
        {
            root.Issue("constraints", second is null
                ? $"no point can keep to '{first.Text}', allowed {first.Metric.Range.Least}..{first.Metric.Range.Greatest} for {first.Metric.Name}"
                : $"no point can keep to '{first.Text}' and to '{second.Text}', allowed limits between which something lies");
        }

        return constraints.ToImmutable();
    }

    private static ImmutableArray<SweepObjective> ReadObjectives(SpecSection root)
    {
        var objectives = ImmutableArray.CreateBuilder<SweepObjective>();
        foreach ((string key, Goal goal) in new[] { ("maximise", Goal.Maximize), ("minimise", Goal.Minimize) })
        {
            foreach (SpecValue item in root.Optional(key)?.AsList(1) ?? [])
            {
                string text = item.AsString();
                if (text.Length > 0 && MetricTable.Find(text, out string problem) is null)
                {
                    item.Issue(problem);
                }
                else if (text.Length > 0 && MetricTable.Find(text, out _) is Metric metric)
                {
                    if (objectives.Any(other => other.Metric == metric))
                    {
                        item.Issue($"an objective stands once, found '{text}' again");
                    }

                    objectives.Add(new(metric, goal) { Position = item.Position });
                }
            }
        }

        return objectives.ToImmutable();
    }

    /// <summary>What comes of values needs a network that has some.</summary>
    private static void CheckValues(SweepSpec sweep, SpecSection root, bool ofDesign)
    {
        if (ofDesign && sweep.NeedsValues)
        {
            string metric = sweep.Objectives.Select(objective => objective.Metric).Concat(sweep.Constraints.Select(constraint => constraint.Metric)).First(metric => metric.Source == MetricSource.Values).Name;
            root.Issue("network", $"a network with random weights has no {metric}, found it in objectives or constraints, allowed over an experiment only");
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
            if (axis.Keys.Length > 0 && !names.Add(axis.Name))
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

    private static void CheckSize(SweepSpec sweep, SpecSection root, long maxPoints)
    {
        if (sweep.ColorBy is string axis && sweep.Axes.All(other => other.Name != axis))
        {
            root.Issue("color_by", $"not an axis, found '{axis}', allowed {string.Join(", ", sweep.Axes.Select(other => other.Name))}");
        }

        if (sweep.PlotOver is string over && sweep.Axes.All(other => other.Name != over || !other.IsOfNumbers))
        {
            string[] allowed = [.. sweep.Axes.Where(other => other.IsOfNumbers).Select(other => other.Name)];
            root.Issue("plot_over", $"not an axis of numbers, found '{over}', allowed {(allowed.Length > 0 ? string.Join(", ", allowed) : "none of these axes")}");
        }

        if (sweep.Strategy.Kind == StrategyKind.Grid && sweep.Axes.All(other => !other.Values.IsEmpty))
        {
            decimal product = sweep.Axes.Aggregate(1m, (product, other) => Math.Min(product * other.Values.Length, 1e18m));
            if (product > maxPoints && sweep.Space.Count(maxPoints) > maxPoints)
            {
                root.Issue("axes", FormattableString.Invariant($"too many points, found {(sweep.Axes.All(other => other.When is null) ? $"{product:0}" : $"more than {maxPoints}")}, allowed at most {maxPoints} (--max-points)"));
            }
        }
        else if (sweep.Strategy.Points > maxPoints)
        {
            root.Issue("strategy", FormattableString.Invariant($"too many points, found {sweep.Strategy.Points}, allowed at most {maxPoints} (--max-points)"));
        }
    }
}
