// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification.Yaml;
using NnTrain.Quantizers;

namespace NnTrain.Specification;

/// <summary>Which parts of a quantizer fit together, and which fit where; one rule a statement.</summary>
internal static class QuantizerRules
{
    private const int MaxActivationBits = 8;

    /// <summary>What does not fit together in the sentence of a layer, which no section of the recipe has; null where all does.</summary>
    public static string? Misfit(QuantizerSpec sentence, TensorRole role, BatchNormKind batchNorm)
    {
        SpecIssues found = [];
        SpecSection nowhere = SpecSection.Root(new SpecMapping(SpecPosition.StartOf(""), []), found);
        if (role == TensorRole.Weights)
        {
            CheckWeights(sentence, batchNorm, nowhere);
        }
        else
        {
            CheckActivations(sentence, batchNorm, nowhere);
        }

        return found.FirstOrDefault()?.Message;
    }

    public static void CheckWeights(QuantizerSpec weights, BatchNormKind batchNorm, SpecSection section)
    {
        CheckParts(weights, section);
        if (weights.Grid is GridKind.Unsigned or GridKind.HalfWave or GridKind.Residual)
        {
            section.Issue("grid", $"weights have signs, found '{EnumNames.Of(weights.Grid)}', allowed signed, signed_narrow, odd, bipolar, power_of_two, power_of_two_sum");
        }
        if (weights.Grid == GridKind.Signed && batchNorm != BatchNormKind.None)
        {
            section.Issue("grid", "batch norm flips the signs of channels, found 'signed', allowed signed_narrow, odd, bipolar, power_of_two, power_of_two_sum");
        }
        if (weights.Range is RangeKind.Pact or RangeKind.MovingAverage or RangeKind.MeanOfMaxima or RangeKind.HalfWave or RangeKind.LearnedResidual or RangeKind.MeanResidual)
        {
            section.Issue("range", $"for activations only, found '{EnumNames.Of(weights.Range)}', allowed min_max, learned_step, dorefa, mean_magnitude, unit, fixed, ternary_threshold, sawb, power_of_two, k_means");
        }
        if (weights.Chunks is not null)
        {
            section.Issue("chunks", "weights are there as a whole, found parts of a batch, allowed with activations, sums and output");
        }
        if (weights.Range == RangeKind.Dorefa && weights.Grid is not (GridKind.Odd or GridKind.Bipolar))
        {
            section.Issue("grid", $"DoReFa's weights are odd, found '{EnumNames.Of(weights.Grid)}', allowed odd, or bipolar for one bit");
        }
    }

    public static void CheckActivations(QuantizerSpec activations, BatchNormKind batchNorm, SpecSection section)
    {
        CheckTensor(activations, section);
        bool hasThresholds = activations.Grid is GridKind.Bipolar or GridKind.HalfWave or GridKind.Odd or GridKind.Residual;
        if (activations.Grid != GridKind.Unsigned && !hasThresholds)
        {
            section.Issue("grid", $"not a grid of activations, found '{EnumNames.Of(activations.Grid)}', allowed unsigned (a ReLU), bipolar (a sign), half_wave, odd, residual");
        }
        if (hasThresholds != (batchNorm == BatchNormKind.Thresholds))
        {
            section.Issue(
                "grid",
                $"found '{EnumNames.Of(activations.Grid)}' with batch_norm '{EnumNames.Of(batchNorm)}', "
                + "allowed bipolar, half_wave, odd and residual with thresholds, any other with none or folded");
        }
    }

    public static void CheckOutput(QuantizerSpec output, SpecSection section)
    {
        CheckTensor(output, section);
        if (output.Grid is not (GridKind.Signed or GridKind.SignedNarrow))
        {
            section.Issue("grid", $"class scores have signs, found '{EnumNames.Of(output.Grid)}', allowed signed, signed_narrow");
        }
        if (output.Range is RangeKind.Pact or RangeKind.Dorefa or RangeKind.LearnedInterval or RangeKind.HalfWave or RangeKind.LearnedResidual or RangeKind.MeanResidual)
        {
            section.Issue("range", $"for unsigned activations only, found '{EnumNames.Of(output.Range)}', allowed min_max, moving_average, learned_step, unit");
        }
    }

