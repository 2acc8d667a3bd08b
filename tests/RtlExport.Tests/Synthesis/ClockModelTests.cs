// SPDX-License-Identifier: Apache-2.0
using RtlExport.Area;

namespace RtlExport.Tests.Synthesis;

/// <summary>The model of the clock: a mean period, and each placed design beside the mean of the others.</summary>
public sealed class ClockModelTests
{
    /// <summary>Periods of 100, 80 and 60 ns: 80 on average; the others of each have 70, 80 and 90.</summary>
    [Fact]
    public void The_period_is_the_mean_and_each_design_is_compared_with_the_mean_of_the_others()
    {
        ClockModel model = ClockModel.Fit([("slow", 10), ("middle", 12.5), ("fast", 1000 / 60.0)]);

        Assert.Equal(80, model.PeriodNs, 3);
        Assert.Equal(12.5, model.Mhz);
        Assert.Equal([14.29, 12.5, 11.11], model.Validation.Select(point => point.Model));
        Assert.Equal(0.429, model.Worst, 3);
        Assert.Equal(0.3335, model.Median, 3);
    }
}
