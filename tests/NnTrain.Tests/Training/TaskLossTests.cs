// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using NnTrain.Tests.TorchSystem;
using NnTrain.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Training;

/// <summary>Losses against their formulas in plain loops, and their gradients against closed forms and differences.</summary>
public sealed class TaskLossTests : TorchTest
{
    private static readonly long[] Labels = [2, 0, 1, 2];

    [Fact]
    public void A_squared_hinge_is_that_of_scores_short_of_one_on_their_side()
    {
        double[] z = Values(Scores());

        double expected = Enumerable.Range(0, z.Length).Average(i => Math.Pow(Math.Max(0, 1 - (Side(i) * z[i])), 2));

        AssertValues([expected], Loss(LossKind.SquaredHinge, Scores()), 1e-12);
        AssertGradient(LossKind.SquaredHinge, i => -2 * Side(i) * Math.Max(0, 1 - (Side(i) * z[i])) / (3 * Labels.Length));
    }

    [Fact]
    public void A_squared_error_is_half_of_what_scores_are_from_one_and_zero()
    {
        double[] z = Values(Scores());
        static double Target(int i) => Side(i) > 0 ? 1 : 0;

        double expected = Enumerable.Range(0, z.Length).Sum(i => Math.Pow(z[i] - Target(i), 2)) / 2 / Labels.Length;

        AssertValues([expected], Loss(LossKind.SquaredError, Scores()), 1e-12);
        AssertGradient(LossKind.SquaredError, i => (z[i] - Target(i)) / Labels.Length);
    }

    [Theory]
    [InlineData(LossKind.CrossEntropy, 0)]
    [InlineData(LossKind.SquaredHinge, 0)]
    [InlineData(LossKind.SquaredError, 1.0 / 3)]
    public void A_guess_costs_what_equal_scores_do(LossKind kind, double score) =>
        Assert.InRange(Loss(kind, full([4, 3], score, float64)).item<double>(), 0.66 * TaskLoss.OfGuess(kind, 3), 1.0001 * TaskLoss.OfGuess(kind, 3));

    [Theory]
    [InlineData(LossKind.CrossEntropy)]
    [InlineData(LossKind.SquaredHinge)]
    [InlineData(LossKind.SquaredError)]
    public void Losses_have_the_gradients_of_their_formulas(LossKind kind) => AssertGradients(inputs => Loss(kind, inputs[0]), Scores());

    private static void AssertGradient(LossKind kind, Func<int, double> expected)
    {
        Tensor scores = Scores();
        scores.requires_grad = true;
        Loss(kind, scores).backward();
        AssertValues([.. Enumerable.Range(0, 12).Select(expected)], scores.grad!, 1e-12);
    }

    private static Tensor Scores() => Waves(4, 3) * 1.5;

    private static double Side(int i) => Labels[i / 3] == i % 3 ? 1 : -1;

    private static Tensor Loss(LossKind kind, Tensor scores) => TaskLoss.Of(TestRecipes.Load("methods/bnn") with { Loss = kind }, scores, tensor(Labels));
}
