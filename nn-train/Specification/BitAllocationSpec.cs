// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace NnTrain.Specification;

/// <summary>Bits of one layer.</summary>
/// <param name="Weights">Of its weights; null for those of the recipe.</param>
/// <param name="Activations">Of its output; null for those of the recipe.</param>
public sealed record LayerBits(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Weights, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Activations)
{
    /// <summary>The fewest bits of weights, whose codes have signs.</summary>
    public const int LeastWeights = 2;

    /// <summary>The fewest bits of an output whose codes have no sign.</summary>
    public const int LeastActivations = 1;

    /// <summary>The most.</summary>
    public const int Most = 8;
}

/// <summary>How bits are given to layers before anything is trained.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(NoiseAllocationSpec), NoiseAllocationSpec.Kind)]
[JsonDerivedType(typeof(BitSearchSpec), BitSearchSpec.Kind)]
[JsonDerivedType(typeof(HessianAllocationSpec), HessianAllocationSpec.Kind)]
[JsonDerivedType(typeof(LearnedAllocationSpec), LearnedAllocationSpec.Kind)]
[JsonDerivedType(typeof(PolicySearchSpec), PolicySearchSpec.Kind)]
public abstract record BitAllocationSpec;

/// <summary>What a bit of a layer costs.</summary>
public enum BitCost
{
    /// <summary>Its number of weights.</summary>
    Weights,

    /// <summary>Its multiply-accumulates.</summary>
    MultiplyAccumulates,
}

/// <summary>By equal marginal noise (Lin et al. 2016); <see cref="NnTrain.Rewriting.NoiseAllocation"/> has the formula.</summary>
public sealed record NoiseAllocationSpec : BitAllocationSpec
{
    internal const string Kind = "equal_noise";

    /// <summary>What a bit costs.</summary>
    public required BitCost Cost { get; init; }

    /// <summary>Signal-to-noise ratio that a bit gains, in decibels.</summary>
    public required double DecibelsPerBit { get; init; }
}

/// <summary>What is searched together.</summary>
public enum BitGroups
{
    /// <summary>Weights of convolutions, weights of dense layers, activations.</summary>
    Kinds,

    /// <summary>Weights of each layer, output of each layer.</summary>
    Layers,
}

/// <summary>What the others have while a group is searched.</summary>
public enum SearchOrder
{
    /// <summary>The recipe's bits; the results are put together at the end (Ristretto; Gysel et al. 2016).</summary>
    Independent,

    /// <summary>What was found for them before (Moons et al. 2016).</summary>
    Greedy,
}

/// <summary>Fewer and fewer bits while the accuracy on training images stays; <see cref="NnTrain.Rewriting.BitSearch"/> has the rule.</summary>
public sealed record BitSearchSpec : BitAllocationSpec
{
    internal const string Kind = "search";

    /// <summary>What is searched together.</summary>
    public required BitGroups Groups { get; init; }

    /// <summary>What the others have meanwhile.</summary>
    public required SearchOrder Order { get; init; }

    /// <summary>Widths that are tried, descending.</summary>
    public required ImmutableArray<int> Widths { get; init; }

    /// <summary>Accuracy that may be lost, as a share of all images.</summary>
    public required double Margin { get; init; }

    /// <summary>Training images that the accuracy is measured on, the last ones.</summary>
    public required int Images { get; init; }
}

/// <summary>What of the Hessian of a layer's weights tells how much an error costs.</summary>
public enum HessianMeasure
{
    /// <summary>Its trace (HAWQ-V2; Dong et al. 2020).</summary>
    Trace,

    /// <summary>Its largest eigenvalue (HAWQ; Dong et al. 2019).</summary>
    Eigenvalue,
}

/// <summary>
/// By the curvature of the loss: the widths of least <c>sum of Omega_i</c>, <c>Omega_i(b) = h_i / n_i |Q_b(W_i) - W_i|^2</c>, h the measure and n the number of weights, whose mean over all weights is within the budget.
/// </summary>
public sealed record HessianAllocationSpec : BitAllocationSpec
{
    internal const string Kind = "hessian";

    /// <summary>h.</summary>
    public required HessianMeasure Sensitivity { get; init; }

    /// <summary>Widths to choose from, descending; the first has the recipe's bits.</summary>
    public required ImmutableArray<int> Widths { get; init; }

    /// <summary>Most bits of a weight in the mean.</summary>
    public required double MeanBits { get; init; }

    /// <summary>Vectors of random signs of a trace, or rounds of an eigenvalue.</summary>
    public required int Samples { get; init; }

    /// <summary>Training images that the loss is taken over, the first ones.</summary>
    public required int Images { get; init; }
}

/// <summary>What learned bits are priced by.</summary>
public enum BitObjective
{
    /// <summary>Cycles of one inference on the experiment's design, for bits of activations.</summary>
    Cycles,

    /// <summary>Energy of one inference on the experiment's design, for bits of activations.</summary>
    Energy,

    /// <summary>Bits of all weights, for bits of weights.</summary>
    WeightBits,
}

/// <summary>By gradient, with a price on what they cost, or with the most that they may cost; <see cref="NnTrain.Rewriting.LearnedAllocation"/> has the loss.</summary>
public sealed record LearnedAllocationSpec : BitAllocationSpec
{
    internal const string Kind = "learned";

    /// <summary>What bits are priced by.</summary>
    public required BitObjective Objective { get; init; }

    /// <summary>What all of the cost of the recipe's bits, the most, is worth in the loss; null with a <see cref="Budget"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Price { get; init; }

    /// <summary>The most that the network may cost, in units of the objective: cycles, nanojoules, bits; null with a <see cref="Price"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Budget { get; init; }

    /// <summary>The least bits.</summary>
    public required int LeastBits { get; init; }

    /// <summary>Passes over the training images.</summary>
    public required int Epochs { get; init; }

    /// <summary>Adam's rate for bits and clipping levels; it falls to nothing in a straight line.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Whether bits of weights are learned, else those of activations.</summary>
    [JsonIgnore]
    public bool OfWeights => Objective == BitObjective.WeightBits;

    /// <summary>Whether a design has to say what bits cost.</summary>
    [JsonIgnore]
    public bool NeedsDesign => !OfWeights;
}

/// <summary>By a policy that learns from rewards; <see cref="NnTrain.Rewriting.PolicySearch"/> has the rule.</summary>
public sealed record PolicySearchSpec : BitAllocationSpec
{
    internal const string Kind = "policy";

    /// <summary>Widths to choose from, descending; the first has the recipe's bits.</summary>
    public required ImmutableArray<int> Widths { get; init; }

    /// <summary>How many times widths are drawn and measured.</summary>
    public required int Episodes { get; init; }

    /// <summary>Least share of the accuracy of the most bits that is rewarded.</summary>
    public required double Threshold { get; init; }

    /// <summary>What a bit of a weight costs, in bits of a multiply-accumulate.</summary>
    public required double WeightCost { get; init; }

    /// <summary>How far a reward moves the policy.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Training images that the accuracy is measured on, the last ones.</summary>
    public required int Images { get; init; }
}
