// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;
using AccelModel.Specification.Yaml;
using NnTrain.Quantizers;

namespace NnTrain.Specification;

/// <summary>Which parts of a quantised phase fit together; one rule a statement.</summary>
internal static class PhaseRules
{
    public static void Check(QuantizedPhaseSpec phase, BatchNormKind batchNorm, SpecSection section)
    {
        if (phase.Epochs == 0)
        {
            CheckWithoutTraining(phase, section);
        }

        if (phase.PostTraining is PostTrainingSpec post)
        {
            CheckPostTraining(post, phase, batchNorm, section);
        }

        if (phase.SignPadding == SignPadding.MinusOne && phase.Activations.Grid != GridKind.Bipolar)
        {
            section.Issue("sign_padding", $"a padding of signs, found activations of the grid '{EnumNames.Of(phase.Activations.Grid)}', allowed with bipolar");
        }

        CheckTraining(phase, batchNorm, section);
        CheckAccumulator(phase, section);
        CheckAllocatedBits(phase, batchNorm, section);
        ImmutableArray<int> widths = phase.BitAllocation switch
        {
            HessianAllocationSpec hessian => hessian.Widths,
            PolicySearchSpec policy => policy.Widths,
            _ => [],
        };
        if (widths is [int first, ..] && first != phase.Weights.Bits)
        {
            section.Issue("bit_allocation", $"the first width is that of the recipe, found {first} with weights of {phase.Weights.Bits} bits, allowed {phase.Weights.Bits}");
        }

        if (phase.BitAllocation is LearnedAllocationSpec learned)
        {
            int most = learned.OfWeights ? new[] { phase.Weights.Bits, phase.FirstLayerWeights.Bits, phase.LastLayerWeights.Bits }.Min() : phase.Activations.Bits;
            if (most <= learned.LeastBits)
            {
                section.Issue("bit_allocation", $"there is nothing to learn, found least_bits {learned.LeastBits} with {most} bits, allowed less");
            }

            if (!learned.OfWeights && phase.Activations.Grid != GridKind.Unsigned)
            {
                section.Issue("bit_allocation", $"bits are learned for rectified activations, found the grid '{EnumNames.Of(phase.Activations.Grid)}', allowed unsigned");
            }
        }

        if (phase.BitAllocation is not null && phase.Weights.Grid is not (GridKind.Signed or GridKind.SignedNarrow))
        {
            section.Issue("bit_allocation", $"bits are given to uniform weights, found the grid '{EnumNames.Of(phase.Weights.Grid)}', allowed signed, signed_narrow");
        }

        if (phase.LayerBits is not null && phase.BitAllocation is not null)
        {
            section.Issue("layer_bits", "either bits are given by hand or they are found, found with bit_allocation, allowed one of them");
        }

        if (phase.LayerBits is not null && phase.Weights.Grid is not (GridKind.Signed or GridKind.SignedNarrow))
        {
            section.Issue("layer_bits", $"bits are given to uniform weights, found the grid '{EnumNames.Of(phase.Weights.Grid)}', allowed signed, signed_narrow");
        }

        if (phase.LayerBits is { } layers && phase.Activations.Grid != GridKind.Unsigned)
        {
            foreach (string layer in layers.Where(layer => layer.Value.Activations == 1).Select(layer => layer.Key))
            {
                section.Section("layer_bits").Section(layer).Issue("activations", $"one bit is for codes 0 and 1, found the grid '{EnumNames.Of(phase.Activations.Grid)}', allowed unsigned, or 2..8");
            }
        }

        if (phase.LayerWeights is not null && phase.BitAllocation is not null)
        {
            section.Issue("layer_weights", "bits are given to layers of one sentence, found with bit_allocation, allowed one of them");
        }

        if (phase.BitAllocation is not null && !phase.WarmStart)
        {
            section.Issue("bit_allocation", "bits are given to a trained network, found warm_start: false, allowed with warm_start: true");
        }
    }

    /// <summary>Widths that an allocation may come to, which the other parts of the sentences do not have.</summary>
    private static void CheckAllocatedBits(QuantizedPhaseSpec phase, BatchNormKind batchNorm, SpecSection section)
    {
        (ImmutableArray<int> widths, bool ofActivations) = phase.BitAllocation switch
        {
            NoiseAllocationSpec => ([LayerBits.Most], true),
            BitSearchSpec search => (search.Widths, true),
            HessianAllocationSpec hessian => (hessian.Widths, false),
            PolicySearchSpec policy => (policy.Widths, false),
            _ => (ImmutableArray<int>.Empty, false),
        };
        foreach ((QuantizerSpec sentence, TensorRole role) in ((QuantizerSpec, TensorRole)[])[(phase.Weights, TensorRole.Weights), (phase.Activations, TensorRole.Activations)])
        {
            bool given = role == TensorRole.Weights || ofActivations;
            if (given && QuantizerRules.Misfit(sentence, role, batchNorm) is null
                && widths.Select(bits => QuantizerRules.Misfit(sentence with { Bits = bits }, role, batchNorm)).FirstOrDefault(misfit => misfit is not null) is string misfit)
            {
                section.Issue("bit_allocation", $"it may come to bits that {EnumNames.Of(role)} cannot have: {misfit}");
            }
        }
    }

