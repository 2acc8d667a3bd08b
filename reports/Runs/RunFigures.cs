// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Tables;

namespace Reports.Runs;

/// <summary>The figures of a run; each is null where its data is missing.</summary>
internal static class RunFigures
{
    private const double PointsPerRow = 15;
    private const double PointsAroundRows = 78;
    private const int MostChanges = 40;

    /// <summary>Loss over epochs.</summary>
    public static Figure? Loss(RunReportData data) => data.Training.Count == 0 ? null : new Figure
    {
        Id = "training-loss",
        Title = "Training loss",
        X = new Axis { Label = "epoch", IsWhole = true },
        Y = new Axis { Label = "loss" },
        Series = [new LineSeries { Name = "training loss", Points = data.Training.Select(t => new FigurePoint(t.Epoch, t.TrainLoss)).ToList() }],
    };

    /// <summary>Accuracy on the validation split over epochs; null where there is no such split.</summary>
    public static Figure? Validation(RunReportData data) => data.Training.All(t => t.ValidationAccuracy is null) ? null : new Figure
    {
        Id = "validation-accuracy",
        Title = "Validation accuracy",
        X = new Axis { Label = "epoch", IsWhole = true },
        Y = new Axis { Label = "accuracy", Unit = "%" },
        Series = [new LineSeries { Name = "validation accuracy", Points = data.Training.Select(t => new FigurePoint(t.Epoch, t.ValidationAccuracy * 100 ?? double.NaN)).ToList() }],
    };

    /// <summary>Cycles per layer, split into work and stalls by cause.</summary>
    public static Figure? Cycles(RunReportData data)
    {
        if (data.Layers.Count == 0)
        {
            return null;
        }

        // Stalls that overlap in time (of several units, say) do not add up to a layer's cycles; they then stand beside them.
        bool additive = data.Layers.All(l => l.StallCycles.Values.Sum() <= l.Cycles);
        string stack = additive ? "cycles" : "";
        var series = new List<Series>
        {
            new BarSeries { Name = additive ? "working" : "all", Stack = stack, Values = data.Layers.Select(l => (double)(additive ? l.Cycles - l.StallCycles.Values.Sum() : l.Cycles)).ToList() },
        };
        series.AddRange(RunTables.StallCauses(data).Select(cause => new BarSeries
        {
            Name = "stall: " + cause,
            Stack = stack,
            Values = data.Layers.Select(l => (double)l.StallCycles.GetValueOrDefault(cause)).ToList(),
        }));
        return Bars(data, "layer-cycles", "Where the cycles go", "Cycles of one inference per layer: work, and stalls by cause.", new Axis { Label = "cycles" }, series);
    }

    /// <summary>Utilisation per layer.</summary>
    public static Figure? Utilization(RunReportData data) => data.Layers.Count == 0 ? null
        : Bars(data, "layer-utilization", "Utilisation of the array", "Multiply-accumulates done per multiply-accumulate possible.",
            new Axis { Label = "utilization", Unit = "%", Minimum = 0, Maximum = 100 },
            [new BarSeries { Name = "utilization", Values = data.Layers.Select(l => l.Utilization * 100).ToList() }]) with { Size = ColumnOf(data.Layers.Count) };

    /// <summary>DRAM traffic per layer.</summary>
    public static Figure? Traffic(RunReportData data) => data.Layers.All(l => l.DramReadBytes + l.DramWriteBytes == 0) ? null
        : Bars(data, "layer-traffic", "DRAM traffic", "Bytes moved in one inference.", new Axis { Label = "traffic", Unit = "kB" },
        [
            new BarSeries { Name = "read", Values = data.Layers.Select(l => l.DramReadBytes / 1000.0).ToList() },
            new BarSeries { Name = "write", Values = data.Layers.Select(l => l.DramWriteBytes / 1000.0).ToList() },
        ]) with { Size = ColumnOf(data.Layers.Count) };

