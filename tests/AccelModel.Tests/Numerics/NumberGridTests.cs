// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using Xunit;

namespace AccelModel.Tests.Numerics;

public sealed class NumberGridTests
{
    [Theory]
    [InlineData("sfix4_En0", new long[] { 0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1 })]
    [InlineData("ufix3_En1", new long[] { 0, 1, 2, 3, 4, 5, 6, 7 })]
    [InlineData("sfix1_En0", new long[] { 0, -1 })]
    [InlineData("bipolar", new long[] { -1, 1 })]
    public void Codes_stand_for_their_values_and_back(string name, long[] valueOfCode)
    {
        NumberGrid grid = NumberGrid.Parse(name);
        Assert.Equal(name, grid.ToString());
        Assert.Equal(valueOfCode.Length, 1 << grid.CodeWidth);
        Assert.Equal(valueOfCode.Min(), grid.MinValue);
        Assert.Equal(valueOfCode.Max(), grid.MaxValue);
        for (uint code = 0; code < valueOfCode.Length; code++)
        {
            Assert.Equal(valueOfCode[code], grid.Decode(code));
            Assert.Equal(code, grid.Encode(valueOfCode[code]));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => grid.Decode((uint)valueOfCode.Length));
    }

    [Fact]
    public void Ternary_has_three_values_and_no_code_for_minus_two()
    {
        NumberGrid grid = NumberGrid.Parse("ternary");
        Assert.Equal([3u, 0u, 1u], ((long[])[-1, 0, 1]).Select(grid.Encode));
        Assert.Equal([-1L, 0L, 1L], ((uint[])[3, 0, 1]).Select(grid.Decode));
        Assert.Throws<ArgumentOutOfRangeException>(() => grid.Decode(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => grid.Encode(-2));
        Assert.Equal("ternary", grid.ToString());
    }

    [Fact]
    public void Bipolar_has_no_zero() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BipolarGrid().Encode(0));

    [Fact]
    public void The_edges_of_32_bit_formats_survive_encoding()
    {
        foreach (NumberGrid grid in (NumberGrid[])[NumberGrid.Parse("sfix32_En0"), NumberGrid.Parse("ufix32_En0")])
        {
            Assert.Equal(grid.MinValue, grid.Decode(grid.Encode(grid.MinValue)));
            Assert.Equal(grid.MaxValue, grid.Decode(grid.Encode(grid.MaxValue)));
            Assert.Throws<ArgumentOutOfRangeException>(() => grid.Encode(grid.MaxValue + 1));
        }
    }

    [Fact]
    public void A_name_that_is_no_grid_is_refused() =>
        Assert.Throws<FormatException>(() => NumberGrid.Parse("int8"));
}
