// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;
using AccelModel.Specification;
using RtlExport.Area;

namespace RtlExport.Tests.Synthesis;

/// <summary>Totals that are kept between designs, against the sum over the modules of each.</summary>
public sealed class AreaTotalTests
{
    private static readonly AreaTechnology Rules = new()
    {
        Target = "xc7", Tool = "", Seed = 0, Designs = 0, Error = ModelError.Of([]), Validation = [],
        Modules = ImmutableSortedDictionary<string, ModuleCoefficients>.Empty.Add("rounding_shift/any", new(["one"], [11], 1, 0)),
    };

    /// <summary>Each design twice and in turns, with another clock, memory and name the second time.</summary>
    [Fact]
    public void A_kept_total_is_the_sum_over_the_modules_of_the_design()
    {
        var model = new StructuralAreaModel(Rules);
        AcceleratorSpec[] designs = [.. CalibrationDesigns.Draw(5, 0, 6)];
        AcceleratorSpec[] narrower = [.. designs.Select(design => design with { Accumulator = design.Accumulator with { Width = 9, Overflow = OverflowMode.Wrap } })];
        foreach (AcceleratorSpec design in designs.Concat(narrower).Concat(designs))
        {
            AcceleratorSpec same = design with { Name = "same", ClockMhz = 7, Memory = design.Memory with { LatencyCycles = 3 } };
            Assert.Equal(Math.Round(model.Modules(design).Sum(module => module.Resources.Lut)), model.Total(design).Lut);
            Assert.Equal(Math.Round(model.Modules(design).Sum(module => module.Resources.FlipFlops)), model.Total(design).FlipFlops);
            Assert.Equal(model.Modules(same).Sum(module => module.Resources.BlockRam), model.Total(same).BlockRam);
            Assert.Equal(model.Total(design), model.Total(same));
        }

        Assert.NotEqual(model.Total(designs[0]), model.Total(narrower[0]));
    }
}