    public static void CheckSums(QuantizerSpec sums, SpecSection section)
    {
        CheckTensor(sums, section);
        if (sums.Grid is not (GridKind.Signed or GridKind.SignedNarrow))
        {
            section.Issue("grid", $"sums have signs, found '{EnumNames.Of(sums.Grid)}', allowed signed, signed_narrow");
        }
        if (!HasSignedForm(sums.Range))
        {
            section.Issue("range", $"for unsigned activations only, found '{EnumNames.Of(sums.Range)}', allowed min_max, moving_average, learned_step, unit and those that are found once");
        }
    }

    /// <summary>Whether the range of an activation can be that of a tensor with signs.</summary>
    public static bool HasSignedForm(RangeKind range) =>
        range is not (RangeKind.Pact or RangeKind.Dorefa or RangeKind.LearnedInterval or RangeKind.HalfWave or RangeKind.Fixed or RangeKind.LearnedResidual or RangeKind.MeanResidual);

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
        if (tensor.HasCodebook || tensor.Range is RangeKind.MeanMagnitude or RangeKind.TernaryThreshold or RangeKind.Sawb or RangeKind.PowerOfTwo
            or RangeKind.TruncatedGaussian or RangeKind.LossAware or RangeKind.Standardized or RangeKind.LearnedScale or RangeKind.NormBound or RangeKind.CenteredNormBound
            or RangeKind.ProductCodebook or RangeKind.Circulant)
        {
            section.Issue("range", $"for weights only, found '{EnumNames.Of(tensor.Range)}', allowed min_max, moving_average, learned_step, pact, dorefa, unit, fixed");
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
        if (quantizer.Grid == GridKind.Odd && (quantizer.Range is not (RangeKind.Dorefa or RangeKind.Sawb or RangeKind.Fixed) || quantizer.Bits > 15))
        {
            section.Issue("grid", "odd codes have no zero, allowed with range dorefa, sawb or fixed and up to 15 bits");
        }
        CheckLevels(quantizer, section);
        CheckCalibration(quantizer, section);
        if (quantizer.HasNormBound && (quantizer.Rounding != RoundingMode.TowardZero || quantizer.Grid is not (GridKind.Signed or GridKind.SignedNarrow)))
        {
            section.Issue("rounding", $"codes must not be larger than what the norm bounds, found '{EnumNames.Of(quantizer.Rounding)}' and the grid '{EnumNames.Of(quantizer.Grid)}', allowed toward_zero and signed, signed_narrow with {EnumNames.Of(quantizer.Range)}");
        }
        if (quantizer.Grid == GridKind.Bipolar && quantizer.Range is not (RangeKind.MeanMagnitude or RangeKind.Unit or RangeKind.Dorefa or RangeKind.LossAware or RangeKind.Standardized or RangeKind.LearnedScale or RangeKind.Circulant))
        {
            section.Issue("range", $"a sign has no range to estimate, found '{EnumNames.Of(quantizer.Range)}', allowed unit, mean_magnitude, dorefa, loss_aware, standardized, learned_scale, circulant");
        }
        if (quantizer.Range == RangeKind.MeanMagnitude && quantizer.Grid != GridKind.Bipolar)
        {
            section.Issue("range", $"mean_magnitude is the scale of signs, found the grid '{EnumNames.Of(quantizer.Grid)}', allowed bipolar");
        }
        if (quantizer.Range is RangeKind.Dorefa or RangeKind.Unit or RangeKind.Fixed or RangeKind.PowerOfTwo or RangeKind.KMeans or RangeKind.ProductCodebook && quantizer.Granularity == Granularity.PerChannel)
        {
            section.Issue("granularity", $"{EnumNames.Of(quantizer.Range)} has one scale, found 'per_channel', allowed per_tensor");
        }
        if (quantizer.Range == RangeKind.Dorefa && quantizer.Scale == ScaleKind.PowerOfTwo)
        {
            section.Issue("scale", "DoReFa's step is 1/(2^bits - 1), found 'power_of_two', allowed free");
        }
        if (quantizer.Range == RangeKind.Fixed && quantizer.Scale == ScaleKind.PowerOfTwo)
        {
            section.Issue("scale", "the step of a fixed range is 1 over the largest code, found 'power_of_two', allowed free");
        }
        if (quantizer.Rounding == RoundingMode.Stochastic)
        {
            section.Issue("rounding", "not a rounding of the forward pass, found 'stochastic', allowed floor, half_up, half_away, half_even, toward_zero; training_rounding: stochastic rounds at random while training");
        }
        if (quantizer.TrainingRounding == TrainingRounding.Stochastic && !HasNeighbours(quantizer))
        {
            section.Issue(
                "training_rounding",
                $"stochastic rounding chooses between neighbours that are a step apart, found the grid '{EnumNames.Of(quantizer.Grid)}', the range '{EnumNames.Of(quantizer.Range)}' and the gradient '{EnumNames.Of(quantizer.Gradient)}', "
                + "allowed signed, signed_narrow, unsigned, odd, bipolar with a range whose values are codes times a step, and any gradient but soft_sign");
        }
    }

