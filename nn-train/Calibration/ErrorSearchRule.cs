// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Calibration;

/// <summary>
/// The step of least error over a histogram of magnitudes: <c>argmin over s of sum n_i |x_i - Q(x_i; s)|^p</c>, p = 2 (squared error) or 1 (absolute error, as Qiu et al. 2016, section 6.1).
/// Free steps are the largest magnitude over Highest times 1/100 .. 100/100, then once more in hundredths about the best; powers of two are all of sixteen exponents below the least one that clips nothing.
/// </summary>
public sealed record ErrorSearchRule(int Power) : IClippingRule
{
    private const int Parts = 100;
    private const int Exponents = 16;

    /// <inheritdoc/>
    public double StepOf(CalibrationSample sample)
    {
        MagnitudeHistogram histogram = new(sample.Values);
        if (histogram.Maximum == 0)
        {
            return 0;
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor middles = tensor(histogram.Middles()).to_type(float64);
        Tensor counts = tensor(histogram.Counts.ToArray()).to_type(float64);
        double Error(double step) => ErrorOf(sample, middles, counts, step);

        double widest = histogram.Maximum / sample.Grid.Highest;
        if (sample.Scale == ScaleKind.PowerOfTwo)
        {
            int top = (int)Math.Ceiling(Math.Log2(widest));
            return Enumerable.Range(0, Exponents).Select(down => Math.ScaleB(1, top - down)).MinBy(Error);
        }

        double coarse = Enumerable.Range(1, Parts).Select(i => widest * i / Parts).MinBy(Error);
        return Enumerable.Range(-Parts / 2, Parts + 1).Select(i => coarse + (widest * i / Parts / Parts)).Where(step => step > 0).MinBy(Error);
    }

    /// <summary>The mean error of a step.</summary>
    public double ErrorOf(CalibrationSample sample, double step)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor magnitudes = sample.Values.abs().flatten().to_type(float64);
        return ErrorOf(sample, magnitudes, ones_like(magnitudes), step) / magnitudes.numel();
    }

    private double ErrorOf(CalibrationSample sample, Tensor magnitudes, Tensor counts, double step)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor codes = sample.Grid.Project((magnitudes / step).clamp((double)sample.Grid.Lowest, (double)sample.Grid.Highest), sample.Rounding);
        Tensor error = magnitudes - (codes * step);
        return ((Power == 2 ? error.square() : error.abs()) * counts).sum().item<double>();
    }
}
