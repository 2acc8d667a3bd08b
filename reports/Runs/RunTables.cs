// SPDX-License-Identifier: Apache-2.0
using Reports.Tables;

namespace Reports.Runs;

/// <summary>The tables of a run, for the page, for CSV files and for the terminal alike.</summary>
public static class RunTables
{
    /// <summary>One row per layer, with a column per stall cause.</summary>
    public static Table Layers(RunReportData data) => Table.Of(data.Layers,
    [
        new("layer", "", l => l.Name),
        new("kind", "", l => l.Kind),
        new("macs", "", l => l.Macs),
        new("cycles", "", l => l.Cycles),
        new("utilization", "", l => l.Utilization, NumberStyle.Percent),
        .. StallCauses(data).Select(cause => new TableColumn<LayerRow>($"stall {cause}", "", l => l.StallCycles.GetValueOrDefault(cause))),
        new("DRAM read", "bytes", l => l.DramReadBytes),
        new("DRAM write", "bytes", l => l.DramWriteBytes),
        new("overflows", "", l => l.Overflows),
        new("first overflow", "", l => l.FirstOverflow),
    ]);

    /// <summary>One row per resource.</summary>
    public static Table Area(RunReportData data) => Table.Of(data.Area,
    [
        new("resource", "", a => a.Resource),
        new("amount", "", a => a.Amount),
        new("unit", "", a => a.Unit),
        new("provenance", "", a => a.Provenance.ToString()),
    ]);

    /// <summary>One row per epoch.</summary>
    public static Table Training(RunReportData data) => Table.Of(data.Training,
    [
        new("epoch", "", t => t.Epoch),
        new("train loss", "", t => t.TrainLoss),
        new("validation accuracy", "", t => t.ValidationAccuracy, NumberStyle.Percent),
    ]);

    /// <summary>The key figures as quantity, value and unit, for the terminal.</summary>
    public static Table Summary(RunReportData data) => Table.Of(
        RunSummary.Groups(data).SelectMany(group => group.Figures),
        [
            new("quantity", "", f => f.Label),
            new("value", "", f => f.Unit.Length == 0 ? f.Value : $"{f.Value} {f.Unit}"),
            new("provenance", "", f => f.Provenance?.ToString() ?? ""),
        ]);

    /// <summary>Every stall cause of any layer, in order of first appearance.</summary>
    public static IReadOnlyList<string> StallCauses(RunReportData data) =>
        data.Layers.SelectMany(layer => layer.StallCycles.Keys).Distinct().ToList();
}
