// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using Xunit;

namespace AccelModel.Tests.Networks;

/// <summary>Numbers of windows against counting them.</summary>
public sealed class WindowedAxisTests
{
    [Fact]
    public void Whole_windows_are_those_that_end_inside_the_padding()
    {
        foreach ((int extent, int before, int after, int kernel, int stride, int dilation) in Geometries(dilated: true))
        {
            int count = 0;
            while ((count * stride) + ((kernel - 1) * dilation) < extent + before + after)
            {
                count++;
            }
            Assert.Equal(count, WindowedAxis.Outputs(extent, before, after, kernel, stride, dilation));
        }
    }

    [Fact]
    public void Ceil_mode_goes_on_until_nothing_is_left_over_or_a_window_would_begin_after_the_input()
    {
        foreach ((int extent, int before, int after, int kernel, int stride, _) in Geometries(dilated: false).Where(g => g.After < g.Kernel && g.Kernel <= g.Extent + g.Before + g.After))
        {
            int count = 1;
            while (((count - 1) * stride) + kernel < extent + before + after && count * stride < extent + before)
            {
                count++;
            }
            Assert.Equal(count, WindowedAxis.Outputs(extent, before, after, kernel, stride, 1, ceilMode: true));
        }
    }

    [Theory]
    [InlineData(2, 3, 2, 1)] // begins inside, and one stride more would fit it
    [InlineData(2, 3, 1, 0)]
    [InlineData(1, 3, 2, 0)]
    public void A_window_longer_than_the_input_counts_in_ceil_mode_where_a_stride_makes_up_for_it(int extent, int kernel, int stride, int expected) =>
        Assert.Equal(expected, WindowedAxis.Outputs(extent, 0, 0, kernel, stride, 1, ceilMode: true));

    [Fact]
    public void The_greatest_extents_do_not_overflow()
    {
        const int most = 1 << 20;
        Assert.Equal(3 * most, WindowedAxis.Outputs(most, most, most, 1, 1, 1));
        Assert.Equal(0, WindowedAxis.Outputs(most, most, most, most, 1, most));
    }

    private static IEnumerable<(int Extent, int Before, int After, int Kernel, int Stride, int Dilation)> Geometries(bool dilated) =>
        from extent in Enumerable.Range(1, 7)
        from before in Enumerable.Range(0, 3)
        from after in Enumerable.Range(0, 3)
        from kernel in Enumerable.Range(1, 4)
        from stride in Enumerable.Range(1, 4)
        from dilation in Enumerable.Range(1, dilated ? 3 : 1)
        select (extent, before, after, kernel, stride, dilation);
}
