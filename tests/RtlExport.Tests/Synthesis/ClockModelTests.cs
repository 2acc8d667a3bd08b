// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;
using RtlExport.Area;

namespace RtlExport.Tests.Synthesis;

/// <summary>The model of the clock: it finds the nanoseconds that made the figures it is fitted to.</summary>
public sealed class ClockModelTests
{
    [Fact]
    public void A_model_that_is_fitted_to_made_up_periods_predicts_those_of_other_designs()
    {
        (AcceleratorSpec Spec, double Mhz)[] Points(uint seed, int count) =>
            [.. Enumerable.Range(0, count).Select(index => CalibrationDesigns.DrawSmall(seed, index)).Select(spec => (spec, 1000 / Period(spec)))];

        ClockModel model = ClockModel.Fit(Points(5, 60), Points(6, 20));

        Assert.Equal(60, model.Points);
        Assert.Equal(20, model.Validation.Length);
        Assert.InRange(model.Worst, 0, 0.03);
        Assert.InRange(model.Median, 0, model.Worst);
        Assert.All(model.Validation, point => Assert.InRange(point.Model, 5, 20));
    }

    [Fact]
    public void Without_other_designs_there_is_no_error_and_no_table()
    {
        AcceleratorSpec spec = CalibrationDesigns.DrawSmall(5, 0);
        ClockModel model = ClockModel.Fit([(spec, 12.5)], []);
        Assert.Empty(model.Validation);
        Assert.Equal(12.5, model.Mhz(spec));
    }

    /// <summary>Floor rounding is the fastest; each threshold and each bit of a term costs a little.</summary>
    private static double Period(AcceleratorSpec spec) =>
        70 + (spec.Requantizer.Rounding == RoundingMode.Floor ? 0 : 6) + (0.5 * spec.Vector.ThresholdLevels) + (0.2 * spec.TermWidth) + (spec.Vector.Elementwise ? 3 : 0);
}
