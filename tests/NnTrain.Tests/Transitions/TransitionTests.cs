// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using NnTrain.Tests.TorchSystem;
using NnTrain.Transitions;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Transitions;

public sealed class TransitionTests : TorchTest
{
    private static readonly IncrementalSpec Halves = new() { Portions = [0.5, 0.75, 1] };

    [Fact]
    public void The_largest_weights_are_frozen_first_and_no_update_moves_them()
    {
        using IDisposable ungraded = no_grad();
        IncrementalTransition transition = new(Halves, [8]);
        Tensor w = Singles(0.1, -0.9, 0.4, 0.8, -0.2, 0.3, -0.6, 0.05);

        transition.MoveTo(w, Rounded, time: 0, epochs: 4);
        AssertValues([0.1, -1, 0, 1, -0.2, 0.3, -1, 0.05], w, 1e-6);
        w.add_(ones(8));
        transition.Constrain(w);

        Assert.Equal(4, transition.FrozenCount);
        AssertValues([1.1, -1, 0, 1, 0.8, 1.3, -1, 1.05], w, 1e-6);
    }

    /// <summary>A thousand weights in ascending order: the half that is frozen has as many of either end, give or take four deviations (hypergeometric, sqrt(1000) / 4 = 7.9).</summary>
    [Fact]
    public void At_random_any_weights_are_frozen_and_the_next_ones_join_them()
    {
        using IDisposable ungraded = no_grad();
        IncrementalTransition transition = new(Halves with { Partition = WeightPartition.Random }, [1000]);
        Tensor w = Singles([.. Enumerable.Range(0, 1000).Select(i => 0.25 + i)]);

        transition.MoveTo(w, Rounded, time: 0, epochs: 4);
        bool[] first = [.. Values(w).Select(value => value % 1 == 0)];
        transition.MoveTo(w, Rounded, time: 2, epochs: 4);
        bool[] second = [.. Values(w).Select(value => value % 1 == 0)];

        Assert.Equal((500, 750), (first.Count(frozen => frozen), second.Count(frozen => frozen)));
        Assert.InRange(first.Take(500).Count(frozen => frozen), 250 - 32, 250 + 32);
        Assert.All(first.Zip(second), pair => Assert.True(pair.Second || !pair.First));
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1.99, 4)]
    [InlineData(2, 6)]
    [InlineData(3.99, 6)]
    [InlineData(4, 6)]
    public void Each_share_has_an_equal_part_of_the_phase_and_the_last_one_is_not_trained(double time, int frozen)
    {
        using IDisposable ungraded = no_grad();
        IncrementalTransition transition = new(Halves, [8]);
        Tensor w = Singles(1, 2, 3, 4, 5, 6, 7, 8);

        transition.MoveTo(w, Rounded, time, epochs: 4);

        Assert.Equal(frozen, transition.FrozenCount);
    }

    [Fact]
    public void Frozen_weights_have_no_gradient_and_the_others_that_of_real_numbers()
    {
        IncrementalTransition transition = new(Halves, [4]);
        Tensor w = Singles(0.9, 0.1, -0.2, -0.8);
        w.requires_grad = true;
        using (no_grad())
        {
            transition.MoveTo(w, Rounded, 0, 4);
        }

        (transition.Values(w, Rounded(w)) * Singles(1, 2, 3, 4)).sum().backward();

        AssertValues([0, 2, 3, 0], w.grad!, 0);
    }

    /// <summary>With growth 3: a = 1, 3, 9 after 0, 1, 2 epochs, so that codes have 1/2, 3/4, 9/10; all of it from epoch 2.5 on.</summary>
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.75)]
    [InlineData(2, 0.9)]
    [InlineData(2.5, 1)]
    public void Relaxed_weights_are_drawn_to_their_codes_and_have_the_whole_gradient(double time, double share)
    {
        RelaxationTransition transition = new(new RelaxationSpec { Growth = 3, HardEpoch = 2.5 });
        Tensor w = Singles(0.8, -0.3);
        w.requires_grad = true;
        using (no_grad())
        {
            transition.MoveTo(w, Rounded, time, 4);
        }

        Tensor y = transition.Values(w, Rounded(w));
        (y * Singles(2, -3)).sum().backward();

        AssertValues([(0.8 * (1 - share)) + share, -0.3 * (1 - share)], y, 1e-6);
        AssertValues([2, -3], w.grad!, 0);
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 0.875)]
    [InlineData(3, 1)]
    [InlineData(9, 1)]
    public void Codes_come_in_by_a_cubic_ramp_and_the_gradient_goes_out_with_it(double time, double share)
    {
        BlendingTransition transition = new(new BlendingSpec { StartEpoch = 1, EndEpoch = 3 });
        Tensor w = Singles(0.4, -0.7);
        w.requires_grad = true;
        transition.MoveTo(w, Rounded, time, 10);

        Tensor blended = transition.Values(w, Rounded(w));
        blended.sum().backward();

        AssertValues([(1 - share) * 0.4, ((1 - share) * -0.7) - share], blended, 1e-6);
        AssertValues([1 - share, 1 - share], w.grad!, 1e-6);
    }

    [Fact]
    public void Distorted_weights_are_rounded_once_an_interval_and_real_between()
    {
        using IDisposable ungraded = no_grad();
        DistortionTransition transition = new(new DistortionSpec { IntervalEpochs = 0.5 });
        Tensor w = Singles(0.4, -0.7);
        List<(int Times, double[] Weights)> seen = [];

        foreach (double time in new[] { 0, 0.1, 0.49, 0.5, 0.6 })
        {
            transition.MoveTo(w, Rounded, time, 3);
            seen.Add((transition.Times, Values(transition.Values(w, Rounded(w)))));
            w.add_(0.25);
        }

        Assert.Equal([1, 1, 1, 2, 2], seen.Select(step => step.Times));
        Assert.Equal([0, 0.25, 0.5, 1, 1.25], seen.Select(step => step.Weights[0])); // 0.75 is rounded to 1
    }

    private static Tensor Singles(params double[] values) => tensor(values).to_type(float32);

    private static Tensor Rounded(Tensor w) => w.round();
}