    /// <summary>Whether codes are the integers around what is rounded, and the forward pass has them.</summary>
    private static bool HasNeighbours(QuantizerSpec quantizer) =>
        quantizer.Grid is GridKind.Signed or GridKind.SignedNarrow or GridKind.Unsigned or GridKind.Odd or GridKind.Bipolar
        && !quantizer.HasCodebook && !quantizer.HasNormBound && quantizer.Gradient != GradientKind.SoftSign
        && quantizer.Range is not (RangeKind.TernaryThreshold or RangeKind.TruncatedGaussian or RangeKind.LossAware or RangeKind.ProductCodebook or RangeKind.PowerOfTwo or RangeKind.HalfWave);

    /// <summary>Ranges and gradients that belong to grids of few codes.</summary>
    private static void CheckTernaryAndSigns(QuantizerSpec quantizer, SpecSection section)
    {
        bool ternary = quantizer is { Grid: GridKind.SignedNarrow, Bits: 2 };
        if (quantizer.Range == RangeKind.TruncatedGaussian && !ternary)
        {
            section.Issue("range", $"truncated_gaussian makes -1, 0, +1, found the grid '{EnumNames.Of(quantizer.Grid)}' of {quantizer.Bits} bits, allowed signed_narrow of 2 bits");
        }
        if (quantizer.Range == RangeKind.LossAware && !ternary && quantizer.Grid != GridKind.Bipolar)
        {
            section.Issue("range", $"loss_aware scales signs or -1, 0, +1, found the grid '{EnumNames.Of(quantizer.Grid)}' of {quantizer.Bits} bits, allowed bipolar, or signed_narrow of 2 bits");
        }
        if (quantizer.Range is RangeKind.Standardized or RangeKind.LearnedScale && quantizer.Grid != GridKind.Bipolar)
        {
            section.Issue("range", $"{EnumNames.Of(quantizer.Range)} scales signs, found the grid '{EnumNames.Of(quantizer.Grid)}', allowed bipolar");
        }
        if (quantizer.Range == RangeKind.Standardized && quantizer.Granularity != Granularity.PerChannel)
        {
            section.Issue("granularity", "standardized weights are those of a channel, found 'per_tensor', allowed per_channel");
        }
        if (quantizer.Range is RangeKind.TrainedTernary or RangeKind.LeastSquaresLevels && quantizer.CodebookBits is not (null or 2))
        {
            section.Issue("codebook_bits", $"{EnumNames.Of(quantizer.Range)} has up to four values, found {quantizer.CodebookBits}, allowed 2");
        }
        if (quantizer.Range is RangeKind.LearnedBasis or RangeKind.ShiftedSigns && quantizer.CodebookBits > 3)
        {
            section.Issue("codebook_bits", $"{EnumNames.Of(quantizer.Range)} has few bases, found {quantizer.CodebookBits}, allowed 1..3");
        }
        if ((quantizer.HasCodebook || quantizer.Range is RangeKind.TruncatedGaussian or RangeKind.LearnedInterval or RangeKind.HalfWave) && quantizer.Granularity == Granularity.PerChannel)
        {
            section.Issue("granularity", $"{EnumNames.Of(quantizer.Range)} has one set of values, found 'per_channel', allowed per_tensor");
        }
        if (quantizer.Range == RangeKind.LearnedInterval && (quantizer.Grid is not (GridKind.SignedNarrow or GridKind.Unsigned) || quantizer.Scale == ScaleKind.PowerOfTwo))
        {
            section.Issue("range", "learned_interval ends at 1, allowed with grid signed_narrow (weights) or unsigned (activations) and scale free");
        }
        if ((quantizer.Grid == GridKind.HalfWave && quantizer.Range != RangeKind.HalfWave)
            || (quantizer.Range == RangeKind.HalfWave && (quantizer.Grid is not (GridKind.HalfWave or GridKind.Unsigned) || quantizer.Bits > Quantizers.HalfWaveSteps.MostBits)))
        {
            section.Issue("range", $"half_wave has steps for codes without signs, found '{EnumNames.Of(quantizer.Range)}' with the grid '{EnumNames.Of(quantizer.Grid)}' of {quantizer.Bits} bits, allowed range half_wave with grid half_wave (the paper) or unsigned (released code) of 1..4 bits");
        }
        bool residual = quantizer.Range is RangeKind.LearnedResidual or RangeKind.MeanResidual;
        if (residual != (quantizer.Grid == GridKind.Residual)
            || (residual && quantizer is not { Bits: 2, Scale: ScaleKind.Free, Granularity: Granularity.PerTensor, Gradient: GradientKind.SteClipped }))
        {
            section.Issue("range", $"two signs with a factor each, found '{EnumNames.Of(quantizer.Range)}' with the grid '{EnumNames.Of(quantizer.Grid)}' of {quantizer.Bits} bits, allowed learned_residual or mean_residual with grid residual, 2 bits, scale free, granularity per_tensor, gradient ste_clipped");
        }
        if (quantizer.Gradient is GradientKind.ApproximateSign or GradientKind.SignSwish or GradientKind.ErrorDecay or GradientKind.SoftSign or GradientKind.GaussianSign && quantizer.Grid != GridKind.Bipolar)
        {
            section.Issue("gradient", $"{EnumNames.Of(quantizer.Gradient)} is the derivative of a sign, found the grid '{EnumNames.Of(quantizer.Grid)}', allowed bipolar");
        }
        if (quantizer.Gradient is GradientKind.SteRectified or GradientKind.LogTail && quantizer.Range != RangeKind.HalfWave)
        {
            section.Issue("gradient", $"{EnumNames.Of(quantizer.Gradient)} is a half wave's, found the range '{EnumNames.Of(quantizer.Range)}', allowed with half_wave");
        }
        if (quantizer.GradientWindow is not null && quantizer is not { Grid: GridKind.Bipolar, Gradient: GradientKind.SteClipped })
        {
            section.Issue("gradient_window", $"how far gradients of signs reach, found the grid '{EnumNames.Of(quantizer.Grid)}' and the gradient '{EnumNames.Of(quantizer.Gradient)}', allowed with bipolar and ste_clipped");
        }
        if (quantizer.Gradient == GradientKind.SoftStep && quantizer.Grid is not (GridKind.Signed or GridKind.SignedNarrow or GridKind.Unsigned))
        {
            section.Issue("gradient", $"soft_step is the derivative of equal steps, found the grid '{EnumNames.Of(quantizer.Grid)}', allowed signed, signed_narrow, unsigned");
        }
    }

