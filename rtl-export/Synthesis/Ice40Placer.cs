// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.RegularExpressions;
using RtlExport.Tools;

namespace RtlExport.Synthesis;

/// <summary>
/// Places and routes the slowest units of a design on the iCE40 UP5K (package SG48) with nextpnr-ice40, and times the result with it and with icetime: one lane of the vector unit and one processing element,
/// mapped module by module as <see cref="Synthesizer"/> does and made flat only then, between the registers of a <see cref="TimingHarness"/>. The part holds no whole design: the programs of its four units
/// alone take more memory blocks than it has.
/// </summary>
public sealed partial class Ice40Placer
{
    /// <summary>What the part has: logic cells, multiplier blocks, memory blocks (FPGA-DS-02008).</summary>
    public static CellCost Part { get; } = new(Lut: 5280, FlipFlops: 5280, Dsp: 8, BlockRam: 30);

    private readonly Yosys _yosys = Yosys.Find();
    private readonly string _nextpnr = ExternalTool.Require("nextpnr-ice40", "nextpnr-ice40");
    private readonly string _icetime = ExternalTool.Require("icetime", "fpga-icestorm");

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
    public PlacedTiming? Place(HardwareSources sources, Elaboration design, string logFile, CancellationToken cancellation)
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
            ToolRun placed = Run(
                _nextpnr, ["--up5k", "--package", "sg48", "--json", "design.json", "--asc", "design.asc", "--freq", "12", "--seed", Seed.ToString(CultureInfo.InvariantCulture), "--timing-allow-fail"],
                work, logFile, cancellation);
            if (placed.ExitCode != 0)
            {
                return null;
            }

            ToolRun timed = Run(_icetime, ["-d", "up5k", "-P", "sg48", "-m", "-t", "design.asc"], work, logFile, cancellation);
            if (timed.ExitCode != 0)
            {
                return null;
            }

            return new(
                Number(NextpnrClock().Matches(placed.Output)), Number(IcetimeClock().Matches(timed.Output)), (int)Number(LogicCells().Matches(placed.Output)),
                string.Join(" > ", Instances(timed.Output)));
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private ToolRun Run(string program, string[] arguments, string work, string logFile, CancellationToken cancellation)
    {
        ToolRun run = ExternalTool.Run(program, arguments, work, Timeout, null, cancellation);
        if (run.ExitCode != 0)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(logFile))!);
            File.WriteAllText(logFile, run.Output);
            if (run.TimedOut)
            {
                throw new RtlCompileException($"{Path.GetFileName(program)} took longer than {Timeout}", logFile);
            }
        }

        return run;
    }

    /// <summary>The last one: before it come estimates.</summary>
    private static double Number(MatchCollection matches) => matches.Count == 0 ? 0 : double.Parse(matches[^1].Groups[1].Value, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Instances(string icetime) =>
        PathNet().Matches(icetime).Select(match => match.Groups[1].Value[..Math.Max(0, match.Groups[1].Value.LastIndexOf('.'))]).Where(name => name.Length > 0).Aggregate(
            new List<string>(),
            (names, name) =>
            {
                if (names.Count == 0 || names[^1] != name)
                {
                    names.Add(name);
                }

                return names;
            });

    [GeneratedRegex(@"Max frequency for clock[^:]*: +([0-9.]+) MHz")]
    private static partial Regex NextpnrClock();

    [GeneratedRegex(@"Total path delay: [0-9.]+ ns \(([0-9.]+) MHz\)")]
    private static partial Regex IcetimeClock();

    [GeneratedRegex(@"ICESTORM_LC: *([0-9]+)/")]
    private static partial Regex LogicCells();

    [GeneratedRegex(@"u_[01]\.([^\s\[]+)")]
    private static partial Regex PathNet();
}