    /// <summary>Energy per layer, by component.</summary>
    public static Figure? Energy(RunReportData data) => RunTables.EnergyComponents(data).Count == 0 ? null
        : Bars(data, "layer-energy", "Energy by component", "Dynamic energy of one inference per layer (assumed).", new Axis { Label = "energy", Unit = "nJ" },
        [
            .. RunTables.EnergyComponents(data).Select(component => new BarSeries
            {
                Name = component.Replace('_', ' '), Stack = "energy", Values = data.Layers.Select(l => l.EnergyNj.GetValueOrDefault(component)).ToList(),
            }),
        ]);

    /// <summary>Each layer under the roofline of the design.</summary>
    public static Figure? Roofline(RunReportData data)
    {
        List<LayerRow> layers = data.Layers.Where(l => l.Macs > 0 && l.Cycles > 0 && l.ArithmeticIntensity > 0).ToList();
        if (layers.Count == 0 || data.MacsPerCycle <= 0 || data.PortBytesPerCycle <= 0)
        {
            return null;
        }

        double ridge = data.MacsPerCycle / data.PortBytesPerCycle;
        double low = Math.Min(layers.Min(l => l.ArithmeticIntensity), ridge) / 2, high = Math.Max(layers.Max(l => l.ArithmeticIntensity), ridge) * 2;
        return new Figure
        {
            Id = "roofline",
            Title = "Roofline",
            Caption = "Multiply-accumulates per cycle against arithmetic intensity: what each layer reaches, below what port and array allow.",
            X = new Axis { Label = "arithmetic intensity", Unit = "MACs/byte", Scale = AxisScale.Log },
            Y = new Axis { Label = "throughput", Unit = "MACs/cycle", Scale = AxisScale.Log },
            Series =
            [
                new LineSeries
                {
                    Name = "roof", Points = [new(low, low * data.PortBytesPerCycle), new(ridge, data.MacsPerCycle), new(high, data.MacsPerCycle)],
                },
                .. layers.Select(l => new ScatterSeries { Name = l.Name, Points = [new(l.ArithmeticIntensity, RunTables.Achieved(l)) { Hover = l.Name }] }),
            ],
        };
    }

    /// <summary>Sufficient widths per layer beside those of the design.</summary>
    public static Figure? Widths(RunReportData data)
    {
        List<LayerRow> layers = data.Layers.Where(l => l.Widths is not null).ToList();
        return layers.Count == 0 ? null : Bars(
            data with { Layers = layers }, "layer-widths", "Sufficient width of the sums", "Bits with which nothing overflows, beside those of the design.", new Axis { Label = "width", Unit = "bits", Minimum = 0 },
            [
                Bar("type bound", w => w.TypeBound),
                Bar("weight bound", w => w.WeightBound),
                Bar("observed partial sum", w => w.ObservedPartialSum),
                Bar("observed accumulator", w => w.ObservedAccumulator),
                Bar("partial sum of the design", w => w.PartialSum),
                Bar("accumulator of the design", w => w.Accumulator),
            ]) with { Size = FigureSize.Page with { HeightPoints = PointsAroundRows + layers.Count * 4 * PointsPerRow } };

        BarSeries Bar(string name, Func<LayerWidths, int> bits) => new() { Name = name, Values = layers.Select(l => (double)bits(l.Widths!)).ToList() };
    }

    /// <summary>What each unit did during the first inference.</summary>
    public static Figure? Timeline(RunReportData data)
    {
        if (data.Timeline.Count == 0)
        {
            return null;
        }

        List<string> units = data.Timeline.Select(t => t.Unit).Distinct().ToList();
        return new Figure
        {
            Id = "timeline",
            Title = "The first inference",
            Caption = "When each unit was at work.",
            X = new Axis { Label = "time", Unit = "cycles", Minimum = 0 },
            Y = new Axis { Label = "unit", Categories = units },
            Series = data.Timeline.GroupBy(t => t.Group).Select(group => (Series)new IntervalSeries
            {
                Name = group.Key.Length > 0 ? group.Key : "at work",
                Intervals = group.Select(t => new FigureInterval(units.IndexOf(t.Unit), t.StartCycle, t.EndCycle, t.Label)).ToList(),
            }).ToList(),
            Size = FigureSize.Page with { HeightPoints = PointsAroundRows + units.Count * 22 },
        };
    }

