// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using RtlExport.Parameters;
using RtlExport.Vectors;

namespace RtlExport.Corners;

/// <summary>One corner of a design, and the vectors that come to it.</summary>
/// <param name="Group">What it is a corner of.</param>
/// <param name="Corner">The corner.</param>
/// <param name="Hits">Vectors (words of a file, instructions of a program) that come to it.</param>
/// <param name="First">The first of them; null where there is none.</param>
/// <param name="Reason">Why there is none; null where there is one, or where nobody knows.</param>
public sealed record CornerCoverage(string Group, string Corner, long Hits, string? First, string? Reason)
{
    /// <summary><c>hit</c>, <c>absent</c> (the design has no such corner, or no program of this size comes there, for the reason given), or <c>missed</c>.</summary>
    public string Status => Hits > 0 ? "hit" : Reason is not null ? "absent" : "missed";
}

/// <summary>A program of a bundle and when its instructions ran.</summary>
/// <param name="Name">Name of its files' place, for a reader.</param>
/// <param name="Schedule">The program.</param>
/// <param name="Timing">Its timeline.</param>
/// <param name="Frames">Frames of a run.</param>
/// <param name="Runs">Runs, one after the other without a reset.</param>
public sealed record CoveredProgram(string Name, Schedule Schedule, TimingResult Timing, int Frames = 1, int Runs = 1)
{
    /// <summary>The program of a directed network.</summary>
    public static CoveredProgram Of(CornerNetwork network, string name) => new(name, network.Schedule, network.Timing, network.Frames, network.Runs);
}

/// <summary>Which corner is hit by which vector of a bundle, found by looking at the vectors.</summary>
public sealed class CoverageTable
{
    /// <summary>The page's file.</summary>
    public const string PageName = "coverage.md";

    /// <summary>The data's file.</summary>
    public const string DataName = "coverage.json";

    private CoverageTable(ImmutableArray<CornerCoverage> corners, ImmutableArray<OmittedNetwork> omitted) => (Corners, Omitted) = (corners, omitted);

    /// <summary>All corners, group by group.</summary>
    public ImmutableArray<CornerCoverage> Corners { get; }

    /// <summary>Directed networks that the design does not run.</summary>
    public ImmutableArray<OmittedNetwork> Omitted { get; }

    /// <summary>Looks at module vectors, programs and timelines.</summary>
    public static CoverageTable Of(
        AcceleratorSpec spec, IEnumerable<VectorTable> tables, IReadOnlyList<CoveredProgram> programs, IReadOnlyList<CornerNetwork> networks, IEnumerable<OmittedNetwork> omitted)
    {
        VectorTable[] all = [.. tables];
        return new(
            [
                .. all.SelectMany(table => NumberCorners.Of(spec, table)),
                .. SumCorners.Of(spec, networks.FirstOrDefault(network => network.Schedule.Network.Name == LimitsNetwork.Name)),
                .. TileCorners.Of(spec, programs),
                .. AddressCorners.Of(spec, programs),
                .. QueueCorners.Of(spec, programs),
                .. CoincidenceCorners.Of(programs),
                .. RunCorners.Of(programs),
            ],
            [.. omitted]);
    }

    /// <summary>The table as a page.</summary>
    public string Page(BundleStamp stamp)
    {
        var text = new StringBuilder();
        text.Append("# Which corner is hit by which vector\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Found by looking at the vectors of this bundle (configuration_sha256 {stamp.ConfigurationSha256}), not asserted: ");
        text.Append(CultureInfo.InvariantCulture, $"{Corners.Count(corner => corner.Status == "hit")} corners are hit, {Corners.Count(corner => corner.Status == "absent")} are absent for the reason given, ");
        text.Append(CultureInfo.InvariantCulture, $"{Corners.Count(corner => corner.Status == "missed")} are missed.\n");
        foreach (IGrouping<string, CornerCoverage> group in Corners.GroupBy(corner => corner.Group))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {group.Key}\n\n| corner | vectors | first of them, or why none |\n|---|---:|---|\n");
            foreach (CornerCoverage corner in group)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {corner.Corner} | {corner.Hits} | {corner.First ?? corner.Reason ?? "missed"} |\n");
            }
        }

        if (Omitted.Length > 0)
        {
            text.Append("\n## Directed networks that this design does not run\n\n| network | why |\n|---|---|\n");
            foreach (OmittedNetwork network in Omitted)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {network.Name} | {network.Reason} |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>The table as data.</summary>
    public string Data(BundleStamp stamp) => BundleText.Json(json =>
    {
        json.WriteString("configuration_sha256", stamp.ConfigurationSha256);
        json.WriteStartArray("corners");
        foreach (CornerCoverage corner in Corners)
        {
            Write(json, corner);
        }

        json.WriteEndArray();
        json.WriteStartArray("omitted_networks");
        foreach (OmittedNetwork network in Omitted)
        {
            json.WriteStartObject();
            json.WriteString("network", network.Name);
            json.WriteString("reason", network.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, CornerCoverage corner)
    {
        json.WriteStartObject();
        json.WriteString("group", corner.Group);
        json.WriteString("corner", corner.Corner);
        json.WriteString("status", corner.Status);
        json.WriteNumber("hits", corner.Hits);
        json.WriteString("first", corner.First);
        json.WriteString("reason", corner.Reason);
        json.WriteEndObject();
    }
}

/// <summary>Counts what comes to a corner.</summary>
internal static class CornerCount
{
    /// <summary>The corner with all places that come to it.</summary>
    public static CornerCoverage Of(string group, string corner, IEnumerable<string> places, string? reason = null)
    {
        string[] all = [.. places];
        return new(group, corner, all.Length, all.Length > 0 ? all[0] : null, all.Length > 0 ? null : reason);
    }
}
