// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Calibration;

/// <summary>
/// The step of least error over all magnitudes, or a histogram where they are many: <c>argmin over s of sum n_i |x_i - Q(x_i; s)|^p</c>, p = 2 (squared error) or 1 (absolute error, as Qiu et al. 2016, section 6.1).
/// With m the largest magnitude and n = Highest, free steps are those that clip, <c>m / n</c> times 1/100 .. 100/100, and those that leave the highest codes out, <c>m / t</c>, t from n to 1/2 by twentieths
/// (few values often lie best between fewer levels); then the best one's neighbourhood in two hundred parts. Powers of two are all of sixteen exponents below the least one that clips nothing: a larger one
/// has no point that this one has not.
/// </summary>
public sealed record ErrorSearchRule(int Power) : IClippingRule
{
    private const int Parts = 100;
    private const int PartsOfLevel = 20;
    private const int Exponents = 16;
    private const int MostAtOnce = 1 << 20;

    /// <inheritdoc/>
    public double StepOf(CalibrationSample sample)
    {
        MagnitudeHistogram histogram = new(sample.Values);
        if (histogram.Maximum == 0)
        {
            return 0;
        }

        (double[] magnitudes, double[] counts) = histogram.Total <= MagnitudeHistogram.Cells ? Each(sample.Values) : Cells(histogram);
        int Best(double[] steps) => IndexOfLeast(Errors(sample, magnitudes, counts, steps));

        double widest = histogram.Maximum / sample.Grid.Highest;
        if (sample.Scale == ScaleKind.PowerOfTwo)
        {
            int top = (int)Math.Ceiling(Math.Log2(widest));
            double[] powers = [.. Enumerable.Range(0, Exponents).Select(down => Math.ScaleB(1, top - down))];
            return powers[Best(powers)];
        }

        int beyond = ((sample.Grid.Highest * 2) - 1) * PartsOfLevel / 2;
        double[] coarse =
        [
            0,
            .. Enumerable.Range(1, Parts).Select(i => widest * i / Parts),
            .. Enumerable.Range(1, beyond).Select(i => histogram.Maximum / (sample.Grid.Highest - ((double)i / PartsOfLevel))),
        ];
        int best = 1 + Best(coarse[1..]);
        double from = coarse[best - 1];
        double to = coarse[Math.Min(best + 1, coarse.Length - 1)];
        double[] fine = [coarse[best], .. Enumerable.Range(1, 2 * Parts).Select(i => from + ((to - from) * i / (2 * Parts)))];
        return fine[Best(fine)];
    }

    private static (double[] Magnitudes, double[] Counts) Each(Tensor values)
    {
        float[] all = values.abs().contiguous().data<float>().ToArray();
        return ([.. all.Select(value => (double)value)], [.. all.Select(_ => 1.0)]);
    }

    private static (double[] Magnitudes, double[] Counts) Cells(MagnitudeHistogram histogram)
    {
        float[] middles = histogram.Middles();
        int[] filled = [.. Enumerable.Range(0, middles.Length).Where(i => histogram.Counts[i] > 0)];
        return ([.. filled.Select(i => (double)middles[i])], [.. filled.Select(i => (double)histogram.Counts[i])]);
    }

    private double[] Errors(CalibrationSample sample, double[] magnitudes, double[] counts, double[] steps) =>
        [.. steps.Chunk(Math.Max(1, MostAtOnce / magnitudes.Length)).SelectMany(some =>
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor values = tensor(magnitudes);
            Tensor step = tensor(some).unsqueeze(1);
            Tensor codes = sample.Grid.Project((values / step).clamp((double)sample.Grid.Lowest, (double)sample.Grid.Highest), sample.Rounding);
            Tensor error = values - (codes * step);
            return ((Power == 2 ? error.square() : error.abs()) * tensor(counts)).sum(1).data<double>().ToArray();
        })];

    private static int IndexOfLeast(double[] errors) => Array.IndexOf(errors, errors.Min());
}
