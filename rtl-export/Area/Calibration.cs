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

    /// <summary>Designs that are compared are of another seed than those that are fitted.</summary>
    private const uint ValidationSeed = 0x5eed;

    /// <summary>The calibrated technology.</summary>
    /// <param name="designs">Designs whose modules are fitted.</param>
    /// <param name="validation">Designs that are compared.</param>
    /// <param name="report">Gets a line for each design.</param>
    /// <param name="cancellation">Stops between runs of the synthesiser.</param>
    public AreaTechnology Run(int designs, int validation, Action<string> report, CancellationToken cancellation)
    {
        (IReadOnlyList<MeasuredModule> modules, string tool) = Measure(designs, report, cancellation);
        ImmutableSortedDictionary<string, ModuleCoefficients> coefficients = AreaFit.Fit(modules.DistinctBy(module => (module.Module, Key(module))), target);
        var technology = new AreaTechnology
        {
            Target = target.Name, Tool = tool, Seed = seed, Designs = designs, Modules = coefficients, Error = ModelError.Of([]), Validation = [],
        };
        var model = new StructuralAreaModel(technology);
        var points = ImmutableArray.CreateBuilder<ValidationPoint>();
        for (int i = 0; i < validation; i++)
        {
            points.Add(Compare(CalibrationDesigns.Draw(ValidationSeed, i), model, cancellation));
            report(string.Create(CultureInfo.InvariantCulture, $"calibrate {target.Name}: compared design {i + 1} of {validation}: {points[^1].Design}, {points[^1].Measured[0]} LUT, model {points[^1].Model[0]}"));
        }

        return technology with { Validation = points.ToImmutable(), Error = ModelError.Of(points) };
    }

    /// <summary>One whole design in the synthesiser and in the model.</summary>
    public ValidationPoint Compare(AcceleratorSpec spec, StructuralAreaModel model, CancellationToken cancellation)
    {
        CellCost measured = synthesizer.Synthesize([synthesizer.Elaborate(HardwareSources.Of(spec), Top, cancellation)], null, cancellation)[0].Total;
        FpgaResources estimated = model.Total(spec);
        ArraySpec array = spec.Array;
        string name = string.Create(
            CultureInfo.InvariantCulture,
            $"{EnumNames.Of(array.ProcessingElement)} {EnumNames.Of(array.Dataflow)} {array.Rows}x{array.Columns}x{array.Lanes} a{array.ActivationWidth} w{array.WeightWidth}");
        return new(
            name, [measured.Lut, measured.FlipFlops, measured.Dsp, measured.BlockRam],
            [(long)estimated.Lut, (long)estimated.FlipFlops, (long)estimated.Dsp, (long)estimated.BlockRam]);
    }

    /// <summary>The modules of the designs that have coefficients, and further ones beside each design; the rest follows from rules.</summary>
    private (IReadOnlyList<MeasuredModule> Modules, string Tool) Measure(int designs, Action<string> report, CancellationToken cancellation)
    {
        List<(RtlilModule Module, ImmutableDictionary<string, long> Package)> modules = [];
        for (int i = 0; i < designs; i++)
        {
            AcceleratorSpec spec = CalibrationDesigns.Draw(seed, i);
            HardwareSources sources = HardwareSources.Of(spec);
            sources = sources with { Files = sources.Files.Add((PointModules.File, PointModules.Of(seed, i))) };
            ImmutableDictionary<string, long> package = DesignModules.PackageOf(RtlParameters.Of(spec));
            modules.AddRange(synthesizer.Elaborate(sources, PointModules.Top, cancellation).Modules.Where(module => ModuleModels.IsFitted(module.SourceName)).Select(module => (module, package)));
            report(string.Create(CultureInfo.InvariantCulture, $"calibrate {target.Name}: elaborated design {i + 1} of {designs}, {modules.Count} modules"));
        }

        var progress = new Reporter(state => report(string.Create(CultureInfo.InvariantCulture, $"calibrate {target.Name}: {state.Done} of {state.Of} modules")));
        IReadOnlyDictionary<string, CellCost> costs = synthesizer.Costs(modules.Select(module => module.Module), progress, cancellation);
        return ([.. modules.Select(module => new MeasuredModule(module.Module.SourceName, new(module.Module.Parameters, module.Package), costs[module.Module.Hash]))], synthesizer.Tool);
    }

    private string Key(MeasuredModule module) =>
        string.Join(' ', ModuleModels.TermsOf(module.Module, module.Values, target).Select(term => term.Value.ToString(CultureInfo.InvariantCulture)))
        + ModuleModels.Variant(module.Module, module.Values, target);

    /// <summary>Reports on the calling thread.</summary>
    private sealed class Reporter(Action<SynthesisProgress> action) : IProgress<SynthesisProgress>
    {
        public void Report(SynthesisProgress value) => action(value);
    }
}
