// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Reports.Tables;
using Reports.Terminal;

namespace Reports.Sweeps;

/// <summary>
/// The Pareto front of a sweep for a person at a terminal: at most <see cref="MostRows"/> of its points, and of their columns those that fit the window. What is the same in all of them is told
/// once. Files and pipes get every point with every column. A small plot of the first two objectives follows, and the recommended point.
/// </summary>
public static class FrontSummary
{
    private const int MostRows = 20;

    /// <summary>The lines, each ended by '\n'; empty where no point is on the front.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="everything">The file that has all points.</param>
    /// <param name="style">What the reader can show.</param>
    public static string Format(SweepReportData sweep, string everything, TerminalStyle style)
    {
        SweepReportData data = SeedGroups.Of(sweep);
        if (Recommendation.Of(data) is not Recommendation recommended)
        {
            return "";
        }

        SweepPoint[] front = [.. data.Points.Where(point => point.OnFront)];
        Table all = SweepTables.Points(data with { Points = front }, data);
        var text = new StringBuilder();
        if (!style.Box)
        {
            text.Append(FormattableString.Invariant($"on the Pareto front: {front.Length}\n")).Append(TerminalTable.Format(all, style));
        }
        else
        {
            int[] rows = Chosen(data, front, recommended.Point);
            text.Append(FormattableString.Invariant($"on the Pareto front: {front.Length}{(rows.Length < front.Length ? $", of which {rows.Length} from end to end" : "")}\n"));
            AppendWhatFits(text, data, all, rows, style, rows.Length < front.Length ? $"{everything} has every point" : $"{everything} has them");
        }

        string settings = string.Join(", ", recommended.Point.Settings.Where(setting => !setting.Value.IsEmpty).Select(setting => $"{setting.Name} {NumberText.Human(setting.Value, NumberStyle.General)}"));
        text.Append(TerminalScatter.Format(SweepFigures.Of(data, TradeOff.Of(data)[0]), style));
        return text.Append($"recommended: {style.Bold(recommended.Point.Id)} ({settings})\n").ToString();
    }

    /// <summary>Which points are shown: the recommended one, the best in each objective, and others evenly along the first objective, in its order where some are left out.</summary>
    private static int[] Chosen(SweepReportData data, SweepPoint[] front, SweepPoint recommended)
    {
        if (front.Length <= MostRows)
        {
            return [.. Enumerable.Range(0, front.Length)];
        }

        int[] along = [.. Enumerable.Range(0, front.Length).OrderBy(i => front[i].NumberOf(data.Objectives[0].Metric))];
        HashSet<int> chosen = [Array.IndexOf(front, recommended)];
        foreach (SweepGoal objective in data.Objectives)
        {
            chosen.Add(objective.Goal == Figures.Goal.Minimize ? along.MinBy(i => front[i].NumberOf(objective.Metric)) : along.MaxBy(i => front[i].NumberOf(objective.Metric)));
        }

        // Halving the steps puts the first points far apart, and the later ones between them.
        for (int parts = 1; chosen.Count < MostRows; parts *= 2)
        {
            for (int i = 0; i <= parts && chosen.Count < MostRows; i++)
            {
                chosen.Add(along[(int)Math.Round((double)i * (along.Length - 1) / parts)]);
            }
        }

        return [.. along.Where(chosen.Contains)];
    }

    private static void AppendWhatFits(StringBuilder text, SweepReportData data, Table all, int[] rows, TerminalStyle style, string elsewhere)
    {
        IReadOnlyList<int> ranked = SweepTables.ByWorth(data, all);
        int[] same = [.. ranked.Skip(data.Objectives.Count).Where(c => all.Rows.Count > 1 && all.Rows.All(row => row[c] == all.Rows[0][c])).Order()];
        int[] byWorth = [.. ranked.Except(same)];
        Table shown = all with { Rows = [.. rows.Select(r => all.Rows[r])], RowKeys = [] };
        List<int> kept = [0];
        int width = TerminalTable.LeastWidthOf(shown, 0) + 1;
        foreach (int c in byWorth)
        {
            int more = TerminalTable.LeastWidthOf(shown, c);
            if (width + more <= style.Columns)
            {
                kept.Add(c);
                width += more;
            }
        }

        kept.Sort();
        text.Append(TerminalTable.Format(shown.Only(kept), style));
        if (same.Length > 0)
        {
            text.Append($"the same in all: {string.Join(", ", same.Select(c => $"{all.Columns[c].Label} {NumberText.Human(all.Rows[0][c], all.Columns[c].Style)}"))}\n");
        }

        string[] missing = [.. byWorth.Except(kept).Order().Select(c => all.Columns[c].Title)];
        if (missing.Length > 0 || rows.Length < all.Rows.Count)
        {
            text.Append($"{(missing.Length > 0 ? $"no room for {string.Join(", ", missing)}: " : "")}{elsewhere}\n");
        }
    }
}