    private static void CheckTraining(QuantizedPhaseSpec phase, BatchNormKind batchNorm, SpecSection section)
    {
        if (phase.WeightStart is not null && phase.WeightTransition is not null)
        {
            section.Issue("weight_start", "weights cannot wait and go over at once, found with weight_transition, allowed one of them");
        }

        if (phase.WeightTransition is not null && phase.WeightSentences.Any(weights => weights.Gradient == GradientKind.SoftSign))
        {
            section.Issue("weight_transition", "weights go over to signs as soft_sign hardens, found with gradient 'soft_sign', allowed one of them");
        }

        if (phase.WeightTransition is IncrementalSpec && phase.WeightSentences.FirstOrDefault(weights => !StaysInTraining(weights)) is QuantizerSpec moving)
        {
            section.Issue("weight_transition", $"frozen weights keep their codes where ranges stay, found the range '{EnumNames.Of(moving.Range)}', allowed power_of_two, fixed, unit, and those that are found once");
        }

        if (phase.WeightPull is not null && phase.WeightSentences.Any(weights => weights.Grid != GridKind.Bipolar))
        {
            section.Issue("weight_pull", "weights are drawn to the scale of their signs, found weights of other grids, allowed bipolar in all layers");
        }

        if (phase.NormFreezeEpoch is not null && (batchNorm == BatchNormKind.None || phase.NormImages is not null || phase.Epochs == 0))
        {
            section.Issue("norm_freeze_epoch", $"statistics of batch norm stay from then on, found batch_norm '{EnumNames.Of(batchNorm)}'{(phase.NormImages is null ? "" : " and norm_images")}, {phase.Epochs} epochs, allowed with batch norm, without norm_images, with 1 epoch at least");
        }

        if (phase.NormImages is not null && (batchNorm == BatchNormKind.None || phase.WeightTransition is not null || phase.Epochs == 0))
        {
            section.Issue("norm_images", $"statistics are taken anew of batch norm behind weights that were trained in codes, found batch_norm '{EnumNames.Of(batchNorm)}'{(phase.WeightTransition is null ? "" : " and weight_transition")}, {phase.Epochs} epochs, allowed with batch norm, without weight_transition, with 1 epoch at least");
        }

        if (phase.WeightStart is { Freezes: true })
        {
            section.Issue("weight_start", "quantised outputs end the training of a layer, found freezes: true, allowed in activation_start");
        }

        if (phase.Distillation is { LabelWeight: 0, ScoreWeight: 0, FeatureWeight: 0 })
        {
            section.Issue("distillation", "nothing is left of the loss, allowed label_weight, score_weight or feature_weight above 0");
        }

        if (phase.AuxiliaryWeight is not null && batchNorm != BatchNormKind.None)
        {
            section.Issue("auxiliary_weight", $"real and quantised sums would share one batch norm, found batch_norm '{EnumNames.Of(batchNorm)}', allowed none");
        }

        bool lossAware = phase.WeightSentences.Any(weights => weights.Range == RangeKind.LossAware);
        if (lossAware && (phase.Optimizer is not AdamSpec || phase.Weights.Range != RangeKind.LossAware))
        {
            section.Issue("optimizer", "loss_aware weighs by Adam's second moments, of all layers' weights, allowed kind: adam with weights of range loss_aware");
        }

        if (phase.Optimizer is BopSpec && (phase.WeightTransition is not null || phase.WeightStart is not null))
        {
            section.Issue("optimizer", $"bop has no real weights that could {(phase.WeightStart is null ? "go over" : "wait")}, found with {(phase.WeightStart is null ? "weight_transition" : "weight_start")}, allowed without");
        }

        if (phase.Optimizer is BopSpec)
        {
            foreach (QuantizerSpec weights in phase.WeightSentences.Where(weights => weights is not { Grid: GridKind.Bipolar, Range: RangeKind.Unit }).Take(1))
            {
                section.Issue("optimizer", $"bop flips signs, found weights of the grid '{EnumNames.Of(weights.Grid)}' and range '{EnumNames.Of(weights.Range)}', allowed bipolar and unit in all layers");
            }
        }
    }

    private static bool StaysInTraining(QuantizerSpec weights) =>
        weights.Range is RangeKind.PowerOfTwo or RangeKind.Fixed or RangeKind.Unit || Calibration.ClippingRules.Knows(weights.Range);

