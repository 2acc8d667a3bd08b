// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AccelModel.Numerics;
using AccelModel.Specification;
using RtlExport.Parameters;
using RtlExport.Synthesis;

namespace RtlExport.Area;

/// <summary>One module of the calibration's grid.</summary>
/// <param name="Module">Name in the sources.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Constants">Constants of the package that its terms read, with the values that the parameters have here.</param>
public sealed record GridModule(string Module, ImmutableArray<(string Name, long Value)> Parameters, ImmutableArray<(string Name, long Value)> Constants);

/// <summary>
/// Single modules to measure, without a design around them: the products and adders of an element over the widths that the calibration's designs have, since what a large array takes is decided there, and
/// the accumulators of input-stationary arrays at drawn sizes. Each is one instance with nothing connected, a fraction of a second of synthesis.
/// </summary>
public static class CalibrationGrid
{
    internal const string Top = "calibration_points";
    internal const string File = "calibration_points.sv";

    /// <summary>Lanes of an element in the calibration's designs.</summary>
    internal const int MostLanes = 4;

    /// <summary>Designs whose accumulators are measured, and the distance of their seed from that of the designs that are measured as a whole.</summary>
    private const int DrawnDesigns = 21;

    private const uint DrawnSeed = 1000;

    private static readonly (string Name, string Constant)[] AccumulatorParameters =
    [
        ("Words", "BuffersAccumulatorSize"), ("Columns", "ArrayColumns"), ("AccumulatorWidth", "AccumulatorWidth"), ("Saturate", "AccumulatorOverflow"), ("PartialSumWidth", "ArrayPartialSumWidth"),
        ("ScaleBits", "DigitShiftMax"), ("ShiftWidth", "DigitShiftWidth"), ("AddressWidth", "AccumulatorAddressWidth"), ("LaneWidth", "ColumnIndexWidth"),
    ];

    /// <summary>Bits that an addend has more than its sum, from which on adders are alike.</summary>
    internal const int MostNarrowing = 40;

    private const int MostWidth = 16;
    private const int LeastSum = 8;
    private const int MostSum = 40;

    /// <summary>Whether all coefficients of a module come from the grid.</summary>
    /// <param name="variant">Module and variant.</param>
    internal static bool Covers(string variant) =>
        (variant.StartsWith("pe_", StringComparison.Ordinal) && !variant.StartsWith("pe_multiply", StringComparison.Ordinal)) || variant.StartsWith("overflow_adder", StringComparison.Ordinal)
        || variant.StartsWith("rounding_shift", StringComparison.Ordinal) || variant.StartsWith("requantizer", StringComparison.Ordinal) || variant.StartsWith("ram", StringComparison.Ordinal) || variant.StartsWith("codebook_table/index", StringComparison.Ordinal);

    /// <summary>The grid of a family, the modules that decide most first.</summary>
    public static IEnumerable<GridModule> Of(SynthesisTarget target, uint seed) =>
    [
        .. Roundings(), .. Requantizers(), .. Memories(target), .. Tables(target), .. Adders(), .. OneBit(), .. Ternary(target), .. Packed(), .. Serial(), .. Shifting(), .. Drawn(seed), .. Products(target), .. Narrowing(),
    ];

