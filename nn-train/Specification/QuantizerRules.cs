// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification.Yaml;

namespace NnTrain.Specification;

/// <summary>Which parts of a quantizer fit together, and which fit where; one rule a statement.</summary>
internal static class QuantizerRules
{
    private const int MaxActivationBits = 8;

    public static void CheckWeights(QuantizerSpec weights, BatchNormKind batchNorm, SpecSection section)
    {
        CheckParts(weights, section);
        if (weights.Grid == GridKind.Unsigned)
        {
            section.Issue("grid", "weights have signs, found 'unsigned', allowed signed, signed_narrow, odd, bipolar");
        }
        if (weights.Grid == GridKind.Signed && batchNorm != BatchNormKind.None)
        {
            section.Issue("grid", "batch norm flips the signs of channels, found 'signed', allowed signed_narrow, odd, bipolar");
        }
        if (weights.Range is RangeKind.Pact or RangeKind.MovingAverage)
        {
            section.Issue("range", $"for activations only, found '{EnumNames.Of(weights.Range)}', allowed min_max, learned_step, dorefa, mean_magnitude, unit");
        }
        if (weights.Range == RangeKind.Dorefa && weights.Grid is not (GridKind.Odd or GridKind.Bipolar))
        {
            section.Issue("grid", $"DoReFa's weights are odd, found '{EnumNames.Of(weights.Grid)}', allowed odd, or bipolar for one bit");
        }
    }

    public static void CheckActivations(QuantizerSpec activations, BatchNormKind batchNorm, SpecSection section)
    {
        CheckTensor(activations, section);
        if (activations.Grid is not (GridKind.Unsigned or GridKind.Bipolar))
        {
            section.Issue("grid", $"not a grid of activations, found '{EnumNames.Of(activations.Grid)}', allowed unsigned (a ReLU), bipolar (a sign)");
        }
        if (activations.Grid == GridKind.Bipolar != (batchNorm == BatchNormKind.Thresholds))
        {
            section.Issue(
                "grid",
                $"found '{EnumNames.Of(activations.Grid)}' with batch_norm '{EnumNames.Of(batchNorm)}', "
                + "allowed bipolar with thresholds, any other with none or folded");
        }
    }

    public static void CheckOutput(QuantizerSpec output, SpecSection section)
    {
        CheckTensor(output, section);
        if (output.Grid is not (GridKind.Signed or GridKind.SignedNarrow))
        {
            section.Issue("grid", $"class scores have signs, found '{EnumNames.Of(output.Grid)}', allowed signed, signed_narrow");
        }
        if (output.Range is RangeKind.Pact or RangeKind.Dorefa)
        {
            section.Issue("range", $"for unsigned activations only, found '{EnumNames.Of(output.Range)}', allowed min_max, moving_average, learned_step, unit");
        }
    }

    private static void CheckTensor(QuantizerSpec tensor, SpecSection section)
    {
        CheckParts(tensor, section);
        if (tensor.Bits > MaxActivationBits)
        {
            section.Issue("bits", $"too wide for an activation, found {tensor.Bits}, allowed 1..{MaxActivationBits}");
        }
        if (tensor.Granularity == Granularity.PerChannel)
        {
            section.Issue("granularity", "the scale of an activation is inside the next sum, found 'per_channel', allowed per_tensor");
        }
        if (tensor.Range == RangeKind.MeanMagnitude)
        {
            section.Issue("range", "for weights only, found 'mean_magnitude', allowed min_max, moving_average, learned_step, pact, dorefa, unit");
        }
    }

    private static void CheckParts(QuantizerSpec quantizer, SpecSection section)
    {
        if (quantizer.Grid == GridKind.Bipolar && quantizer.Bits != 1)
        {
            section.Issue("bits", $"a bipolar code is one bit, found {quantizer.Bits}, allowed 1");
        }
        if (quantizer.Grid is GridKind.Signed or GridKind.SignedNarrow && quantizer.Bits < 2)
        {
            section.Issue("bits", $"a signed grid needs two bits, found {quantizer.Bits}, allowed 2..16");
        }
        if (quantizer.Grid == GridKind.Odd && (quantizer.Range != RangeKind.Dorefa || quantizer.Bits > 15))
        {
            section.Issue("grid", "the odd grid is DoReFa's, allowed with range dorefa and up to 15 bits");
        }
        if (quantizer.Grid == GridKind.Bipolar && quantizer.Range is not (RangeKind.MeanMagnitude or RangeKind.Unit or RangeKind.Dorefa))
        {
            section.Issue("range", $"a sign has no range to estimate, found '{EnumNames.Of(quantizer.Range)}', allowed unit, mean_magnitude, dorefa");
        }
        if (quantizer.Range == RangeKind.MeanMagnitude && quantizer.Grid != GridKind.Bipolar)
        {
            section.Issue("range", $"mean_magnitude is the scale of signs, found the grid '{EnumNames.Of(quantizer.Grid)}', allowed bipolar");
        }
        if (quantizer.Range is RangeKind.Dorefa or RangeKind.Unit && quantizer.Granularity == Granularity.PerChannel)
        {
            section.Issue("granularity", $"{EnumNames.Of(quantizer.Range)} has one scale, found 'per_channel', allowed per_tensor");
        }
        if (quantizer.Range == RangeKind.Dorefa && quantizer.Scale == ScaleKind.PowerOfTwo)
        {
            section.Issue("scale", "DoReFa's step is 1/(2^bits - 1), found 'power_of_two', allowed free");
        }
        if (quantizer.Rounding == RoundingMode.Stochastic)
        {
            section.Issue("rounding", "not a rounding of the forward pass, found 'stochastic', allowed floor, half_up, half_away, half_even, toward_zero");
        }
    }
}
