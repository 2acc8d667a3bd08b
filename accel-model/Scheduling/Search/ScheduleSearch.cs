// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Scheduling.Steps;
using AccelModel.Scheduling.Tiles;
using AccelModel.Specification;

namespace AccelModel.Scheduling.Search;

/// <summary>
/// Chooses for every step how it is cut. Estimates (<see cref="StepCost"/>) give a short list for each step; then one step after the other takes the choice with which it and its
/// neighbours are exactly best, until none changes. Of what this gives for each objective, and of the fixed heuristic, the best in the wanted measure is taken: no objective's result is
/// better than another's in the other's own measure.
/// </summary>
/// <param name="steps">The steps.</param>
/// <param name="graph">Who reads what.</param>
/// <param name="accelerator">The design.</param>
/// <param name="measure">Exact measure of the steps from one on, so many of them, with given choices; null where estimates must do.</param>
internal sealed class ScheduleSearch(ImmutableArray<Step> steps, StepGraph graph, AcceleratorSpec accelerator, Func<IReadOnlyList<StepChoice>, int, int, ScheduleMeasure>? measure)
{
    /// <summary>Rounds over all steps, at most.</summary>
    private const int Rounds = 3;

    private readonly Dictionary<(int First, int Count, string Choices), ScheduleMeasure> _measured = [];

    private static IEnumerable<ScheduleObjective> Objectives => [ScheduleObjective.Latency, ScheduleObjective.Traffic, ScheduleObjective.Energy];

    /// <summary>One choice for each step.</summary>
    /// <exception cref="ScheduleException">A buffer cannot hold the smallest band of a layer.</exception>
    public ImmutableArray<StepChoice> Run(ScheduleObjective objective)
    {
        var candidates = new StepCandidates(accelerator);
        StepChoice[] heuristic = [.. steps.Select(candidates.Fixed)];
        if (candidates.Findings.Count > 0)
        {
            throw new ScheduleException(candidates.Findings);
        }

        if (objective == ScheduleObjective.Fixed)
        {
            return [.. heuristic];
        }

        if (measure is null)
        {
            return [.. Estimated(Shortlists(candidates, objective))];
        }

        List<StepChoice[]> results = [heuristic];
        foreach (ScheduleObjective own in Objectives)
        {
            IReadOnlyList<StepChoice>[] shortlists = Shortlists(candidates, own);
            StepChoice[] choices = Estimated(shortlists);
            results.Add(choices);
            results.Add(Refine(choices, shortlists, own));
        }

        StepChoice[] best = results[0];
        foreach (StepChoice[] other in results.Skip(1))
        {
            best = Measure(other, 0, steps.Length).IsBetterThan(Measure(best, 0, steps.Length), objective) ? other : best;
        }

        return [.. best];
    }

    private IReadOnlyList<StepChoice>[] Shortlists(StepCandidates candidates, ScheduleObjective objective) => [.. steps.Select(step => candidates.Shortlist(step, objective))];

    /// <summary>The best of each step by itself, with everything forwarded that can be.</summary>
    private StepChoice[] Estimated(IReadOnlyList<StepChoice>[] shortlists)
    {
        StepChoice[] choices = [.. shortlists.Select(list => list[0])];
        Forward(choices, 0, choices.Length);
        return choices;
    }

    private StepChoice[] Refine(StepChoice[] choices, IReadOnlyList<StepChoice>[] shortlists, ScheduleObjective objective)
    {
        bool changed = true;
        for (int round = 0; round < Rounds && changed; round++)
        {
            changed = false;
            for (int i = 0; i < choices.Length; i++)
            {
                int first = Math.Max(0, i - 1), end = Math.Min(choices.Length, i + 2);
                foreach (StepChoice[] trial in Trials(choices, shortlists[i], i))
                {
                    if (Measure(trial, first, end - first).IsBetterThan(Measure(choices, first, end - first), objective))
                    {
                        choices = trial;
                        changed = true;
                    }
                }
            }
        }

        return choices;
    }

    /// <summary>Another cut of a step, with everything forwarded that then can be, or its output kept in memory.</summary>
    private IEnumerable<StepChoice[]> Trials(StepChoice[] choices, IReadOnlyList<StepChoice> shortlist, int index)
    {
        foreach (StepChoice candidate in shortlist)
        {
            StepChoice[] trial = [.. choices];
            trial[index] = candidate;
            Forward(trial, Math.Max(0, index - 1), index + 1);
            yield return trial;
        }

        if (choices[index].Forward)
        {
            StepChoice[] trial = [.. choices];
            trial[index] = trial[index] with { Forward = false };
            yield return trial;
        }
    }

    /// <summary>Forwards what some steps can forward.</summary>
    private void Forward(StepChoice[] choices, int first, int end)
    {
        for (int i = first; i < end; i++)
        {
            choices[i] = choices[i] with { Forward = graph.CanForward(i, choices, accelerator) };
        }
    }

    private ScheduleMeasure Measure(StepChoice[] choices, int first, int count)
    {
        (int, int, string) key = (first, count, string.Join(';', choices.Skip(first).Take(count).Select(choice =>
            $"{choice.RowsPerBand},{choice.OutputChannelsPerGroup},{choice.InputChannelsPerChunk},{choice.Order},{choice.Mapping},{choice.Forward}")));
        return _measured.TryGetValue(key, out ScheduleMeasure known) ? known : _measured[key] = measure!(choices, first, count);
    }
}
