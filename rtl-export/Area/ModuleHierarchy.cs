// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using RtlExport.Parameters;

namespace RtlExport.Area;

/// <summary>
/// The modules that a design consists of, with their parameters and their numbers: the hierarchy of the RTL, without elaborating it. A test holds it against the synthesiser's.
/// </summary>
public static class ModuleHierarchy
{
    /// <summary>All modules of <paramref name="spec"/>.</summary>
    public static IReadOnlyList<ModuleUse> Of(AcceleratorSpec spec)
    {
        var design = new DesignModules(RtlParameters.Of(spec));
        Top(design);
        ArrayModules.Add(design);
        VectorModules.Add(design);
        return design.Uses;
    }

    private static void Top(DesignModules design)
    {
        design.Add("accelerator");
        design.Add("unit_sequencer", 4);
        design.Add("run_control");
        design.Add("frame_address", 2);
        design.Add("semaphore_file");
        design.Add("load_unit");
        design.Add("store_unit");
        design.Add("dma_engine");
        design.ControlLine(1, 4);
        design.ControlLine(design["SemaphoreCount"], design["VectorLatency"]);
        foreach (string unit in new[] { "Load", "Matmul", "Vector", "Store" })
        {
            long words = design[unit + "Words"], width = design[unit + "Width"];
            design.Add("program_memory", 1, ("InstructionWidth", width), ("InstructionWords", words));
            design.LineBuffer(design["ProgramDepth"], 32, words, 4);
        }

        long word = 8 * design["MemoryBytesPerCycle"];
        design.LineBuffer(design["BuffersWeightSize"], word, design["WeightLineWords"], design["LineWordSelectWidth"]);
        design.LineBuffer(design["BuffersParameterSize"], word, design["ParameterLineWords"], design["LineWordSelectWidth"]);
        design.ElementBuffer(design["BuffersActivationSize"], design["ActivationReadElements"], design["ActivationAddressWidth"]);
        design.Ram(design["ArrayColumns"] * design["RequantizerElementWidth"], design["BuffersOutputSize"]);
        if (design["ArrayActivationWeights"] == 1)
        {
            design.ElementBuffer(design["BuffersFactorSize"], design["WeightLineElements"], design["FactorAddressWidth"], "factor_buffer");
        }

        if (design["VectorElementwise"] == 1)
        {
            design.ElementBuffer(design["BuffersOperandSize"], design["ArrayColumns"], design["OperandAddressWidth"]);
        }

        if (design["VectorLookup"] == 1)
        {
            design.Add("lookup_memory");
            design.Ram(8 * design["ElementsPerWord"], (1L << (int)design["LookupAddressWidth"]) / design["ElementsPerWord"], design["ArrayColumns"]);
        }
    }
}