    /// <summary>Weights that several places share: entries of several weights, and filters that are turned.</summary>
    private static void CheckSharedWeights(QuantizerSpec quantizer, SpecSection section)
    {
        bool isProduct = quantizer.Range == RangeKind.ProductCodebook;
        if (isProduct && (quantizer.Grid != GridKind.SignedNarrow || quantizer.CodebookBits is null || quantizer.Block is null))
        {
            section.Issue("range", "entries are several symmetric integers, allowed product_codebook with grid signed_narrow, codebook_bits and block");
        }
        if (!isProduct && quantizer.Block is not null)
        {
            section.Issue("block", $"of a codebook of several weights only, found the range '{EnumNames.Of(quantizer.Range)}', allowed with range product_codebook");
        }
        bool isCirculant = quantizer.Range == RangeKind.Circulant;
        if (isCirculant && quantizer is not { Grid: GridKind.Bipolar, Granularity: Granularity.PerChannel, Orientations: 2 or 4 or 8 })
        {
            section.Issue("range", $"one filter of signs in several orientations, found the grid '{EnumNames.Of(quantizer.Grid)}', {EnumNames.Of(quantizer.Granularity)}, {quantizer.Orientations?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no"} orientations, allowed circulant with grid bipolar, granularity per_channel and 2, 4 or 8 orientations");
        }
        if (!isCirculant && quantizer.Orientations is not null)
        {
            section.Issue("orientations", $"of filters that are turned only, found the range '{EnumNames.Of(quantizer.Range)}', allowed with range circulant");
        }
    }

