// SPDX-License-Identifier: Apache-2.0
using NnTrain.Data;
using NnTrain.Inspection;
using NnTrain.Models;
using NnTrain.Training;
using Reports.Runs;

namespace Cli.Experiments;

/// <summary>What a report shows of a trained network's real numbers and their codes.</summary>
/// <param name="Weights">Of the weights of each matrix layer.</param>
/// <param name="Activations">Of what each matrix layer rounds to its output.</param>
public sealed record TrainedGrids(IReadOnlyList<GridHistogramData> Weights, IReadOnlyList<GridHistogramData> Activations)
{
    /// <summary>Of a run in which nothing was trained.</summary>
    public static TrainedGrids None { get; } = new([], []);

    /// <summary>Looks at a trained network.</summary>
    /// <param name="trained">The network, with a quantised phase.</param>
    /// <param name="test">The test images.</param>
    /// <param name="images">How many of them, from the first on.</param>
    public static TrainedGrids Of(TrainedNetwork trained, ImageSet test, int images)
    {
        TrainingEnvironment.Enter(trained.Recipe.Threads);
        using NetworkModel model = trained.CreateModel();
        return new([.. GridHistogram.OfWeights(model).Select(Shown)], [.. GridHistogram.OfOutputs(model, test, images).Select(Shown)]);
    }

    private static GridHistogramData Shown(GridHistogram grid) => new(grid.Layer, grid.FirstCode, grid.CodesPerBar, grid.CodeShares, grid.FirstRatio, grid.BinWidth, grid.RealShares);
}
