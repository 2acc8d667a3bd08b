// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;

namespace RtlExport.Area;

/// <summary>The modules of <c>vector_unit</c>.</summary>
internal static class VectorModules
{
    public static void Add(DesignModules design)
    {
        long columns = design["ArrayColumns"], latency = design["VectorLatency"];
        bool elementwise = design["VectorElementwise"] == 1;
        var rounding = (RoundingMode)design["RequantizerRounding"];
        design.Add("vector_unit");
        design.Add("vector_sequencer");
        design.ControlLine(2, latency);
        design.DelayLine(design["OutputAddressWidth"], latency);
        if (design["VectorLookup"] == 1)
        {
            design.DelayLine(1 + design["LookupAddressWidth"], elementwise ? 6 : 4);
        }

        design.Add("vector_lane", columns);
        design.Add("requantizer", columns);
        design.DelayLine(1, 3, columns);
        design.DelayLine(design["ParameterRecordWidth"], elementwise ? 1 : 0, 2 * columns);
        design.Add("rounding_shift", columns, ("Rounding", (long)rounding));
        if (design["RequantizerDoubleRounding"] == 1)
        {
            design.Add("rounding_shift", elementwise ? 2 * columns : columns, ("Rounding", (long)RoundingMode.HalfAway));
        }

        if (rounding == RoundingMode.Stochastic)
        {
            design.Add("lfsr", columns);
        }

        if (elementwise)
        {
            design.DelayLine(2, 3, columns);
            design.DelayLine(1, 3, columns);
            design.DelayLine(design["PostRecordWidth"], 4, columns);
            design.Add("post_requantizer", columns);
            design.Add("rounding_shift", columns, ("Rounding", (long)(rounding == RoundingMode.Stochastic ? RoundingMode.HalfUp : rounding)));
        }
    }
}
