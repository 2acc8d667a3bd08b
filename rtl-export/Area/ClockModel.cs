// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace RtlExport.Area;

/// <summary>One placed design.</summary>
/// <param name="Design">Kind, dataflow and array, to be read by people.</param>
/// <param name="Measured">MHz after place and route.</param>
/// <param name="Model">MHz of the model that is fitted to the other placed designs.</param>
public sealed record ClockPoint(string Design, double Measured, double Model);

/// <summary>
/// The fastest clock of a design's slowest units: <c>1000 / period</c> MHz with one period for all. The slowest path goes through a lane of the vector unit, from the product register through shift, rounding,
/// zero point and clamp, which is 64 bits wide in every design; placed designs of all kinds differ by no more than placement does.
/// </summary>
public sealed record ClockModel
{
    /// <summary>Nanoseconds: the mean of the placed designs.</summary>
    public required double PeriodNs { get; init; }

    /// <summary>Median of the relative errors in MHz over <see cref="Validation"/>.</summary>
    public required double Median { get; init; }

    /// <summary>Largest of them.</summary>
    public required double Worst { get; init; }

    /// <summary>The placed designs, each compared with what the others say.</summary>
    public required ImmutableArray<ClockPoint> Validation { get; init; }

    /// <summary>MHz.</summary>
    public double Mhz => Math.Round(1000 / PeriodNs, 2);

    /// <summary>The model of placed designs, two at least.</summary>
    public static ClockModel Fit(IReadOnlyList<(string Design, double Mhz)> placed)
    {
        double sum = placed.Sum(point => 1000 / point.Mhz);
        ImmutableArray<ClockPoint> points =
        [
            .. placed.Select(point => new ClockPoint(point.Design, Math.Round(point.Mhz, 2), Math.Round(1000 / ((sum - (1000 / point.Mhz)) / (placed.Count - 1)), 2))),
        ];
        double[] errors = [.. points.Select(point => Math.Abs(point.Model - point.Measured) / point.Measured).Order()];
        return new()
        {
            PeriodNs = Math.Round(sum / placed.Count, 3),
            Median = Math.Round((errors[(errors.Length - 1) / 2] + errors[errors.Length / 2]) / 2, 4),
            Worst = Math.Round(errors[^1], 4),
            Validation = points,
        };
    }
}
