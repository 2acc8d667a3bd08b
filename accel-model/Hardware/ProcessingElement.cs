// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using AccelModel.Numerics;

namespace AccelModel.Hardware;

/// <summary>
/// The shell that is the same around every product: a register in which the product of several cycles comes together, and one addition to the partial sum in the last of them.
/// Where the partial sum comes from and goes to is the array's business.
/// </summary>
/// <param name="product">What is multiplied.</param>
/// <param name="width">Bits of the partial sum.</param>
public readonly struct ProcessingElement<TProduct, TOverflow>(TProduct product, int width)
    where TProduct : struct, IProduct
    where TOverflow : struct, IOverflowMode
{
    /// <summary>One cycle. Returns whether it is the product's last, in which <paramref name="partialSum"/> takes the sum.</summary>
    /// <param name="step">Which cycle of the product it is.</param>
    /// <param name="weights">The lanes' weights.</param>
    /// <param name="activations">The lanes' activations.</param>
    /// <param name="register">The PE's register of products; kinds of one cycle have none.</param>
    /// <param name="addend">The partial sum that the product is added to.</param>
    /// <param name="partialSum">The new partial sum.</param>
    /// <param name="overflowed">Whether it left its width.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Work(
        in ProductStep step, ReadOnlySpan<int> weights, ReadOnlySpan<int> activations, ref long register, long addend, ref long partialSum, out bool overflowed)
    {
        if (!TProduct.IsSerial)
        {
            partialSum = TOverflow.Add(addend, product.Sum(weights, activations, 0), width, out overflowed);
            return true;
        }
        long part = product.Sum(weights, activations, step.Bit);
        long products = (step.IsFirst ? 0 : register) + (step.Subtracts ? -part : part);
        register = products;
        overflowed = false;
        if (step.IsLast)
        {
            partialSum = TOverflow.Add(addend, products, width, out overflowed);
        }
        return step.IsLast;
    }
}
