// SPDX-License-Identifier: Apache-2.0
using AccelModel.Costs;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Tests.Differential;
using Xunit;

namespace AccelModel.Tests.Costs;

/// <summary>Energies by hand from the table of docs/costs.md.</summary>
public class EnergyModelTests
{
    private const long Macs = 1000;

    [Theory]
    [InlineData(ProcessingElementKind.Multiply, 1, 1, 0.2)]
    [InlineData(ProcessingElementKind.Multiply, 2, 1, 0.4)] // both digits of a wider code
    [InlineData(ProcessingElementKind.DspPacked, 1, 1, 0.2)]
    [InlineData(ProcessingElementKind.XnorPopcount, 1, 1, 0.03 / 8)]
    [InlineData(ProcessingElementKind.TernaryAdd, 1, 1, 0.03)]
    [InlineData(ProcessingElementKind.BitSerial, 1, 8, 8 * 0.06)] // an add of sixteen bits a bit
    [InlineData(ProcessingElementKind.BitSerial, 1, 2, 2 * 0.06)]
    public void A_product_of_eight_bits_takes_what_its_kind_takes(ProcessingElementKind kind, int digits, int interval, double picojoules) =>
        Assert.Equal(picojoules * Macs / 1000, Component(Design(kind), new(digits, interval), new(), "multiply"), 12);

    [Fact]
    public void A_partial_sum_is_added_once_for_each_digit_and_not_for_each_bit()
    {
        AcceleratorSpec design = Design(ProcessingElementKind.BitSerial);
        double add = 0.03 * design.Array.PartialSumWidth / 8;

        Assert.Equal(add, Component(design, new(1, 8), new(), "accumulate"), 12);
        Assert.Equal(2 * add, Component(design, new(2, 1), new(), "accumulate"), 12);
    }

    [Fact]
    public void External_memory_takes_the_bytes_that_are_moved()
    {
        var traffic = new Traffic { ActivationLoadBytes = 16, WeightLoadBytes = 8, StoreBytes = 8 };

        Assert.Equal(4 * 1.95, Component(Design(ProcessingElementKind.Multiply), OperandPasses.One, traffic, "external memory"), 12);
    }

    [Fact]
    public void Components_are_those_that_have_an_energy() => Assert.Equal(
        EnergyModel.Of(Design(ProcessingElementKind.Multiply), Macs, OperandPasses.One, new(), EnergyTechnology.Horowitz45).Select(part => part.Component), EnergyModel.Components);

    private static AcceleratorSpec Design(ProcessingElementKind kind)
    {
        AcceleratorSpec design = RandomCase.Draw(new ChoiceSource([])).Accelerator;
        return design with { Array = design.Array with { ProcessingElement = kind, ActivationWidth = 8, WeightWidth = 8 } };
    }

    private static double Component(AcceleratorSpec design, OperandPasses passes, Traffic traffic, string name) =>
        EnergyModel.Of(design, Macs, passes, traffic, EnergyTechnology.Horowitz45).Single(part => part.Component == name).Nanojoules;
}
