// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AccelModel.Networks.Description;

namespace NnTrain.Specification;

/// <summary>What becomes of batch normalisation.</summary>
public enum BatchNormKind
{
    /// <summary>There is none; matrix layers have a bias.</summary>
    None,

    /// <summary>After every matrix layer; lowered into the requantiser's multiplier and bias of each channel.</summary>
    Folded,

    /// <summary>After every matrix layer; lowered into one threshold a channel (bipolar activations), and folded in the last layer.</summary>
    Thresholds,
}

/// <summary>What a convolution reads outside of a tensor of signs.</summary>
public enum SignPadding
{
    /// <summary>Code 0, which is no sign: for elements that multiply.</summary>
    Zero,

    /// <summary>-1: for elements that know nothing but signs.</summary>
    MinusOne,
}

/// <summary>A training recipe: everything but the network and the data.</summary>
public sealed record TrainingSpec
{
    /// <summary>Name in reports.</summary>
    public required string Name { get; init; }

    /// <summary>Seed of initial weights, order of images and augmentation.</summary>
    public required long Seed { get; init; }

    /// <summary>Threads of the tensor library; results repeat for one number of threads only.</summary>
    public required int Threads { get; init; }

    /// <summary>Images of one step.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Share of the target probability that is spread over all classes, 0..0.5.</summary>
    public required double LabelSmoothing { get; init; }

    /// <summary>What scores cost beside the labels, in both phases; optional, cross entropy.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public LossKind Loss { get; init; }

    /// <summary>Each training image is moved by up to so many pixels in either direction; 0 for none.</summary>
    public required int ShiftPixels { get; init; }

    /// <summary>Batch normalisation, in both phases.</summary>
    public required BatchNormKind BatchNorm { get; init; }

    /// <summary>What batch norm divides by, in both phases; null for the standard deviation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NormSpec? Norm { get; init; }

    /// <summary>Training in floating point, whose accuracy is the float accuracy; null for none.</summary>
    public required PhaseSpec? FloatPhase { get; init; }

    /// <summary>Quantisation-aware training; null for a recipe in floating point only.</summary>
    public required QuantizedPhaseSpec? QuantizedPhase { get; init; }

    /// <summary>Whether the activation in floating point is clip(-1, 1) in place of a ReLU, as signs in a quantised phase ask for anyway; optional, false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HardTanh { get; init; }

    /// <summary>Images become signs, +1 from this value on (0..1); null where their eight bits are read. For signs as activations.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? InputThreshold { get; init; }

    /// <summary>Whether a matrix layer reads the signs of a tensor, not the tensor.</summary>
    /// <param name="isImage">Whether the tensor is the image.</param>
    /// <param name="isSigned">Whether it has sums of either sign (<see cref="LayerSpec.HasSigns"/>).</param>
    public bool ReadsSigns(bool isImage, bool isSigned)
    {
        bool multipliesSigns = QuantizedPhase is null ? HardTanh : QuantizedPhase.Activations.Grid == GridKind.Bipolar;
        return isImage ? InputThreshold is not null : multipliesSigns && isSigned;
    }

    /// <summary>The name of the signs that a matrix layer reads.</summary>
    public static string SignsBefore(string layer) => $"{layer}_signs";

    /// <summary>The recipe without its quantised phase; the activation in floating point stays that of the whole.</summary>
    public TrainingSpec FloatPart() => this with
    {
        QuantizedPhase = null,
        BatchNorm = BatchNorm == BatchNormKind.Thresholds ? BatchNormKind.Folded : BatchNorm,
        HardTanh = HardTanh || QuantizedPhase?.Activations.Grid == GridKind.Bipolar,
    };
}

/// <summary>Some epochs with one optimizer.</summary>
public record PhaseSpec
{
    /// <summary>Passes over the training images.</summary>
    public required int Epochs { get; init; }

    /// <summary>The update rule.</summary>
    public required OptimizerSpec Optimizer { get; init; }

    /// <summary>The learning rate over time.</summary>
    public required ScheduleSpec Schedule { get; init; }
}

/// <summary>Some epochs with quantised weights and activations; none where a trained network is only calibrated.</summary>
public sealed record QuantizedPhaseSpec : PhaseSpec
{
    /// <summary>Whether it starts from the weights of the float phase, else from the initial ones.</summary>
    public required bool WarmStart { get; init; }

    /// <summary>
    /// Significant bits of the scale between two layers, 1..32: at most the design's <c>requantizer.multiplier_width</c>, so that its
    /// multiplier is exact.
    /// </summary>
    public required int MultiplierWidth { get; init; }

