// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Layers;

/// <summary>
/// The sum of a P-bit accumulator that wraps, in place of the sum of whole numbers (WrapNet, Ni et al. 2021, arXiv:2007.13242, trains with it, too, but through an activation that is cyclic):
/// <code>
/// forward   y = z - 2^P a floor(z / (2^P a) + 1/2),  a the unit of the accumulator, z / a an integer
/// backward  dy/dz = 1
/// </code>
/// Two's complement is a ring: neither the order of the products nor where partial sums wrap at the same width changes it.
/// </summary>
public static class WrappedSum
{
    /// <summary>Wraps sums.</summary>
    /// <param name="sums">z, of any shape and type; rounded to units only to find how often it wraps.</param>
    /// <param name="unit">a, positive; broadcasts over the sums.</param>
    /// <param name="width">P.</param>
    public static Tensor Of(Tensor sums, Tensor unit, int width)
    {
        Tensor turns = Turns(sums.detach(), unit, width);
        return StraightThrough.Replace(sums, sums.detach() - (turns * (unit * Math.ScaleB(1, width))));
    }

    private static Tensor Turns(Tensor sums, Tensor unit, int width)
    {
        using IDisposable ungraded = no_grad();
        return (((sums / unit).round() + Math.ScaleB(1, width - 1)) / Math.ScaleB(1, width)).floor();
    }
}

/// <summary>
/// How far sums leave a P-bit accumulator, as a penalty (the overflow penalty of WrapNet, Ni et al. 2021, as its text is remembered):
/// <code>mean over outputs of max(|z| / a - (2^(P-1) - 1), 0) / 2^(P-1)</code>
/// </summary>
public static class OverflowPenalty
{
    /// <summary>The penalty of one layer's sums.</summary>
    /// <param name="sums">z, before the bias.</param>
    /// <param name="unit">a, positive; broadcasts over the sums.</param>
    /// <param name="width">P.</param>
    public static Tensor Of(Tensor sums, Tensor unit, int width)
    {
        double half = Math.ScaleB(1, width - 1);
        return ((sums / unit).abs() - (half - 1)).relu().mean() / half;
    }
}
