// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Numerics;

namespace AccelModel.Hardware;

/// <summary>
/// What is multiplied inside a PE: the kind of PE (docs/architecture.md, section 4.4). Weights come as <see cref="WeightOperands"/> reads them, activations as
/// <see cref="ActivationOperands"/> does; a masked activation has the product 0 with every weight.
/// </summary>
public interface IProduct
{
    /// <summary>Whether the products take a cycle for each bit of the activations.</summary>
    static abstract bool IsSerial { get; }

    /// <summary>
    /// <c>sum over l of weights[l] * activations[l]</c>, exact. A serial kind: the part of it that bit <paramref name="bit"/> of the activations makes, as if that bit were positive.
    /// </summary>
    long Sum(ReadOnlySpan<int> weights, ReadOnlySpan<int> activations, int bit);
}

/// <summary><c>multiply</c>, and <c>codebook</c> behind its table: two's-complement multiplication.</summary>
public readonly struct MultiplyProduct : IProduct
{
    /// <inheritdoc/>
    public static bool IsSerial => false;

    /// <inheritdoc/>
    public long Sum(ReadOnlySpan<int> weights, ReadOnlySpan<int> activations, int bit)
    {
        long sum = 0;
        for (int lane = 0; lane < weights.Length; lane++)
        {
            sum += (long)weights[lane] * activations[lane];
        }
        return sum;
    }
}

/// <summary>
/// <c>dsp_packed</c>: lanes 2i and 2i + 1 share a multiplier, whose product holds their dot product in its middle field. The low field, <c>a0 * w1</c>, borrows one from it
/// where it is negative.
/// </summary>
/// <param name="field">Bits of a field: the two's-complement widths of both operands and one.</param>
public readonly struct DspPackedProduct(int field) : IProduct
{
    /// <inheritdoc/>
    public static bool IsSerial => false;

    /// <inheritdoc/>
    public long Sum(ReadOnlySpan<int> weights, ReadOnlySpan<int> activations, int bit)
    {
        long sum = 0;
        for (int lane = 0; lane < weights.Length; lane += 2)
        {
            long wide = (((long)activations[lane + 1] << field) + activations[lane]) * (((long)weights[lane] << field) + weights[lane + 1]);
            long borrow = wide >> (field - 1) & 1;
            sum += TwosComplement.Wrap(wide >> field, field) + borrow;
        }
        return sum;
    }
}

/// <summary><c>xnor_popcount</c>: among the activations that are not masked, the bits that agree with the weights' count +1, the others -1.</summary>
public readonly struct XnorPopcountProduct : IProduct
{
    /// <summary>An activation's bit of sign: 1 stands for +1.</summary>
    public const int Positive = 1;

    /// <summary>An activation's bit that says that it takes part.</summary>
    public const int TakesPart = 2;

    /// <inheritdoc/>
    public static bool IsSerial => false;

    /// <inheritdoc/>
    public long Sum(ReadOnlySpan<int> weights, ReadOnlySpan<int> activations, int bit)
    {
        uint signs = 0, codes = 0, present = 0;
        for (int lane = 0; lane < weights.Length; lane++)
        {
            signs |= (uint)(activations[lane] & Positive) << lane;
            codes |= (uint)weights[lane] << lane;
            present |= (uint)((activations[lane] & TakesPart) >> 1) << lane;
        }
        return (2 * BitOperations.PopCount(~(signs ^ codes) & present)) - BitOperations.PopCount(present);
    }
}

/// <summary><c>ternary_add</c>: the weight's low bit lets the activation through, its high bit subtracts it.</summary>
public readonly struct TernaryAddProduct : IProduct
{
    /// <inheritdoc/>
    public static bool IsSerial => false;

    /// <inheritdoc/>
    public long Sum(ReadOnlySpan<int> weights, ReadOnlySpan<int> activations, int bit)
    {
        long sum = 0;
        for (int lane = 0; lane < weights.Length; lane++)
        {
            int passed = (weights[lane] & 1) == 0 ? 0 : activations[lane];
            sum += (weights[lane] & 2) == 0 ? passed : -passed;
        }
        return sum;
    }
}

/// <summary><c>shift_add</c>: each term of the weight shifts the activation, adds or subtracts it, or does nothing.</summary>
/// <param name="terms">Terms of a weight.</param>
/// <param name="termWidth">Bits of a term: a sign above a code, 0 for nothing and <c>e + 1</c> for a shift by <c>e</c>.</param>
public readonly struct ShiftAddProduct(int terms, int termWidth) : IProduct
{
    /// <inheritdoc/>
    public static bool IsSerial => false;

    /// <inheritdoc/>
    public long Sum(ReadOnlySpan<int> weights, ReadOnlySpan<int> activations, int bit)
    {
        long sum = 0;
        for (int lane = 0; lane < weights.Length; lane++)
        {
            for (int term = 0; term < terms; term++)
            {
                sum += Term(weights[lane] >> (term * termWidth), activations[lane]);
            }
        }
        return sum;
    }

    private long Term(int field, int activation)
    {
        int sign = termWidth - 1;
        int code = field & ((1 << sign) - 1);
        long shifted = code == 0 ? 0 : (long)activation << (code - 1);
        return (field >> sign & 1) == 0 ? shifted : -shifted;
    }
}

/// <summary><c>bit_serial</c>: one bit of each activation lets its weight through.</summary>
public readonly struct BitSerialProduct : IProduct
{
    /// <inheritdoc/>
    public static bool IsSerial => true;

    /// <inheritdoc/>
    public long Sum(ReadOnlySpan<int> weights, ReadOnlySpan<int> activations, int bit)
    {
        long sum = 0;
        for (int lane = 0; lane < weights.Length; lane++)
        {
            sum += (activations[lane] >> bit & 1) == 0 ? 0 : weights[lane];
        }
        return sum << bit;
    }
}

/// <summary>The same products in an array where activations stay and weights stream.</summary>
/// <param name="product">The kind of PE.</param>
public readonly struct SwappedProduct<TProduct>(TProduct product) : IProduct
    where TProduct : struct, IProduct
{
    /// <inheritdoc/>
    public static bool IsSerial => TProduct.IsSerial;

    /// <inheritdoc/>
    public long Sum(ReadOnlySpan<int> weights, ReadOnlySpan<int> activations, int bit) => product.Sum(activations, weights, bit);
}
