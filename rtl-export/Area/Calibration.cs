// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using AccelModel.Costs;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using RtlExport.Parameters;
using RtlExport.Synthesis;

namespace RtlExport.Area;

/// <summary>What was synthesised for a calibration.</summary>
/// <param name="Modules">Different modules, of the grid and of the designs.</param>
/// <param name="Designs">Whole designs with what the synthesiser found.</param>
public sealed record CalibrationData(ImmutableArray<MeasuredModule> Modules, ImmutableArray<ValidationPoint> Designs);

/// <summary>
/// Calibrates the area model of a target: synthesises single modules of a grid and whole random designs, fits the coefficients to all of their modules, and compares each design with the model that is fitted
/// without it. What was synthesised once stays in the cache, so that an interrupted calibration goes on where it stopped.
/// </summary>
public sealed class Calibration(SynthesisTarget target, Synthesizer synthesizer, uint seed)
{
    private const string Top = "accelerator";

    /// <summary>Single modules of one elaboration.</summary>
    private const int GridPart = 256;

    /// <summary>Whether only what is in the cache is used: modules that were not synthesised are left out, and so are designs with such modules.</summary>
    public bool CachedOnly { get; init; }

    /// <summary>Of the grid only modules of these names; empty: all.</summary>
    public ImmutableArray<string> Only { get; init; } = [];

    /// <summary>Designs after the last one that is synthesised as a whole, of which the modules that the grid has not, and the requantisers, are synthesised, and none is compared.</summary>
    public int Units { get; init; }

    /// <summary>The modules of the grid, and designs <paramref name="first"/> to <c>first + designs - 1</c> with their modules.</summary>
    public CalibrationData Measure(int first, int designs, Action<string> report, CancellationToken cancellation)
    {
        List<MeasuredModule> modules = [.. MeasureGrid(report, cancellation), .. MeasureUnits(first + designs, report, cancellation)];
        List<ValidationPoint> points = [];
        foreach (MeasuredDesign design in MeasureDesigns(first, designs, report, cancellation))
        {
            points.Add(design.Point);
            modules.AddRange(design.Modules);
        }

        return new([.. modules], [.. points]);
    }

    /// <summary>
    /// The technology of <paramref name="data"/>: fitted to all modules, and for each design what the model says that is fitted without its modules. Of <paramref name="kept"/> stay the coefficients that rest
    /// on more modules than there are now, and the designs that were not synthesised again.
    /// </summary>
    public AreaTechnology Fit(CalibrationData data, AreaTechnology? kept)
    {
        IEnumerable<ValidationPoint> points = data.Designs.Concat(kept?.Validation ?? []).DistinctBy(point => point.Index)
            .Select(point => Compared(point, new(Technology(data.Modules.Where(module => module.Design != point.Index), kept))));
        return WithPoints(Technology(data.Modules, kept) with { Clock = kept?.Clock }, points);
    }

    /// <summary>
    /// <paramref name="technology"/> with designs <paramref name="first"/> to <c>first + designs - 1</c> in its table, none of whose modules was fitted: what the synthesiser found, and what the coefficients say.
    /// Those that are in it stay where <paramref name="keep"/> says so.
    /// </summary>
    public AreaTechnology Check(AreaTechnology technology, int first, int designs, bool keep, Action<string> report, CancellationToken cancellation)
    {
        var model = new StructuralAreaModel(technology);
        IEnumerable<ValidationPoint> points = MeasureDesigns(first, designs, report, cancellation).Select(design => design.Point).Concat(keep ? technology.Validation : []).DistinctBy(point => point.Index);
        return WithPoints(technology with { Seed = seed }, points.Select(point => Compared(point, model)));
    }

    private static AreaTechnology WithPoints(AreaTechnology technology, IEnumerable<ValidationPoint> points)
    {
        ImmutableArray<ValidationPoint> table = [.. points.OrderBy(point => point.Index)];
        return technology with { Designs = table.Length, Validation = table, Error = ModelError.Of(table) };
    }

