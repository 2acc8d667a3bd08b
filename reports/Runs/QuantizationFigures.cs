// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using Reports.Tables;

namespace Reports.Runs;

/// <summary>The figures of a run that show what quantisers did: grids, ranges over epochs, sensitivity. Each is null, or there is none, where its data is missing.</summary>
internal static class QuantizationFigures
{
    /// <summary>Weights in units of their step, real and rounded.</summary>
    public static Figure Weights(GridHistogramData grid, int index) => Grid(grid, FormattableString.Invariant($"weights-{index}"), "Weights", "weight / step");

    /// <summary>What a layer rounds, in units of the step, and its codes.</summary>
    public static Figure Activations(GridHistogramData grid, int index) => Grid(grid, FormattableString.Invariant($"activations-{index}"), "Activations", "sum / step");

    /// <summary>The greatest value with a code, over epochs: of weights, and of outputs.</summary>
    public static IEnumerable<Figure> Ranges(RunReportData data)
    {
        foreach (bool weights in new[] { true, false })
        {
            List<RangePoint> points = data.Ranges.Where(range => range.OfWeights == weights).ToList();
            if (points.Count > 0)
            {
                yield return new Figure
                {
                    Id = weights ? "range-weights" : "range-activations",
                    Title = weights ? "Range of the weights" : "Range of the outputs",
                    Caption = "The greatest value that has a code, after each epoch with quantisers.",
                    X = new Axis { Label = "epoch", IsWhole = true },
                    Y = new Axis { Label = "greatest value", Scale = points.All(point => point.Limit > 0) ? AxisScale.Log : AxisScale.Linear },
                    Series = [.. points.GroupBy(point => point.Layer).Select(layer => new LineSeries { Name = layer.Key, Points = [.. layer.Select(point => new FigurePoint(point.Epoch, point.Limit))] })],
                };
            }
        }
    }

    /// <summary>Accuracy against the bits of one tensor: of each layer's weights, and of its output.</summary>
    public static IEnumerable<Figure> Sensitivity(SensitivityData data)
    {
        foreach (bool weights in new[] { true, false })
        {
            List<SensitivityPoint> points = data.Points.Where(point => point.OfWeights == weights).ToList();
            if (points.Count > 0)
            {
                yield return new Figure
                {
                    Id = weights ? "sensitivity-weights" : "sensitivity-activations",
                    Title = weights ? "Sensitivity to the weights' bits" : "Sensitivity to the outputs' bits",
                    Caption = FormattableString.Invariant($"Accuracy on {NumberText.Human(data.Images)} training images where this tensor alone has so many bits, all others {data.OtherBits}; without training."),
                    X = new Axis { Label = "width", Unit = "bits", IsWhole = true },
                    Y = new Axis { Label = "accuracy", Unit = "%" },
                    Series = [.. points.GroupBy(point => point.Layer).Select(layer => Line(layer.Key, layer.Select(point => (point.Bits, point.Accuracy)).Append((data.OtherBits, data.Reference))))],
                };
            }
        }
    }

    private static LineSeries Line(string name, IEnumerable<(int Bits, double Accuracy)> points) =>
        new() { Name = name, Points = [.. points.OrderBy(point => point.Bits).Select(point => new FigurePoint(point.Bits, point.Accuracy * 100))] };

    private static Figure Grid(GridHistogramData grid, string id, string what, string label) => new()
    {
        Id = id,
        Title = $"{what} of {grid.Layer}",
        Caption = grid.CodesPerBar == 1 ? "" : FormattableString.Invariant($"Shares of {grid.CodesPerBar} codes each."),
        X = new Axis { Label = label },
        Y = new Axis { Label = "share", Unit = "%", Minimum = 0 },
        Series =
        [
            new StepSeries
            {
                Name = "real numbers",
                Points = [.. grid.RealShares.Select((share, i) => new FigurePoint(grid.FirstRatio + ((i - 0.5) * grid.BinWidth), share * 100))],
            },
            // Codes c .. c + n - 1 lie around c + (n - 1) / 2.
            new ScatterSeries
            {
                Name = "codes",
                Points = [.. grid.CodeShares.Select((share, i) => new FigurePoint(grid.FirstCode + (i * grid.CodesPerBar) + ((grid.CodesPerBar - 1) / 2.0), share * 100)).Where(point => point.Y > 0)],
            },
        ],
    };
}
