// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Reports.Html;
using Reports.Sweeps;

namespace Cli.Sweeps;

/// <summary>A finished sweep: its grid with one result per point that could run.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="Configuration">The resolved sweep and its hash.</param>
/// <param name="Points">The grid, in row-major order.</param>
/// <param name="Results">For each point what it came to; null where its values made no experiment.</param>
/// <param name="Trainings">Distinct trainings of the grid.</param>
public sealed record SweepResult(
    SweepSpec Sweep, SweepConfiguration Configuration, ImmutableArray<GridPoint> Points, ImmutableArray<PointResult?> Results, int Trainings)
{
    /// <summary>The sweep as the report takes it.</summary>
    public SweepReportData Report()
    {
        var ran = new List<SweepPoint>();
        var failed = new List<SweepFailure>();
        foreach ((GridPoint point, PointResult? result) in Points.Zip(Results))
        {
            if (result?.Measurement is PointMeasurement measured)
            {
                ran.Add(PointOf(point, measured));
            }
            else
            {
                failed.Add(new($"{point.Id} ({Describe(point)})", result?.Failure ?? string.Join('\n', point.Reasons.Select(Sweep.RelativeText))));
            }
        }

        return new()
        {
            Name = Sweep.Name,
            Description = Sweep.Description,
            ConfigSha256 = Configuration.Sha256,
            Points = ran,
            Failures = failed,
            AreaProvenance = new(ProvenanceKind.Assumed, "first-order formula, docs/costs.md"),
            ClockProvenance = new(ProvenanceKind.Assumed, "clock_mhz of the accelerator file"),
            ColorBy = Sweep.ColorBy,
            ResolvedYaml = Configuration.Yaml,
        };
    }

    /// <summary>Measurements in the order of the report's points.</summary>
    public IEnumerable<PointMeasurement> Measurements => Results.Select(result => result?.Measurement).OfType<PointMeasurement>();

    private SweepPoint PointOf(GridPoint point, PointMeasurement measured) => new()
    {
        Id = point.Id,
        Settings = [.. Sweep.Axes.Zip(point.Values, (axis, value) => new SweepSetting(axis.Name, axis.Unit, value.Cell))],
        Accuracy = measured.Accuracy,
        Area = measured.Lut,
        CyclesPerInference = measured.CyclesPerInference,
        LatencyUs = measured.LatencyUs,
        Utilization = measured.Utilization,
        Overflows = measured.Overflows,
    };

    private string Describe(GridPoint point) => string.Join(", ", Sweep.Axes.Zip(point.Values, (axis, value) => $"{axis.Name} {value.Label}"));
}
