// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace NnTrain.Specification;

/// <summary>How weights go over from real numbers to codes while the quantised phase runs; without one they are quantised from its first step.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(IncrementalSpec), IncrementalSpec.Kind)]
[JsonDerivedType(typeof(BlendingSpec), BlendingSpec.Kind)]
[JsonDerivedType(typeof(RelaxationSpec), RelaxationSpec.Kind)]
[JsonDerivedType(typeof(DistortionSpec), DistortionSpec.Kind)]
public abstract record TransitionSpec;

/// <summary>Which weights are frozen first.</summary>
public enum WeightPartition
{
    /// <summary>Those of largest magnitude ("pruning-inspired").</summary>
    Magnitude,

    /// <summary>Any.</summary>
    Random,
}

/// <summary>Group after group of weights is quantised and frozen; <see cref="Transitions.IncrementalTransition"/> has the rule.</summary>
public sealed record IncrementalSpec : TransitionSpec
{
    internal const string Kind = "incremental";

    /// <summary>Shares of the weights that are frozen, ascending, the last one 1; the phase has one part fewer than there are shares.</summary>
    public required ImmutableArray<double> Portions { get; init; }

    /// <summary>Which weights are frozen first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public WeightPartition Partition { get; init; }
}

/// <summary>Weights and codes are mixed; <see cref="Transitions.BlendingTransition"/> has the formula.</summary>
public sealed record BlendingSpec : TransitionSpec
{
    internal const string Kind = "blending";

    /// <summary>When the share of the codes begins to rise, in epochs.</summary>
    public required double StartEpoch { get; init; }

    /// <summary>When there is nothing but codes, in epochs.</summary>
    public required double EndEpoch { get; init; }
}

/// <summary>Weights are drawn to their codes, ever more; <see cref="Transitions.RelaxationTransition"/> has the formula.</summary>
public sealed record RelaxationSpec : TransitionSpec
{
    internal const string Kind = "relaxation";

    /// <summary>How many times stronger the pull is after an epoch.</summary>
    public required double Growth { get; init; }

    /// <summary>When there is nothing but codes, in epochs.</summary>
    public required double HardEpoch { get; init; }
}

/// <summary>Weights are real and set to the values of their codes now and then; <see cref="Transitions.DistortionTransition"/> has the rule.</summary>
public sealed record DistortionSpec : TransitionSpec
{
    internal const string Kind = "distortion";

    /// <summary>Epochs between two times, with fractions.</summary>
    public required double IntervalEpochs { get; init; }
}
