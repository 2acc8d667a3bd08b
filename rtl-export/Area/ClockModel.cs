// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using RtlExport.Parameters;

namespace RtlExport.Area;

/// <summary>One placed design that was not fitted.</summary>
/// <param name="Design">Kind, dataflow and array, rounding mode, to be read by people.</param>
/// <param name="Measured">MHz after place and route.</param>
/// <param name="Model">MHz of the model.</param>
public sealed record ClockPoint(string Design, double Measured, double Model);

/// <summary>
/// The fastest clock of a design: <c>1000 / period</c> MHz with <c>period = sum of coefficient * term</c> in ns. The slowest path of every placed design was in a lane of the vector unit, from the product
/// register through shift, rounding, zero point and clamp at 64 bits, so that the terms are those of its parameters.
/// </summary>
public sealed record ClockModel
{
    /// <summary>Nanoseconds for one of each term.</summary>
    public required ImmutableSortedDictionary<string, double> Nanoseconds { get; init; }

    /// <summary>Placed designs that they were fitted to.</summary>
    public required int Points { get; init; }

    /// <summary>Median of the relative errors in MHz on <see cref="Validation"/>.</summary>
    public required double Median { get; init; }

    /// <summary>Largest of them.</summary>
    public required double Worst { get; init; }

    /// <summary>Placed designs that were not fitted.</summary>
    public required ImmutableArray<ClockPoint> Validation { get; init; }

    /// <summary>MHz of <paramref name="spec"/>.</summary>
    public double Mhz(AcceleratorSpec spec) => Math.Round(1000 / Terms(spec).Sum(term => term.Value * Nanoseconds.GetValueOrDefault(term.Name)), 2);

    /// <summary>A model of <paramref name="measured"/> designs, checked on <paramref name="other"/> ones.</summary>
    public static ClockModel Fit(IReadOnlyList<(AcceleratorSpec Spec, double Mhz)> measured, IReadOnlyList<(AcceleratorSpec Spec, double Mhz)> other)
    {
        AreaTerm[][] terms = [.. measured.Select(point => Terms(point.Spec).ToArray())];
        double middle = measured.Average(point => 1000 / point.Mhz);
        double[] coefficients = LeastSquares.Fit(
            [.. terms.Select(row => row.Select(term => term.Value).ToArray())], [.. measured.Select(point => (1000 / point.Mhz) - middle)], [.. measured.Select(point => point.Mhz / 1000)], Ridge);
        coefficients[0] += middle;
        var model = new ClockModel
        {
            Nanoseconds = terms[0].Zip(coefficients).ToImmutableSortedDictionary(pair => pair.First.Name, pair => Math.Round(pair.Second, 4), StringComparer.Ordinal),
            Points = measured.Count,
            Median = 0,
            Worst = 0,
            Validation = [],
        };
        ImmutableArray<ClockPoint> points = [.. other.Select(point => new ClockPoint(Calibration.NameOf(point.Spec) + ' ' + EnumNames.Of(point.Spec.Requantizer.Rounding), Math.Round(point.Mhz, 2), model.Mhz(point.Spec)))];
        double[] errors = [.. points.Select(point => Math.Abs(point.Model - point.Measured) / point.Measured).Order()];
        return errors.Length == 0
            ? model
            : model with { Validation = points, Worst = Math.Round(errors[^1], 4), Median = Math.Round((errors[(errors.Length - 1) / 2] + errors[errors.Length / 2]) / 2, 4) };
    }

    /// <summary>Pulls differences from the mean period towards zero: few placements say little about a rare mode, which is then taken to be as fast as the others.</summary>
    private const double Ridge = 0.02;

    private static IEnumerable<AreaTerm> Terms(AcceleratorSpec spec)
    {
        RoundingMode rounding = spec.Requantizer.Rounding;
        yield return new("one", 1);
        yield return new("rounds", rounding == RoundingMode.Floor ? 0 : 1);
        yield return new("looks_below_half", rounding is RoundingMode.HalfEven or RoundingMode.HalfAway or RoundingMode.TowardZero ? 1 : 0);
        yield return new("adds_random", rounding == RoundingMode.Stochastic ? 1 : 0);
        yield return new("elementwise", spec.Vector.Elementwise ? 1 : 0);
        yield return new("threshold_levels", spec.Vector.ThresholdLevels);
        yield return new("term_bits", spec.TermWidth);
    }
}
