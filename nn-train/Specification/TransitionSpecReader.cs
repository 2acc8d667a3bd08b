// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;

namespace NnTrain.Specification;

/// <summary>Reads <c>quantized_phase.weight_transition</c>.</summary>
internal static class TransitionSpecReader
{
    private const int MostPortions = 20;
    private const double MostGrowth = 1000;

    public static TransitionSpec Read(SpecSection section, int epochsOfPhase)
    {
        // No epochs at all are a finding of their own.
        int epochs = Math.Max(epochsOfPhase, 1);
        return section.Required("kind").AsChoice([IncrementalSpec.Kind, BlendingSpec.Kind, RelaxationSpec.Kind, DistortionSpec.Kind]) switch
        {
            BlendingSpec.Kind => Blending(section, epochs),
            RelaxationSpec.Kind => new RelaxationSpec
            {
                Growth = section.RequiredDouble("growth", 1, MostGrowth),
                HardEpoch = section.RequiredDouble("hard_epoch", SpecValue.AboveZero, epochs),
            },
            DistortionSpec.Kind => new DistortionSpec { IntervalEpochs = section.RequiredDouble("interval_epochs", SpecValue.AboveZero, epochs) },
            _ => Incremental(section, epochs),
        };
    }

    private static IncrementalSpec Incremental(SpecSection section, int epochs)
    {
        ImmutableArray<double> portions = [.. section.Required("portions").AsList(2, MostPortions).Select(portion => portion.AsDouble(SpecValue.AboveZero, 1))];
        if (portions.Zip(portions.Skip(1)).Any(pair => pair.First >= pair.Second) || (portions.Length > 0 && portions[^1] != 1))
        {
            section.Issue("portions", "not the shares that are frozen one after the other, allowed ascending numbers of which the last is 1");
        }
        if (portions.Length - 1 > epochs)
        {
            section.Issue("portions", $"more parts than epochs, found {portions.Length - 1} parts in {epochs} epochs, allowed one epoch a part at least");
        }
        return new IncrementalSpec { Portions = portions, Partition = section.OptionalEnum("partition", WeightPartition.Magnitude) };
    }

    private static BlendingSpec Blending(SpecSection section, int epochs)
    {
        BlendingSpec blending = new()
        {
            StartEpoch = section.RequiredDouble("start_epoch", 0, epochs),
            EndEpoch = section.RequiredDouble("end_epoch", SpecValue.AboveZero, epochs),
        };
        if (blending.EndEpoch <= blending.StartEpoch)
        {
            section.Issue("end_epoch", "blending ends before it starts, allowed more than start_epoch");
        }
        return blending;
    }
}
