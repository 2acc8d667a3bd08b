// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;

namespace AccelModel.Costs;

/// <summary>Energy of one component.</summary>
/// <param name="Component">The component, as in the architecture.</param>
/// <param name="Nanojoules">Energy of one inference.</param>
public readonly record struct ComponentEnergy(string Component, double Nanojoules);

/// <summary>
/// Dynamic energy of a layer: what its accesses and operations cost in a technology (docs/costs.md). Clock tree, control and leakage are not in it; it compares designs and schedules.
/// </summary>
public static class EnergyModel
{
    /// <summary>Where its figures come from: published energies of operations, scaled by formulas that were never compared with a chip.</summary>
    public static Provenance Provenance => Provenance.Assumed;

    /// <summary>The components, in the order in which <see cref="Of"/> gives them.</summary>
    public static ImmutableArray<string> Components { get; } =
    [
        "multiply", "accumulate", "activation buffer", "weight buffer", "parameter buffer", "accumulator buffer", "operand buffer", "output buffer", "vector unit", "external memory",
    ];

    /// <summary>Energy by component of one layer.</summary>
    /// <param name="accelerator">The design.</param>
    /// <param name="macs">Multiply-accumulates of the layer.</param>
    /// <param name="passes">Passes that each takes.</param>
    /// <param name="traffic">Accesses of the layer.</param>
    /// <param name="technology">Energies of operations.</param>
    public static ImmutableArray<ComponentEnergy> Of(AcceleratorSpec accelerator, long macs, OperandPasses passes, Traffic traffic, EnergyTechnology technology)
    {
        ArraySpec array = accelerator.Array;
        BuffersSpec buffers = accelerator.Buffers;
        int element = accelerator.Requantizer.ElementWidth, columns = array.Columns;
        double lineBits = 8.0 * accelerator.Memory.BytesPerCycle * accelerator.WeightLineWords;
        double recordBits = (double)columns * accelerator.ParameterRecordWidth;
        double wordBits = (double)columns * accelerator.Accumulator.Width;
        double outputBits = (double)columns * element;
        long dramBytes = traffic.LoadBytes + traffic.StoreBytes;

        // What is loaded is written once: elements into the two buffers of elements, lines into those of lines.
        double activationWrites = (double)(traffic.ActivationLoadElements + traffic.ForwardElements) * element;
        return
        [
            new("multiply", macs * (double)passes.Digits * passes.Interval * Product(array, technology) / 1000),
            new("accumulate", (macs * (double)passes.Digits * technology.Add(array.PartialSumWidth) + traffic.AccumulatorWrites * (double)columns * technology.Add(accelerator.Accumulator.Width)) / 1000),
            Buffer("activation buffer", buffers.Activation.Size * element / 8.0, traffic.ActivationReads * (double)accelerator.VectorElements * element + activationWrites),
            Buffer("weight buffer", buffers.Weight.Size * lineBits / 8, traffic.WeightReads * lineBits + traffic.WeightLoadBytes * 8.0),
            Buffer("parameter buffer", buffers.Parameter.Size * recordBits / 8, traffic.ParameterReads * recordBits + traffic.ParameterLoadBytes * 8.0),
            Buffer("accumulator buffer", buffers.Accumulator.Size * wordBits / 8, (traffic.AccumulatorReads + traffic.AccumulatorWrites) * wordBits),
            Buffer("operand buffer", buffers.Operand.Size * element / 8.0, traffic.OperandReads * outputBits + traffic.OperandLoadElements * (double)element),
            Buffer("output buffer", buffers.Output.Size * outputBits / 8, (traffic.OutputReads + traffic.OutputWrites) * outputBits),
            new("vector unit", (traffic.ParameterReads * (double)columns * (technology.Multiply(accelerator.Accumulator.Width, accelerator.Requantizer.MultiplierWidth) + technology.Add(accelerator.Accumulator.Width))) / 1000),
            new("external memory", technology.Dram(dramBytes) / 1000),
        ];

        ComponentEnergy Buffer(string name, double bytes, double bits) => new(name, bytes == 0 ? 0 : technology.Sram(bytes, bits) / 1000);
    }

    /// <summary>Energy by component of every scheduled layer, in the order of <see cref="Schedule.Layers"/>.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="timing">Its timing.</param>
    /// <param name="technology">Energies of operations.</param>
    public static ImmutableArray<ImmutableArray<ComponentEnergy>> Layers(Schedule schedule, TimingResult timing, EnergyTechnology technology) =>
    [
        .. schedule.Layers.Zip(timing.Layers, (layer, time) => Of(schedule.Accelerator, layer.Macs, layer.PassesOn(schedule.Accelerator), time.Traffic, technology)),
    ];

    /// <summary>Energy of a layer in whole picojoules, rounded down: what schedules are compared by.</summary>
    /// <param name="accelerator">The design.</param>
    /// <param name="macs">Multiply-accumulates of the layer.</param>
    /// <param name="passes">Passes that each takes.</param>
    /// <param name="traffic">Accesses of the layer.</param>
    public static long Picojoules(AcceleratorSpec accelerator, long macs, OperandPasses passes, Traffic traffic) => Whole(Of(accelerator, macs, passes, traffic, EnergyTechnology.Horowitz45));

    /// <summary>Energy of an inference in whole picojoules, each layer rounded down.</summary>
    public static long Picojoules(Schedule schedule, TimingResult timing) => Layers(schedule, timing, EnergyTechnology.Horowitz45).Sum(layer => Whole(layer));

    /// <summary>Energy that the cut of a layer changes most: memory words of external memory, and lines read from the weight buffer, in whole picojoules.</summary>
    public static long Picojoules(AcceleratorSpec accelerator, long memoryWords, long weightLines)
    {
        int lineBytes = accelerator.Memory.BytesPerCycle * accelerator.WeightLineWords;
        EnergyTechnology technology = EnergyTechnology.Horowitz45;
        return (long)(technology.Dram(memoryWords * accelerator.Memory.BytesPerCycle) + technology.Sram((double)accelerator.Buffers.Weight.Size * lineBytes, 8.0 * lineBytes * weightLines));
    }

    private static long Whole(ImmutableArray<ComponentEnergy> parts) => (long)(1000 * parts.Sum(part => part.Nanojoules));

    /// <summary>Picojoules of one product of the kind of PE, or of one bit of it where a PE takes bit after bit.</summary>
    private static double Product(ArraySpec array, EnergyTechnology technology) => array.ProcessingElement switch
    {
        ProcessingElementKind.XnorPopcount => technology.Add(1),
        ProcessingElementKind.TernaryAdd => technology.Add(array.ActivationWidth),
        ProcessingElementKind.ShiftAdd => array.WeightTerms * technology.Add(array.ActivationWidth + (1 << (array.WeightWidth / array.WeightTerms - 1))),
        ProcessingElementKind.BitSerial => technology.Add(array.ActivationWidth + array.WeightWidth),
        ProcessingElementKind.Codebook => technology.Multiply(array.ActivationWidth, array.CodebookValueWidth),
        _ => technology.Multiply(array.ActivationWidth, array.WeightValueWidth),
    };
}