    /// <summary>Keys of ranges that are found once.</summary>
    private static void CheckCalibration(QuantizerSpec quantizer, SpecSection section)
    {
        if (quantizer.Percentile is not null && quantizer.Range is not (RangeKind.Percentile or RangeKind.IntegerLength))
        {
            section.Issue("percentile", $"of a quantile, found the range '{EnumNames.Of(quantizer.Range)}', allowed with percentile, integer_length");
        }
        if (quantizer.Deviations is not null && (quantizer.Range is not (RangeKind.Deviations or RangeKind.IntegerLength) || quantizer.Percentile is not null))
        {
            section.Issue("deviations", $"of a range from the mean on, found the range '{EnumNames.Of(quantizer.Range)}'{(quantizer.Percentile is null ? "" : " and percentile")}, allowed with deviations, and with integer_length without percentile");
        }
        if (quantizer.Chunks is not null && quantizer.Range is not (RangeKind.MinMax or RangeKind.MovingAverage))
        {
            section.Issue("chunks", $"of largest values that are observed, found the range '{EnumNames.Of(quantizer.Range)}', allowed with min_max, moving_average of activations");
        }
        if (quantizer.Limit is not null && quantizer.Range is not (RangeKind.Fixed or RangeKind.Pact))
        {
            section.Issue("limit", $"of a range that is given, or starts somewhere, found the range '{EnumNames.Of(quantizer.Range)}', allowed with fixed, pact");
        }
        CheckReading(quantizer, section);
        if (quantizer.VarianceCorrection && (!Calibration.ClippingRules.Knows(quantizer.Range) || quantizer.Granularity != Granularity.PerChannel))
        {
            section.Issue("variance_correction", $"it stretches a channel's step once, found {EnumNames.Of(quantizer.Granularity)} and the range '{EnumNames.Of(quantizer.Range)}', allowed per_channel with percentile, integer_length, deviations, least_squares, least_absolute, entropy, aciq_gauss, aciq_laplace, normal_optimum");
        }
        if (quantizer.VarianceCorrection && quantizer.Scale == ScaleKind.PowerOfTwo)
        {
            section.Issue("scale", "a stretched step is no power of two, found 'power_of_two' with variance_correction, allowed free");
        }
        if (Calibration.ClippingRules.Knows(quantizer.Range) && quantizer.Grid is GridKind.Odd or GridKind.Bipolar)
        {
            section.Issue("grid", $"found '{EnumNames.Of(quantizer.Grid)}' with the range '{EnumNames.Of(quantizer.Range)}', allowed signed, signed_narrow, unsigned, power_of_two, power_of_two_sum");
        }
        if (quantizer.Range != RangeKind.KMeans && (quantizer.WeighByGradient || quantizer.EntropyWeight is not null))
        {
            section.Issue(quantizer.WeighByGradient ? "weigh_by_gradient" : "entropy_weight", $"of a codebook only, found the range '{EnumNames.Of(quantizer.Range)}', allowed with range k_means");
        }
    }

    /// <summary>Grids that are not uniform, and the ranges that go with one grid only.</summary>
    private static void CheckLevels(QuantizerSpec quantizer, SpecSection section)
    {
        if (quantizer.Grid == GridKind.PowerOfTwo && quantizer.Bits is < 2 or > 5)
        {
            section.Issue("bits", $"powers of two of 2^(bits-2) exponents, found {quantizer.Bits}, allowed 2..5");
        }
        if (quantizer.Grid == GridKind.PowerOfTwoSum && (quantizer.Bits is < 4 or > 8 || quantizer.Bits % 2 != 0))
        {
            section.Issue("bits", $"two terms of half the bits each, found {quantizer.Bits}, allowed 4, 6, 8");
        }
        if (quantizer.Range == RangeKind.PowerOfTwo && quantizer.Grid != GridKind.PowerOfTwo)
        {
            section.Issue("range", $"power_of_two is the range of powers of two, found the grid '{EnumNames.Of(quantizer.Grid)}', allowed power_of_two");
        }
        if (quantizer.Range == RangeKind.TernaryThreshold && (quantizer.Grid != GridKind.SignedNarrow || quantizer.Bits != 2))
        {
            section.Issue("range", $"ternary_threshold makes -1, 0, +1, found the grid '{EnumNames.Of(quantizer.Grid)}' of {quantizer.Bits} bits, allowed signed_narrow of 2 bits");
        }
        if (quantizer.Range == RangeKind.Sawb && (quantizer.Grid is not (GridKind.SignedNarrow or GridKind.Odd) || !Quantizers.SawbRange.Knows(quantizer.Levels)))
        {
            section.Issue("range", $"sawb has constants for symmetric grids of 2 to 8 bits, found '{EnumNames.Of(quantizer.Grid)}' of {quantizer.Bits}, allowed signed_narrow, odd of 2..8");
        }
        CheckTernaryAndSigns(quantizer, section);
        if (quantizer.HasCodebook && (quantizer.Grid != GridKind.SignedNarrow || quantizer.CodebookBits is null))
        {
            section.Issue("range", $"the values of a codebook are symmetric integers, allowed {EnumNames.Of(quantizer.Range)} with grid signed_narrow and codebook_bits");
        }
        if (!quantizer.HasCodebook && quantizer.Range != RangeKind.ProductCodebook && quantizer.CodebookBits is not null)
        {
            section.Issue("codebook_bits", $"of a codebook only, found the range '{EnumNames.Of(quantizer.Range)}', allowed with range k_means, product_codebook, trained_ternary, learned_basis, least_squares_levels, shifted_signs");
        }
        CheckSharedWeights(quantizer, section);
        if (quantizer.CodebookStart is not null && quantizer.Range != RangeKind.KMeans)
        {
            section.Issue("codebook_start", $"of a codebook only, found the range '{EnumNames.Of(quantizer.Range)}', allowed with range k_means");
        }
        if (quantizer.Sparsity is not null && quantizer.Range is not (RangeKind.KMeans or RangeKind.TrainedTernary))
        {
            section.Issue("sparsity", $"of a codebook only, found the range '{EnumNames.Of(quantizer.Range)}', allowed with range k_means, trained_ternary");
        }
        CheckFit(quantizer, section);
        if (quantizer.TrainedExponent && quantizer is not { Range: RangeKind.LearnedInterval, Grid: GridKind.SignedNarrow })
        {
            section.Issue("trained_exponent", $"the exponent is that of weights in an interval, found the range '{EnumNames.Of(quantizer.Range)}' with the grid '{EnumNames.Of(quantizer.Grid)}', allowed with learned_interval of weights");
        }
    }

