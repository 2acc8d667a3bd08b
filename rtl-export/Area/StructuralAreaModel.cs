// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Collections.Immutable;
using AccelModel.Costs;
using AccelModel.Specification;
using RtlExport.Synthesis;

namespace RtlExport.Area;

/// <summary>What the modules of one name take in a design.</summary>
/// <param name="Module">Name in the sources.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Resources">What they take together, without the modules below them.</param>
public sealed record ModuleArea(string Module, long Count, FpgaResources Resources);

/// <summary>
/// Area of a design on a calibrated target: <c>sum over the modules of count * cost(parameters)</c>. The hierarchy is that of the RTL, the costs are closed functions of each module's parameters, for LUTs with
/// coefficients from synthesised modules, so that the area is exactly linear in rows times columns, as it is when Yosys synthesises the hierarchy.
/// </summary>
public sealed class StructuralAreaModel(AreaTechnology technology)
{
    /// <summary>Totals that are kept; a design is about a kilobyte.</summary>
    private const int MostTotals = 1 << 14;

    private static readonly MappingSpec AnyMapping = new() { Convolution = default };

    private readonly ConcurrentDictionary<AcceleratorSpec, FpgaResources> _totals = new();
    private int _kept;

    private readonly SynthesisTarget _target = SynthesisTarget.Find(technology.Target) ?? throw new InvalidDataException($"unknown target '{technology.Target}'");

    /// <summary>The calibrated target.</summary>
    public AreaTechnology Technology => technology;

    /// <summary>What <paramref name="spec"/> takes, module by module.</summary>
    public ImmutableArray<ModuleArea> Modules(AcceleratorSpec spec) =>
    [
        .. ModuleHierarchy.Of(spec).GroupBy(use => use.Module).Select(uses => new ModuleArea(
            uses.Key, uses.Sum(use => use.Count), uses.Aggregate(default(FpgaResources), (sum, use) => Add(sum, Cost(use.Module, use.Values), use.Count)))),
    ];

    /// <summary>What <paramref name="spec"/> takes, in whole blocks. Designs that differ only in what no module sees, such as the clock or the memory's latency, are added up once.</summary>
    public FpgaResources Total(AcceleratorSpec spec)
    {
        AcceleratorSpec key = KeyOf(spec);
        if (_totals.TryGetValue(key, out FpgaResources known))
        {
            return known;
        }

        FpgaResources sum = default;
        foreach (ModuleUse use in ModuleHierarchy.Of(spec))
        {
            sum = Add(sum, Cost(use.Module, use.Values), use.Count);
        }

        sum = new(Math.Round(sum.Lut), Math.Round(sum.FlipFlops), sum.Dsp, sum.BlockRam);
        if (_kept < MostTotals && _totals.TryAdd(key, sum))
        {
            Interlocked.Increment(ref _kept);
        }

        return sum;
    }

    /// <summary>What follows from rules alone, on a family without coefficients too: flip-flops, multiplier and memory blocks. LUTs are zero.</summary>
    public static FpgaResources Counted(AcceleratorSpec spec, SynthesisTarget target) => ModuleHierarchy.Of(spec).Aggregate(default(FpgaResources), (sum, use) => Add(
        sum,
        Ruled(use.Module, use.Values, target) is CellCost rule
            ? new(0, rule.FlipFlops, 0, rule.BlockRam)
            : new(0, RegisterRules.FlipFlops(use.Module, use.Values, target), BlockRules.Dsp(use.Module, use.Values, target), 0),
        use.Count));

    /// <summary>What one module takes, without those below it.</summary>
    public FpgaResources Cost(string module, ModuleValues values)
    {
        if (Ruled(module, values, _target) is CellCost rule)
        {
            return new(Fitted(module, values) ?? rule.Lut, rule.FlipFlops, 0, rule.BlockRam);
        }

        if (module == "factor_buffer")
        {
            // Banks of elements; what chooses among them is a crossbar, which the rotation of an element buffer is the least of.
            return Cost("element_buffer", values);
        }

        if (values.Own.TryGetValue("Lanes", out long lanes) && lanes > CalibrationGrid.MostLanes && module is "pe_ternary_add" or "pe_bit_serial" or "pe_dsp_packed")
        {
            // On from the elements with the most lanes that were measured, at the step of their last lane or pair of lanes.
            int step = module == "pe_dsp_packed" ? 2 : 1;
            FpgaResources most = Cost(module, WithLanes(values, CalibrationGrid.MostLanes)), before = Cost(module, WithLanes(values, CalibrationGrid.MostLanes - step));
            double steps = (lanes - CalibrationGrid.MostLanes) / (double)step;
            return new(most.Lut + steps * (most.Lut - before.Lut), RegisterRules.FlipFlops(module, values, _target), BlockRules.Dsp(module, values, _target), 0);
        }

        return new(Fitted(module, values) ?? 0, RegisterRules.FlipFlops(module, values, _target), BlockRules.Dsp(module, values, _target), 0);
    }

    /// <summary>LUTs by the module's coefficients; null where it has none.</summary>
    private double? Fitted(string module, ModuleValues values)
    {
        if (!ModuleModels.IsFitted(module, _target) || Coefficients(module, values) is not ModuleCoefficients coefficients)
        {
            return null;
        }

        if (coefficients.MeasuredLut is not null && ModuleModels.EntryOf(module, values, _target) is string entry && coefficients.MeasuredLut.TryGetValue(entry, out long measured))
        {
            return measured;
        }

        AreaTerm[] terms = ModuleModels.TermsOf(module, values, _target);
        double lut = 0;
        for (int i = 0; i < terms.Length; i++)
        {
            lut += coefficients.Lut[i] * terms[i].Value;
        }

        return Math.Max(0, lut);
    }

    private static CellCost? Ruled(string module, ModuleValues values, SynthesisTarget target) => module switch
    {
        "ram" => BlockRules.Ram(values, target),
        "delay_line" => BlockRules.DelayLine(values, target),
        "offset_adder" => BlockRules.OffsetAdder(values, target),
        _ => null,
    };

    private static AcceleratorSpec KeyOf(AcceleratorSpec spec) => spec with { Name = "", ClockMhz = 0, Memory = spec.Memory with { LatencyCycles = 0 }, Mapping = AnyMapping };

    /// <summary>Those of the module's variant; of another one where the calibration has not met it.</summary>
    private ModuleCoefficients? Coefficients(string module, ModuleValues values) =>
        technology.Modules.TryGetValue($"{module}/{ModuleModels.Variant(module, values, _target)}", out ModuleCoefficients? coefficients)
            ? coefficients
            : technology.Modules.FirstOrDefault(other => other.Key.StartsWith(module + "/", StringComparison.Ordinal)).Value;

    private static ModuleValues WithLanes(ModuleValues values, long lanes) => new(new Dictionary<string, long>(values.Own) { ["Lanes"] = lanes }, values.Package);

    private static FpgaResources Add(FpgaResources sum, FpgaResources cost, long count) =>
        new(sum.Lut + count * cost.Lut, sum.FlipFlops + count * cost.FlipFlops, sum.Dsp + count * cost.Dsp, sum.BlockRam + count * cost.BlockRam);
}
