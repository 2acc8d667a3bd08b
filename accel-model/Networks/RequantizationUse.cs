// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;

namespace AccelModel.Networks;

/// <summary>How many biases a requantisation has.</summary>
internal enum BiasCount
{
    /// <summary>One per output channel.</summary>
    PerChannel,

    /// <summary>One.</summary>
    One,

    /// <summary>One for all, or one per output channel.</summary>
    OneOrPerChannel,
}

/// <summary>What a place in a layer asks of its requantisation.</summary>
/// <param name="Channels">Channels of what comes out.</param>
/// <param name="Bias">How many biases.</param>
/// <param name="Format">Format of what comes out; null for a term, whose codes are 32 bits, two's complement.</param>
/// <param name="HasPlan">Whether a plan can say in which order the words are rounded, without which stochastic rounding has no meaning.</param>
internal sealed record RequantizationUse(int Channels, BiasCount Bias, FixedPointFormat? Format, bool HasPlan)
{
    /// <summary>Sums of products with constant weights.</summary>
    public static RequantizationUse OfWeights(TensorSpec output) => new(output.Channels, BiasCount.PerChannel, output.Format, HasPlan: true);

    /// <summary>Sums of products of two tensors.</summary>
    public static RequantizationUse OfProducts(TensorSpec output) => new(output.Channels, BiasCount.OneOrPerChannel, output.Format, HasPlan: true);

    /// <summary>Codes, or what one code of each input makes.</summary>
    public static RequantizationUse OfCodes(TensorSpec output) => new(output.Channels, BiasCount.OneOrPerChannel, output.Format, HasPlan: false);

    /// <summary>A term of a sum.</summary>
    public static RequantizationUse OfTerm(TensorSpec input) => new(input.Channels, BiasCount.One, null, HasPlan: false);
}
