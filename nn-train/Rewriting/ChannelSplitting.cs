// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;

namespace NnTrain.Rewriting;

/// <summary>
/// Outlier channel splitting (OCS; Zhao et al. 2019, arXiv:1901.09504): of a layer's input channels the one with the largest weight is made twice, by a second copy of the output channel in front of it,
/// and its weights are shared between the copies; again and again, until the share r of its channels was added. A copy can be split again. The network computes the same, and the range that its weights
/// need is smaller.
/// <code>
/// even        w/2, w/2
/// grid aware  (w - s/2)/2, (w + s/2)/2      whose codes add up to that of w: floor(x + 1/2) = floor((x - 1/2)/2 + 1/2) + floor((x + 1/2)/2 + 1/2)
/// </code>
/// s is the step that the even halves leave: their largest magnitude over the largest code. The layer that reads images keeps its channels.
/// </summary>
public static class ChannelSplitting
{
    /// <summary>Splits channels of all layers behind the first.</summary>
    /// <param name="network">The network, without batch norm.</param>
    /// <param name="spec">How many channels, and how.</param>
    /// <param name="highestOf">The largest code of the weights of a layer, by its number.</param>
    public static void Apply(FloatNetwork network, ChannelSplitSpec spec, Func<int, int> highestOf)
    {
        for (int i = 1; i < network.Layers.Count; i++)
        {
            Split(network.Layers[i - 1], network.Layers[i], spec, highestOf(i));
        }
    }

    private static void Split(FloatLayer first, FloatLayer second, ChannelSplitSpec spec, int highest)
    {
        int added = (int)Math.Ceiling(spec.Share * second.Inputs);
        float[] original = second.Weights;
        int inputs = second.Inputs;
        List<int> sources = [];
        for (int i = 0; i < added; i++)
        {
            int outlier = Enumerable.Range(0, second.Inputs).MaxBy(second.InputRange);
            sources.Add(outlier);
            Halve(second, outlier, 0);
        }

        if (spec.Halves == SplitHalves.GridAware)
        {
            double step = Enumerable.Range(0, second.Inputs).Max(second.InputRange) / highest;
            (second.Weights, second.Inputs) = (original, inputs);
            sources.ForEach(source => Halve(second, source, step));
        }

        sources.ForEach(source => Copy(first, source));
    }

    /// <summary>Adds an input channel with one half of the weights of another.</summary>
    private static void Halve(FloatLayer layer, int channel, double step)
    {
        int positions = layer.Positions;
        float[] wider = new float[layer.Weights.Length + (layer.Outputs * positions)];
        for (int output = 0; output < layer.Outputs; output++)
        {
            Span<float> row = wider.AsSpan(output * (layer.Inputs + 1) * positions, (layer.Inputs + 1) * positions);
            layer.Output(output).CopyTo(row);
            for (int p = 0; p < positions; p++)
            {
                double weight = layer.Between(output, channel)[p];
                row[(channel * positions) + p] = (float)((weight - (step / 2)) / 2);
                row[(layer.Inputs * positions) + p] = (float)((weight + (step / 2)) / 2);
            }
        }

        (layer.Weights, layer.Inputs) = (wider, layer.Inputs + 1);
    }

    /// <summary>Adds an output channel that computes the same as another.</summary>
    private static void Copy(FloatLayer layer, int channel)
    {
        float[] copy = layer.Output(channel).ToArray();
        (layer.Weights, layer.Bias) = ([.. layer.Weights, .. copy], [.. layer.Bias, layer.Bias[channel]]);
        layer.Spec = layer.Spec switch
        {
            ConvolutionSpec convolution => convolution with { Channels = convolution.Channels + 1 },
            DenseSpec dense => dense with { Outputs = dense.Outputs + 1 },
            LayerSpec other => other,
        };
    }
}
