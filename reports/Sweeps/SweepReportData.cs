// SPDX-License-Identifier: Apache-2.0
using Reports.Html;
using Reports.Tables;

namespace Reports.Sweeps;

/// <summary>Everything a report of a sweep shows.</summary>
public sealed record SweepReportData
{
    /// <summary>The sweep's name.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence on what was varied; empty for none.</summary>
    public string Description { get; init; } = "";

    /// <summary>SHA-256 of the resolved sweep, in hexadecimal.</summary>
    public required string ConfigSha256 { get; init; }

    /// <summary>The points that were evaluated, in order.</summary>
    public required IReadOnlyList<SweepPoint> Points { get; init; }

    /// <summary>The configurations that could not run, with the reason.</summary>
    public IReadOnlyList<SweepFailure> Failures { get; init; } = [];

    /// <summary>Unit of the area: "LUT".</summary>
    public string AreaUnit { get; init; } = "LUT";

    /// <summary>Where the areas come from.</summary>
    public required Provenance AreaProvenance { get; init; }

    /// <summary>Where the clock frequencies, and so the latencies, come from.</summary>
    public required Provenance ClockProvenance { get; init; }

    /// <summary>Name of the setting that colours the points; null takes the first with two to seven values.</summary>
    public string? ColorBy { get; init; }

    /// <summary>The resolved sweep; empty for none.</summary>
    public string ResolvedYaml { get; init; } = "";
}

/// <summary>One varied setting of a configuration.</summary>
/// <param name="Name">Its name as in the sweep, in words: "weight width".</param>
/// <param name="Unit">Its unit, or empty.</param>
/// <param name="Value">Its value.</param>
public sealed record SweepSetting(string Name, string Unit, Cell Value);

/// <summary>One evaluated configuration.</summary>
public sealed record SweepPoint
{
    /// <summary>A name, unique within the sweep.</summary>
    public required string Id { get; init; }

    /// <summary>The varied settings, the same names in the same order in every point.</summary>
    public required IReadOnlyList<SweepSetting> Settings { get; init; }

    /// <summary>Accuracy on the accelerator, 0 to 1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The area in the sweep's unit.</summary>
    public required double Area { get; init; }

    /// <summary>Cycles of one inference.</summary>
    public required long CyclesPerInference { get; init; }

    /// <summary>Time of one inference in microseconds.</summary>
    public required double LatencyUs { get; init; }

    /// <summary>Multiply-accumulates done per multiply-accumulate possible, 0 to 1.</summary>
    public required double Utilization { get; init; }

    /// <summary>Accumulator overflows over all test images.</summary>
    public long Overflows { get; init; }
}

/// <summary>A configuration that could not run.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record SweepFailure(string Id, string Reason);