    private static void CheckAccumulator(QuantizedPhaseSpec phase, SpecSection section)
    {
        QuantizerSpec[] weights = [.. phase.WeightSentences];
        if (phase.Accumulator is null && weights.Any(sentence => sentence.HasNormBound))
        {
            section.Issue("weights", "a norm is bounded by an accumulator, found none, allowed norm_bound and centered_norm_bound with accumulator: {width: ...}");
        }

        if (phase.Accumulator is not null && phase.WeightTransition is not null)
        {
            section.Issue("accumulator", "sums of real weights have no units, found weight_transition, allowed one of them");
        }

        string? chosen = phase.PostTraining switch
        {
            { CorrectWeights: not null } => "correct_weights",
            { LearnRounding: true } => "learn_rounding",
            _ => null,
        };
        if (phase.PostTraining is { CorrectWeights: not null, LearnRounding: true })
        {
            section.Issue("post_training", "codes are chosen once, found correct_weights and learn_rounding, allowed one of them");
        }

        if (phase.PostTraining is { LearnRounding: true } && weights.Any(sentence => sentence.Grid is not (GridKind.Signed or GridKind.SignedNarrow)))
        {
            section.Issue("post_training", "learn_rounding chooses between neighbours that are a step apart, allowed with weights of the grid signed, signed_narrow");
        }

        if (chosen is not null && phase.Epochs > 0)
        {
            section.Issue("post_training", $"training moves the weights after {chosen}, found {phase.Epochs} epochs, allowed 0");
        }

        if (chosen is not null
            && weights.Any(sentence => !Calibration.ClippingRules.Knows(sentence.Range) || sentence.VarianceCorrection || sentence.Rounding is not (RoundingMode.HalfUp or RoundingMode.HalfAway or RoundingMode.HalfEven)))
        {
            section.Issue("post_training", $"{chosen} sets weights to multiples of a step that stays, allowed with weights of a range that is found once, without variance_correction, rounded to the nearest");
        }
    }

    private static void CheckWithoutTraining(QuantizedPhaseSpec phase, SpecSection section)
    {
        if (!phase.WarmStart)
        {
            section.Issue("epochs", "nothing is trained and nothing to start from, found 0 epochs with warm_start: false, allowed at least 1, or warm_start: true");
        }

        foreach ((string key, object? part) in ((string, object?)[])
        [
            ("weight_transition", phase.WeightTransition), ("weight_start", phase.WeightStart), ("activation_start", phase.ActivationStart), ("distillation", phase.Distillation),
            ("auxiliary_weight", phase.AuxiliaryWeight), ("weight_pull", phase.WeightPull),
        ])
        {
            if (part is not null)
            {
                section.Issue(key, "there is no time for it in 0 epochs, allowed at least 1 epoch");
            }
        }

        foreach (QuantizerSpec soft in phase.Sentences.Where(sentence => sentence.Gradient is GradientKind.SoftSign or GradientKind.SoftStep or GradientKind.ErrorDecay).Take(1))
        {
            section.Issue("epochs", $"{EnumNames.Of(soft.Gradient)} turns into steps while it is trained, found 0 epochs, allowed at least 1");
        }

        if (phase.Sentences.Any(sentence => sentence.TrainingRounding != TrainingRounding.Same))
        {
            section.Issue("epochs", "nothing is trained, found 0 epochs with training_rounding: stochastic, allowed at least 1 epoch");
        }
    }

    private static void CheckPostTraining(PostTrainingSpec post, QuantizedPhaseSpec phase, BatchNormKind batchNorm, SpecSection section)
    {
        if (!phase.WarmStart)
        {
            section.Issue("post_training", "a trained network is changed, found warm_start: false, allowed with warm_start: true");
        }

        if (phase.Activations.Grid == GridKind.Bipolar)
        {
            section.Issue("post_training", "made for rectified activations, found signs, allowed with activations of the grid unsigned");
        }

        if (post.FoldBatchNorm && batchNorm != BatchNormKind.Folded)
        {
            section.Issue("post_training", $"fold_batch_norm without any, found batch_norm '{EnumNames.Of(batchNorm)}', allowed folded");
        }

        bool hasNorm = batchNorm != BatchNormKind.None && !post.FoldBatchNorm;
        if ((post.Equalize || post.Split is not null || post.Prune is not null || post.ReconstructSigns) && hasNorm)
        {
            section.Issue("post_training", $"equalize, split, prune and reconstruct_signs work on plain layers, found batch_norm '{EnumNames.Of(batchNorm)}', allowed none, or fold_batch_norm: true");
        }

        if (post.ReconstructSigns && phase.Weights.Grid != GridKind.Bipolar)
        {
            section.Issue("post_training", $"reconstruct_signs makes signs, found weights of the grid '{EnumNames.Of(phase.Weights.Grid)}', allowed bipolar");
        }

        if (post.AbsorbBias && !post.FoldBatchNorm)
        {
            section.Issue("post_training", "absorb_bias takes the spread of activations from batch norm, found fold_batch_norm: false, allowed true");
        }

        if (post is { CorrectBias: false, BiasError: not BiasError.Outputs })
        {
            section.Issue("post_training", $"bias_error says what correct_bias makes up for, found '{EnumNames.Of(post.BiasError)}' without it, allowed with correct_bias: true");
        }

        if (post.CorrectBias && phase.Epochs > 0)
        {
            section.Issue("post_training", $"training moves the biases after correct_bias, found {phase.Epochs} epochs, allowed 0");
        }
    }
}
