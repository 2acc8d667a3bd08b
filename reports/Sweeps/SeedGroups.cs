// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Tables;

namespace Reports.Sweeps;

/// <summary>Points that differ in their random numbers only, as one: the mean of each figure, with its least and greatest value.</summary>
public static class SeedGroups
{
    /// <summary>
    /// The sweep with one point for each setting of everything but <see cref="SweepReportData.SeedSetting"/>; the same sweep where there is none. A point keeps to the constraints where all
    /// its repeats do; the front is that of the means.
    /// </summary>
    public static SweepReportData Of(SweepReportData data)
    {
        int seed = data.Points.Count == 0 ? -1 : data.Points[0].Settings.ToList().FindIndex(setting => setting.Name == data.SeedSetting);
        if (seed < 0)
        {
            return data;
        }

        List<SweepPoint> groups = [.. data.Points.GroupBy(point => string.Join('\n', Without(point.Settings, seed).Select(setting => NumberText.Machine(setting.Value)))).Select(group => Mean([.. group], seed))];
        HashSet<string> front =
        [
            .. ParetoFront.Of([.. groups.Where(point => point.IsFeasible)], [.. data.Objectives.Select(objective => new Objective<SweepPoint>(objective.Goal, point => point.NumberOf(objective.Metric)))])
                .Select(point => point.Id),
        ];
        return data with
        {
            Points = [.. groups.Select(point => point with { OnFront = front.Contains(point.Id) })],
            Keys = data.Keys.Count == 0 ? [] : Without(data.Keys, seed),
        };
    }

    private static SweepPoint Mean(IReadOnlyList<SweepPoint> repeats, int seed)
    {
        SweepPoint first = repeats[0];
        if (repeats.Count == 1)
        {
            return first with { Settings = Without(first.Settings, seed) };
        }

        double[][] values = [.. Enumerable.Range(0, first.Figures.Count).Select(metric => repeats.Select(point => point.NumberOf(metric)).Where(double.IsFinite).ToArray())];
        return first with
        {
            Settings = Without(first.Settings, seed),
            Figures = [.. values.Select((of, metric) => of.Length == 0 ? default : of.All(value => value == of[0]) ? first.Figures[metric] : (Cell)of.Average())],
            Spread = [.. values.Select(of => of.Length == 0 ? new SweepSpread(double.NaN, double.NaN) : new SweepSpread(of.Min(), of.Max()))],
            Repeats = repeats.Count,
            IsFeasible = repeats.All(point => point.IsFeasible),
        };
    }

    private static List<T> Without<T>(IReadOnlyList<T> items, int index) => [.. items.Where((_, i) => i != index)];
}
