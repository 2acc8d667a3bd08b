// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace NnTrain.Tests.Quantizers;

public sealed class GridTests : QuantizerTest
{
    public static TheoryData<GridKind, int, int[], string> Grids => new()
    {
        { GridKind.Signed, 2, [-2, -1, 0, 1], "sfix2_En3" },
        { GridKind.Signed, 4, [.. Enumerable.Range(-8, 16)], "sfix4_En3" },
        { GridKind.SignedNarrow, 2, [-1, 0, 1], "sfix2_En3" },
        { GridKind.SignedNarrow, 4, [.. Enumerable.Range(-7, 15)], "sfix4_En3" },
        { GridKind.Unsigned, 1, [0, 1], "ufix1_En3" },
        { GridKind.Unsigned, 4, [.. Enumerable.Range(0, 16)], "ufix4_En3" },
        { GridKind.Odd, 2, [-3, -1, 1, 3], "sfix3_En3" },
        { GridKind.Odd, 3, [-7, -5, -3, -1, 1, 3, 5, 7], "sfix4_En3" },
        { GridKind.Bipolar, 1, [-1, 1], "sfix2_En3" },
    };

    [Theory]
    [MemberData(nameof(Grids))]
    public void Every_code_is_its_own_projection_and_nothing_else_is_made(GridKind kind, int bits, int[] codes, string format)
    {
        IGrid grid = NnTrain.Quantizers.Grids.Of(Weights with { Grid = kind, Bits = bits });
        float[] fine = [.. Enumerable.Range(-320, 641).Select(i => Math.Clamp(i / 16f, grid.Lowest, grid.Highest))];

        AssertValues([.. codes.Select(code => (double)code)], grid.Project(tensor(codes.Select(code => (float)code).ToArray()), Weights.Rounding));
        Assert.Equal(codes.Select(code => (double)code), Values(grid.Project(tensor(fine), Weights.Rounding)).Distinct().Order());
        Assert.Equal(codes, grid.Codes);
        Assert.Equal(format, grid.Format(3).ToString());
        Assert.All(codes, code => Assert.True(grid.Format(3).Contains(code)));
    }

    [Theory]
    [MemberData(nameof(Grids))]
    public void A_projection_is_the_nearest_code(GridKind kind, int bits, int[] codes, string format)
    {
        IGrid grid = NnTrain.Quantizers.Grids.Of(Weights with { Grid = kind, Bits = bits });
        float[] inside = [.. Enumerable.Range(0, 500).Select(i => grid.Lowest + ((grid.Highest - grid.Lowest) * i / 499f))];

        double[] projected = Values(grid.Project(tensor(inside), Weights.Rounding));

        for (int i = 0; i < inside.Length; i++)
        {
            double nearest = codes.Min(code => Math.Abs(code - (double)inside[i]));
            Assert.Equal(nearest, Math.Abs(projected[i] - inside[i]), 1e-6);
        }
        Assert.Contains("fix", format);
    }
}
