// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using NnTrain.Specification;

namespace NnTrain.Rewriting;

/// <summary>
/// Bits by equal marginal noise (Lin et al. 2016, arXiv:1511.06393, section 4): noise of all layers adds up, a bit of any of them takes kappa decibels away, and costs rho_i. The cheapest bits for a given
/// ratio of signal to noise differ by <c>b_i - b_j = 10 log10(rho_j / rho_i) / kappa</c>: large layers have fewer. The most costly layer has the recipe's bits, the others more, rounded, 8 at most.
/// </summary>
public static class NoiseAllocation
{
    private const int MostBits = 8;

    /// <summary>The bits of weights and output of each layer.</summary>
    public static ImmutableSortedDictionary<string, LayerBits> Of(NetworkSpec network, QuantizedPhaseSpec phase, NoiseAllocationSpec spec)
    {
        Dictionary<string, double> costs = CostsOf(network, spec.Cost);
        double largest = costs.Values.Max();
        return costs.ToImmutableSortedDictionary(
            entry => entry.Key,
            entry =>
            {
                int more = (int)Math.Round(10 * Math.Log10(largest / entry.Value) / spec.DecibelsPerBit, MidpointRounding.AwayFromZero);
                return new LayerBits(Math.Min(phase.Weights.Bits + more, MostBits), Math.Min(phase.Activations.Bits + more, MostBits));
            },
            StringComparer.Ordinal);
    }

    private static Dictionary<string, double> CostsOf(NetworkSpec network, BitCost cost)
    {
        IReadOnlyDictionary<string, FeatureShape> shapes = network.Shapes();
        return Enumerable.Range(0, network.Layers.Length).Where(i => network.Layers[i] is ConvolutionSpec or DenseSpec).ToDictionary(
            i => network.Layers[i].Name,
            i =>
            {
                FeatureShape input = shapes[network.InputsOf(i)[0]];
                return (double)(cost == BitCost.Weights ? network.Layers[i].Weights(input) : network.Layers[i].MultiplyAccumulates(input));
            });
    }
}
