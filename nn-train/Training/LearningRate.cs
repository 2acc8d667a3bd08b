// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;

namespace NnTrain.Training;

/// <summary>
/// The factor on the learning rate as a function of time alone, t in epochs (fractions between steps), T epochs in all:
/// <code>
/// warm-up    t / w                                          while t &lt; w
/// constant   1
/// step       factor ^ (number of milestones at or before t)
/// cosine     final + (1 - final) (1 + cos(pi (t - w) / (T - w))) / 2
/// </code>
/// </summary>
public static class LearningRate
{
    /// <summary>The factor at the start of a step.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="step">Steps before this one, from the start of the phase.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    /// <param name="epochs">Epochs of the phase.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such schedule.</exception>
    public static double Factor(ScheduleSpec schedule, long step, int stepsPerEpoch, int epochs)
    {
        if (step < schedule.WarmupEpochs * stepsPerEpoch)
        {
            // The middle of the step, so that the first one moves too.
            return (step + 0.5) / (schedule.WarmupEpochs * stepsPerEpoch);
        }
        double time = (double)step / stepsPerEpoch;
        return schedule switch
        {
            ConstantScheduleSpec => 1,
            StepScheduleSpec steps => Math.Pow(steps.Factor, steps.Milestones.Count(milestone => milestone <= time)),
            CosineScheduleSpec cosine => Cosine(cosine, (time - cosine.WarmupEpochs) / (epochs - cosine.WarmupEpochs)),
            _ => throw new ArgumentOutOfRangeException(nameof(schedule), schedule, "not a schedule"),
        };
    }

    private static double Cosine(CosineScheduleSpec cosine, double progress) =>
        cosine.FinalFactor + ((1 - cosine.FinalFactor) * (1 + Math.Cos(Math.PI * Math.Min(progress, 1))) / 2);
}
