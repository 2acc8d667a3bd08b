// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using TorchSharp;
using static TorchSharp.torch;
using RoundingMode = AccelModel.Numerics.RoundingMode;

namespace NnTrain.Quantizers;

/// <summary>The rounding modes of <see cref="RoundingMode"/> on floating-point tensors, with the same treatment of ties.</summary>
public static class TensorRounding
{
    /// <summary>Every element rounded to an integer; shape and type stay.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The mode is stochastic, or not one of the enumeration.</exception>
    public static Tensor Round(Tensor x, RoundingMode mode) => mode switch
    {
        RoundingMode.Floor => x.floor(),
        RoundingMode.HalfUp => HalfUp(x),
        RoundingMode.HalfAway => Sign(x) * HalfUp(x.abs()),
        RoundingMode.HalfEven => x.round(),
        RoundingMode.TowardZero => x.trunc(),
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "not a rounding of the forward pass"),
    };

    /// <summary>
    /// Every element one of its two neighbours: <c>floor(x)</c>, or one more with the probability <c>x - floor(x)</c>, so that the mean is x (Gupta et al. 2015, arXiv:1502.02551, section 3). An integer stays.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="noise">A number of [0, 1) for each element.</param>
    public static Tensor Stochastic(Tensor x, Tensor noise)
    {
        Tensor below = x.floor();

        // Not floor(x + noise): that sum is rounded, and could carry an integer to the next.
        return below + (x - below).gt(noise).to_type(x.dtype);
    }

    /// <summary><c>x &gt;= 0 ? +1 : -1</c>: zero has a sign, as in hardware.</summary>
    public static Tensor Sign(Tensor x) => (x.ge(0.0).to_type(x.dtype) * 2.0) - 1.0;

    /// <summary>
    /// <c>floor(x + 1/2)</c>. Exact for |x| below 2^22 in single precision, apart from the largest number below 1/2, which
    /// the addition carries to 1.
    /// </summary>
    private static Tensor HalfUp(Tensor x) => (x + 0.5).floor();
}
