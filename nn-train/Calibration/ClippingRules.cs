// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;

namespace NnTrain.Calibration;

/// <summary>From the names of a recipe to clipping rules.</summary>
public static class ClippingRules
{
    /// <summary>The rule of a sentence; null where its range is not found by calibration.</summary>
    public static IClippingRule? Of(QuantizerSpec spec) => spec.Range switch
    {
        RangeKind.Percentile => new PercentileRule(spec.Percentile ?? 1),
        RangeKind.IntegerLength => new IntegerLengthRule(spec.Percentile ?? 1, spec.Deviations),
        RangeKind.Deviations => new DeviationsRule(spec.Deviations ?? DeviationsRule.Usual),
        RangeKind.MeanOfMaxima => new MeanOfMaximaRule(),
        RangeKind.LeastSquares => new ErrorSearchRule(2),
        RangeKind.LeastAbsolute => new ErrorSearchRule(1),
        RangeKind.Entropy => new EntropyRule(),
        RangeKind.AciqGauss => new AciqRule(ValuePrior.Gauss, spec.Reading ?? Reading.Paper),
        RangeKind.AciqLaplace => new AciqRule(ValuePrior.Laplace, spec.Reading ?? Reading.Paper),
        RangeKind.NormalOptimum => new NormalOptimumRule(),
        _ => null,
    };

    /// <summary>Whether a range is found once, by calibration.</summary>
    public static bool Knows(RangeKind range) => range is RangeKind.Percentile or RangeKind.IntegerLength or RangeKind.Deviations or RangeKind.MeanOfMaxima or RangeKind.LeastSquares
        or RangeKind.LeastAbsolute or RangeKind.Entropy or RangeKind.AciqGauss or RangeKind.AciqLaplace or RangeKind.NormalOptimum;
}
