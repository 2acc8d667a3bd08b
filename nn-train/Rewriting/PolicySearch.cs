// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using NnTrain.Data;
using NnTrain.Specification;
using NnTrain.Training;

namespace NnTrain.Rewriting;

/// <summary>
/// Bits by a policy that learns from rewards (after ReLeQ; Elthakeb et al. 2018, arXiv:1811.01704). An episode draws a width for the weights of each layer; with n the weights of layer l, m its multiply-accumulates and
/// c what a weight costs in multiply-accumulates,
/// <code>
/// q = sum (c n_l + m_l) b_l / sum (c n_l + m_l) b_most,    a = accuracy / accuracy of the most bits
/// R = a &lt; threshold ? -1 : (1 - q^0.2) a
/// pi_l = softmax(t_l),   t_l += rate (A (one of b_l - pi_l) + 0.2 dH(pi_l)/dt_l),   A = (R - mean R) / deviation of R        (REINFORCE; Williams 1992)
/// </code>
/// H is the entropy, which keeps the policy from settling too early; mean and deviation are moving ones. The bits are those of the episode of greatest reward. Accuracy is that of the calibrated network on training images; the paper retrains for a moment in each episode, its agent is a recurrent network trained by
/// PPO that walks from layer to layer, and its reward has another power of a.
/// </summary>
public static class PolicySearch
{
    private const int Stream = 4;
    private const double CostPower = 0.2;
    private const double Decay = 0.9;
    private const double Entropy = 0.2;
    private const double FirstVariance = 0.1;
    private const double LeastDeviation = 1e-3;

    /// <summary>The bits of the weights of each layer.</summary>
    /// <param name="network">The topology.</param>
    /// <param name="recipe">The recipe, whose quantised phase has the most bits.</param>
    /// <param name="start">The float network.</param>
    /// <param name="images">The training images: the first calibrate, the last measure.</param>
    /// <param name="spec">The widths, and how long it learns.</param>
    /// <param name="cancellation">Looked at before each episode.</param>
    public static ImmutableSortedDictionary<string, LayerBits> Of(
        NetworkSpec network, TrainingSpec recipe, TrainedNetwork start, ImageSet images, PolicySearchSpec spec, CancellationToken cancellation)
    {
        string[] names = [.. network.MatrixLayers.Select(layer => layer.Name)];
        Func<ImmutableSortedDictionary<string, LayerBits>, double> accuracy = TrialAccuracy.Of(network, recipe, start, images, spec.Images, cancellation);
        ImmutableSortedDictionary<string, LayerBits> Named(ImmutableArray<int> bits) =>
            names.Zip(bits).ToImmutableSortedDictionary(pair => pair.First, pair => new LayerBits(pair.Second, null), StringComparer.Ordinal);
        return Named(Of(Costs(network, spec.WeightCost), spec, recipe.Seed, bits => accuracy(Named(bits))));
    }

    /// <summary>The rule, on any measure of accuracy.</summary>
    /// <param name="costs">What a bit of each layer costs.</param>
    /// <param name="spec">The widths, and how long it learns.</param>
    /// <param name="seed">What is drawn.</param>
    /// <param name="accuracy">The accuracy of widths, one a layer.</param>
    public static ImmutableArray<int> Of(IReadOnlyList<double> costs, PolicySearchSpec spec, long seed, Func<ImmutableArray<int>, double> accuracy)
    {
        double most = spec.Widths[0];
        ImmutableArray<int> best = [.. costs.Select(_ => spec.Widths[0])];
        double whole = accuracy(best);
        double Reward(ImmutableArray<int> bits)
        {
            double kept = accuracy(bits) / whole;
            double cost = bits.Zip(costs, (b, c) => b * c).Sum() / (most * costs.Sum());
            return kept < spec.Threshold ? -1 : (1 - Math.Pow(cost, CostPower)) * kept;
        }

        double[][] scores = [.. costs.Select(_ => new double[spec.Widths.Length])];
        double greatest = 0;
        double? mean = null;
        double variance = FirstVariance;
        for (int episode = 0; episode < spec.Episodes; episode++)
        {
            SeededRandom random = new(seed, Stream, episode);
            double[][] policies = [.. scores.Select(Softmax)];
            int[] drawn = [.. policies.Select(policy => Draw(policy, random.NextUniform()))];
            ImmutableArray<int> bits = [.. drawn.Select(k => spec.Widths[k])];
            double reward = Reward(bits);
            (best, greatest) = reward > greatest ? (bits, reward) : (best, greatest);
            double advantage = (reward - (mean ?? reward)) / (Math.Sqrt(variance) + LeastDeviation);
            for (int layer = 0; layer < scores.Length; layer++)
            {
                Move(scores[layer], policies[layer], drawn[layer], advantage, spec.LearningRate);
            }

            mean = (Decay * (mean ?? reward)) + ((1 - Decay) * reward);
            variance = (Decay * variance) + ((1 - Decay) * (reward - mean.Value) * (reward - mean.Value));
        }

        return best;
    }

    /// <summary>What a bit of the weights of each matrix layer costs: <c>c n_l + m_l</c>.</summary>
    public static double[] Costs(NetworkSpec network, double weightCost)
    {
        List<double> costs = [];
        FeatureShape shape = network.Input;
        foreach (LayerSpec layer in network.Layers)
        {
            long macs = layer.MultiplyAccumulates(shape);
            FeatureShape output = layer.OutputOf(shape);
            if (layer is ConvolutionSpec or DenseSpec)
            {
                // A weight of a convolution is multiplied once for each pixel.
                costs.Add((weightCost * macs / (output.Height * output.Width)) + macs);
            }

            shape = output;
        }

        return [.. costs];
    }

    private static void Move(double[] scores, double[] policy, int drawn, double advantage, double rate)
    {
        double entropy = -policy.Sum(p => p * Math.Log(p));
        for (int k = 0; k < scores.Length; k++)
        {
            double ofEntropy = -policy[k] * (Math.Log(policy[k]) + entropy);
            scores[k] += rate * ((advantage * ((k == drawn ? 1 : 0) - policy[k])) + (Entropy * ofEntropy));
        }
    }

    private static double[] Softmax(double[] scores)
    {
        double largest = scores.Max();
        double[] powers = [.. scores.Select(score => Math.Exp(score - largest))];
        double sum = powers.Sum();
        return [.. powers.Select(power => Math.Max(power / sum, double.Epsilon))];
    }

    private static int Draw(double[] policy, double uniform)
    {
        for (int k = 0; k < policy.Length - 1; k++)
        {
            uniform -= policy[k];
            if (uniform < 0)
            {
                return k;
            }
        }

        return policy.Length - 1;
    }
}
