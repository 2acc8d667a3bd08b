// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Rewriting;

/// <summary>
/// Neuron importance score propagation (NISP; Yu et al. 2018, arXiv:1711.05908, equation 8): the importance of a channel is what reaches the scores of it, through magnitudes of weights,
/// <c>s_k = |W_(k+1)|^T s_(k+1)</c>, summed over the positions of the channel. Of each layer but the last the channels of least importance go: all weights into and out of them become zero.
/// The last layer's channels, the classes, are equally important; the paper ranks those of the layer before by infinite feature selection.
/// </summary>
public static class ScorePropagation
{
    /// <summary>Prunes the share of the channels of each layer but the last, rounded down.</summary>
    public static void Apply(FloatNetwork network, double share)
    {
        double[] scores = [.. Enumerable.Repeat(1.0, network.Layers[^1].Outputs)];
        for (int i = network.Layers.Count - 1; i > 0; i--)
        {
            scores = Before(network.Layers[i], scores);
            int count = (int)(share * scores.Length);
            foreach (int channel in Enumerable.Range(0, scores.Length).OrderBy(channel => scores[channel]).ThenBy(channel => channel).Take(count).ToArray())
            {
                Remove(network.Layers[i - 1], network.Layers[i], channel);
            }
        }
    }

    /// <summary>The importance of a layer's input channels by that of its outputs.</summary>
    public static double[] Before(FloatLayer layer, double[] scores)
    {
        double[] before = new double[layer.Inputs];
        for (int output = 0; output < layer.Outputs; output++)
        {
            for (int input = 0; input < layer.Inputs; input++)
            {
                foreach (float weight in layer.Between(output, input))
                {
                    before[input] += Math.Abs(weight) * scores[output];
                }
            }
        }

        return before;
    }

    private static void Remove(FloatLayer first, FloatLayer second, int channel)
    {
        first.Output(channel).Clear();
        first.Bias[channel] = 0;
        for (int output = 0; output < second.Outputs; output++)
        {
            second.Between(output, channel).Clear();
        }
    }
}
