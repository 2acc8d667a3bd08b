// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace RtlExport.Area;

/// <summary>
/// Further modules to measure beside those of a design: products and adders of many widths, one instance of each with nothing connected. They cost little to synthesise and decide most of a large array's area.
/// </summary>
internal static class PointModules
{
    public const string Top = "calibration_points";
    public const string File = "calibration_points.sv";

    /// <summary>Source of the module that holds the design and the points of number <paramref name="index"/>.</summary>
    public static string Of(uint seed, int index)
    {
        var random = new Random(unchecked((int)(seed * 7919u) + index));
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"// SPDX-License-Identifier: Apache-2.0\nmodule {Top};\n  accelerator u_design ();\n");
        for (int i = 0; i < 3; i++)
        {
            bool saturate = i % 2 == 0;
            text.Append(CultureInfo.InvariantCulture, $"  overflow_adder #(.Width({random.Next(4, 41)}), .AddendWidth({random.Next(2, 41)}), .Saturate(1'b{(saturate ? 1 : 0)})) u_add_{i} ();\n");
        }

        int lanes = random.Next(1, 5), a = random.Next(2, 17), w = random.Next(2, 17), laneBits = (int)ModuleModels.Log2(lanes);
        string operands = string.Create(CultureInfo.InvariantCulture, $".Lanes({lanes}), .ActivationWidth({a}), .ActivationSigned(1'b{random.Next(2)})");
        text.Append(CultureInfo.InvariantCulture, $"  pe_multiply #({operands}, .WeightWidth({w}), .ProductWidth({a + 1 + w + laneBits})) u_multiply ();\n");
        int smallA = random.Next(2, 7), smallW = random.Next(2, 7), few = random.Next(1, 4), fewBits = (int)ModuleModels.Log2(few);
        text.Append(CultureInfo.InvariantCulture, $"  pe_multiply #(.Lanes({few}), .ActivationWidth({smallA}), .ActivationSigned(1'b{random.Next(2)}), .WeightWidth({smallW}), .ProductWidth({smallA + 1 + smallW + fewBits})) u_small ();\n");
        text.Append(CultureInfo.InvariantCulture, $"  pe_ternary_add #({operands}, .ProductWidth({a + 2 + laneBits})) u_ternary ();\n");
        int terms = random.Next(1, 3), field = random.Next(2, 6), range = (1 << (field - 1)) - 2 + terms;
        text.Append(CultureInfo.InvariantCulture, $"  pe_shift_add #({operands}, .WeightWidth({field * terms}), .WeightTerms({terms}), .ProductWidth({a + 1 + range + laneBits})) u_shift ();\n");
        text.Append(CultureInfo.InvariantCulture, $"  pe_bit_serial #(.Lanes({lanes}), .WeightWidth({w}), .ProductWidth({a + 1 + w + laneBits})) u_serial ();\n");
        text.Append(CultureInfo.InvariantCulture, $"  pe_xnor_popcount #(.Lanes({lanes + 4 * (index % 2)}), .ProductWidth({2 + ModuleModels.Log2(lanes + 4 * (index % 2))})) u_xnor ();\n");
        int pairs = random.Next(1, 3), packedA = random.Next(2, 5), packedW = random.Next(2, 5);
        text.Append(CultureInfo.InvariantCulture, $"  pe_dsp_packed #(.Lanes({2 * pairs}), .ActivationWidth({packedA}), .ActivationSigned(1'b1), .WeightWidth({packedW}), .ProductWidth({packedA + 1 + packedW + pairs})) u_packed ();\n");
        text.Append(CultureInfo.InvariantCulture, $"  rounding_shift #(.Rounding({index % 6})) u_rounding ();\nendmodule\n");
        return text.ToString();
    }
}
