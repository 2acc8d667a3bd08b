// SPDX-License-Identifier: Apache-2.0
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.TorchSystem;

public sealed class ReductionTests : TorchTest
{
    private static readonly double[] Elements = [3, -1, 4, 1, -5, 9];

    private static Tensor Matrix => tensor(Elements, [2, 3]);

    [Fact]
    public void Reductions_of_a_whole_tensor_have_no_axes()
    {
        Assert.Equal(Elements.Sum(), Matrix.sum().item<double>());
        Assert.Equal(Elements.Average(), Matrix.mean().item<double>(), 12);
        Assert.Equal(9, Matrix.max().item<double>());
        Assert.Equal(-5, Matrix.min().item<double>());
        Assert.Equal(5, Matrix.argmax().item<long>());
        Assert.Equal(4, Matrix.argmin().item<long>());
        Assert.Empty(Matrix.sum().shape);
    }

    [Fact]
    public void Reductions_along_an_axis_drop_it_or_keep_it()
    {
        // A literal 0 would be taken for the element type.
        AssertValues([4, -6, 13], Matrix.sum(0L));
        AssertValues([6, 5], Matrix.sum(1));
        Assert.Equal([2, 1], Matrix.sum(1, true).shape);
        AssertValues([2, 5.0 / 3], Matrix.mean([1]));
        AssertValues([2, 5.0 / 3], Matrix.mean([-1], true));
        AssertValues([4, 9], Matrix.amax(1));
        AssertValues([3, -1, 9], Matrix.amax([0], true));
        AssertValues([-1, -5], Matrix.amin([1]));
        AssertValues([11], Matrix.sum([0, 1]));
        AssertValues([2, 2], Matrix.argmax(1));
    }

    [Fact]
    public void The_largest_along_an_axis_comes_with_its_place()
    {
        var (values, places) = Matrix.max(0);
        AssertValues([3, -1, 9], values);
        AssertValues([0, 0, 1], places);
        (values, places) = Matrix.min(1, true);
        Assert.Equal([2, 1], values.shape);
        AssertValues([-1, -5], values);
        AssertValues([1, 1], places);
    }

    [Fact]
    public void Variance_divides_by_one_less_than_the_count_unless_biased()
    {
        var mean = Elements.Average();
        var squares = Elements.Sum(x => (x - mean) * (x - mean));
        Assert.Equal(squares / 5, Matrix.var().item<double>(), 10);
        Assert.Equal(squares / 6, Matrix.var(false).item<double>(), 10);
        Assert.Equal(Math.Sqrt(squares / 5), Matrix.std().item<double>(), 10);
        AssertValues([Math.Sqrt(7), Math.Sqrt(148.0 / 3)], Matrix.std(1), 1e-10);
        AssertValues([2, 8, 12.5], Matrix.var([0]), 1e-10);
        AssertValues([14.0 / 3, 296.0 / 9], Matrix.var(1, false), 1e-10);
    }

    [Fact]
    public void Sums_of_integers_and_truth_values_are_int64()
    {
        Assert.Equal(3L, (Matrix > 2).sum().item<long>());
        Assert.Equal(510L, tensor(new byte[] { 255, 255 }).sum().item<long>());
        Assert.True((Matrix > -6).all().item<bool>());
        Assert.False((Matrix > 9).any().item<bool>());
    }

    [Fact]
    public void Sorting_gives_values_in_order_and_where_they_were()
    {
        var (values, places) = Matrix.flatten().sort();
        AssertValues([-5, -1, 1, 3, 4, 9], values);
        AssertValues([4, 1, 3, 0, 2, 5], places);
        AssertValues([3, 2, 6, 7, 2, 11], Matrix.flatten().cumsum(0));
    }
}
