// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;
using Cli.Experiments;

namespace Cli.Results;

/// <summary>Which accuracy of an experiment is held against a target.</summary>
public enum AccuracyKind
{
    /// <summary>In floating point.</summary>
    Float,

    /// <summary>On the accelerator.</summary>
    Integer,
}

/// <summary>What an experiment should reach; at least one of the two is there.</summary>
/// <param name="Accuracy">Which accuracy.</param>
/// <param name="AtLeast">The least value, a fraction; null for none.</param>
/// <param name="WithinOfFloat">The most that it may lie below the float accuracy, a fraction; null for none.</param>
public sealed record ResultTarget(AccuracyKind Accuracy, double? AtLeast, double? WithinOfFloat);

/// <summary>One line of the list.</summary>
/// <param name="Method">The method in words.</param>
/// <param name="File">File of the experiment.</param>
/// <param name="Experiment">The experiment.</param>
/// <param name="Target">What it should reach; null for nothing by itself.</param>
public sealed record ResultEntry(string Method, string File, ExperimentSpec Experiment, ResultTarget? Target);

/// <summary>A list of experiments whose results are kept in a page: <c>configs/results.yaml</c>.</summary>
/// <param name="Title">Title of the page.</param>
/// <param name="Entries">The experiments, in the page's order.</param>
public sealed record ResultsList(string Title, ImmutableArray<ResultEntry> Entries)
{
    /// <summary>What papers say and the experiments can tell; empty for none.</summary>
    public ImmutableArray<ResultClaim> Claims { get; init; } = [];

    /// <summary>The list of a file, or null after findings in it or in any experiment.</summary>
    public static ResultsList? Load(string path, SpecIssues issues)
    {
        int before = issues.Count;
        SpecSection root = SpecSection.Root(YamlFile.LoadWithBase(path, issues), issues);
        string title = root.RequiredString("title");
        var entries = ImmutableArray.CreateBuilder<ResultEntry>();
        HashSet<string> names = [];
        foreach (SpecSection section in root.RequiredSections("experiments", 1, 100))
        {
            ResultEntry entry = ReadEntry(section, issues);
            if (entry.Experiment is ExperimentSpec experiment && !names.Add(experiment.Name))
            {
                section.Issue("experiment", $"not unique, found the name '{experiment.Name}' again, allowed experiments of different names");
            }

            entries.Add(entry);
        }

        ImmutableArray<ResultClaim> claims = root.Has("claims") ? [.. root.RequiredSections("claims", 1, 100).Select(section => ResultClaim.Read(section, names))] : [];
        root.Finish();
        return issues.Count == before ? new(title, entries.ToImmutable()) { Claims = claims } : null;
    }

    private static ResultEntry ReadEntry(SpecSection section, SpecIssues issues)
    {
        string method = section.RequiredString("method");
        string? file = section.RequiredFile("experiment");
        ExperimentSpec? experiment = file is null ? null : ExperimentFile.Load(file, [], issues);
        ResultTarget? target = section.OptionalSection("target") is SpecSection stated ? ReadTarget(stated) : null;
        if (experiment is { Trained: null })
        {
            section.Issue("experiment", "names a finished integer network, allowed an experiment that trains");
        }

        if (experiment?.Trained is { Training.QuantizedPhase: null } && target is not (null or { Accuracy: AccuracyKind.Float, WithinOfFloat: null }))
        {
            section.Issue("target", "the recipe is in floating point only, allowed a target for its float accuracy");
        }

        return new(method, file ?? "", experiment!, target);
    }

    private static ResultTarget ReadTarget(SpecSection section)
    {
        AccuracyKind accuracy = section.RequiredEnum<AccuracyKind>("accuracy");
        double? atLeast = section.Optional("at_least")?.AsDouble(0, 1);
        double? within = section.Optional("within_of_float")?.AsDouble(0, 1);
        if (atLeast is null && within is null)
        {
            section.Issue("nothing to reach, allowed at_least, within_of_float, or both");
        }

        return new(accuracy, atLeast, within);
    }
}
