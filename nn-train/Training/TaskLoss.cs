// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Training;

/// <summary>
/// What scores z cost beside the labels of a batch, C classes, as a mean over images:
/// <code>
/// cross_entropy   -sum over j of p_j log softmax(z)_j,  p = 1 - a + a / C for the class, a / C for others, a the label smoothing
/// squared_hinge   mean over j of max(0, 1 - t_j z_j)^2,  t = +1 for the class, -1 for others     (L2-SVM; BinaryConnect, Courbariaux et al. 2015, arXiv:1511.00363, section 3)
///                 dL/dz_j = -2 t_j max(0, 1 - t_j z_j) / C
/// squared_error   sum over j of (z_j - t_j)^2 / 2,  t = 1 for the class, 0 for others            (WAGE, Wu et al. 2018, arXiv:1802.04680, section 3.5)
///                 dL/dz_j = z_j - t_j
/// </code>
/// </summary>
public static class TaskLoss
{
    /// <summary>The loss of a batch.</summary>
    /// <param name="recipe">Which loss, and the smoothing of labels.</param>
    /// <param name="scores">Image by class.</param>
    /// <param name="labels">A class for each image.</param>
    public static Tensor Of(TrainingSpec recipe, Tensor scores, Tensor labels)
    {
        if (recipe.Loss == LossKind.CrossEntropy)
        {
            return nn.functional.cross_entropy(scores, labels, null, -100, nn.Reduction.Mean, recipe.LabelSmoothing);
        }

        Tensor isClass = nn.functional.one_hot(labels, scores.shape[1]).to_type(scores.dtype);
        return recipe.Loss == LossKind.SquaredHinge
            ? (1.0 - (((isClass * 2.0) - 1.0) * scores)).relu().square().mean()
            : (scores - isClass).square().sum([1L]).mean() * 0.5;
    }

    /// <summary>What a network costs that knows nothing: equal scores.</summary>
    /// <param name="kind">The loss.</param>
    /// <param name="classes">C.</param>
    public static double OfGuess(LossKind kind, int classes) => kind switch
    {
        LossKind.SquaredHinge => 1,
        LossKind.SquaredError => 0.5,
        _ => Math.Log(classes),
    };
}
