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
        List<MeasuredModule> modules = [];
        string tool = "";
        for (int i = 0; i < designs; i++)
        {
            AcceleratorSpec spec = CalibrationDesigns.Draw(seed, i);
            (SynthesizedDesign design, IReadOnlyList<MeasuredModule> measured) = Measure(spec, PointModules.Of(seed, i), cancellation);
            modules.AddRange(measured);
            tool = design.Tool;
            report(string.Create(CultureInfo.InvariantCulture, $"calibrate {target.Name}: modules of design {i + 1} of {designs}, {design.Synthesized} synthesised"));
        }

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

    /// <summary>The modules of one design that have coefficients, and further ones beside it.</summary>
    private (SynthesizedDesign Design, IReadOnlyList<MeasuredModule> Modules) Measure(AcceleratorSpec spec, string points, CancellationToken cancellation)
    {
        HardwareSources sources = HardwareSources.Of(spec);
        sources = sources with { Files = sources.Files.Add((PointModules.File, points)) };
        Elaboration whole = synthesizer.Elaborate(sources, PointModules.Top, cancellation);

        // Only what is fitted is synthesised; the rest follows from rules.
        Elaboration part = whole with { Modules = [.. whole.Modules.Where(module => ModuleModels.IsFitted(module.SourceName))] };
        ImmutableDictionary<string, long> package = DesignModules.PackageOf(RtlParameters.Of(spec));
        IReadOnlyDictionary<string, CellCost> costs = synthesizer.Costs(part, cancellation, out int synthesized, out string tool);
        return (
            new() { Target = target, Tool = tool, Total = default, Cells = ImmutableSortedDictionary<string, long>.Empty, Modules = [], Synthesized = synthesized },
            [.. part.Modules.Select(module => new MeasuredModule(module.SourceName, new(module.Parameters, package), costs[module.Name]))]);
    }

    private string Key(MeasuredModule module) =>
        string.Join(' ', ModuleModels.TermsOf(module.Module, module.Values, target).Select(term => term.Value.ToString(CultureInfo.InvariantCulture)))
        + ModuleModels.Variant(module.Module, module.Values, target);
}
