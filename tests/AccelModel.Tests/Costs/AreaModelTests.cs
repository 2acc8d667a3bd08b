// SPDX-License-Identifier: Apache-2.0
using AccelModel.Costs;
using AccelModel.Numerics;
using AccelModel.Specification;
using AccelModel.Tests.Differential;
using Xunit;

namespace AccelModel.Tests.Costs;

public class AreaModelTests
{
    private static ArraySpec FourBitArray => RandomCase.Draw(new ChoiceSource([])).Accelerator.Array with
    {
        Rows = 3, Columns = 2, Lanes = 1, ActivationWidth = 4, WeightWidth = 4, PartialSumWidth = 16, Overflow = OverflowMode.Saturate, WeightDoubleBuffering = true,
    };

    [Fact]
    public void The_worked_example_of_the_documentation_holds()
    {
        Area area = AreaModel.ProcessingElement(FourBitArray);
        Assert.Equal(48, area.Lut);
        Assert.Equal(30, area.FlipFlops);
    }

    [Fact]
    public void Without_double_buffering_a_PE_saves_one_weight_register() =>
        Assert.Equal(26, AreaModel.ProcessingElement(FourBitArray with { WeightDoubleBuffering = false }).FlipFlops);

    [Fact]
    public void A_wrapping_adder_needs_no_saturation() =>
        Assert.Equal(32, AreaModel.ProcessingElement(FourBitArray with { Overflow = OverflowMode.Wrap }).Lut);

    [Fact]
    public void Skew_is_a_triangle_per_side() =>
        Assert.Equal(3 * 4 + 1 * (4 + 16), AreaModel.Skew(FourBitArray).FlipFlops);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Doubling_rows_doubles_the_array_and_leaves_the_vector_unit(int seed)
    {
        AcceleratorSpec design = RandomCase.Draw(new ChoiceSource(seed)).Accelerator;
        AcceleratorSpec taller = design with { Array = design.Array with { Rows = 2 * design.Array.Rows } };
        Assert.Equal(2 * Part(design, "array").Lut, Part(taller, "array").Lut);
        Assert.Equal(Part(design, "vector"), Part(taller, "vector"));

        static Area Part(AcceleratorSpec accelerator, string component) =>
            AreaModel.Components(accelerator).Single(part => part.Component == component).Area;
    }
}
