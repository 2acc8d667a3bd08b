// SPDX-License-Identifier: Apache-2.0
namespace Reports.Html;

/// <summary>Where a number comes from.</summary>
public enum ProvenanceKind
{
    /// <summary>Somebody wrote it down.</summary>
    Assumed,

    /// <summary>A model with a known error computed it.</summary>
    Estimated,

    /// <summary>It was counted or measured.</summary>
    Measured,
}

/// <summary>Where a number comes from, and with what error or by which tool.</summary>
/// <param name="Kind">The kind of source.</param>
/// <param name="Detail">The model's error or the measuring tool: "±12 %", "Yosys 0.23"; empty for none.</param>
public sealed record Provenance(ProvenanceKind Kind, string Detail = "")
{
    /// <summary>The label as printed: "estimated".</summary>
    public string Label => Kind.ToString().ToLowerInvariant();

    /// <summary>Label and detail inside a sentence: "estimated (±12 %)".</summary>
    public string Sentence => Detail.Length == 0 ? Label : $"{Label} ({Detail})";

    /// <summary>Label and detail as printed: "estimated, ±12 %".</summary>
    public override string ToString() => Detail.Length == 0 ? Label : $"{Label}, {Detail}";
}
