// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Rewriting;

/// <summary>
/// Data-free quantisation (Nagel et al. 2019, arXiv:1906.04721, section 4.1.3): a channel that lies so far above zero that its ReLU does nothing gives its bias to the next layer, and its range shrinks:
/// <c>c = max(0, beta - 3 gamma)</c>, <c>b1 = b1 - c</c>, <c>b2 = b2 + W2 c</c>. Not before a layer that reads zeros beyond an edge, which would not have the c.
/// </summary>
public static class BiasAbsorption
{
    private const double Deviations = 3;

    /// <summary>Absorbs between all pairs of layers.</summary>
    /// <exception cref="ArgumentException">The network had no batch norm that was folded.</exception>
    public static void Apply(FloatNetwork network)
    {
        foreach ((FloatLayer first, FloatLayer second) in network.Pairs.Where(pair => !pair.Second.Padded))
        {
            Pair(first, second);
        }
    }

    private static void Pair(FloatLayer first, FloatLayer second)
    {
        (double[] means, double[] deviations) = first.Outcome ?? throw new ArgumentException($"layer '{first.Name}' has no batch norm that says how its outputs are spread", nameof(first));
        for (int channel = 0; channel < first.Outputs; channel++)
        {
            double moved = Math.Max(0, means[channel] - (Deviations * deviations[channel]));
            first.Bias[channel] = (float)(first.Bias[channel] - moved);
            means[channel] -= moved;
            for (int output = 0; output < second.Outputs; output++)
            {
                double sum = 0;
                foreach (float weight in second.Between(output, channel))
                {
                    sum += weight;
                }

                second.Bias[output] = (float)(second.Bias[output] + (sum * moved));
            }
        }
    }
}
