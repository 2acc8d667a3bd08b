// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Rewriting;

/// <summary>
/// Data-free quantisation (Nagel et al. 2019, arXiv:1906.04721, section 4.1): between two layers with a ReLU (and perhaps a maximum) between them, a channel can be divided by s and multiplied again.
/// With <c>s_i = sqrt(r1_i r2_i) / r2_i</c>, r1 the range of output channel i, r2 that of input channel i of the next layer,
/// <code>
/// W1_i = W1_i / s_i,  b1_i = b1_i / s_i,  W2_.i = W2_.i s_i        both ranges are then sqrt(r1_i r2_i)
/// </code>
/// One pair after the other (of which the second layer alone reads the first), until the scales stay within 2e-7 of 1. Channels without weights on either side are left alone.
/// </summary>
public static class CrossLayerEqualization
{
    private const double Converged = 2e-7;
    private const int MostRounds = 1000;

    /// <summary>Makes the ranges of all pairs of layers equal.</summary>
    public static void Apply(FloatNetwork network)
    {
        for (int round = 0; round < MostRounds; round++)
        {
            double largest = 0;
            foreach ((FloatLayer first, FloatLayer second) in network.Pairs)
            {
                largest = Math.Max(largest, Pair(first, second));
            }

            if (largest <= Converged)
            {
                return;
            }
        }
    }

    /// <summary>Equalises a pair; the largest <c>|s - 1|</c>.</summary>
    private static double Pair(FloatLayer first, FloatLayer second)
    {
        double largest = 0;
        for (int channel = 0; channel < first.Outputs; channel++)
        {
            double r1 = first.OutputRange(channel);
            double r2 = second.InputRange(channel);
            if (r1 > 0 && r2 > 0)
            {
                double scale = Math.Sqrt(r1 * r2) / r2;
                Rescale(first, second, channel, scale);
                largest = Math.Max(largest, Math.Abs(scale - 1));
            }
        }

        return largest;
    }

    private static void Rescale(FloatLayer first, FloatLayer second, int channel, double scale)
    {
        foreach (ref float weight in first.Output(channel))
        {
            weight = (float)(weight / scale);
        }

        first.Bias[channel] = (float)(first.Bias[channel] / scale);
        if (first.Outcome is (double[] means, double[] deviations))
        {
            (means[channel], deviations[channel]) = (means[channel] / scale, deviations[channel] / scale);
        }

        for (int output = 0; output < second.Outputs; output++)
        {
            foreach (ref float weight in second.Between(output, channel))
            {
                weight = (float)(weight * scale);
            }
        }
    }
}
