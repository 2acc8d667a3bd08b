// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AccelModel.Networks;
using AccelModel.Scheduling.Search;
using AccelModel.Scheduling.Tiles;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

namespace AccelModel.Scheduling;

/// <summary>
/// What a scheduler decided, as a YAML file that can be edited and replayed (docs/schedule-file.md): one entry per step, in the order in which they run. Addresses and
/// instructions follow from it.
/// </summary>
public static class ScheduleFile
{
    private const int FormatVersion = 1;

    /// <summary>The file's text; the same schedule gives the same text.</summary>
    /// <exception cref="ArgumentException">A schedule that was made by hand, without choices.</exception>
    public static string Write(Schedule schedule)
    {
        ImmutableArray<StepOutline> steps = Scheduler.Outline(schedule.Network, schedule.Accelerator);
        if (steps.Length != schedule.Choices.Length)
        {
            throw new ArgumentException("the schedule has no choices to write", nameof(schedule));
        }

        var text = new StringBuilder();
        text.Append("format_version: ").AppendLine(FormatVersion.ToString(CultureInfo.InvariantCulture));
        text.Append("network: ").AppendLine(schedule.Network.Name);
        text.Append("accelerator: ").AppendLine(schedule.Accelerator.Name);
        if (schedule.Objective is ScheduleObjective objective)
        {
            text.Append("objective: ").AppendLine(EnumNames.Of(objective));
        }

        text.AppendLine("steps:");
        for (int i = 0; i < steps.Length; i++)
        {
            StepChoice choice = schedule.Choices[i];
            text.Append("- layer: ").Append(steps[i].Layer);
            if (steps[i].Fused.Length > 0)
            {
                text.Append("   # with ").AppendJoin(", ", steps[i].Fused);
            }

            text.AppendLine();
            Line("rows_per_band", choice.RowsPerBand, $"of {steps[i].Rows}");
            if (steps[i].IsMatrix)
            {
                Line("output_channels_per_group", choice.OutputChannelsPerGroup, $"of {steps[i].OutputChannels}");
            }

            Line("input_channels_per_chunk", choice.InputChannelsPerChunk, $"of {steps[i].InputChannels}");
            if (steps[i].IsMatrix)
            {
                text.Append("  order: ").AppendLine(EnumNames.Of(choice.Order));
                text.Append("  mapping: ").AppendLine(EnumNames.Of(choice.Mapping));
            }

            text.Append("  forward: ").AppendLine(choice.Forward ? "true" : "false");
        }

        return text.ToString().ReplaceLineEndings("\n");

        void Line(string key, int value, string remark) =>
            text.Append("  ").Append(key).Append(": ").Append(value.ToString(CultureInfo.InvariantCulture)).Append("   # ").AppendLine(remark);
    }

    /// <summary>Replays a file: the schedule of its choices, or null after findings, each at its place in the file.</summary>
    public static Schedule? Load(string path, IntegerNetwork network, AcceleratorSpec accelerator, SpecIssues issues)
    {
        if (YamlFile.Load(path, issues) is not SpecNode tree)
        {
            return null;
        }

        int before = issues.Count;
        ImmutableArray<StepOutline> steps = Scheduler.Outline(network, accelerator);
        SpecSection root = SpecSection.Root(tree, issues);
        root.RequiredInt("format_version", FormatVersion, FormatVersion);
        Same("network", network.Name);
        Same("accelerator", accelerator.Name);
        ScheduleObjective? objective = root.Has("objective") ? root.RequiredEnum<ScheduleObjective>("objective") : null;
        IReadOnlyList<SpecSection> sections = root.RequiredSections("steps", 1);
        List<StepChoice> choices = [.. sections.Select((section, i) => Read(section, i < steps.Length ? steps[i] : null))];
        root.Finish();
        if (issues.Count == before && sections.Count != steps.Length)
        {
            root.Issue("steps", $"order: not the steps of the network on this design, found {sections.Count}, allowed {steps.Length}: {string.Join(", ", steps.Select(step => step.Layer))}");
        }

        if (issues.Count > before)
        {
            return null;
        }

        try
        {
            return Scheduler.Schedule(network, accelerator, choices) with { Objective = objective };
        }
        catch (ScheduleException exception)
        {
            foreach (ScheduleFinding finding in exception.Findings)
            {
                issues.Add(tree, new Finding(finding.KeyPath, $"layer {finding.Layer}: {finding.Message}"));
            }

            return null;
        }

        void Same(string key, string name)
        {
            string found = root.RequiredString(key);
            if (found.Length > 0 && found != name)
            {
                root.Issue(key, $"another {key}'s schedule, found '{found}', allowed '{name}'");
            }
        }
    }

    private static StepChoice Read(SpecSection section, StepOutline? step)
    {
        string layer = section.RequiredString("layer");
        if (step is not null && layer.Length > 0 && layer != step.Layer)
        {
            section.Issue("layer", $"dependency: steps run in the order of the network's layers, found '{layer}', allowed '{step.Layer}'");
        }

        bool matrix = step?.IsMatrix ?? section.Has("mapping");
        return new()
        {
            RowsPerBand = section.RequiredInt("rows_per_band", 1, int.MaxValue),
            OutputChannelsPerGroup = matrix ? section.RequiredInt("output_channels_per_group", 1, int.MaxValue) : step?.OutputChannels ?? 1,
            InputChannelsPerChunk = section.RequiredInt("input_channels_per_chunk", 1, int.MaxValue),
            Order = matrix ? section.RequiredEnum<LoopOrder>("order") : LoopOrder.RowsOutermost,
            Mapping = matrix ? section.RequiredEnum<SegmentMapping>("mapping") : SegmentMapping.KernelOffsets,
            Forward = section.RequiredBool("forward"),
        };
    }
}

/// <summary>One step as a schedule file names it.</summary>
/// <param name="Layer">Name of the (first) layer.</param>
/// <param name="Fused">Names of the layers fused into it.</param>
/// <param name="IsMatrix">Whether the array works for it.</param>
/// <param name="Rows">Output rows.</param>
/// <param name="OutputChannels">Output channels.</param>
/// <param name="InputChannels">Input channels.</param>
public sealed record StepOutline(string Layer, ImmutableArray<string> Fused, bool IsMatrix, int Rows, int OutputChannels, int InputChannels);
