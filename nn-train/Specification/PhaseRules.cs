// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification.Yaml;

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

        if (phase.BitAllocation is not null && phase.Weights.Grid is not (GridKind.Signed or GridKind.SignedNarrow))
        {
            section.Issue("bit_allocation", $"bits are given to uniform weights, found the grid '{EnumNames.Of(phase.Weights.Grid)}', allowed signed, signed_narrow");
        }

        if (phase.BitAllocation is not null && !phase.WarmStart)
        {
            section.Issue("bit_allocation", "bits are given to a trained network, found warm_start: false, allowed with warm_start: true");
        }
    }

    private static void CheckWithoutTraining(QuantizedPhaseSpec phase, SpecSection section)
    {
        if (!phase.WarmStart)
        {
            section.Issue("epochs", "nothing is trained and nothing to start from, found 0 epochs with warm_start: false, allowed at least 1, or warm_start: true");
        }

        if (phase.WeightTransition is not null)
        {
            section.Issue("weight_transition", "there is no time for it in 0 epochs, allowed at least 1 epoch");
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
        if ((post.Equalize || post.Split is not null || post.Prune is not null) && hasNorm)
        {
            section.Issue("post_training", $"equalize, split and prune work on plain layers, found batch_norm '{EnumNames.Of(batchNorm)}', allowed none, or fold_batch_norm: true");
        }

        if (post.AbsorbBias && !post.FoldBatchNorm)
        {
            section.Issue("post_training", "absorb_bias takes the spread of activations from batch norm, found fold_batch_norm: false, allowed true");
        }

        if (post.CorrectBias && phase.Epochs > 0)
        {
            section.Issue("post_training", $"training moves the biases after correct_bias, found {phase.Epochs} epochs, allowed 0");
        }
    }
}
