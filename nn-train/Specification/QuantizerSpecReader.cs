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

    public static QuantizerSpec Read(SpecSection section) => new()
    {
        Bits = section.RequiredInt("bits", 1, 16),
        Grid = section.RequiredEnum<GridKind>("grid"),
        Range = section.RequiredEnum<RangeKind>("range"),
        RangeDecay = section.OptionalDouble("range_decay", DefaultDecay, 0, 0.999999),
        Scale = section.RequiredEnum<ScaleKind>("scale"),
        Granularity = section.RequiredEnum<Granularity>("granularity"),
        Rounding = section.RequiredEnum<RoundingMode>("rounding"),
        Gradient = section.RequiredEnum<GradientKind>("gradient"),
        CodebookBits = section.Optional("codebook_bits")?.AsInt(1, MaxCodebookBits),
        Block = section.Optional("block")?.AsInt(2, MaxBlock),
        Orientations = section.Optional("orientations")?.AsInt(2, Quantizers.FilterOrientations.Most),
        Sparsity = section.Optional("sparsity")?.AsDouble(0, MaxSparsity),
        Percentile = section.Optional("percentile")?.AsDouble(LeastPercentile, 1),
        Deviations = section.Optional("deviations")?.AsDouble(LeastDeviations, MostDeviations),
        Chunks = section.Optional("chunks")?.AsInt(2, MostChunks),
        Fit = section.Optional("fit")?.AsEnum<ValueFit>(),
        Reading = section.Optional("reading")?.AsEnum<Reading>(),
        TrainedExponent = section.OptionalBool("trained_exponent", false),
        VarianceCorrection = section.OptionalBool("variance_correction", false),
        WeighByGradient = section.OptionalBool("weigh_by_gradient", false),
        EntropyWeight = section.Optional("entropy_weight")?.AsDouble(SpecValue.AboveZero, 1),
        Limit = section.Optional("limit")?.AsDouble(SpecValue.AboveZero, MostLimit),
        CodebookStart = section.Optional("codebook_start")?.AsEnum<CodebookStart>(),
        GradientWindow = section.Optional("gradient_window")?.AsDouble(SpecValue.AboveZero, MostWindow),
        TrainingRounding = section.OptionalEnum("training_rounding", TrainingRounding.Same),
    };

    /// <summary>As <see cref="Read(SpecSection)"/>; a key that is missing is taken from another sentence.</summary>
    public static QuantizerSpec Read(SpecSection section, QuantizerSpec sentence)
    {
        RangeKind range = section.OptionalEnum("range", sentence.Range);
        GradientKind gradient = section.OptionalEnum("gradient", sentence.Gradient);

        // What belongs to one range is not taken to another.
        QuantizerSpec others = range == sentence.Range ? sentence : sentence with
        {
            CodebookBits = null, Block = null, Orientations = null, Sparsity = null, Percentile = null, Deviations = null, Chunks = null, Fit = null, Reading = null, TrainedExponent = false, VarianceCorrection = false, WeighByGradient = false, EntropyWeight = null, Limit = null, CodebookStart = null,
        };
        return new()
        {
            Bits = section.OptionalInt("bits", others.Bits, 1, 16),
            Grid = section.OptionalEnum("grid", others.Grid),
            Range = range,
            RangeDecay = section.OptionalDouble("range_decay", others.RangeDecay, 0, 0.999999),
            Scale = section.OptionalEnum("scale", others.Scale),
            Granularity = section.OptionalEnum("granularity", others.Granularity),
            Rounding = section.OptionalEnum("rounding", others.Rounding),
            Gradient = gradient,
            CodebookBits = section.Optional("codebook_bits")?.AsInt(1, MaxCodebookBits) ?? others.CodebookBits,
            Block = section.Optional("block")?.AsInt(2, MaxBlock) ?? others.Block,
            Orientations = section.Optional("orientations")?.AsInt(2, Quantizers.FilterOrientations.Most) ?? others.Orientations,
            Sparsity = section.Optional("sparsity")?.AsDouble(0, MaxSparsity) ?? others.Sparsity,
            Percentile = section.Optional("percentile")?.AsDouble(LeastPercentile, 1) ?? others.Percentile,
            Deviations = section.Optional("deviations")?.AsDouble(LeastDeviations, MostDeviations) ?? others.Deviations,
            Chunks = section.Optional("chunks")?.AsInt(2, MostChunks) ?? others.Chunks,
            Fit = section.Optional("fit")?.AsEnum<ValueFit>() ?? others.Fit,
            Reading = section.Optional("reading")?.AsEnum<Reading>() ?? others.Reading,
            TrainedExponent = section.OptionalBool("trained_exponent", others.TrainedExponent),
            VarianceCorrection = section.OptionalBool("variance_correction", others.VarianceCorrection),
            WeighByGradient = section.OptionalBool("weigh_by_gradient", others.WeighByGradient),
            EntropyWeight = section.Optional("entropy_weight")?.AsDouble(SpecValue.AboveZero, 1) ?? others.EntropyWeight,
            Limit = section.Optional("limit")?.AsDouble(SpecValue.AboveZero, MostLimit) ?? others.Limit,
            CodebookStart = section.Optional("codebook_start")?.AsEnum<CodebookStart>() ?? others.CodebookStart,
            GradientWindow = section.Optional("gradient_window")?.AsDouble(SpecValue.AboveZero, MostWindow) ?? (gradient == sentence.Gradient ? others.GradientWindow : null),
            TrainingRounding = section.OptionalEnum("training_rounding", others.TrainingRounding),
        };
    }
}
