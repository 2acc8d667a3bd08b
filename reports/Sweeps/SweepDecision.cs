// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Html;
using Reports.Tables;

namespace Reports.Sweeps;

/// <summary>The first section of a sweep's report: which point to take, why, what it keeps to, and where its numbers come from.</summary>
internal static class SweepDecision
{
    private sealed record Candidate(string Role, SweepPoint Point);

    /// <summary>The section.</summary>
    public static ReportSection Of(SweepReportData data)
    {
        if (Recommendation.Of(data) is not Recommendation recommended)
        {
            string reason = data.Limits.Count == 0 ? "No point has a value for every objective" : "No point keeps to all constraints";
            return new ReportSection("Decision", []) { Note = $"{reason}: nothing is recommended. Constraints: {string.Join(", ", data.Limits.Select(limit => limit.Text))}." };
        }

        SweepPoint point = recommended.Point;
        List<ReportBlock> blocks = [new SummaryBlock(Groups(data, point))];
        Candidate[] others = [.. data.Objectives.Select(objective => new Candidate(Extreme(data, objective), BestOf(data, objective))).Where(other => other.Point.Id != point.Id)];
        if (others.Length > 0)
        {
            blocks.Add(new TableBlock(Alternatives(data, [new("recommended", point), .. others]))
            {
                Caption = $"What the best in one objective alone would give: changes are against {point.Id}.", MarkedKeys = new HashSet<string> { point.Id },
            });
        }

        return new ReportSection("Decision", blocks) { Note = Why(data, recommended) };
    }

    private static string Why(SweepReportData data, Recommendation recommended)
    {
        string objectives = Join([.. data.Objectives.Select(objective => $"{(objective.Goal == Goal.Minimize ? "small" : "high")} {data.Metrics[objective.Metric].Title}")]);
        string kept = data.Limits.Count > 0 ? "keep to all constraints and that " : "";
        string repeats = recommended.Point.Repeats > 1 ? $" Each figure is the mean over {recommended.Point.Repeats} seeds." : "";
        string why = recommended.FrontSize == 1
            ? $"no other configuration is better in any objective: {objectives}."
            : data.Objectives.Count == 1
                ? $"it is the best in the only objective: {objectives}."
                : $"of the {NumberText.Human(recommended.FrontSize)} configurations that {kept}no other beats in every objective, it is nearest to the best of all of them at once: {objectives}. "
                    + $"Its distance is {NumberText.Human(Math.Round(recommended.Distance, 3))}, where 0 is the best and 1 the worst of these in everything"
                    + (recommended.AsNear == 0 ? "." : "; of those as near it loses least, in shares of the best.");
        return $"{recommended.Point.Id} is recommended: {why}{repeats} Other wishes lead to other points: see the alternatives, or brush the axes below.";
    }

    private static List<KeyFigureGroup> Groups(SweepReportData data, SweepPoint point)
    {
        List<KeyFigureGroup> groups =
        [
            new(point.Id, [.. point.Settings.Where(setting => !setting.Value.IsEmpty).Select(setting => new KeyFigure(setting.Name, NumberText.Human(setting.Value, NumberStyle.General), setting.Unit))]),
            new("Objectives", [.. data.Objectives.Select(objective => Value(data, point, objective.Metric))]),
        ];
        if (data.Limits.Count > 0)
        {
            groups.Add(new("Constraints met", [.. data.Limits.Select(limit => Value(data, point, limit.Metric) with { Label = limit.Text })]));
        }

        int[] told = [.. data.Objectives.Select(objective => objective.Metric), .. data.Limits.Select(limit => limit.Metric)];
        KeyFigure[] rest = [.. Enumerable.Range(0, data.Metrics.Count).Where(metric => !told.Contains(metric) && !point.Figures[metric].IsEmpty).Select(metric => Value(data, point, metric))];
        if (rest.Length > 0)
        {
            groups.Add(new("Beside these", rest));
        }

        return groups;
    }

    private static KeyFigure Value(SweepReportData data, SweepPoint point, int index)
    {
        SweepMetric metric = data.Metrics[index];
        string spread = point.Spread.Count > 0 && point.Spread[index] is { } over && over.Low != over.High
            ? $"{NumberText.Human(over.Low, metric.Style)} to {NumberText.Human(over.High, metric.Style)} over {point.Repeats} seeds"
            : "";
        return new(metric.Title, NumberText.Human(point.Figures[index], metric.Style), metric.AxisUnit) { Provenance = metric.Provenance, Note = spread };
    }

    /// <summary>What each would give, and then only the settings that tell them apart.</summary>
    private static Table Alternatives(SweepReportData data, IReadOnlyList<Candidate> candidates) => Table.Of(candidates,
    [
        new("choice", "", candidate => candidate.Role),
        new("configuration", "", candidate => candidate.Point.Id),
        .. data.Objectives.SelectMany(objective => (TableColumn<Candidate>[])
        [
            new(data.Metrics[objective.Metric].Title, data.Metrics[objective.Metric].Unit, candidate => candidate.Point.Figures[objective.Metric], data.Metrics[objective.Metric].Style),
            new($"change of {data.Metrics[objective.Metric].Title}", "", candidate => Change(candidates[0].Point.NumberOf(objective.Metric), candidate.Point.NumberOf(objective.Metric)), NumberStyle.Percent),
        ]),
        .. candidates[0].Point.Settings.Select((setting, i) => (setting, i)).Where(entry => candidates.Any(candidate => candidate.Point.Settings[entry.i].Value != entry.setting.Value))
            .Select(entry => new TableColumn<Candidate>(entry.setting.Name, entry.setting.Unit, candidate => candidate.Point.Settings[entry.i].Value)),
    ], candidate => candidate.Point.Id);

    private static Cell Change(double from, double to) => from == 0 || from == to ? default : (Cell)((to - from) / Math.Abs(from));

    private static string Extreme(SweepReportData data, SweepGoal objective) => $"{(objective.Goal == Goal.Minimize ? "lowest" : "highest")} {data.Metrics[objective.Metric].Title}";

    /// <summary>The front's best in an objective; of several the one that comes first.</summary>
    private static SweepPoint BestOf(SweepReportData data, SweepGoal objective)
    {
        IEnumerable<SweepPoint> front = data.Points.Where(point => point.OnFront);
        return objective.Goal == Goal.Minimize ? front.MinBy(point => point.NumberOf(objective.Metric))! : front.MaxBy(point => point.NumberOf(objective.Metric))!;
    }

    private static string Join(IReadOnlyList<string> words) => words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.Take(words.Count - 1))} and {words[^1]}";
}
