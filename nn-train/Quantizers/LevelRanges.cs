// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// Weights that take one of a few real values, each rounded to the grid's integers so that hardware can hold them: <c>s = max|y| / Highest</c>, <c>u = y / s</c>, y the value of each weight. With the unclipped
/// estimator <c>dy/dw = f</c>, a number for the layer.
/// </summary>
public abstract class LevelsRange(string name, IGrid grid, ScaleKind scale) : RangeEstimator(name)
{
    /// <inheritdoc/>
    public override Scaled Apply(Tensor x)
    {
        (Tensor values, double factor) = Quantize(x.detach());
        Tensor step = ScaleRules.Snap((values.abs().max() / grid.Highest).clamp(LeastStep), scale);
        return new Scaled(StraightThrough.Replace(x * factor, values) / step, step);
    }

    /// <summary>The value of each weight, and f.</summary>
    protected abstract (Tensor Values, double Factor) Quantize(Tensor weights);
}

/// <summary>
/// Two basis values of least squared error (Pouransari et al. 2020, arXiv:2001.02786, section 3): <c>y = v1 s1 + v2 s2</c>, <c>s1 = sgn(w)</c>, <c>s2 = sgn(w - v1 s1)</c>; v1 lies half-way between the mean magnitudes on
/// both sides of it,
/// <code>
/// v1 = (E(|w| : |w| > v1) + E(|w| : |w| &lt;= v1)) / 2,  v2 = (E(|w| : |w| > v1) - E(|w| : |w| &lt;= v1)) / 2
/// </code>
/// by rounds from <c>v1 = E|w|</c> (fit: alternating), or where it parts the sorted magnitudes with the least error (exact), which is at one of the places where rounds can end; or <c>v1 = E|w|, v2 = E||w| - v1|</c>
/// (greedy: the foldable ones, which have more error). <c>dy/dw = 1</c>.
/// </summary>
public sealed class LeastSquaresLevelsRange(IGrid grid, ScaleKind scale, ValueFit fit = ValueFit.Alternating) : LevelsRange(nameof(LeastSquaresLevelsRange), grid, scale)
{
    private const int Rounds = 20;

    /// <inheritdoc/>
    protected override (Tensor Values, double Factor) Quantize(Tensor weights)
    {
        Tensor magnitude = weights.abs();
        (Tensor first, Tensor second) = fit switch
        {
            ValueFit.Exact => Exact(magnitude),
            ValueFit.Greedy => (magnitude.mean(), (magnitude - magnitude.mean()).abs().mean()),
            _ => Alternating(magnitude),
        };

        Tensor above = magnitude.gt(first).to_type(weights.dtype);
        return (TensorRounding.Sign(weights) * (first + (second * ((above * 2.0) - 1.0))), 1);
    }

    private static (Tensor First, Tensor Second) Alternating(Tensor magnitude)
    {
        Tensor first = magnitude.mean();
        Tensor second = zeros([]);
        for (int round = 0; round < Rounds; round++)
        {
            Tensor above = magnitude.gt(first).to_type(magnitude.dtype);
            Tensor upper = (magnitude * above).sum() / above.sum().clamp(1.0);
            Tensor lower = (magnitude * (1.0 - above)).sum() / (1.0 - above).sum().clamp(1.0);
            (first, second) = ((upper + lower) * 0.5, (upper - lower) * 0.5);
        }

        return (first, second);
    }

    /// <summary>Of all numbers k of small magnitudes the one whose two means explain the most, <c>k lower^2 + (n - k) upper^2</c>.</summary>
    private static (Tensor First, Tensor Second) Exact(Tensor magnitude)
    {
        Tensor sorted = magnitude.flatten().sort(0).Item1.to_type(float64);
        long count = sorted.numel();
        if (count == 1)
        {
            return (magnitude.mean(), zeros([]));
        }

        Tensor below = sorted.cumsum(0).narrow(0, 0, count - 1);
        Tensor k = arange(1, count, 1, float64);
        Tensor lower = below / k;
        Tensor upper = (sorted.sum() - below) / ((double)count - k);
        Tensor best = ((below * lower) + ((sorted.sum() - below) * upper)).argmax().reshape(1);
        Tensor Chosen(Tensor means) => means.index_select(0, best).reshape([]).to_type(magnitude.dtype);
        return (Chosen(upper + lower) * 0.5, Chosen(upper - lower) * 0.5);
    }
}