    private ValidationPoint Compared(ValidationPoint point, StructuralAreaModel model)
    {
        FpgaResources total = model.Total(CalibrationDesigns.Draw(seed, point.Index));
        return point with { Model = [(long)total.Lut, (long)total.FlipFlops, (long)total.Dsp, (long)total.BlockRam] };
    }

    private IEnumerable<MeasuredDesign> MeasureDesigns(int first, int designs, Action<string> report, CancellationToken cancellation)
    {
        foreach (int index in Enumerable.Range(first, designs))
        {
            AcceleratorSpec spec = CalibrationDesigns.Draw(seed, index);
            Elaboration design = synthesizer.Elaborate(HardwareSources.Of(spec), Top, cancellation);
            if (CachedOnly && synthesizer.Known(design.Modules).Count < design.Modules.Select(module => module.Hash).Distinct().Count())
            {
                continue;
            }

            SynthesizedDesign synthesized = synthesizer.Synthesize([design], null, cancellation)[0];
            CellCost total = synthesized.Total;
            Dictionary<string, CellCost> costs = synthesized.Modules.ToDictionary(module => module.Variant, module => module.Own);
            Dictionary<string, long> package = DesignModules.PackageOf(RtlParameters.Of(spec));
            report(string.Create(CultureInfo.InvariantCulture, $"calibrate {target.Name}: design {index - first + 1} of {designs}, {NameOf(spec)}: {total.Lut} LUT"));
            yield return new(
                new(index, NameOf(spec), [total.Lut, total.FlipFlops, total.Dsp, total.BlockRam], []),
                [
                    .. design.Modules.Where(module => ModuleModels.IsFitted(module.SourceName, target) && costs.ContainsKey(module.Name))
                        .Select(module => new MeasuredModule(module.SourceName, new(module.Parameters, package), costs[module.Name], index)),
                ]);
        }
    }

    private AreaTechnology Technology(IEnumerable<MeasuredModule> modules, AreaTechnology? kept)
    {
        ImmutableSortedDictionary<string, ModuleCoefficients> fitted = AreaFit.Fit(modules.DistinctBy(module => (module.Module, Key(module))), target);
        IEnumerable<KeyValuePair<string, ModuleCoefficients>> stay =
            kept?.Modules.Where(old => !fitted.TryGetValue(old.Key, out ModuleCoefficients? now) || (!CalibrationGrid.Covers(old.Key) && now.Points < old.Value.Points)) ?? [];
        return new()
        {
            Target = target.Name, Tool = synthesizer.Tool, Seed = seed, Designs = 0, Error = ModelError.Of([]), Validation = [], Modules = fitted.SetItems(stay),
        };
    }

    private IEnumerable<MeasuredModule> MeasureGrid(Action<string> report, CancellationToken cancellation)
    {
        AcceleratorSpec spec = CalibrationDesigns.Draw(seed, 0);
        HardwareSources sources = HardwareSources.Of(spec);
        Dictionary<string, long> package = DesignModules.PackageOf(RtlParameters.Of(spec));
        GridModule[] grid = [.. CalibrationGrid.Of(target, seed).Where(module => Only.IsEmpty || Only.Contains(module.Module))];
        foreach (GridModule[] part in grid.Chunk(GridPart))
        {
            Elaboration elaborated = synthesizer.Elaborate(sources with { Files = sources.Files.Add((CalibrationGrid.File, CalibrationGrid.Source(part))) }, CalibrationGrid.Top, cancellation);
            Dictionary<string, RtlilModule> modules = elaborated.Modules.Where(module => part.Any(point => point.Module == module.SourceName))
                .GroupBy(module => KeyOf(module.SourceName, module.Parameters)).ToDictionary(same => same.Key, same => same.First());
            (RtlilModule, Dictionary<string, long>)[] found =
            [
                .. part.Select(point => (modules[KeyOf(point.Module, point.Parameters.ToDictionary())], point.Constants.Aggregate(new Dictionary<string, long>(package), (all, constant) =>
                {
                    all[constant.Name] = constant.Value;
                    return all;
                }))),
            ];
            foreach (MeasuredModule module in Costs([.. found.Select(point => new Point(point.Item1, point.Item2, null))], string.Create(CultureInfo.InvariantCulture, $"{part[0].Module} and others, {grid.Length} single modules"), report, cancellation))
            {
                yield return module;
            }
        }

        string KeyOf(string module, IReadOnlyDictionary<string, long> parameters) =>
            module + string.Concat(grid.First(point => point.Module == module).Parameters.Select(parameter => string.Create(CultureInfo.InvariantCulture, $" {(int)parameters[parameter.Name]}")));
    }

