// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;
using AccelModel.Specification;

namespace AccelModel.Networks.Generation;

/// <summary>The values that weights can take.</summary>
public enum WeightGrid
{
    /// <summary><c>-(2^(bits-1) - 1) .. 2^(bits-1) - 1</c>.</summary>
    Integer,

    /// <summary>-1 and +1.</summary>
    Bipolar,

    /// <summary>-1, 0 and +1.</summary>
    Ternary,

    /// <summary>0 and <c>+-2^e</c>, <c>e = 0 .. 2^(bits-1) - 2</c>: the values of a term of <c>shift_add</c>.</summary>
    PowerOfTwo,

    /// <summary><c>2^bits</c> values of 8 bits, each layer its own.</summary>
    Codebook,
}

/// <summary>How sums become codes.</summary>
public enum ScaleKind
{
    /// <summary>A multiplier and a shift, for each output channel.</summary>
    MultiplierShift,

    /// <summary>The nearest power of two, for each output channel; sums and products of two tensors keep their multiplier.</summary>
    Shift,
}

/// <summary>Number formats of a network to be generated.</summary>
public sealed record NetworkFormats
{
    /// <summary>Values of the weights.</summary>
    public WeightGrid Weights { get; init; } = WeightGrid.Integer;

    /// <summary>Bits of a weight: 2..16 for integer, 2..5 for power_of_two, 1..7 for codebook; without meaning for the others.</summary>
    public int WeightBits { get; init; } = 8;

    /// <summary>Bits of the codes between layers, 2..8; 1 for -1 and +1. The input and the output of the last matrix layer have 8.</summary>
    public int ActivationBits { get; init; } = 8;

    /// <summary>Whether all codes are signed; otherwise those that cannot be negative are unsigned, unless they meet signed ones in a sum, product or concat, or are read second by a matmul.</summary>
    public bool SignedActivations { get; init; }

    /// <summary>How sums become codes.</summary>
    public ScaleKind Scale { get; init; } = ScaleKind.MultiplierShift;

    /// <summary>Rounding of every shift.</summary>
    public RoundingMode Rounding { get; init; } = RoundingMode.HalfUp;

    /// <summary>Bits of a multiplier, 1..32.</summary>
    public int MultiplierWidth { get; init; } = 16;

    /// <summary>The greatest shift that follows a multiplier, 0..63: that of a design whose requantiser has a fixed one.</summary>
    public int MaximumShift { get; init; } = MultiplierShift.MaxShift;

    /// <summary>Layers with formats of their own, by name.</summary>
    public ImmutableDictionary<string, LayerFormats> Layers { get; init; } = ImmutableDictionary<string, LayerFormats>.Empty;

    /// <summary>Formats that a design runs: weights as its PEs and activations as its operands have them (up to 8 bits), its rounding, its multipliers.</summary>
    public static NetworkFormats For(AcceleratorSpec accelerator)
    {
        ArraySpec array = accelerator.Array;
        (WeightGrid grid, int bits) = array.ProcessingElement switch
        {
            ProcessingElementKind.XnorPopcount => (WeightGrid.Bipolar, 1),
            ProcessingElementKind.TernaryAdd => (WeightGrid.Ternary, 2),
            ProcessingElementKind.ShiftAdd => (WeightGrid.PowerOfTwo, array.WeightWidth / array.WeightTerms),
            ProcessingElementKind.Codebook => (WeightGrid.Codebook, Math.Min(array.WeightWidth, 7)),
            _ => (WeightGrid.Integer, Math.Min(array.WeightWidth, 8)),
        };
        return new()
        {
            Weights = grid,
            WeightBits = bits,
            ActivationBits = array.ProcessingElement == ProcessingElementKind.XnorPopcount ? 1 : Math.Clamp(array.ActivationWidth, 2, 8),
            Rounding = accelerator.Requantizer.Rounding,
            MultiplierWidth = accelerator.Requantizer.MultiplierWidth,
            MaximumShift = accelerator.Requantizer.FixedShift ?? MultiplierShift.MaxShift,
        };
    }

    /// <summary>The grid of a layer's weights.</summary>
    public WeightGrid WeightsOf(string layer) => Layers.GetValueOrDefault(layer)?.Weights ?? Weights;

    /// <summary>Bits of a layer's weights.</summary>
    public int WeightBitsOf(string layer) => Layers.GetValueOrDefault(layer)?.WeightBits ?? WeightBits;

    /// <summary>Bits of a layer's output.</summary>
    public int ActivationBitsOf(string layer) => Layers.GetValueOrDefault(layer)?.ActivationBits ?? ActivationBits;
}

/// <summary>What one layer has of its own; null where it has not.</summary>
/// <param name="Weights">Values of its weights.</param>
/// <param name="WeightBits">Bits of its weights.</param>
/// <param name="ActivationBits">Bits of its output.</param>
public sealed record LayerFormats(WeightGrid? Weights = null, int? WeightBits = null, int? ActivationBits = null);