    private static void CheckFit(QuantizerSpec quantizer, SpecSection section)
    {
        bool ternary = quantizer is { Range: RangeKind.LossAware, Grid: GridKind.SignedNarrow };
        if (quantizer.Fit is not null && !ternary && quantizer.Range != RangeKind.LeastSquaresLevels)
        {
            section.Issue("fit", $"values of others are not fitted, found the range '{EnumNames.Of(quantizer.Range)}' with the grid '{EnumNames.Of(quantizer.Grid)}', allowed with least_squares_levels, and with loss_aware of ternary weights");
        }
        if (ternary && quantizer.Fit == ValueFit.Greedy)
        {
            section.Issue("fit", "ternary weights have one value, found 'greedy', allowed alternating, exact");
        }
        if (ternary && quantizer.Fit == ValueFit.Exact && quantizer.Granularity == Granularity.PerChannel)
        {
            section.Issue("granularity", "magnitudes of a layer are sorted, found 'per_channel' with fit: exact, allowed per_tensor");
        }
    }

    /// <summary>Which texts there are of a part, and which gradient goes with them.</summary>
    private static void CheckReading(QuantizerSpec quantizer, SpecSection section)
    {
        if (quantizer.Reading is not Reading reading)
        {
            return;
        }

        Reading[] known = quantizer switch
        {
            { Range: RangeKind.AciqGauss or RangeKind.AciqLaplace or RangeKind.TrainedTernary } or { Range: RangeKind.HalfWave, Grid: GridKind.Unsigned } => [Reading.Paper, Reading.Code],
            { Range: RangeKind.MeanMagnitude } => [Reading.Paper, Reading.Code, Reading.Port],
            { Range: RangeKind.Dorefa, Grid: GridKind.Odd } => [Reading.Code, Reading.Port],
            _ => [],
        };
        if (known.Length == 0)
        {
            section.Issue("reading", $"texts do not differ in it, found the range '{EnumNames.Of(quantizer.Range)}' with the grid '{EnumNames.Of(quantizer.Grid)}', allowed with aciq_gauss, aciq_laplace, trained_ternary, mean_magnitude, half_wave with unsigned, dorefa with odd");
        }
        else
        {
            ReadingRules.Check(section, reading, $" with the range '{EnumNames.Of(quantizer.Range)}'", known);
        }
        if (quantizer is { Range: RangeKind.MeanMagnitude, Reading: Reading.Paper or Reading.Code } && quantizer.Gradient != GradientKind.Ste)
        {
            section.Issue("gradient", $"this gradient has its own window, found '{EnumNames.Of(quantizer.Gradient)}' with reading: {EnumNames.Of(reading)}, allowed ste");
        }
    }
}
