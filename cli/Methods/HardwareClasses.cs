// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace Cli.Methods;

/// <summary>The ways in which quantised products are computed in integers.</summary>
public static class HardwareClasses
{
    /// <summary>What each class does, by its name.</summary>
    public static ImmutableSortedDictionary<string, string> Sentences { get; } = new Dictionary<string, string>
    {
        ["H1"] = "multiply and accumulate codes, requantise with multiplier and shift",
        ["H2"] = "multiply and accumulate codes, requantise with a shift",
        ["H3"] = "multiply and accumulate odd codes, which have no zero",
        ["H4"] = "add and subtract activations: binary or ternary weights",
        ["H5"] = "count equal bits: signs for weights and activations",
        ["H6"] = "planes of bits, weighted by powers of two",
        ["H7"] = "sums of binary products with real coefficients",
        ["H8"] = "weights are indices into a codebook",
        ["H9"] = "weights are powers of two: shifts",
        ["H10"] = "integers with an exponent per block",
        ["H11"] = "small floating-point numbers",
        ["H12"] = "batch norm and activation in thresholds",
        ["H14"] = "the backward pass has few bits, too",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);
}
