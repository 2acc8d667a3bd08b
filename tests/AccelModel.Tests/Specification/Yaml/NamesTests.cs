// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification.Yaml;
using Xunit;

namespace AccelModel.Tests.Specification.Yaml;

public sealed class NamesTests
{
    [Theory]
    [InlineData("HalfUp", "half_up")]
    [InlineData("Im2col", "im2col")]
    [InlineData("XnorPopcount", "xnor_popcount")]
    [InlineData("DMAEngine", "dma_engine")]
    [InlineData("Ice40Up5k", "ice40_up5k")]
    [InlineData("A", "a")]
    public void Names_of_types_become_snake_case(string pascalCase, string snakeCase) =>
        Assert.Equal(snakeCase, EnumNames.SnakeCase(pascalCase));

    [Fact]
    public void The_modes_of_arithmetic_have_the_names_that_files_use()
    {
        Assert.Equal(["floor", "half_up", "half_away", "half_even", "toward_zero", "stochastic"], EnumNames.All<RoundingMode>().AsEnumerable());
        Assert.Equal(["saturate", "wrap"], EnumNames.All<OverflowMode>().AsEnumerable());
    }

    [Fact]
    public void Every_name_leads_back_to_its_value()
    {
        foreach (RoundingMode mode in Enum.GetValues<RoundingMode>())
        {
            Assert.True(EnumNames.TryParse(EnumNames.Of(mode), out RoundingMode parsed));
            Assert.Equal(mode, parsed);
        }
        Assert.False(EnumNames.TryParse<RoundingMode>("HalfUp", out _));
        Assert.False(EnumNames.TryParse<RoundingMode>("1", out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => EnumNames.Of((RoundingMode)17));
    }

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("rows", "rwos", 2)]
    [InlineData("flaw", "lawn", 2)]
    public void The_distance_of_two_names_is_their_least_number_of_edits(string from, string to, int distance)
    {
        Assert.Equal(distance, NearestName.Distance(from, to));
        Assert.Equal(distance, NearestName.Distance(to, from));
    }

    [Fact]
    public void The_nearest_name_is_close_or_none()
    {
        string[] names = ["rows", "columns", "lanes"];
        Assert.Equal("columns", NearestName.Of("column", names));
        Assert.Equal("rows", NearestName.Of("rowz", names));
        Assert.Null(NearestName.Of("frequency", names));
        Assert.Null(NearestName.Of("x", []));
    }
}
