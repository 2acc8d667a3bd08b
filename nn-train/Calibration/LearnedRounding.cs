// SPDX-License-Identifier: Apache-2.0
using NnTrain.Optimizers;
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Calibration;

/// <summary>
/// Whether each weight is rounded up or down is learned from what the layer makes of it (AdaRound; Nagel et al. 2020, arXiv:2004.10568, section 3.3). With u the weights of an output in units of the step and G the mean of
/// <c>x x^T</c> over quantised inputs, in units of its mean diagonal,
/// <code>
/// e = floor(u) + h - u,   h = clip(1.2 s(V) - 0.1, 0, 1), s the logistic function
/// L = e^T G e + 0.01 sum (1 - |2 h - 1|^b),   b from 20 to 2 after the first fifth of a thousand steps of Adam, the term left out before
/// </code>
/// V starts where h is the fraction of u; in the end <c>c = floor(u) + [h >= 1/2]</c>, but an output keeps nearest codes where these have less error.
/// </summary>
public static class LearnedRounding
{
    private const int Steps = 1000;
    private const int StepsWithoutPull = Steps / 5;
    private const double Pull = 0.01;
    private const double FirstPower = 20;
    private const double LastPower = 2;
    private const double Stretch = 1.2;
    private const double Margin = 0.1;

    private static readonly AdamSpec Adam = new() { LearningRate = 0.01, WeightDecay = 0, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8 };

    /// <summary>Codes of a layer.</summary>
    /// <param name="ratios">u, one row an output.</param>
    /// <param name="moments">G in any units, as many rows and columns as an output has weights.</param>
    /// <param name="grid">The codes that there are.</param>
    public static Tensor Codes(Tensor ratios, Tensor moments, IGrid grid)
    {
        using IDisposable ungraded = no_grad();
        Tensor u = ratios.clamp((double)grid.Lowest, (double)grid.Highest);
        Tensor below = u.floor();
        Tensor nearest = (u + 0.5).floor().clamp((double)grid.Lowest, (double)grid.Highest);
        double scale = MeanOfDiagonal(moments);
        if (scale <= 0)
        {
            return nearest;
        }

        Tensor g = moments / scale;
        Tensor v = (((u - below + Margin).pow(-1.0) * Stretch) - 1.0).log().neg();
        (Tensor, Tensor) moved = (zeros_like(v), zeros_like(v));
        for (int step = 0; step < Steps; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor logistic = v.sigmoid();
            Tensor h = Share(logistic);
            Tensor slope = (below + h - u).matmul(g) * 2.0;
            if (step >= StepsWithoutPull)
            {
                double power = FirstPower + ((LastPower - FirstPower) * (step - StepsWithoutPull) / (Steps - StepsWithoutPull));
                Tensor side = (h * 2.0) - 1.0;
                slope = slope - (side.abs().pow(power - 1) * side.sign() * (2 * power * Pull));
            }

            Tensor inside = (h.gt(0.0).to_type(v.dtype) * h.lt(1.0).to_type(v.dtype)) * (logistic * (1.0 - logistic) * Stretch);
            Tensor gradient = slope * inside;
            AdamOptimizer.Move(v, moved, gradient, Adam, Adam.LearningRate, step);
        }

        Tensor learned = (below + Share(v.sigmoid()).ge(0.5).to_type(v.dtype)).clamp((double)grid.Lowest, (double)grid.Highest);
        Tensor better = Errors(learned - u, g).lt(Errors(nearest - u, g)).to_type(v.dtype).unsqueeze(1);
        return nearest + ((learned - nearest) * better);
    }

    private static double MeanOfDiagonal(Tensor moments)
    {
        float[] values = moments.contiguous().data<float>().ToArray();
        int size = (int)moments.shape[0];
        return Enumerable.Range(0, size).Average(i => (double)values[i * (size + 1)]);
    }

    private static Tensor Share(Tensor logistic) => ((logistic * Stretch) - Margin).clamp(0.0, 1.0);

    private static Tensor Errors(Tensor e, Tensor moments) => (e.matmul(moments) * e).sum(1);
}
