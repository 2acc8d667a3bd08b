// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;

namespace AccelModel.Hardware;

/// <summary>What is multiplied inside a PE: the exact sum of the products of its lanes.</summary>
public interface IProduct
{
    /// <summary><c>sum over l of weights[l] * activations[l]</c> in the kind's own meaning of a product.</summary>
    static abstract long Sum(ReadOnlySpan<int> weights, ReadOnlySpan<int> activations);
}

/// <summary>Two's-complement multiplication.</summary>
public readonly struct MultiplyProduct : IProduct
{
    /// <inheritdoc/>
    public static long Sum(ReadOnlySpan<int> weights, ReadOnlySpan<int> activations)
    {
        long sum = 0;
        for (int lane = 0; lane < weights.Length; lane++)
        {
            sum += (long)weights[lane] * activations[lane];
        }
        return sum;
    }
}

/// <summary>The shell that is the same around every product: one addition to the partial sum that comes from the row above.</summary>
public static class ProcessingElement<TProduct, TOverflow>
    where TProduct : struct, IProduct
    where TOverflow : struct, IOverflowMode
{
    /// <summary>The partial sum that the PE's register takes, and whether it left <paramref name="width"/> bits.</summary>
    public static long Add(long north, ReadOnlySpan<int> weights, ReadOnlySpan<int> activations, int width, out bool overflowed) =>
        TOverflow.Add(north, TProduct.Sum(weights, activations), width, out overflowed);
}
