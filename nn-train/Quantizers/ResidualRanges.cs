// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>
/// Activations as two signs with a factor each, the second of what the first leaves over:
/// <code>
/// forward   r_1 = x,  e_i = sgn(r_i),  r_2 = x - g_1 e_1;  y = g_1 e_1 + g_2 e_2
///           s = (g_1 + g_2) / 127,  codes -127, -round((g_1 - g_2) / s), round((g_1 - g_2) / s), 127
/// hardware  the k-th of the four codes from the k-th of the thresholds -g_1, 0, g_1 on
/// </code>
/// <c>g_2 &lt;= g_1</c>, so that y never falls while x grows. The last sign of each residual has the clipped estimator, <c>de/dr = 1[|r| &lt;= 1]</c>.
/// </summary>
public abstract class ResidualRange(string name) : RangeEstimator(name)
{
    /// <inheritdoc/>
    public override AffineCodes? Affine => new AffineCodes(0, Factors().First);

    /// <inheritdoc/>
    public override ImmutableArray<int>? Table
    {
        get
        {
            int inner = Inner(Factors());
            return [-ResidualGrid.Greatest, -inner, inner, ResidualGrid.Greatest];
        }
    }

    /// <inheritdoc/>
    public override Scaled Apply(Tensor x)
    {
        if (training)
        {
            using IDisposable ungraded = no_grad();
            Observe(x.detach());
        }

        (double first, double second) = Factors();
        Tensor left = x.detach();
        Tensor outerSign = TensorRounding.Sign(left);
        Tensor innerSign = TensorRounding.Sign(left - (outerSign * first));
        double inner = Inner((first, second));
        Tensor codes = (outerSign * ((ResidualGrid.Greatest + inner) / 2)) + (innerSign * ((ResidualGrid.Greatest - inner) / 2));
        double step = (first + second) / ResidualGrid.Greatest;
        return new Scaled(training ? StraightThrough.Replace(Path(x) / step, codes) : codes, full([], step));
    }

    /// <summary>y with its gradient.</summary>
    protected abstract Tensor Path(Tensor x);

    /// <summary>g_1 and g_2.</summary>
    protected abstract (double First, double Second) Factors();

    /// <summary>The two numbers of a tensor.</summary>
    protected static (double First, double Second) Read(Tensor factors)
    {
        float[] values = factors.data<float>().ToArray();
        return (values[0], values[1]);
    }

    /// <summary>Takes notice of a batch.</summary>
    protected virtual void Observe(Tensor x)
    {
    }

    /// <summary>A sign with the clipped estimator.</summary>
    protected static Tensor Sign(Tensor x) => StraightThrough.Replace(x.clamp(-1.0, 1.0), TensorRounding.Sign(x.detach()));

    private static int Inner((double First, double Second) factors) =>
        (int)Math.Floor(((factors.First - factors.Second) * ResidualGrid.Greatest / (factors.First + factors.Second)) + 0.5);
}

/// <summary>
/// Factors that are trained (ReBNet; Ghasemzadeh et al. 2018, arXiv:1711.01243, section 3): the gradient is that of the formula with the estimator in place of each sign; they start from 2/3 and 1/3, as released code has them.
/// </summary>
public sealed class LearnedResidualRange : ResidualRange
{
    private readonly Parameter factors;

    /// <summary>The first factors.</summary>
    public LearnedResidualRange()
        : base(nameof(LearnedResidualRange))
    {
        factors = new Parameter(tensor([2f / 3, 1f / 3]));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override void Constrain()
    {
        (double first, double second) = Factors();
        factors.copy_(tensor([(float)Math.Max(first, LeastStep), (float)Math.Clamp(second, LeastStep, Math.Max(first, LeastStep))]));
    }

    /// <inheritdoc/>
    protected override (double First, double Second) Factors() => Read(factors);

    /// <inheritdoc/>
    protected override Tensor Path(Tensor x)
    {
        Tensor outer = Sign(x) * factors.narrow(0, 0, 1);
        return outer + (Sign(x - outer) * factors.narrow(0, 1, 1));
    }
}

/// <summary>
/// Factors of least squared error (HORQ; Li et al. 2017, arXiv:1708.08687, section 3.2): <c>g_1 = E|x|</c>, <c>g_2 = E|x - g_1 e_1|</c>, for hardware as averages over the batches of training, <c>g = d g + (1 - d) g of the
/// batch</c>. The gradient is <c>dy/dx = sum g_i 1[|r_i| &lt;= 1]</c>; factors are constants in it.
/// </summary>
public sealed class MeanResidualRange : ResidualRange
{
    private readonly double decay;
    private readonly Tensor factors;

    /// <summary>Factors of nothing seen, to be set by <see cref="Initialize(Tensor)"/>.</summary>
    /// <param name="decay">The share of the old factors that stays.</param>
    public MeanResidualRange(double decay)
        : base(nameof(MeanResidualRange))
    {
        this.decay = decay;
        factors = tensor([1f, 0.5f]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override void Initialize(Tensor x) => factors.copy_(Means(x));

    /// <inheritdoc/>
    protected override void Observe(Tensor x) => factors.copy_((factors * decay) + (Means(x) * (1 - decay)));

    /// <inheritdoc/>
    protected override (double First, double Second) Factors() => Read(factors);

    /// <inheritdoc/>
    protected override Tensor Path(Tensor x)
    {
        (double first, double second) = Factors();
        return (Sign(x) * first) + (Sign(x - (TensorRounding.Sign(x.detach()) * first)) * second);
    }

    private static Tensor Means(Tensor x)
    {
        double first = Math.Max(x.abs().mean().item<float>(), LeastStep);
        double second = (x - (TensorRounding.Sign(x) * first)).abs().mean().item<float>();
        return tensor([(float)first, (float)Math.Clamp(second, LeastStep, first)]);
    }
}
