// SPDX-License-Identifier: Apache-2.0
using RtlExport.Tools;

namespace RtlExport.Synthesis;

/// <summary>
/// Places and routes the slowest units of a design on the iCE40 UP5K (package SG48) with nextpnr-ice40, and times the result with it and with icetime: one lane of the vector unit and one processing element,
/// mapped module by module as <see cref="Synthesizer"/> does and made flat only then, between the registers of a <see cref="TimingHarness"/>. The part holds no whole design: the programs of its four units
/// alone take more memory blocks than it has.
/// </summary>
public sealed class Ice40Placer
{
    /// <summary>What the part has: logic cells, multiplier blocks, memory blocks (FPGA-DS-02008).</summary>
    public static CellCost Part { get; } = new(Lut: 5280, FlipFlops: 5280, Dsp: 8, BlockRam: 30);

    private readonly Yosys _yosys = Yosys.Find();
    private readonly PlaceAndRoute _placer = PlaceAndRoute.Find();

    /// <summary>The clock that placements aim at, MHz.</summary>
    private const double AimMhz = 12;

    /// <summary>Seed of the placement.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Limit of each program.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

    private static readonly string[] UnitNames = ["vector_lane", "processing_element", "accumulating_element"];

    /// <summary>The units that are placed: one of each name.</summary>
    public static IEnumerable<RtlilModule> Units(Elaboration design) =>
        UnitNames.Select(name => design.Modules.FirstOrDefault(module => module.SourceName == name)).OfType<RtlilModule>();

    /// <summary>Whether the part holds the units of a design.</summary>
    public static bool Holds(SynthesizedDesign design)
    {
        CellCost sum = UnitNames.Select(name => design.Modules.FirstOrDefault(module => module.Name == name)?.Cumulative ?? default).Aggregate((a, b) => a + b);
        return sum.Lut <= Part.Lut && sum.FlipFlops <= Part.FlipFlops && sum.Dsp <= Part.Dsp && sum.BlockRam <= Part.BlockRam;
    }

    /// <summary>Timing of the units of <paramref name="design"/>, or null where they cannot be placed: a part that is nearly full may have no place for every carry chain.</summary>
    /// <param name="sources">The sources that <paramref name="design"/> was elaborated from.</param>
    /// <param name="design">The elaborated design.</param>
    /// <param name="logFile">Gets the output of a program that fails.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="RtlCompileException">Yosys refuses the sources, or a program runs longer than the limit.</exception>
    public PlacedDesign? Place(HardwareSources sources, Elaboration design, string logFile, CancellationToken cancellation)
    {
        string work = Directory.CreateTempSubdirectory("place-").FullName;
        try
        {
            SynthesisTarget target = SynthesisTarget.Ice40Up5k;
            sources.WriteTo(work);
            File.WriteAllText(Path.Combine(work, TimingHarness.File), TimingHarness.Of(Units(design)));
            _yosys.Run(
                [
                    .. target.Libraries, $"read_verilog -sv -DSYNTHESIS {string.Join(' ', sources.Names)}", $"hierarchy -check -top {design.Top}",
                    "setattr -mod -unset top", $"read_rtlil {TimingHarness.File}", $"hierarchy -check -top {TimingHarness.Top}",
                    .. target.Mapping, "flatten", "opt_clean", "write_json design.json",
                ],
                work, logFile, Timeout, cancellation);
            return _placer.Run(new(Path.Combine(work, "design.json"), Path.Combine(work, "design.asc"), null, null, logFile), AimMhz, Seed, Timeout, cancellation);
        }
        catch (RtlCompileException exception) when (exception.Message.StartsWith("the design is too large", StringComparison.Ordinal) || exception.Message.StartsWith("nextpnr-ice40: ERROR", StringComparison.Ordinal))
        {
            return null;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }
}
