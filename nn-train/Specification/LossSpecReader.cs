// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification.Yaml;

namespace NnTrain.Specification;

/// <summary>Reads when quantisers begin, and what the loss has beside the labels.</summary>
internal static class LossSpecReader
{
    private const double MostWeight = 1000;
    private const double MostTemperature = 100;
    private const int LeastWidth = 8;
    private const int MostWidth = AccelModel.Numerics.AccumulatorFormat.MaxWidth;

    public static StartSpec Start(SpecSection section, int epochsOfPhase)
    {
        int epochs = Math.Max(epochsOfPhase, 1);
        StartOrder order = section.RequiredEnum<StartOrder>("order");
        double start = section.RequiredDouble("start_epoch", 0, epochs);
        StartSpec spec = new()
        {
            Order = order,
            StartEpoch = start,
            EndEpoch = order == StartOrder.Together ? start : section.RequiredDouble("end_epoch", 0, epochs),
            Freezes = section.OptionalBool("freezes", false),
        };
        if (spec.EndEpoch < spec.StartEpoch)
        {
            section.Issue("end_epoch", "the last layer begins before the first, allowed at least start_epoch");
        }

        return spec;
    }

    public static DistillationSpec Distillation(SpecSection section) => new()
    {
        LabelWeight = section.RequiredDouble("label_weight", 0, MostWeight),
        ScoreWeight = section.RequiredDouble("score_weight", 0, MostWeight),
        Temperature = section.OptionalDouble("temperature", 1, SpecValue.AboveZero, MostTemperature),
        FeatureWeight = section.OptionalDouble("feature_weight", 0, 0, MostWeight),
    };

    public static AccumulatorSpec Accumulator(SpecSection section) => new()
    {
        Width = section.RequiredInt("width", LeastWidth, MostWidth),
        PenaltyWeight = section.OptionalDouble("penalty_weight", 0, 0, MostWeight),
        Overflow = section.OptionalEnum("overflow", SumOverflow.Ignore),
    };

    public static PullSpec Pull(SpecSection section) => new()
    {
        Kind = section.RequiredEnum<PullKind>("kind"),
        Weight = section.RequiredDouble("weight", SpecValue.AboveZero, 1),
    };
}
