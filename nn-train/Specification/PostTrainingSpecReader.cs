// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification.Yaml;

namespace NnTrain.Specification;

/// <summary>Reads <c>quantized_phase.post_training</c>.</summary>
internal static class PostTrainingSpecReader
{
    private const double MostSplit = 1;
    private const double MostPruned = 0.95;
    private const int MostSegment = 65536;
    private const int LeastWidth = 8;

    public static PostTrainingSpec Read(SpecSection section) => new()
    {
        FoldBatchNorm = section.OptionalBool("fold_batch_norm", false),
        Equalize = section.OptionalBool("equalize", false),
        AbsorbBias = section.OptionalBool("absorb_bias", false),
        ReconstructSigns = section.OptionalBool("reconstruct_signs", false),
        CorrectWeights = section.OptionalSection("correct_weights") is SpecSection correction ? Correction(correction) : null,
        LearnRounding = section.OptionalBool("learn_rounding", false),
        CorrectBias = section.OptionalBool("correct_bias", false),
        BiasError = section.OptionalEnum("bias_error", BiasError.Outputs),
        Split = section.OptionalSection("split") is SpecSection split
            ? new ChannelSplitSpec { Share = split.RequiredDouble("share", SpecValue.AboveZero, MostSplit), Halves = split.RequiredEnum<SplitHalves>("halves") }
            : null,
        Prune = section.OptionalSection("prune") is SpecSection prune
            ? new PruningSpec { Kind = prune.RequiredEnum<PruningKind>("kind"), Share = prune.RequiredDouble("share", SpecValue.AboveZero, MostPruned) }
            : null,
    };

    private static WeightCorrectionSpec Correction(SpecSection section) => new()
    {
        Segment = section.OptionalInt("segment", 16, 1, MostSegment),
        PartialSumWidth = section.Optional("partial_sum_width")?.AsInt(LeastWidth, AccumulatorFormat.MaxWidth),
        AccumulatorWidth = section.Optional("accumulator_width")?.AsInt(LeastWidth, AccumulatorFormat.MaxWidth),
    };
}
