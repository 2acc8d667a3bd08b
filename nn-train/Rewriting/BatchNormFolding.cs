// SPDX-License-Identifier: Apache-2.0
using NnTrain.Layers;

namespace NnTrain.Rewriting;

/// <summary>
/// Batch norm into weights and bias: <c>W' = W g</c>, <c>b' = beta - mean g</c>, g by <see cref="ChannelNorm.GainOf"/>. What it leaves behind is known: each output has mean beta and standard
/// deviation |gamma| before its activation.
/// </summary>
public static class BatchNormFolding
{
    /// <summary>Folds every batch norm of a network.</summary>
    public static void Apply(FloatNetwork network)
    {
        foreach (FloatLayer layer in network.Layers)
        {
            if (layer.Norm is NormConstants norm)
            {
                Fold(layer, norm);
            }
        }
    }

    private static void Fold(FloatLayer layer, NormConstants norm)
    {
        for (int channel = 0; channel < layer.Outputs; channel++)
        {
            double gain = ChannelNorm.GainOf(norm.Kind, norm.Gamma[channel], norm.Variance[channel]);
            foreach (ref float weight in layer.Output(channel))
            {
                weight = (float)(weight * gain);
            }

            layer.Bias[channel] = (float)(norm.Beta[channel] - (norm.Mean[channel] * gain));
        }

        layer.Outcome = ([.. norm.Beta.Select(beta => (double)beta)], [.. norm.Gamma.Select(gamma => Math.Abs((double)gamma))]);
        layer.Norm = null;
    }
}
