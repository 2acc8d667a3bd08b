// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using AccelModel.Costs;
using AccelModel.Specification;
using RtlExport.Area;
using RtlExport.Synthesis;

namespace Cli.Devices;

/// <summary>What is counted of a design.</summary>
public enum AreaResource
{
    /// <summary>Look-up tables.</summary>
    Lut,

    /// <summary>Flip-flops.</summary>
    FlipFlops,

    /// <summary>Multiplier blocks.</summary>
    Dsp,

    /// <summary>Memory blocks.</summary>
    BlockRam,
}

/// <summary>Area of a design without synthesis: the calibrated model where the target has one that knows all of its modules, else the first-order formula of docs/costs.md.</summary>
public sealed record DesignArea
{
    /// <summary>The family.</summary>
    public required SynthesisTarget Target { get; init; }

    /// <summary>What the design takes.</summary>
    public required FpgaResources Resources { get; init; }

    /// <summary>Fastest clock with its error; null where no tool here times the family.</summary>
    public ClockModel? Clock { get; init; }

    /// <summary>Whether the model was fitted.</summary>
    public Provenance Provenance => ModelOf(Target) is null ? AreaModel.Provenance : Provenance.Estimated;

    /// <summary>What the figures rest on.</summary>
    public string Note => Basis(Target).Note;

    /// <summary>Errors of the model on designs that it was not fitted to; null for the formula.</summary>
    public ModelError? Error => ModelOf(Target)?.Technology.Error;

    /// <summary>
    /// How far the synthesiser is from the vendor's tool, where that is known. PicoRV32 small, regular, large: its README gives 743, 897, 1882 LUTs for Vivado, Yosys 0.23 finds 863, 1118, 2315.
    /// </summary>
    public string? Bias => BiasOf(Target);

    /// <summary>See <see cref="Bias"/>.</summary>
    public static string? BiasOf(SynthesisTarget target) => target.IsXilinx
        ? "Yosys is not Vivado: for PicoRV32 (small, regular, large) Yosys 0.23 finds 16, 25 and 23 % more LUTs than Vivado, and flip-flops within 4 %"
        : null;

    /// <summary>The family of areas in runs, sweeps and tables of methods.</summary>
    public static SynthesisTarget DefaultTarget => SynthesisTarget.Xc7;

    /// <summary>What areas on the default family depend on beside the design.</summary>
    public static string Identity => TechnologyCatalogue.IdentityOf(DefaultTarget.Name);

    /// <summary>What areas on the default family and on others depend on beside the design.</summary>
    public static string IdentityOf(IEnumerable<SynthesisTarget?> families) =>
        string.Join(' ', families.Select(family => (family ?? DefaultTarget).Name).Append(DefaultTarget.Name).Distinct().Order(StringComparer.Ordinal).Select(TechnologyCatalogue.IdentityOf));

    /// <summary>Bits of the design's buffers.</summary>
    public required double MemoryBits { get; init; }

    /// <summary>What figures of a family rest on, for a design all of whose modules it knows.</summary>
    /// <param name="target">The family.</param>
    /// <param name="resource">The resource whose error is told.</param>
    public static (Provenance Provenance, string Note) Basis(SynthesisTarget target, AreaResource resource = AreaResource.Lut)
    {
        if (ModelOf(target) is not StructuralAreaModel model)
        {
            return (AreaModel.Provenance, "LUTs by the first-order formula of docs/costs.md; flip-flops and memory blocks counted");
        }

        ModelError error = model.Technology.Error;
        FormattableString found = resource switch
        {
            AreaResource.FlipFlops => $"FF error at most {error.FfWorst:P1}",
            AreaResource.Dsp => $"DSP error at most {error.DspWorst:P1}",
            AreaResource.BlockRam => $"BRAM error at most {error.BramWorst:P1}",
            _ => $"LUT error median {error.LutMedian:P1}, worst {error.LutWorst:P1}",
        };
        return (Provenance.Estimated, FormattableString.Invariant($"fitted to {model.Technology.Tool.Split(" (")[0]}; {FormattableString.Invariant(found)} on {error.Designs} other designs"));
    }

    /// <summary><see cref="Basis"/> as reports show it.</summary>
    public static Reports.Html.Provenance Shown(SynthesisTarget target, AreaResource resource)
    {
        (Provenance provenance, string note) = Basis(target, resource);
        return new(Enum.Parse<Reports.Html.ProvenanceKind>(provenance.ToString()), note);
    }

    /// <summary>Area of <paramref name="spec"/> on the default family.</summary>
    public static DesignArea Of(AcceleratorSpec spec) => Of(spec, DefaultTarget);

    /// <summary>Area of <paramref name="spec"/> on <paramref name="target"/>.</summary>
    public static DesignArea Of(AcceleratorSpec spec, SynthesisTarget target)
    {
        Area formula = AreaModel.Total(spec);
        return new()
        {
            Target = target,
            // The formula has all products in LUTs.
            Resources = ModelOf(target)?.Total(spec) ?? StructuralAreaModel.Counted(spec, target) with { Lut = formula.Lut, Dsp = 0 },
            MemoryBits = formula.MemoryBits,
            Clock = TechnologyCatalogue.Find(target.Name)?.Technology.Clock,
        };
    }

    /// <summary>What each module of <paramref name="spec"/> takes; empty where the family was not calibrated.</summary>
    public static ImmutableArray<ModuleArea> Modules(AcceleratorSpec spec, SynthesisTarget target) => ModelOf(target)?.Modules(spec) ?? [];

    /// <summary>A file may know the family's clock alone.</summary>
    private static StructuralAreaModel? ModelOf(SynthesisTarget target) =>
        TechnologyCatalogue.Find(target.Name) is { Technology.Modules.IsEmpty: false } model ? model : null;
}