    /// <summary>Weights of all layers without a sentence of their own.</summary>
    public required QuantizerSpec Weights { get; init; }

    /// <summary>Weights of the first matrix layer.</summary>
    public required QuantizerSpec FirstLayerWeights { get; init; }

    /// <summary>Weights of the last matrix layer.</summary>
    public required QuantizerSpec LastLayerWeights { get; init; }

    /// <summary>Weights of single layers that have a sentence of their own, by their names; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedDictionary<string, QuantizerSpec>? LayerWeights { get; init; }

    /// <summary>Every sentence for weights.</summary>
    [JsonIgnore]
    public IEnumerable<QuantizerSpec> WeightSentences => [Weights, FirstLayerWeights, LastLayerWeights, .. LayerWeights?.Values ?? []];

    /// <summary>Every sentence.</summary>
    [JsonIgnore]
    public IEnumerable<QuantizerSpec> Sentences => Sums is null ? [.. WeightSentences, Activations, Output] : [.. WeightSentences, Activations, Output, Sums];

    /// <summary>How weights go over to codes; null where they are quantised from the first step.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TransitionSpec? WeightTransition { get; init; }

    /// <summary>Training images that ranges are found from, 1 at least; null for <see cref="DefaultCalibrationImages"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? CalibrationImages { get; init; }

    /// <summary>Training images, the first ones, that the statistics of batch norm are taken anew from at the end of the last epoch, with final weights; null to leave the running averages.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? NormImages { get; init; }

    /// <summary>From when on the statistics of batch norm stay as they are, in training, too, in epochs; null for never.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? NormFreezeEpoch { get; init; }

    /// <summary>What is done to the float network before its ranges are found; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PostTrainingSpec? PostTraining { get; init; }

    /// <summary>When weights are quantised; null for the first step.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StartSpec? WeightStart { get; init; }

    /// <summary>When outputs of layers are quantised; null for the first step.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StartSpec? ActivationStart { get; init; }

    /// <summary>What the loss takes from the float network; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DistillationSpec? Distillation { get; init; }

    /// <summary>What the loss takes from the same weights in real numbers; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? AuxiliaryWeight { get; init; }

    /// <summary>What draws weights to their scale; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PullSpec? WeightPull { get; init; }

    /// <summary>The accumulator that is trained for; null where sums are not limited.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AccumulatorSpec? Accumulator { get; init; }

    /// <summary>How bits are given to layers; null where all have those of their sentence.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BitAllocationSpec? BitAllocation { get; init; }

    /// <summary>Bits of layers that have others than their sentence says, by their names: of the recipe, or what an allocation came to; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedDictionary<string, LayerBits>? LayerBits { get; init; }

    /// <summary>Output of every matrix layer but the last.</summary>
    public required QuantizerSpec Activations { get; init; }

    /// <summary>Output of the last layer, the class scores.</summary>
    public required QuantizerSpec Output { get; init; }

    /// <summary>Sums without an activation: outputs of the activation <c>none</c>, of additions and of concatenations; null for the activations with signs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public QuantizerSpec? Sums { get; init; }

    /// <summary>What convolutions read outside of a tensor of signs; null for code 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SignPadding? SignPadding { get; init; }

    /// <summary>Calibration images where a recipe does not say how many.</summary>
    public const int DefaultCalibrationImages = 512;

    /// <summary>The sentence for the weights of a matrix layer, counted from 0, where none has its own.</summary>
    public QuantizerSpec WeightsOf(int matrixLayer, int matrixLayers) =>
        matrixLayer == matrixLayers - 1 ? LastLayerWeights
        : matrixLayer == 0 ? FirstLayerWeights
        : Weights;

    /// <summary>The sentence for the weights of a matrix layer, its own where it has one, with the bits that it was given.</summary>
    public QuantizerSpec WeightsOf(string layer, int matrixLayer, int matrixLayers)
    {
        QuantizerSpec weights = LayerWeights?.GetValueOrDefault(layer) ?? WeightsOf(matrixLayer, matrixLayers);
        return LayerBits?.GetValueOrDefault(layer)?.Weights is int bits ? weights with { Bits = bits } : weights;
    }