    /// <summary>Overflows per layer; null where there were none.</summary>
    public static Figure? Overflows(RunReportData data) => data.Layers.All(l => l.Overflows == 0) ? null
        : Bars(data, "layer-overflows", "Overflows", $"Additions that saturated or wrapped, over all {NumberText.Human(data.TestImages)} test images.", new Axis { Label = "overflows" },
            [new BarSeries { Name = "overflows", Values = data.Layers.Select(l => (double)l.Overflows).ToList() }]) with { Size = ColumnOf(data.Layers.Count) };

    /// <summary>The largest changes against an earlier run, of the whole inference and of the layers' cycles; null where nothing with a share changed.</summary>
    public static Figure? Changes(RunComparison comparison)
    {
        RunChange[] shown =
        [
            .. comparison.Changes.Where(change => change.Change is not null && (change.Item == RunChanges.Whole || change.Metric == "cycles"))
                .OrderBy(change => change.Item == RunChanges.Whole ? 0 : 1).ThenByDescending(change => Math.Abs(change.Change!.Value)).Take(MostChanges),
        ];
        return shown.Length == 0 ? null : new Figure
        {
            Id = "changes",
            Title = "What changed",
            Caption = $"Figures of one inference and cycles of its layers, against {comparison.Before}: to the right they grew, to the left they shrank.",
            X = new Axis { Label = "change", Unit = "%" },
            Y = new Axis { Label = "figure", Categories = [.. shown.Select(change => $"{change.Item} {change.Metric.Replace('_', ' ')}")] },
            Series = [new BarSeries { Name = "change", Values = [.. shown.Select(change => change.Change!.Value * 100)] }],
            Size = FigureSize.Page with { HeightPoints = PointsAroundRows + shown.Length * PointsPerRow },
        };
    }

    /// <summary>How often each weight code of a layer occurs.</summary>
    public static Figure Weights(WeightHistogram histogram, int index) => Histogram(histogram, FormattableString.Invariant($"weights-{index}"), "Weights", "weight code");

    /// <summary>How often each code that a layer stores occurs.</summary>
    public static Figure Activations(WeightHistogram histogram, int index) => Histogram(histogram, FormattableString.Invariant($"activations-{index}"), "Activations", "code");

    private static Figure Histogram(WeightHistogram histogram, string id, string what, string label) => new()
    {
        Id = id,
        Title = $"{what} of {histogram.Layer}",
        Caption = histogram.Step == 1 ? "" : FormattableString.Invariant($"{histogram.Step} codes to a bar, named by the least."),
        X = new Axis { Label = label, Categories = histogram.Counts.Select((_, i) => FormattableString.Invariant($"{histogram.FirstCode + (i * histogram.Step)}")).ToList() },
        Y = new Axis { Label = "occurrences" },
        Series = [new BarSeries { Name = histogram.Layer, Values = histogram.Counts.Select(c => (double)c).ToList() }],
    };

    private static Figure Bars(RunReportData data, string id, string title, string caption, Axis values, IReadOnlyList<Series> series) => new()
    {
        Id = id,
        Title = title,
        Caption = caption,
        X = values,
        Y = new Axis { Label = "layer", Categories = data.Layers.Select(l => l.Name).ToList() },
        Series = series,
        Size = FigureSize.Page with { HeightPoints = PointsAroundRows + data.Layers.Count * PointsPerRow },
    };

    private static FigureSize ColumnOf(int rows) => FigureSize.Column with { HeightPoints = Math.Max(FigureSize.Column.HeightPoints, PointsAroundRows + rows * PointsPerRow) };
}
