// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace NnTrain.Specification;

/// <summary>What is done to a trained float network before its ranges are found; in this order.</summary>
public sealed record PostTrainingSpec
{
    /// <summary>Batch norm becomes part of weights and bias, and is gone.</summary>
    public required bool FoldBatchNorm { get; init; }

    /// <summary>Ranges of channels are made equal from layer to layer (DFQ; Nagel et al. 2019).</summary>
    public required bool Equalize { get; init; }

    /// <summary>High biases go over to the next layer (DFQ).</summary>
    public required bool AbsorbBias { get; init; }

    /// <summary>Channels with outliers are split (OCS; Zhao et al. 2019); null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChannelSplitSpec? Split { get; init; }

    /// <summary>Weights are set to zero and stay so; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PruningSpec? Prune { get; init; }

    /// <summary>Weights become signs with a scale for each output channel that keep the layers' outputs (Hu et al. 2018).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ReconstructSigns { get; init; }

    /// <summary>Weight codes make up for each other's errors, within what accumulators hold (GPFQ and AXE); null where each is rounded by itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WeightCorrectionSpec? CorrectWeights { get; init; }

    /// <summary>Whether each weight is rounded up or down is learned from the layer's outputs (AdaRound; Nagel et al. 2020).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool LearnRounding { get; init; }

    /// <summary>Biases make up for a mean error, from calibration images (DFQ, section 4.2).</summary>
    public required bool CorrectBias { get; init; }

    /// <summary>Which error that is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public BiasError BiasError { get; init; }
}

/// <summary>What a corrected bias makes up for.</summary>
public enum BiasError
{
    /// <summary>All that the sums of the quantised network are off by: <c>E[y_q] - E[y]</c>, errors of the layers before and of clipped activations among it (DFQ, the empirical form).</summary>
    Outputs,

    /// <summary>
    /// What quantised weights make of real inputs: <c>(W_q - W) E[x]</c> (DFQ, the analytic form with a measured mean; ACIQ). Where activations are clipped hard, their error is large and no constant:
    /// a bias that makes up for its mean takes more than it gives.
    /// </summary>
    Weights,
}

/// <summary>How a weight becomes two.</summary>
public enum SplitHalves
{
    /// <summary><c>w/2, w/2</c>.</summary>
    Even,

    /// <summary><c>(w - s/2)/2, (w + s/2)/2</c>, whose codes add up to that of w.</summary>
    GridAware,
}

/// <summary>Outlier channel splitting.</summary>
public sealed record ChannelSplitSpec
{
    /// <summary>Channels that are added, as a share of those that a layer reads; rounded up.</summary>
    public required double Share { get; init; }

    /// <summary>How a weight becomes two.</summary>
    public required SplitHalves Halves { get; init; }
}

/// <summary>What decides which weights go.</summary>
public enum PruningKind
{
    /// <summary>Layers in the order of their energy; the smallest weights go, those whose absence changes the layer's output most come back, the rest is fitted (energy-aware pruning; Yang et al. 2017).</summary>
    EnergyAware,

    /// <summary>Neurons of least importance for the class scores, as it propagates back through magnitudes of weights (NISP; Yu et al. 2018).</summary>
    ScorePropagation,
}

/// <summary>Pruning of a trained network.</summary>
public sealed record PruningSpec
{
    /// <summary>What decides.</summary>
    public required PruningKind Kind { get; init; }

    /// <summary>Share that goes: of the weights of each layer, or of the channels of each layer but the last.</summary>
    public required double Share { get; init; }
}