    /// <summary>The sentence for the output of a layer that has one, with the bits that it was given.</summary>
    /// <param name="layer">A matrix layer, a sum or a concatenation.</param>
    /// <param name="matrixLayer">Matrix layers before it.</param>
    /// <param name="matrixLayers">Matrix layers of the network.</param>
    public QuantizerSpec OutputOf(LayerSpec layer, int matrixLayer, int matrixLayers)
    {
        bool isMatrix = layer is not IJoiningSpec;
        if (isMatrix && matrixLayer == matrixLayers - 1)
        {
            return Output;
        }

        int? given = LayerBits?.GetValueOrDefault(layer.Name)?.Activations;
        QuantizerSpec activations = Activations with { Bits = given ?? Activations.Bits };
        QuantizerSpec sums = Sums is null ? activations with { Grid = GridKind.Signed } : Sums with { Bits = given ?? Sums.Bits };
        return layer.HasSigns ? sums
            : layer.Activation == ActivationKind.Relu && activations.Grid != GridKind.Unsigned ? sums with { Grid = GridKind.Unsigned }
            : activations;
    }
}

/// <summary>An update rule; the gradient is <c>g + weight_decay * w</c> for weights (not for biases, batch norm and steps).</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(SgdSpec), SgdSpec.Kind)]
[JsonDerivedType(typeof(AdamSpec), AdamSpec.Kind)]
[JsonDerivedType(typeof(BopSpec), BopSpec.Kind)]
[JsonDerivedType(typeof(ShiftAdaMaxSpec), ShiftAdaMaxSpec.Kind)]
public abstract record OptimizerSpec
{
    /// <summary>Learning rate before the schedule's factor.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Coefficient of the L2 penalty.</summary>
    public required double WeightDecay { get; init; }
}

/// <summary>Stochastic gradient descent with momentum.</summary>
public sealed record SgdSpec : OptimizerSpec
{
    internal const string Kind = "sgd";

    /// <summary>Share of the old step that is kept.</summary>
    public required double Momentum { get; init; }
}

/// <summary>Adam (Kingma and Ba 2015).</summary>
public sealed record AdamSpec : OptimizerSpec
{
    internal const string Kind = "adam";

    /// <summary>Decay of the first moment.</summary>
    public required double Beta1 { get; init; }

    /// <summary>Decay of the second moment.</summary>
    public required double Beta2 { get; init; }

    /// <summary>Added to the root of the second moment.</summary>
    public required double Epsilon { get; init; }
}

/// <summary>Signs that flip (Bop; Helwegen et al. 2019) for weights, Adam of default decays for everything else.</summary>
public sealed record BopSpec : OptimizerSpec
{
    internal const string Kind = "bop";

    /// <summary>Share of the new gradient in the average.</summary>
    public required double Adaptivity { get; init; }

    /// <summary>Least average that flips a sign.</summary>
    public required double Threshold { get; init; }
}

/// <summary>AdaMax with powers of two in place of its factors (Courbariaux et al. 2016).</summary>
public sealed record ShiftAdaMaxSpec : OptimizerSpec
{
    internal const string Kind = "shift_adamax";

    /// <summary>Decay of the first moment.</summary>
    public required double Beta1 { get; init; }

    /// <summary>Decay of the largest gradient.</summary>
    public required double Beta2 { get; init; }

    /// <summary>Added to the largest gradient.</summary>
    public required double Epsilon { get; init; }

    /// <summary>Whether the largest gradient is kept as it is (paper) or as a power of two (code).</summary>
    public required Reading Reading { get; init; }
}

/// <summary>The factor on the learning rate over time; <see cref="Training.LearningRate"/> gives the formulas.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ConstantScheduleSpec), ConstantScheduleSpec.Kind)]
[JsonDerivedType(typeof(StepScheduleSpec), StepScheduleSpec.Kind)]
[JsonDerivedType(typeof(CosineScheduleSpec), CosineScheduleSpec.Kind)]
public abstract record ScheduleSpec
{
    /// <summary>Epochs (fractions allowed) over which the factor first rises in a straight line from 0.</summary>
    public required double WarmupEpochs { get; init; }
}

/// <summary>The factor stays 1.</summary>
public sealed record ConstantScheduleSpec : ScheduleSpec
{
    internal const string Kind = "constant";
}

/// <summary>The factor is multiplied at given epochs.</summary>
public sealed record StepScheduleSpec : ScheduleSpec
{
    internal const string Kind = "step";

    /// <summary>Epochs, ascending.</summary>
    public required ImmutableArray<int> Milestones { get; init; }

    /// <summary>Factor at each milestone.</summary>
    public required double Factor { get; init; }
}

/// <summary>Half a cosine from 1 to the final factor.</summary>
public sealed record CosineScheduleSpec : ScheduleSpec
{
    internal const string Kind = "cosine";

    /// <summary>Factor at the end.</summary>
    public required double FinalFactor { get; init; }
}
