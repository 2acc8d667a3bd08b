// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>Smooth functions whose derivative stands for that of a sign.</summary>
public static class SmoothSigns
{
    private const double SwishSlope = 5;
    private const double FirstSlope = 1e-3;
    private const double LastSlope = 10;
    private const double FirstHardness = 1;
    private const double LastHardness = 1000;

    /// <summary>
    /// <c>f(u) = c (2 - |c|)</c>, <c>c = clip(u, -1, 1)</c>; <c>f' = 2 - 2|u|</c> within -1..1 and 0 beyond (Bi-Real Net, Liu et al. 2018, arXiv:1808.00278, equation 7).
    /// </summary>
    public static Tensor Parabola(Tensor u)
    {
        Tensor clipped = u.clamp(-1.0, 1.0);
        return clipped * (2.0 - clipped.abs());
    }

    /// <summary>
    /// A path with the derivative <c>2 exp(-pi u^2)</c>: that of a sign, twice Dirac's delta, with a bell of Gauss in its place (CBCN, Liu et al. 2019, arXiv:1910.10853). The width was not to be had from the paper; with this
    /// one the peak is 2, that of <see cref="Parabola"/>. The value is not that of an antiderivative: only what flows back is looked at.
    /// </summary>
    public static Tensor Gaussian(Tensor u)
    {
        Tensor slope = (u.detach().square() * -Math.PI).exp() * 2.0;
        return u * slope;
    }

    /// <summary>
    /// SignSwish, <c>f(u) = 2 s(b u) (1 + b u (1 - s(b u))) - 1</c>, s the logistic function, b = 5; <c>f' = b (2 - b u tanh(b u / 2)) / (1 + cosh(b u))</c> (BNN+, Darabi et al. 2018, arXiv:1812.11800).
    /// </summary>
    public static Tensor Swish(Tensor u)
    {
        Tensor scaled = u * SwishSlope;
        Tensor logistic = scaled.sigmoid();
        return (logistic * ((scaled * (1.0 - logistic)) + 1.0) * 2.0) - 1.0;
    }

    /// <summary>
    /// The error decay estimator, <c>f(u) = k tanh(t u)</c>, <c>k = max(1/t, 1)</c>, <c>t = 10^-3 10^(4 p)</c>, p the share of training that is over: first nearly the identity, in the end nearly a sign (IR-Net,
    /// Qin et al. 2020, arXiv:1909.10788, equations 9 to 12).
    /// </summary>
    public static Tensor Decaying(Tensor u, double progress)
    {
        double slope = FirstSlope * Math.Pow(LastSlope / FirstSlope, progress);
        return (u * slope).tanh() * Math.Max(1 / slope, 1);
    }

    /// <summary>
    /// What a sign is in training, <c>y = tanh(v u)</c>, <c>v = 1000^p</c>: the derivative is exact (Self-Binarizing Networks, Lahoud et al. 2019, arXiv:1902.00730, section 3; v from 1 to 1000, the curve between is not told there).
    /// </summary>
    public static Tensor Hardening(Tensor u, double progress) => (u * (FirstHardness * Math.Pow(LastHardness / FirstHardness, progress))).tanh();
}
