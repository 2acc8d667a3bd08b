// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using NnTrain.Training;
using Xunit;

namespace NnTrain.Tests.Training;

public sealed class LearningRateTests
{
    private const int Steps = 10;
    private const int Epochs = 8;

    [Fact]
    public void Warm_up_rises_in_a_straight_line_and_ends_at_one()
    {
        ConstantScheduleSpec schedule = new() { WarmupEpochs = 1.5 };

        double[] factors = [.. Enumerable.Range(0, 16).Select(step => LearningRate.Factor(schedule, step, Steps, Epochs))];

        Assert.Equal(0.5 / 15, factors[0], 1e-12);
        Assert.All(Enumerable.Range(1, 14), step => Assert.Equal(1.0 / 15, factors[step] - factors[step - 1], 1e-12));
        Assert.Equal(1, factors[15]);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(29, 1)]
    [InlineData(30, 0.1)]
    [InlineData(59, 0.1)]
    [InlineData(60, 0.01)]
    public void Steps_multiply_at_their_milestones(long step, double factor) => Assert.Equal(
        factor,
        LearningRate.Factor(new StepScheduleSpec { WarmupEpochs = 0, Milestones = [3, 6], Factor = 0.1 }, step, Steps, Epochs),
        1e-12);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(40, 0.6)]
    [InlineData(80, 0.2)]
    public void A_cosine_falls_from_one_to_its_final_factor(long step, double factor) => Assert.Equal(
        factor,
        LearningRate.Factor(new CosineScheduleSpec { WarmupEpochs = 0, FinalFactor = 0.2 }, step, Steps, Epochs),
        1e-12);
}