/// <summary>
/// Several binary bases (ABC-Net; Lin et al. 2017, arXiv:1711.11294, section 3.1): <c>y = sum a_m B_m</c>, <c>B_m = sgn(w - mean + u_m sigma)</c>, <c>u_m = -1 + 2 (m - 1) / (M - 1)</c>, a of least squared error.
/// <c>dy/dw = sum a_m</c>.
/// </summary>
public sealed class ShiftedSignsRange(IGrid grid, ScaleKind scale, int bases) : LevelsRange(nameof(ShiftedSignsRange), grid, scale)
{
    /// <inheritdoc/>
    protected override (Tensor Values, double Factor) Quantize(Tensor weights)
    {
        Tensor centred = weights - weights.mean();
        Tensor deviation = centred.square().mean().sqrt();
        Tensor[] signs = [.. Enumerable.Range(0, bases).Select(m => TensorRounding.Sign(centred + (deviation * (bases == 1 ? 0 : -1 + (2.0 * m / (bases - 1))))))];
        double[] scales = LeastSquares.Fit(signs, weights);
        Tensor values = zeros_like(weights);
        for (int m = 0; m < bases; m++)
        {
            values = values + (signs[m] * scales[m]);
        }

        return (values, scales.Sum());
    }
}

/// <summary>
/// A learned basis (LQ-Nets; Zhang et al. 2018, arXiv:1807.10029, section 3): <c>y = v^T e</c>, the signs e of each weight those of the nearest value; in training v moves by a tenth to the one of least squared error for
/// these signs, <c>v = 0.9 v + 0.1 (B B^T + 10^-4)^-1 (B w + 10^-4 v)</c>. It starts at <c>v_i = 0.6745 sqrt(2 / n) 2^i / 2^(K-1)</c>, n = weights of an input channel. <c>dy/dw = 1</c>.
/// </summary>
public sealed class LearnedBasisRange : LevelsRange
{
    private const double Quartile = 0.6745;
    private const double Kept = 0.9;
    private const double Ridge = 1e-4;

    private readonly int size;
    private readonly Tensor basis;

    /// <summary>The paper's first basis.</summary>
    public LearnedBasisRange(IGrid grid, ScaleKind scale, int size, ReadOnlySpan<long> shape)
        : base(nameof(LearnedBasisRange), grid, scale)
    {
        this.size = size;
        long perInput = shape.Length < 2 ? 1 : shape[0];
        for (int i = 2; i < shape.Length; i++)
        {
            perInput *= shape[i];
        }

        basis = tensor([.. Enumerable.Range(0, size).Select(i => (float)(Quartile * Math.Sqrt(2.0 / perInput) * Math.ScaleB(1, i) / Math.ScaleB(1, size - 1)))]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override (Tensor Values, double Factor) Quantize(Tensor weights)
    {
        (Tensor values, Tensor[] signs) = Nearest(weights);
        if (training)
        {
            using IDisposable ungraded = no_grad();
            double[] old = [.. basis.data<float>().ToArray().Select(v => (double)v)];
            double[] best = LeastSquares.Fit(signs, weights, Ridge, old);
            basis.copy_(tensor([.. old.Zip(best, (a, b) => (float)((Kept * a) + ((1 - Kept) * b)))]));
        }

        return (values, 1);
    }

    /// <summary>The nearest of the 2^K values, and its signs.</summary>
    private (Tensor Values, Tensor[] Signs) Nearest(Tensor weights)
    {
        float[] v = basis.data<float>().ToArray();
        double Value(int code) => Enumerable.Range(0, size).Sum(i => v[i] * ((code >> i & 1) == 1 ? 1.0 : -1.0));
        int[] ascending = [.. Enumerable.Range(0, 1 << size).OrderBy(Value).ThenBy(code => code)];
        Tensor values = full_like(weights, Value(ascending[0]));
        Tensor[] signs = [.. Enumerable.Range(0, size).Select(i => full_like(weights, Bit(ascending[0], i)))];
        foreach ((int below, int above) in ascending.Zip(ascending.Skip(1)))
        {
            Tensor beyond = weights.ge((Value(below) + Value(above)) / 2).to_type(weights.dtype);
            values = values + (beyond * (Value(above) - Value(below)));
            for (int i = 0; i < size; i++)
            {
                signs[i] = signs[i] + (beyond * (Bit(above, i) - Bit(below, i)));
            }
        }

        return (values, signs);
    }

    private static double Bit(int code, int i) => (code >> i & 1) == 1 ? 1 : -1;
}

/// <summary>Linear regression of weights on signs.</summary>
internal static class LeastSquares
{
    /// <summary>a of least <c>mean (w - sum a_m B_m)^2 + ridge |a - centre|^2</c>.</summary>
    public static double[] Fit(Tensor[] signs, Tensor weights, double ridge = 1e-9, double[]? centre = null)
    {
        int n = signs.Length;
        double[,] matrix = new double[n, n];
        double[] right = new double[n];
        for (int i = 0; i < n; i++)
        {
            right[i] = (signs[i] * weights).mean().item<float>() + (ridge * (centre?[i] ?? 0));
            for (int j = 0; j < n; j++)
            {
                matrix[i, j] = (signs[i] * signs[j]).mean().item<float>() + (i == j ? ridge : 0);
            }
        }

        return Rewriting.Cholesky.Solve(matrix, right);
    }
}
