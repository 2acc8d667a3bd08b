// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using AccelModel.Costs;
using AccelModel.Specification;
using RtlExport.Area;
using RtlExport.Synthesis;

namespace Cli.Devices;

/// <summary>Area of a design without synthesis: the calibrated model where the target has one that knows all of its modules, else the first-order formula of docs/costs.md.</summary>
public sealed record DesignArea
{
    /// <summary>The family.</summary>
    public required SynthesisTarget Target { get; init; }

    /// <summary>What the design takes.</summary>
    public required FpgaResources Resources { get; init; }

    /// <summary>Whether the model was fitted.</summary>
    public required Provenance Provenance { get; init; }

    /// <summary>What the figures rest on.</summary>
    public required string Note { get; init; }

    /// <summary>Errors of the model on designs that it was not fitted to; null for the formula.</summary>
    public ModelError? Error { get; init; }

    /// <summary>What each module takes; empty for the formula.</summary>
    public ImmutableArray<ModuleArea> Modules { get; init; } = [];

    /// <summary>
    /// How far the synthesiser is from the vendor's tool, where that is known. PicoRV32 small, regular, large: its README gives 743, 897, 1882 LUTs for Vivado, Yosys 0.23 finds 863, 1118, 2315.
    /// </summary>
    public string? Bias => BiasOf(Target);

    /// <summary>See <see cref="Bias"/>.</summary>
    public static string? BiasOf(SynthesisTarget target) => target.Name is "xc7" or "xcup"
        ? "Yosys is not Vivado: for PicoRV32 (small, regular, large) Yosys 0.23 finds 16, 25 and 23 % more LUTs than Vivado, and flip-flops within 4 %"
        : null;

    /// <summary>Area of <paramref name="spec"/> on <paramref name="target"/>.</summary>
    public static DesignArea Of(AcceleratorSpec spec, SynthesisTarget target)
    {
        if (TechnologyCatalogue.Find(target.Name) is not StructuralAreaModel model || !model.Covers(spec))
        {
            Area area = AreaModel.Total(spec);
            return new()
            {
                Target = target,
                Resources = new(area.Lut, area.FlipFlops, 0, Math.Ceiling(area.MemoryBits / target.BlockBits)),
                Provenance = AreaModel.Provenance,
                Note = "first-order formula, docs/costs.md",
            };
        }

        ModelError error = model.Technology.Error;
        return new()
        {
            Target = target,
            Resources = model.Total(spec),
            Provenance = Provenance.Estimated,
            Note = string.Create(
                CultureInfo.InvariantCulture, $"fitted to {model.Technology.Tool.Split(" (")[0]}; LUT error median {error.LutMedian:P1}, worst {error.LutWorst:P1} on {error.Designs} other designs"),
            Error = error,
            Modules = model.Modules(spec),
        };
    }
}
