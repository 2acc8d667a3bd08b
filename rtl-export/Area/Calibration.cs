// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using AccelModel.Costs;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using RtlExport.Parameters;
using RtlExport.Synthesis;

namespace RtlExport.Area;

/// <summary>
/// Calibrates the area model of a target: synthesises the modules of random designs, fits the coefficients, and compares whole designs that were not fitted. What was synthesised once stays in the cache, so that
/// an interrupted calibration goes on where it stopped.
/// </summary>
public sealed class Calibration(SynthesisTarget target, Synthesizer synthesizer, uint seed)
{
    private const string Top = "accelerator";

    /// <summary>Whether only what is in the cache is used: modules that were not synthesised are left out, and designs with such modules are not compared.</summary>
    public bool CachedOnly { get; init; }

    /// <summary>The modules of designs 0 to <paramref name="designs"/> - 1 that have coefficients, and further ones beside each design; the rest follows from rules.</summary>
    public IReadOnlyList<MeasuredModule> Measure(int designs, Action<string> report, CancellationToken cancellation)
    {
        List<MeasuredModule> measured = [];
        foreach (int[] group in Enumerable.Range(0, designs).Chunk(Math.Max(4, synthesizer.Jobs)))
        {
            var modules = new (RtlilModule Module, Dictionary<string, long> Package)[group.Length][];
            Synthesizer.InParallel(group, synthesizer.Jobs, cancellation, i =>
            {
                AcceleratorSpec spec = CalibrationDesigns.Draw(seed, i);
                HardwareSources sources = HardwareSources.Of(spec);
                sources = sources with { Files = sources.Files.Add((PointModules.File, PointModules.Of(seed, i))) };
                Dictionary<string, long> package = DesignModules.PackageOf(RtlParameters.Of(spec));
                modules[i - group[0]] = [.. synthesizer.Elaborate(sources, PointModules.Top, cancellation).Modules.Where(module => ModuleModels.IsFitted(module.SourceName)).Select(module => (module, package))];
            });
            var progress = new Reporter(state => report(string.Create(CultureInfo.InvariantCulture, $"calibrate {target.Name}: designs {group[0] + 1} to {group[^1] + 1} of {designs}, {state.Done} of their {state.Of} modules")));
            RtlilModule[] all = [.. modules.SelectMany(design => design).Select(module => module.Module)];
            IReadOnlyDictionary<string, CellCost> costs = CachedOnly ? synthesizer.Known(all) : synthesizer.Costs(all, progress, cancellation);
            measured.AddRange(modules.SelectMany(design => design).Where(module => costs.ContainsKey(module.Module.Hash))
                .Select(module => new MeasuredModule(module.Module.SourceName, new(module.Module.Parameters, module.Package), costs[module.Module.Hash])));
        }

        return [.. measured.DistinctBy(module => (module.Module, Key(module)))];
    }

    /// <summary>The technology of measured modules, compared with nothing yet.</summary>
    public AreaTechnology Fit(IReadOnlyList<MeasuredModule> modules, int designs) => new()
    {
        Target = target.Name, Tool = synthesizer.Tool, Seed = seed, Designs = designs, Modules = AreaFit.Fit(modules, target), Error = ModelError.Of([]), Validation = [],
    };

    /// <summary>What the synthesiser finds for the designs that follow those that were fitted.</summary>
    /// <param name="designs">Designs that were fitted.</param>
    /// <param name="validation">Designs that are compared.</param>
    /// <param name="report">Gets a line for each design.</param>
    /// <param name="cancellation">Stops between runs of the synthesiser.</param>
    public IReadOnlyList<ValidationPoint> Synthesize(int designs, int validation, Action<string> report, CancellationToken cancellation)
    {
        var points = new ValidationPoint?[validation];
        Synthesizer.InParallel(Enumerable.Range(0, validation), CachedOnly ? synthesizer.Jobs : 1, cancellation, i =>
        {
            AcceleratorSpec spec = CalibrationDesigns.Draw(seed, designs + i);
            Elaboration design = synthesizer.Elaborate(HardwareSources.Of(spec), Top, cancellation);
            if (CachedOnly && design.Modules.Any(module => !synthesizer.Known([module]).ContainsKey(module.Hash)))
            {
                return;
            }

            CellCost total = synthesizer.Synthesize([design], null, cancellation)[0].Total;
            points[i] = new(designs + i, NameOf(spec), [total.Lut, total.FlipFlops, total.Dsp, total.BlockRam], []);
            report(string.Create(CultureInfo.InvariantCulture, $"calibrate {target.Name}: design {designs + i + 1}, {NameOf(spec)}: {total.Lut} LUT"));
        });
        return [.. points.OfType<ValidationPoint>()];
    }

    /// <summary>A technology with its errors on synthesised designs.</summary>
    public AreaTechnology Compare(AreaTechnology technology, IEnumerable<ValidationPoint> synthesized)
    {
        var model = new StructuralAreaModel(technology);
        ImmutableArray<ValidationPoint> points =
        [
            .. synthesized.Select(point =>
            {
                FpgaResources total = model.Total(CalibrationDesigns.Draw(seed, point.Index));
                return point with { Model = [(long)total.Lut, (long)total.FlipFlops, (long)total.Dsp, (long)total.BlockRam] };
            }),
        ];
        return technology with { Validation = points, Error = ModelError.Of(points) };
    }

    /// <summary>Kind, dataflow and array.</summary>
    internal static string NameOf(AcceleratorSpec spec) => string.Create(
        CultureInfo.InvariantCulture,
        $"{EnumNames.Of(spec.Array.ProcessingElement)} {EnumNames.Of(spec.Array.Dataflow)} {spec.Array.Rows}x{spec.Array.Columns}x{spec.Array.Lanes} a{spec.Array.ActivationWidth} w{spec.Array.WeightWidth}");

    private string Key(MeasuredModule module) =>
        string.Join(' ', ModuleModels.TermsOf(module.Module, module.Values, target).Select(term => term.Value.ToString(CultureInfo.InvariantCulture)))
        + ModuleModels.Variant(module.Module, module.Values, target) + ModuleModels.EntryOf(module.Module, module.Values, target);

    /// <summary>Reports on the calling thread.</summary>
    private sealed class Reporter(Action<SynthesisProgress> action) : IProgress<SynthesisProgress>
    {
        public void Report(SynthesisProgress value) => action(value);
    }
}
