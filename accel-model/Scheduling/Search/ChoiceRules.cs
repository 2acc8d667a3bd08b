// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Scheduling.Steps;
using AccelModel.Scheduling.Tiles;
using AccelModel.Specification;

namespace AccelModel.Scheduling.Search;

/// <summary>What choices that come from outside must satisfy; a finding's key path is that of the schedule file.</summary>
internal static class ChoiceRules
{
    private const string ChosenBand = "the band that is chosen for this layer";

    /// <summary>All findings, step by step.</summary>
    public static List<ScheduleFinding> Check(
        IntegerNetwork network, ImmutableArray<Step> steps, IReadOnlyDictionary<string, TensorPlacement> placements, AcceleratorSpec accelerator, IReadOnlyList<StepChoice> choices)
    {
        var findings = new List<ScheduleFinding>();
        if (choices.Count != steps.Length)
        {
            findings.Add(new("steps", network.Name, $"order: the network has {steps.Length} steps on this design, found {choices.Count}"));
            return findings;
        }

        for (int i = 0; i < steps.Length; i++)
        {
            findings.AddRange(Ranges(steps[i], choices[i], i, accelerator.Array.Columns));
        }

        if (findings.Count > 0)
        {
            return findings;
        }

        var graph = new StepGraph(network, steps, placements);
        for (int i = 0; i < steps.Length; i++)
        {
            string path = $"steps[{i}]";
            IEnumerable<ScheduleFinding> misfits = steps[i] is MatrixStep matrix
                ? new MatrixTiling(matrix, choices[i], accelerator).Misfits(ChosenBand)
                : new ElementwiseTiling(steps[i], choices[i].RowsPerBand, choices[i].InputChannelsPerChunk, accelerator).Misfits(ChosenBand);
            findings.AddRange(misfits.Select(misfit => new ScheduleFinding(path, misfit.Layer, $"capacity: {misfit.KeyPath}: {misfit.Message}")));
            if (steps[i] is MatrixStep filter && choices[i].Mapping == SegmentMapping.ColumnFilter && !StepCandidates.CanFilter(filter, accelerator))
            {
                findings.Add(new($"{path}.mapping", steps[i].Name, "mapping: column_filter needs array.column_filter and a depthwise layer whose kernel row fits the rows"));
            }

            if (steps[i] is MatrixStep { PoolLayer: not null } pooled && pooled.PoolWindow.Rows > pooled.PoolStride.Rows && choices[i].RowsPerBand < pooled.Output.Height)
            {
                findings.Add(new(
                    $"{path}.rows_per_band", steps[i].Name,
                    $"overlap: pooling windows share rows, which two bands would add up twice, found {choices[i].RowsPerBand}, allowed {pooled.Output.Height}"));
            }

 if (steps[i] is MatrixStep { Second: not null } && choices[i].RowsPerBand > 1)
            {
                findings.Add(new(
                    $"{path}.rows_per_band", steps[i].Name, $"mapping: each row of a matmul has weights of its own, found {choices[i].RowsPerBand}, allowed 1"));
            }

            if (choices[i].Forward && !graph.CanForward(i, choices, accelerator))
            {
                findings.Add(new(
                    $"{path}.forward", steps[i].Name,
                    "dependency: the next step must read this output first, in one band and one chunk, from a double-buffered activation buffer, and this step must have one band and one chunk itself"));
            }
        }

        return findings;
    }

    private static IEnumerable<ScheduleFinding> Ranges(Step step, StepChoice choice, int index, int columns)
    {
        if (choice.RowsPerBand < 1 || choice.RowsPerBand > step.Output.Height)
        {
            yield return new($"steps[{index}].rows_per_band", step.Name, $"out of range, found {choice.RowsPerBand}, allowed 1..{step.Output.Height}");
        }

        int channels = step is MatrixStep matrix ? matrix.Input.Channels : step.Output.Channels;
        if (choice.InputChannelsPerChunk < 1 || choice.InputChannelsPerChunk > channels)
        {
            yield return new($"steps[{index}].input_channels_per_chunk", step.Name, $"out of range, found {choice.InputChannelsPerChunk}, allowed 1..{channels}");
        }
        else if (step is not MatrixStep && choice.InputChannelsPerChunk < channels && choice.InputChannelsPerChunk % columns != 0)
        {
            // Channels must stay in the lanes that have their parameters.
            yield return new(
                $"steps[{index}].input_channels_per_chunk", step.Name,
                $"mapping: not whole words of the vector unit, found {choice.InputChannelsPerChunk}, allowed multiples of {columns} (array.columns), or all {channels}");
        }

        if (choice.OutputChannelsPerGroup < 1 || choice.OutputChannelsPerGroup > step.Output.Channels)
        {
            yield return new($"steps[{index}].output_channels_per_group", step.Name, $"out of range, found {choice.OutputChannelsPerGroup}, allowed 1..{step.Output.Channels}");
        }
    }
}