    /// <summary>Source of the module that holds <paramref name="modules"/>.</summary>
    internal static string Source(IEnumerable<GridModule> modules)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"// SPDX-License-Identifier: Apache-2.0\nmodule {Top};\n");
        int number = 0;
        foreach (GridModule module in modules)
        {
            string parameters = string.Join(", ", module.Parameters.Select(parameter => string.Create(CultureInfo.InvariantCulture, $".{parameter.Name}({parameter.Value})")));
            text.Append(CultureInfo.InvariantCulture, $"  {module.Module} #({parameters}) u_{number++} ();\n");
        }

        return text.Append("endmodule\n").ToString();
    }

    private static IEnumerable<GridModule> Roundings() => Enum.GetValues<RoundingMode>().Select(mode => Module("rounding_shift", ("Rounding", (long)mode)));

    /// <summary>Requantisers with the bias added before a block and in LUTs, with products of one, two and four blocks, and with few and many thresholds.</summary>
    private static IEnumerable<GridModule> Requantizers() =>
        from widths in new (int Accumulator, int Multiplier, int Term, int[] Levels)[]
        {
            (16, 12, 9, [0, 3, 12]), (16, 12, 17, [0, 7]), (20, 18, 9, [0]), (12, 20, 9, [0, 4]), (30, 16, 9, [0, 12]), (34, 24, 17, [0, 7]), (34, 24, 24, [0]),
        }
        from levels in widths.Levels
        select Requantizer(widths.Accumulator, widths.Multiplier, widths.Term, levels);

    private static GridModule Requantizer(int accumulator, int multiplier, int term, int levels)
    {
        int thresholds = levels == 0 ? 0 : VectorSpec.ThresholdCountWidth + VectorSpec.ThresholdStepWidth + levels * (accumulator + 1);
        return Module(
            "requantizer",
            [
                ("SourceWidth", accumulator), ("BiasWidth", accumulator), ("MultiplierWidth", multiplier), ("TermWidth", term), ("ThresholdLevels", levels), ("FixedShift", -1),
                ("DoubleRounding", 0), ("PostWidth", 0), ("RecordPerWord", 0), ("Rounding", (long)RoundingMode.HalfUp), ("RecordWidth", accumulator + multiplier + 6 + 3 * term + 1 + thresholds),
            ],
            [("AccumulatorWidth", accumulator), ("RequantizerMultiplierWidth", multiplier), ("VectorThresholdLevels", levels)]);
    }

    /// <summary>Products of <c>pe_multiply</c> that go to LUTs, all of them; of the others a few, whose sums over lanes may take LUTs.</summary>
    private static IEnumerable<GridModule> Products(SynthesisTarget target)
    {
        foreach ((int lanes, int width, int signed) in Activations(Enumerable.Range(1, MostWidth)))
        {
            for (int weight = 2; weight <= MostWidth; weight++)
            {
                bool few = lanes > 1 && width % 5 == 3 && weight % 5 == 3;
                GridModule module = Product(ProcessingElementKind.Multiply, lanes, width, signed, weight);
                if (few || BlockRules.ProductTiles(new(module.Parameters.ToDictionary(), ImmutableDictionary<string, long>.Empty), target) == 0)
                {
                    yield return module;
                }
            }
        }
    }

    /// <summary>
    /// Memories where their LUTs are fitted: one and two elements wide at all depths, since an element buffer has a memory for each bank; other widths at some; several blocks one behind the other; memories in
    /// LUTs and in registers.
    /// </summary>
    private static IEnumerable<GridModule> Memories(SynthesisTarget target)
    {
        if (!BlockRules.FitsMemories(target))
        {
            yield break;
        }

        (int Width, int Depth)[] sizes =
        [
            .. from width in new[] { 8, 16 } from bits in Enumerable.Range(1, 11) select (width, 1 << bits),
            .. from width in new[] { 5, 11, 24, 32, 41, 64, 96, 128 } from bits in new[] { 4, 6, 8, 9, 10, 11 } select (width, (1 << bits) * 3 / 4),
            .. from width in new[] { 4, 8, 16 } from depth in new[] { 40, 72, 90, 110, 140 } select (width, depth),
            .. from width in new[] { 8, 32 } from depth in new[] { 3000, 4096, 10000, 16384 } select (width, depth),
        ];
        foreach ((int width, int depth) in sizes)
        {
            yield return Module("ram", ("Width", width), ("Depth", depth), ("AddressWidth", ModuleModels.Log2(depth)));
        }
    }

    /// <summary>Tables of codebooks of all sizes, for one element and for four.</summary>
    private static IEnumerable<GridModule> Tables(SynthesisTarget target) =>
        from elements in new[] { 1, 4 }
        where BlockRules.FitsMemories(target)
        from index in Enumerable.Range(1, 4)
        from value in new[] { 2, 3, 5, 6, 8, 10, 12, 14, 15, 16 }
        select Module("codebook_table", ("Elements", elements), ("IndexWidth", index), ("ValueWidth", value), ("Lines", 1), ("LineWidth", value << index));

    private static IEnumerable<GridModule> Ternary(SynthesisTarget target) => Activations(ModuleModels.HasPairedCarry(target) ? [.. Enumerable.Range(1, MostWidth)] : [2, 3, 5, 9, 12, 16]).Select(a => Product(ProcessingElementKind.TernaryAdd, a.Lanes, a.Width, a.Signed, 2));

    private static IEnumerable<GridModule> OneBit() => Enumerable.Range(1, 8).Select(lanes => Product(ProcessingElementKind.XnorPopcount, lanes, 1, 1, 1));

    private static IEnumerable<GridModule> Packed() =>
        from a in Activations(Enumerable.Range(1, 8))
        where a.Lanes % 2 == 0
        from weight in Enumerable.Range(2, 7)
        select Product(ProcessingElementKind.DspPacked, a.Lanes, a.Width, a.Signed, weight);

    private static IEnumerable<GridModule> Serial() =>
        from lanes in Enumerable.Range(1, MostLanes)
        from widths in new[] { (1, 2), (1, 16), (4, 9), (9, 4), (12, 12), (16, 2), (16, 16) }
        select Product(ProcessingElementKind.BitSerial, lanes, widths.Item1, 1, widths.Item2);

    private static IEnumerable<GridModule> Shifting() =>
        from terms in new[] { 1, 2 }
        from field in Enumerable.Range(2, 4)
        from a in Activations([2, 4, 8, 12, 16])
        where a.Lanes is 1 or 2 || (a.Lanes == 4 && terms == 1)
        select Product(ProcessingElementKind.ShiftAdd, a.Lanes, a.Width, a.Signed, terms * field, terms);

    /// <summary>Adders that wrap, and those that saturate: the LUTs of these depend on the bits that the addend has more, and then, as a rule, linearly on the width.</summary>
    private static IEnumerable<GridModule> Adders()
    {
        foreach (int width in new[] { 8, 21, 40 })
        {
            yield return Adder(width, 8, 0);
            yield return Adder(width, 34, 0);
            yield return Adder(width, 5, 1);
            yield return Adder(width, width, 1);
        }

        for (int more = 1; more <= MostNarrowing; more++)
        {
            foreach (int width in new[] { 8, 19, 33 })
            {
                yield return Adder(width, width + more, 1);
            }
        }
    }

    /// <summary>
    /// Adders that saturate to so many bits fewer than their addend has that the mapper takes one, two or four LUTs for a bit of the sum as the width happens to be: all widths.
    /// </summary>
    private static IEnumerable<GridModule> Narrowing() =>
        from more in new[] { 7, 8, 9, 10, 11, 12, 13, 14, 18, 19 }
        from width in Enumerable.Range(LeastSum, MostSum - LeastSum + 1)
        select Adder(width, width + more, 1);

    /// <summary>Accumulators of input-stationary arrays with the parameters that they have in drawn designs.</summary>
    private static IEnumerable<GridModule> Drawn(uint seed)
    {
        for (int i = 0; i < DrawnDesigns; i++)
        {
            Dictionary<string, long> package = DesignModules.PackageOf(RtlParameters.Of(CalibrationDesigns.Draw(seed + DrawnSeed, i)));
            if (package["ArrayDataflow"] == (long)Dataflow.InputStationary)
            {
                yield return InDesign("transposed_accumulator_buffer", package, AccumulatorParameters);
            }
        }
    }

    /// <summary>A module with its parameters as the constants of a design have them.</summary>
    private static GridModule InDesign(string module, Dictionary<string, long> package, IEnumerable<(string Name, string Constant)> parameters) => new(
        module, [.. parameters.Select(parameter => (parameter.Name, package[parameter.Constant]))], [.. package.Select(constant => (constant.Key, constant.Value))]);

    /// <summary>Lanes, width and sign of the activations of an element.</summary>
    private static IEnumerable<(int Lanes, int Width, int Signed)> Activations(IEnumerable<int> widths) =>
        from lanes in Enumerable.Range(1, MostLanes)
        from signed in new[] { 0, 1 }
        from width in widths
        where width > signed
        select (lanes, width, signed);

    private static GridModule Product(ProcessingElementKind kind, int lanes, int width, int signed, int weight, int terms = 1)
    {
        (string module, long product) = ArrayModules.ProductOf(kind, lanes, width, weight, terms);
        (string, long)[] parameters = [("Lanes", lanes), ("ProductWidth", product)];
        (string, long)[] activation = kind is ProcessingElementKind.XnorPopcount or ProcessingElementKind.BitSerial ? [] : [("ActivationWidth", width), ("ActivationSigned", signed)];
        (string, long)[] weights = kind is ProcessingElementKind.XnorPopcount or ProcessingElementKind.TernaryAdd ? [] : [("WeightWidth", weight)];
        return Module(module, [.. parameters, .. activation, .. weights, .. kind == ProcessingElementKind.ShiftAdd ? [("WeightTerms", (long)terms)] : Array.Empty<(string, long)>()]);
    }

    private static GridModule Adder(int width, int addend, int saturate) => Module("overflow_adder", ("Width", width), ("AddendWidth", addend), ("Saturate", saturate));

    private static GridModule Module(string module, params (string, long)[] parameters) => Module(module, parameters, []);

    private static GridModule Module(string module, (string, long)[] parameters, (string, long)[] constants) => new(module, [.. parameters], [.. constants]);
}
