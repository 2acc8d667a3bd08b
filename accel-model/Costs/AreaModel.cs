// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;
using AccelModel.Specification;

namespace AccelModel.Costs;

/// <summary>
/// First-order area of a design on LUTs alone (no DSP blocks): counts adders, multiplier cells, registers and memory bits of the RTL's structure.
/// The formulas are in docs/costs.md; they rank designs, they do not promise a number.
/// </summary>
public static class AreaModel
{
    /// <summary>Where its figures come from: formulas that were never compared with a tool.</summary>
    public static Provenance Provenance => Provenance.Assumed;

    /// <summary>Units, semaphores, counters and the memory port, taken as constant.</summary>
    public static readonly Area Control = new(1200, 1500, 0);

    /// <summary>All parts of <paramref name="accelerator"/>.</summary>
    public static ImmutableArray<ComponentArea> Components(AcceleratorSpec accelerator)
    {
        ArraySpec array = accelerator.Array;
        BuffersSpec buffers = accelerator.Buffers;
        int element = accelerator.Requantizer.ElementWidth;
        int word = 8 * accelerator.Memory.BytesPerCycle;
        return
        [
            new("array", array.Rows * array.Columns * ProcessingElement(array)),
            new("skew", Skew(array)),
            new("accumulate", array.Columns * Adder(accelerator.Accumulator.Width, accelerator.Accumulator.Overflow)),
            new("vector", array.Columns * VectorLane(accelerator)),
            new("activation buffer", Memory(buffers.Activation.Size, element)),
            new("weight buffer", Memory(buffers.Weight.Size, accelerator.WeightLineWords * word)),
            new("parameter buffer", Memory(buffers.Parameter.Size, accelerator.ParameterLineWords * word)),
            new("accumulator buffer", Memory(buffers.Accumulator.Size, array.Columns * accelerator.Accumulator.Width)),
            new("output buffer", Memory(buffers.Output.Size, array.Columns * element)),
            .. buffers.Factor.Size > 0 ? [new("factor buffer", Memory(buffers.Factor.Size, element))] : ImmutableArray<ComponentArea>.Empty,
            .. array.HasOperandOffsets ? [new("operand offsets", OperandOffsets(accelerator))] : ImmutableArray<ComponentArea>.Empty,
            new("control", Control),
        ];
    }

    /// <summary>Sum of <see cref="Components"/>.</summary>
    public static Area Total(AcceleratorSpec accelerator) => Components(accelerator).Aggregate(default(Area), (sum, part) => sum + part.Area);

    /// <summary>
    /// One PE: per lane a multiplier of <c>A*W</c> LUTs (one per partial-product bit, its adder included), lane sums, the partial-sum adder;
    /// registers for the activations, the weights (twice with double buffering), the partial sum, enable and swap.
    /// </summary>
    public static Area ProcessingElement(ArraySpec array)
    {
        int weight = WeightBits(array);
        int product = array.ActivationWidth + weight;
        double multipliers = (double)array.Lanes * array.ActivationWidth * weight;
        double laneSums = (array.Lanes - 1) * (product + 1);
        int weightRegisters = array.WeightDoubleBuffering ? 2 : 1;
        int registers = array.Lanes * (array.ActivationWidth + weightRegisters * weight) + 2;
        return new Area(multipliers + laneSums, registers, 0) + Adder(array.PartialSumWidth, array.Overflow) + new Area(0, array.PartialSumWidth, 0);
    }

    /// <summary>The triangles of registers that skew activations and weights and deskew partial sums.</summary>
    public static Area Skew(ArraySpec array)
    {
        double rows = array.Rows * (array.Rows - 1) / 2.0;
        double columns = array.Columns * (array.Columns - 1) / 2.0;
        return new(0, rows * array.Lanes * array.ActivationWidth + columns * (array.Lanes * WeightBits(array) + array.PartialSumWidth), 0);
    }

    /// <summary>Adders of an offset: of each element of an activation vector, and of each weight of a line; registers for both offsets and the signs of the codes.</summary>
    public static Area OperandOffsets(AcceleratorSpec accelerator)
    {
        int activation = accelerator.ActivationCodeWidth, weight = accelerator.Array.WeightValueWidth;
        return new((double)accelerator.ActivationReadElements * activation + (double)accelerator.WeightLineElements * weight, activation + weight + 2, 0);
    }

    /// <summary>One lane of the vector unit: bias adder, multiplier, shifter of six levels (two per LUT), rounding adder, a second shifter and adder with double rounding, clamp, LFSR, pipeline registers.</summary>
    public static Area VectorLane(AcceleratorSpec accelerator)
    {
        int biased = accelerator.Accumulator.Width + 1;
        int multiplier = accelerator.Requantizer.MultiplierWidth;
        int product = biased + multiplier;
        int element = accelerator.Requantizer.ElementWidth;
        int lfsr = accelerator.Requantizer.Rounding == RoundingMode.Stochastic ? 32 : 0;
        double rounding = accelerator.Requantizer.Rounding == RoundingMode.Floor ? 0 : product;
        double second = accelerator.Requantizer.DoubleRounding ? product * RequantizerSpec.SecondShiftWidth / 2.0 + product : 0;
        return new(
            second + biased + (double)biased * multiplier + product * RequantizerSpec.ShiftWidth / 2.0 + rounding + 3 * (element + 1) + lfsr,
            biased + product + 2 * element + lfsr,
            0);
    }

    /// <summary>Bits of a weight in a PE; a codebook's are counted as they lie in the weight buffer.</summary>
    private static int WeightBits(ArraySpec array) => array.HasOperandOffsets ? array.WeightValueWidth : array.WeightWidth;

    private static Area Adder(int width, OverflowMode overflow) => new(overflow == OverflowMode.Saturate ? 2 * width : width, 0, 0);

    private static Area Memory(int addresses, int width) => new(0, 0, (double)addresses * width);
}
