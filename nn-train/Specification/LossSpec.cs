// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Specification;

/// <summary>In which order layers begin to be quantised.</summary>
public enum StartOrder
{
    /// <summary>All at once.</summary>
    Together,

    /// <summary>The first layer first.</summary>
    BottomUp,

    /// <summary>The last layer first.</summary>
    TopDown,
}

/// <summary>What scores cost beside the labels; <see cref="NnTrain.Training.TaskLoss"/> has the formulas.</summary>
public enum LossKind
{
    /// <summary>Of the softmax of the scores.</summary>
    CrossEntropy,

    /// <summary>Of the scores' distance from +1 and -1 on the wrong side (L2-SVM).</summary>
    SquaredHinge,

    /// <summary>Of the scores' distance from 1 and 0.</summary>
    SquaredError,
}

/// <summary>When a tensor of each layer begins to be quantised in training; before, it is real. Evaluation is always quantised.</summary>
public sealed record StartSpec
{
    /// <summary>The order.</summary>
    public required StartOrder Order { get; init; }

    /// <summary>When the first layer of the order begins, in epochs.</summary>
    public required double StartEpoch { get; init; }

    /// <summary>When the last layer of the order begins, in epochs.</summary>
    public required double EndEpoch { get; init; }

    /// <summary>Whether a layer whose output is quantised is trained no more.</summary>
    public required bool Freezes { get; init; }

    /// <summary>When layer i of n begins: the start, or equal parts of the way from start to end.</summary>
    public double Of(int matrixLayer, int matrixLayers)
    {
        double share = matrixLayers == 1 ? 0 : (double)matrixLayer / (matrixLayers - 1);
        return Order switch
        {
            StartOrder.BottomUp => StartEpoch + (share * (EndEpoch - StartEpoch)),
            StartOrder.TopDown => StartEpoch + ((1 - share) * (EndEpoch - StartEpoch)),
            _ => StartEpoch,
        };
    }
}

/// <summary>A loss with a teacher, the float network that training starts from; <see cref="NnTrain.Training.TeacherLoss"/> has the formula.</summary>
public sealed record DistillationSpec
{
    /// <summary>Weight of the labels' cross entropy.</summary>
    public required double LabelWeight { get; init; }

    /// <summary>Weight of the teacher's scores.</summary>
    public required double ScoreWeight { get; init; }

    /// <summary>What both scores are divided by.</summary>
    public required double Temperature { get; init; }

    /// <summary>Weight of the teacher's outputs of all layers before the scores.</summary>
    public required double FeatureWeight { get; init; }
}

/// <summary>How far a weight is from its scale.</summary>
public enum PullKind
{
    /// <summary><c>| s - |w| |</c>.</summary>
    Absolute,

    /// <summary><c>(s - |w|)^2</c>.</summary>
    Square,
}

/// <summary>A penalty on weights that are far from their scale (BNN+; Darabi et al. 2018).</summary>
public sealed record PullSpec
{
    /// <summary>How far is far.</summary>
    public required PullKind Kind { get; init; }

    /// <summary>Its weight in the loss.</summary>
    public required double Weight { get; init; }
}
