// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;

namespace AccelModel.Comparison;

/// <summary>
/// Reads SCALE-Sim's topology files (docs/scale-sim.md): what SCALE-Sim v3 accepts means the same here. Whatever is wrong becomes a finding, and all of them come at once.
/// </summary>
public static class TopologyFile
{
    /// <summary>The largest file.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>The most layers, channels of depthwise rows counted one by one.</summary>
    public const int MaxLayers = 100_000;

    /// <summary>From this many columns on, a header is a convolution's: a matrix product has five at most.</summary>
    private const int ConvolutionColumns = 6;

    private static readonly string[] GemmHeader = ["K", "M", "N"];

    /// <summary>The topology of a file, or null after a finding.</summary>
    public static Topology? Load(string path, SpecIssues issues) =>
        SpecText.ReadBytes(path, "a topology file in CSV", MaxBytes, issues) is byte[] bytes && SpecText.Decode(bytes, path, issues) is string text
            ? Parse(text, path, issues)
            : null;

    /// <summary>The topology of a text, or null after a finding; <paramref name="file"/> is its name in findings.</summary>
    public static Topology? Parse(string text, string file, SpecIssues issues)
    {
        if (!SpecText.IsClean(text, file, issues))
        {
            return null;
        }

        int before = issues.Count;
        TopologyLine[] lines = [.. TopologyLine.Split(text, file)];
        TopologyLine[] filled = [.. lines.Where(line => !line.IsBlank)];
        bool headerIsBlank = lines[0].IsBlank && filled is [TopologyLine first, ..] && ReadsAsLayer(first);
        TopologyLine? header = headerIsBlank ? null : filled.FirstOrDefault();
        TopologyLine[] rows = headerIsBlank ? filled : [.. filled.Skip(1)];
        if (rows.Length == 0)
        {
            issues.Add(SpecPosition.StartOf(file), "", "no layers, allowed a header line and a row for each layer");
            return null;
        }

        TopologyFormat format = FormatOf(header, rows[0]);
        var layers = ImmutableArray.CreateBuilder<TopologyLayer>();
        foreach (TopologyLine row in rows)
        {
            ImmutableArray<TopologyLayer> added = TopologyRow.Read(row, format, issues);
            if (layers.Count + added.Length > MaxLayers)
            {
                issues.Add(row.Position, "", $"too many layers, found {layers.Count + added.Length} up to here, allowed {MaxLayers}");
                break;
            }

            layers.AddRange(added);
        }

        SpecPosition? skipped = header is not null && ReadsAsLayer(header) ? header.Position : null;
        return issues.Count > before ? null : new Topology(format, layers.ToImmutable(), skipped);
    }

    /// <summary>
    /// A header that names M, N and K is a matrix product's, one of many columns a convolution's; where the header says neither, the first row's number
    /// of columns decides.
    /// </summary>
    private static TopologyFormat FormatOf(TopologyLine? header, TopologyLine row)
    {
        string[] names = header is null ? [] : [.. header.Fields.Select(field => field.Text)];
        if (names.Length is 4 or 5 && names[1..4].Order(StringComparer.OrdinalIgnoreCase).SequenceEqual(GemmHeader, StringComparer.OrdinalIgnoreCase))
        {
            return TopologyFormat.Gemm;
        }

        return names.Length < ConvolutionColumns && row.Fields.Length is 4 or 5 ? TopologyFormat.Gemm : TopologyFormat.Convolution;
    }

    private static bool ReadsAsLayer(TopologyLine line) => Enum.GetValues<TopologyFormat>().Any(format =>
    {
        var problems = new SpecIssues();
        TopologyRow.Read(line, format, problems);
        return problems.Count == 0;
    });
}
