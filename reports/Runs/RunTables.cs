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

    /// <summary>Energy and place under the roofline of each layer that has any.</summary>
    public static Table Energy(RunReportData data) => Table.Of(data.Layers.Where(l => l.EnergyNj.Count > 0),
    [
        new("layer", "", l => l.Name),
        new("energy", "nJ", l => Math.Round(l.EnergyNj.Values.Sum(), 3)),
        .. EnergyComponents(data).Select(component => new TableColumn<LayerRow>(component.Replace('_', ' '), "nJ", l => Math.Round(l.EnergyNj.GetValueOrDefault(component), 3))),
        new("arithmetic intensity", "MACs/byte", l => Math.Round(l.ArithmeticIntensity, 3)),
        new("achieved", "MACs/cycle", l => Math.Round(Achieved(l), 3)),
        new("attainable", "MACs/cycle", l => Math.Round(l.AttainableMacsPerCycle, 3)),
    ]);

    /// <summary>Sufficient widths of each layer with products.</summary>
    public static Table Widths(RunReportData data) => Table.Of(data.Layers.Where(l => l.Widths is not null),
    [
        new("layer", "", l => l.Name),
        new("type bound", "bits", l => l.Widths!.TypeBound),
        new("weight bound", "bits", l => l.Widths!.WeightBound),
        new("observed partial sum", "bits", l => l.Widths!.ObservedPartialSum),
        new("observed accumulator", "bits", l => l.Widths!.ObservedAccumulator),
        new("partial sum width", "bits", l => l.Widths!.PartialSum),
        new("accumulator width", "bits", l => l.Widths!.Accumulator),
        new("sufficient", "", l => l.Widths!.Sufficient),
    ]);

    /// <summary>Every component of energy of any layer, in order of first appearance.</summary>
    public static IReadOnlyList<string> EnergyComponents(RunReportData data) => data.Layers.SelectMany(layer => layer.EnergyNj.Keys).Distinct().ToList();

    /// <summary>Multiply-accumulates per cycle that a layer reaches.</summary>
    public static double Achieved(LayerRow layer) => layer.Cycles == 0 ? 0 : layer.Macs / (double)layer.Cycles;

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

    /// <summary>One row per tensor and width.</summary>
    public static Table Sensitivity(SensitivityData data) => Table.Of(data.Points,
    [
        new("layer", "", p => p.Layer),
        new("tensor", "", p => p.OfWeights ? "weights" : "output"),
        new("width", "bits", p => p.Bits),
        new("accuracy", "", p => p.Accuracy, NumberStyle.Percent),
        new("lost", "", p => data.Reference - p.Accuracy, NumberStyle.Percent),
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
