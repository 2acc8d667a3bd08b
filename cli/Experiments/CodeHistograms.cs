// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using Reports.Runs;

namespace Cli.Experiments;

/// <summary>How often the codes of weights and of what layers store occur.</summary>
public static class CodeHistograms
{
    /// <summary>More bars than that do not fit a column.</summary>
    private const int MostBars = 64;

    private const long MostElements = 1 << 22;
    private const int MostImages = 100;

    /// <summary>Test images whose stored codes are counted: as many as a moment allows.</summary>
    public static int Images(Schedule schedule, int images)
    {
        long elements = schedule.Layers.Sum(layer => (long)schedule.Network.Layers[layer.OutputLayer].Output.Elements);
        return (int)Math.Clamp(MostElements / Math.Max(1, elements), 1, Math.Min(images, MostImages));
    }

    /// <summary>What each scheduled layer stores, on the first images.</summary>
    public static IReadOnlyList<WeightHistogram> Activations(Schedule schedule, TestSet test, int images)
    {
        ValueResult values = FastEngine.Execute(schedule, test.Take(images).Codes, images, new() { KeepLayerOutputs = true });
        return [.. schedule.Layers.Zip(values.LayerOutputs, (layer, codes) => Of(schedule.Network.Layers[layer.OutputLayer].Name, codes)).OfType<WeightHistogram>()];
    }

    /// <summary>The weights of each matrix layer.</summary>
    public static IReadOnlyList<WeightHistogram> Weights(IntegerNetwork network) => [.. network.Layers.Select(Weights).OfType<WeightHistogram>()];

    private static WeightHistogram? Weights(Layer layer) => layer switch
    {
        Conv2dLayer convolution => Of(layer.Name, convolution.Weights.Values),
        DenseLayer dense => Of(layer.Name, dense.Weights.Values),
        _ => null,
    };

    private static WeightHistogram? Of(string layer, IReadOnlyList<int> codes)
    {
        if (codes.Count == 0)
        {
            return null;
        }

        int first = codes.Min(), span = codes.Max() - first + 1, step = 1;
        while (span > MostBars * step)
        {
            step *= 2;
        }

        // Bars begin at multiples of their width.
        first = (int)Math.Floor(first / (double)step) * step;
        var counts = new long[((codes.Max() - first) / step) + 1];
        foreach (int code in codes)
        {
            counts[(code - first) / step]++;
        }

        return new(layer, first, counts, step);
    }
}
