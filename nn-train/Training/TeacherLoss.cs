// SPDX-License-Identifier: Apache-2.0
using NnTrain.Models;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Training;

/// <summary>
/// Distillation (Hinton et al. 2015; Apprentice, Mishra and Marr 2018, arXiv:1711.05852, section 3): with the scores z of the network and z' of its teacher, and T the temperature,
/// <code>
/// L = label CE(y, z) + score T^2 H(softmax(z' / T), softmax(z / T)) + feature mean over layers of mean (a - a')^2
/// </code>
/// H the cross entropy, whose gradient is that of the divergence; a the outputs of the layers after pooling. The teacher is the float network, of the same topology, and does not learn.
/// </summary>
/// <param name="spec">The weights of the parts.</param>
/// <param name="teacher">The teacher, not in training; disposed of with this.</param>
public sealed class TeacherLoss(DistillationSpec spec, NetworkModel teacher) : IDisposable
{
    /// <summary>Disposes of the teacher.</summary>
    public void Dispose() => teacher.Dispose();

    /// <summary>The teacher's parameters, for a checkpoint.</summary>
    public IReadOnlyCollection<KeyValuePair<string, Tensor>> Parameters => ModelState.Of(teacher);

    /// <summary>The loss of a batch, and the scores.</summary>
    public (Tensor Loss, Tensor Scores) Of(NetworkModel student, ImageBatch batch, Func<Tensor, Tensor> labelLoss)
    {
        (Tensor ideal, IReadOnlyList<Tensor> idealFeatures) = Ideal(batch.Images);
        (Tensor scores, IReadOnlyList<Tensor> features) = student.Features(batch.Images);
        Tensor loss = labelLoss(scores) * spec.LabelWeight;
        if (spec.ScoreWeight > 0)
        {
            Tensor soft = (ideal / spec.Temperature).softmax(1);
            Tensor entropy = ((scores / spec.Temperature).log_softmax(1) * soft).sum([1L]).mean().neg();
            loss = loss + (entropy * (spec.ScoreWeight * spec.Temperature * spec.Temperature));
        }

        if (spec.FeatureWeight > 0)
        {
            foreach ((Tensor own, Tensor other) in features.Zip(idealFeatures))
            {
                loss = loss + ((own - other).square().mean() * (spec.FeatureWeight / features.Count));
            }
        }

        return (loss, scores);
    }

    private (Tensor Scores, IReadOnlyList<Tensor> Features) Ideal(Tensor images)
    {
        using IDisposable ungraded = no_grad();
        return teacher.Features(images);
    }
}
