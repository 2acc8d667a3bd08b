// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Calibration;

/// <summary>
/// The clipping level that keeps most of the distribution (Migacz 2017, "8-bit inference with TensorRT"): of a histogram of magnitudes, P is its first i cells with what lies beyond added to the
/// last of them, Q the same cells merged into as many groups as there are levels and spread evenly over those that are not empty; i is where <c>KL(P || Q) = sum P log(P / Q)</c> is least.
/// <c>s = i (cell width) / Highest</c>. Empty cells of Q under P are smoothed by 1e-4, as in the code of outlier channel splitting. The cell of zero, which holds half of all rectified values, takes no part.
/// A range with fewer filled cells than there are levels is none to choose: merging loses nothing of it, whatever it clips (one value alone, in its last cell, has a divergence of 0).
/// </summary>
public sealed record EntropyRule : IClippingRule
{
    private const double Smoothing = 1e-4;
    private const int Stride = 8;

    /// <inheritdoc/>
    public double StepOf(CalibrationSample sample)
    {
        MagnitudeHistogram histogram = new(sample.Values);
        if (histogram.Maximum == 0)
        {
            return 0;
        }

        int levels = sample.Grid.Highest;
        double[] counts = [.. histogram.Counts.ToArray().Select(count => (double)count)];
        counts[0] = 0;
        int least = LeastCells(counts, levels);
        int best = Candidates(levels).Where(cells => cells >= least).MinBy(cells => Divergence(counts, cells, levels));
        return best * histogram.Maximum / MagnitudeHistogram.Cells / sample.Grid.Highest;
    }

    /// <summary>KL of keeping the first cells in so many groups.</summary>
    public static double Divergence(ReadOnlySpan<double> counts, int cells, int levels)
    {
        double[] kept = counts[..cells].ToArray();
        double[] merged = Merged(kept, levels);
        foreach (double beyond in counts[cells..])
        {
            kept[^1] += beyond;
        }

        double all = kept.Sum();
        double ofMerged = merged.Sum();
        if (all == 0 || ofMerged == 0)
        {
            return double.PositiveInfinity;
        }

        double sum = 0;
        for (int i = 0; i < cells; i++)
        {
            if (kept[i] > 0)
            {
                double p = kept[i] / all;
                sum += p * Math.Log(p / Math.Max(merged[i] / ofMerged, Smoothing / cells));
            }
        }

        return sum;
    }

    /// <summary>The first cells of which so many are filled; all where there are not so many.</summary>
    private static int LeastCells(double[] counts, int filled)
    {
        int cells = 0;
        for (int found = 0; cells < counts.Length && found < filled; cells++)
        {
            found += counts[cells] > 0 ? 1 : 0;
        }

        return cells;
    }

    private static IEnumerable<int> Candidates(int levels)
    {
        for (int cells = Math.Min(Math.Max(levels, Stride), MagnitudeHistogram.Cells); cells < MagnitudeHistogram.Cells; cells += Stride)
        {
            yield return cells;
        }

        yield return MagnitudeHistogram.Cells;
    }

    /// <summary>Every group's count, spread evenly over its cells that are not empty.</summary>
    private static double[] Merged(double[] kept, int levels)
    {
        double[] merged = new double[kept.Length];
        for (int group = 0; group < levels; group++)
        {
            int from = (int)((long)group * kept.Length / levels);
            int to = (int)((long)(group + 1) * kept.Length / levels);
            double sum = 0;
            int filled = 0;
            for (int i = from; i < to; i++)
            {
                sum += kept[i];
                filled += kept[i] > 0 ? 1 : 0;
            }

            for (int i = from; i < to; i++)
            {
                merged[i] = kept[i] > 0 ? sum / filled : 0;
            }
        }

        return merged;
    }
}