    /// <summary>Of modules that the model cannot tell apart one is synthesised.</summary>
    private IEnumerable<MeasuredModule> MeasureUnits(int first, Action<string> report, CancellationToken cancellation)
    {
        List<Point> points = [];
        foreach (int index in Enumerable.Range(first, Units))
        {
            AcceleratorSpec spec = CalibrationDesigns.Draw(seed, index);
            Dictionary<string, long> package = DesignModules.PackageOf(RtlParameters.Of(spec));
            points.AddRange(synthesizer.Elaborate(HardwareSources.Of(spec), Top, cancellation).Modules
                .Where(module => ModuleModels.IsFitted(module.SourceName, target) && (module.SourceName == "requantizer" || !CalibrationGrid.Covers(module.SourceName)) && (Only.IsEmpty || Only.Contains(module.SourceName)))
                .Select(module => new Point(module, package, index)));
        }

        Point[] different = [.. points.DistinctBy(point => (point.Module.SourceName, Key(point.Measured(default))))];
        return different.Length == 0 ? [] : Costs(different, string.Create(CultureInfo.InvariantCulture, $"units of {Units} designs, {different.Length} modules"), report, cancellation);
    }

    private IEnumerable<MeasuredModule> Costs(Point[] modules, string what, Action<string> report, CancellationToken cancellation)
    {
        var progress = new Reporter(state => report(string.Create(CultureInfo.InvariantCulture, $"calibrate {target.Name}: {what}, {state.Done} of {state.Of}")));
        RtlilModule[] all = [.. modules.Select(module => module.Module)];
        IReadOnlyDictionary<string, CellCost> costs = CachedOnly ? synthesizer.Known(all) : synthesizer.Costs(all, progress, cancellation);
        return modules.Where(module => costs.ContainsKey(module.Module.Hash))
            .Select(module => module.Measured(costs[module.Module.Hash]));
    }

    /// <summary>Kind, dataflow and array.</summary>
    internal static string NameOf(AcceleratorSpec spec) => string.Create(
        CultureInfo.InvariantCulture,
        $"{EnumNames.Of(spec.Array.ProcessingElement)} {EnumNames.Of(spec.Array.Dataflow)} {spec.Array.Rows}x{spec.Array.Columns}x{spec.Array.Lanes} a{spec.Array.ActivationWidth} w{spec.Array.WeightWidth}");

    private string Key(MeasuredModule module) =>
        string.Join(' ', ModuleModels.TermsOf(module.Module, module.Values, target).Select(term => term.Value.ToString(CultureInfo.InvariantCulture)))
        + ModuleModels.Variant(module.Module, module.Values, target) + ModuleModels.EntryOf(module.Module, module.Values, target);

    /// <summary>A module to synthesise, with the constants of its design.</summary>
    private sealed record Point(RtlilModule Module, Dictionary<string, long> Package, int? Design)
    {
        public MeasuredModule Measured(CellCost cost) => new(Module.SourceName, new(Module.Parameters, Package), cost, Design);
    }

    /// <summary>A whole design with its different modules.</summary>
    private sealed record MeasuredDesign(ValidationPoint Point, ImmutableArray<MeasuredModule> Modules);

    /// <summary>Reports on the calling thread.</summary>
    private sealed class Reporter(Action<SynthesisProgress> action) : IProgress<SynthesisProgress>
    {
        public void Report(SynthesisProgress value) => action(value);
    }
}
