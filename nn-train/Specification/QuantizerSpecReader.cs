// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification.Yaml;

namespace NnTrain.Specification;

/// <summary>Reads one quantizer's sentence.</summary>
internal static class QuantizerSpecReader
{
    private const double DefaultDecay = 0.99;
    private const int MaxCodebookBits = 8;
    private const int MaxBlock = 64;
    private const double MaxSparsity = 0.99;
    private const double LeastPercentile = 0.5;
    private const double MostLimit = 1000;
    private const double MostWindow = 100;
    private const double LeastDeviations = 0.5;
    private const double MostDeviations = 100;
    private const int MostChunks = 1024;

    public static QuantizerSpec Read(SpecSection section) => WithOptional(section, new()
    {
        Bits = section.RequiredInt("bits", 1, 16),
        Grid = section.RequiredEnum<GridKind>("grid"),
        Range = section.RequiredEnum<RangeKind>("range"),
        RangeDecay = section.OptionalDouble("range_decay", DefaultDecay, 0, 0.999999),
        Scale = section.RequiredEnum<ScaleKind>("scale"),
        Granularity = section.RequiredEnum<Granularity>("granularity"),
        Rounding = section.RequiredEnum<RoundingMode>("rounding"),
        Gradient = section.RequiredEnum<GradientKind>("gradient"),
    });

    /// <summary>As <see cref="Read(SpecSection)"/>; a key that is missing is taken from another sentence.</summary>
    public static QuantizerSpec Read(SpecSection section, QuantizerSpec sentence)
    {
        RangeKind range = section.OptionalEnum("range", sentence.Range);
        GradientKind gradient = section.OptionalEnum("gradient", sentence.Gradient);

        // What belongs to one range, or to one gradient, is not taken to another.
        QuantizerSpec others = range == sentence.Range ? sentence : sentence with
        {
            CodebookBits = null, Block = null, Orientations = null, Sparsity = null, Percentile = null, Deviations = null, Chunks = null, Fit = null, Reading = null, TrainedExponent = false, VarianceCorrection = false, WeighByGradient = false, EntropyWeight = null, Limit = null, CodebookStart = null,
        };
        return WithOptional(section, others with
        {
            Bits = section.OptionalInt("bits", others.Bits, 1, 16),
            Grid = section.OptionalEnum("grid", others.Grid),
            Range = range,
            RangeDecay = section.OptionalDouble("range_decay", others.RangeDecay, 0, 0.999999),
            Scale = section.OptionalEnum("scale", others.Scale),
            Granularity = section.OptionalEnum("granularity", others.Granularity),
            Rounding = section.OptionalEnum("rounding", others.Rounding),
            Gradient = gradient,
            GradientWindow = gradient == sentence.Gradient ? others.GradientWindow : null,
        });
    }

    /// <summary>The sentence with the keys that no sentence needs; those that are missing stay.</summary>
    private static QuantizerSpec WithOptional(SpecSection section, QuantizerSpec sentence) => sentence with
    {
        CodebookBits = section.Optional("codebook_bits")?.AsInt(1, MaxCodebookBits) ?? sentence.CodebookBits,
        Block = section.Optional("block")?.AsInt(2, MaxBlock) ?? sentence.Block,
        Orientations = section.Optional("orientations")?.AsInt(2, Quantizers.FilterOrientations.Most) ?? sentence.Orientations,
        Sparsity = section.Optional("sparsity")?.AsDouble(0, MaxSparsity) ?? sentence.Sparsity,
        Percentile = section.Optional("percentile")?.AsDouble(LeastPercentile, 1) ?? sentence.Percentile,
        Deviations = section.Optional("deviations")?.AsDouble(LeastDeviations, MostDeviations) ?? sentence.Deviations,
        Chunks = section.Optional("chunks")?.AsInt(2, MostChunks) ?? sentence.Chunks,
        Fit = section.Optional("fit")?.AsEnum<ValueFit>() ?? sentence.Fit,
        Reading = section.Optional("reading")?.AsEnum<Reading>() ?? sentence.Reading,
        TrainedExponent = section.OptionalBool("trained_exponent", sentence.TrainedExponent),
        VarianceCorrection = section.OptionalBool("variance_correction", sentence.VarianceCorrection),
        WeighByGradient = section.OptionalBool("weigh_by_gradient", sentence.WeighByGradient),
        EntropyWeight = section.Optional("entropy_weight")?.AsDouble(SpecValue.AboveZero, 1) ?? sentence.EntropyWeight,
        Limit = section.Optional("limit")?.AsDouble(SpecValue.AboveZero, MostLimit) ?? sentence.Limit,
        CodebookStart = section.Optional("codebook_start")?.AsEnum<CodebookStart>() ?? sentence.CodebookStart,
        GradientWindow = section.Optional("gradient_window")?.AsDouble(SpecValue.AboveZero, MostWindow) ?? sentence.GradientWindow,
        TrainingRounding = section.OptionalEnum("training_rounding", sentence.TrainingRounding),
    };
}
