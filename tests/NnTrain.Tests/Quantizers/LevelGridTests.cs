// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Quantizers;

public sealed class LevelGridTests : QuantizerTest
{
    public static TheoryData<GridKind, int> Grids { get; } = new()
    {
        { GridKind.PowerOfTwo, 2 }, { GridKind.PowerOfTwo, 3 }, { GridKind.PowerOfTwo, 4 }, { GridKind.PowerOfTwo, 5 },
        { GridKind.PowerOfTwoSum, 4 }, { GridKind.PowerOfTwoSum, 6 }, { GridKind.PowerOfTwoSum, 8 },
    };

    [Theory]
    [MemberData(nameof(Grids))]
    public void Every_number_goes_to_the_nearest_value_that_shift_add_elements_hold(GridKind kind, int bits)
    {
        IGrid grid = NnTrain.Quantizers.Grids.Of(Weights with { Grid = kind, Bits = bits });
        int terms = kind == GridKind.PowerOfTwo ? 1 : 2;
        int field = kind == GridKind.PowerOfTwo ? bits : bits / 2;
        var codes = new PowerOfTwoWeights(field * terms, terms);
        int[] values = [.. Enumerable.Range(grid.Lowest, grid.Highest - grid.Lowest + 1).Where(value => codes.Contains(value) && Sum(Math.Abs(value)))];
        float[] x = [.. Enumerable.Range(0, 4001).Select(i => grid.Highest * ((i / 2000f) - 1))];

        float[] projected = [.. Values(grid.Project(tensor(x), AccelModel.Numerics.RoundingMode.HalfUp)).Select(value => (float)value)];

        for (int i = 0; i < x.Length; i++)
        {
            double least = values.Min(value => Math.Abs(value - (double)x[i]));
            Assert.Contains((int)projected[i], values);
            Assert.Equal(least, Math.Abs(projected[i] - (double)x[i]), 1e-9);
        }

        Assert.Equal(values, grid.Codes);

        // Two fields hold differences too (8 - 1); the grid has sums only.
        bool Sum(int magnitude) => terms == 1 || int.PopCount(magnitude) <= 2;
    }

    [Fact]
    public void Half_way_between_two_powers_the_larger_one_is_taken_with_either_sign()
    {
        Tensor projected = new PowerOfTwoGrid(4).Project(Of(0.5, 1.5, 3, 6, -0.5, -1.5, -3, -6, 0.49, -5.99), AccelModel.Numerics.RoundingMode.HalfEven);

        AssertValues([1, 2, 4, 8, -1, -2, -4, -8, 0, -4], projected, tolerance: 0);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 8)]
    [InlineData(5, 128)]
    public void Bits_count_as_in_the_paper(int bits, int highest)
    {
        PowerOfTwoGrid grid = new(bits);

        Assert.Equal(highest, grid.Highest);
        Assert.True(highest <= grid.Format(0).MaxRaw && highest > grid.Format(0).MaxRaw / 2);
    }
}
