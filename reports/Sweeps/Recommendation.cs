// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Tables;

namespace Reports.Sweeps;

/// <summary>The point that a report recommends.</summary>
/// <param name="Point">The point.</param>
/// <param name="Distance">Its distance to the best of everything, 0 to 1.</param>
/// <param name="FrontSize">Points on the front.</param>
public sealed record Recommendation(SweepPoint Point, double Distance, int FrontSize)
{
    private const double LogFromRatio = 8;

    /// <summary>
    /// The point on the front that is nearest to the best of every objective at once. Each objective is scaled to 0 (best of the front) .. 1 (worst of the front), logarithmically where the
    /// front spans a factor of 8 or more; the distance is the root of the mean square. Of several the first; null where no point keeps to the constraints.
    /// </summary>
    public static Recommendation? Of(SweepReportData data)
    {
        SweepPoint[] front = [.. data.Points.Where(point => point.OnFront)];
        if (front.Length == 0)
        {
            return null;
        }

        double[] sums = new double[front.Length];
        foreach (SweepGoal objective in data.Objectives)
        {
            double[] values = [.. front.Select(point => point.NumberOf(objective.Metric))];
            bool log = data.Metrics[objective.Metric].Style != NumberStyle.Percent && values.Min() > 0 && values.Max() / values.Min() >= LogFromRatio;
            double[] places = log ? [.. values.Select(value => Math.Log(value))] : values;
            double best = objective.Goal == Goal.Minimize ? places.Min() : places.Max(), worst = objective.Goal == Goal.Minimize ? places.Max() : places.Min();
            for (int i = 0; i < sums.Length; i++)
            {
                double share = best == worst ? 0 : (places[i] - best) / (worst - best);
                sums[i] += share * share / data.Objectives.Count;
            }
        }

        int chosen = Array.IndexOf(sums, sums.Min());
        return new(front[chosen], Math.Sqrt(sums[chosen]), front.Length);
    }
}
