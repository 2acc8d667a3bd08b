// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using RtlExport.Tools;

namespace RtlExport.Synthesis;

/// <summary>Places and routes netlists for the iCE40 UltraPlus 5K in its package SG48: nextpnr-ice40, icetime, icepack.</summary>
public sealed partial class PlaceAndRoute
{
    /// <summary>Package of the part.</summary>
    public const string Package = "sg48";

    private const string Database = "/usr/share/fpga-icestorm/chipdb/chipdb-5k.txt";

    private static readonly ImmutableArray<(string Cell, string Name)> Resources =
    [
        ("ICESTORM_LC", "logic cells"), ("ICESTORM_RAM", "memory blocks of 4 Kbit"), ("ICESTORM_DSP", "multiplier blocks"), ("ICESTORM_SPRAM", "memory blocks of 256 Kbit"), ("SB_IO", "pins"),
    ];

    private readonly string _placer, _packer, _timer, _version;

    private PlaceAndRoute(string placer, string packer, string timer, string version)
    {
        _placer = placer;
        _packer = packer;
        _timer = timer;
        _version = version;
    }

    /// <summary>Pins that the package has for signals (FPGA-DS-02008, table 1.1); the placer knows of more, which are not bonded.</summary>
    public static int PackagePins => 39;

    /// <summary>The installed tools.</summary>
    /// <exception cref="ToolMissingException">One is not installed, or icetime's description of the part is not.</exception>
    public static PlaceAndRoute Find()
    {
        string placer = ExternalTool.Require("nextpnr-ice40", "nextpnr-ice40");
        string packer = ExternalTool.Require("icepack", "fpga-icestorm"), timer = ExternalTool.Require("icetime", "fpga-icestorm");
        if (!File.Exists(Database))
        {
            throw new ToolMissingException(Database, "apt-get install -y --no-install-recommends fpga-icestorm-chipdb");
        }

        string printed = ExternalTool.Run(placer, ["--version"], Path.GetTempPath(), TimeSpan.FromMinutes(1)).Output;
        return new(placer, packer, timer, $"nextpnr-ice40 {VersionText().Match(printed).Groups[1]}, icetime");
    }

    /// <summary>Places and routes a netlist, and packs it where a bitstream is wanted.</summary>
    /// <param name="files">The netlist, and where the results go.</param>
    /// <param name="clockMhz">The clock to aim at, MHz; missing it is no failure.</param>
    /// <param name="seed">Seed of the placement: the same netlist, clock and seed give the same result.</param>
    /// <param name="timeout">Each tool is stopped after this time.</param>
    /// <param name="cancellation">Stops the tools.</param>
    /// <exception cref="RtlCompileException">The design is too large for the part (the message says of what it needs how much), or a tool fails.</exception>
    public PlacedDesign Run(PlacementFiles files, double clockMhz, int seed, TimeSpan timeout, CancellationToken cancellation)
    {
        string report = files.Routed + ".report.json";
        string[] pins = files.Pins is null ? [] : ["--pcf", files.Pins];
        ToolRun placed = Tool(
            _placer,
            [
                "--up5k", "--package", Package, "--json", files.Netlist, "--asc", files.Routed, "--report", report, .. pins,
                "--freq", clockMhz.ToString(CultureInfo.InvariantCulture), "--seed", seed.ToString(CultureInfo.InvariantCulture), "--timing-allow-fail",
            ],
            files.Log, timeout, cancellation);
        if (placed.ExitCode != 0)
        {
            throw new RtlCompileException(placed.TimedOut ? $"nextpnr-ice40 took longer than {timeout}" : Shortage(placed.Output) ?? $"nextpnr-ice40: {FirstError(placed.Output)}", files.Log);
        }

        ToolRun timed = Required(_timer, ["-d", "up5k", "-P", Package, "-m", "-t", files.Routed], files.Log, timeout, cancellation);
        if (files.Bitstream is string bitstream)
        {
            Required(_packer, [files.Routed, bitstream], files.Log, timeout, cancellation);
        }

        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(report));
        File.Delete(report);
        JsonElement used = document.RootElement.GetProperty("utilization");
        int Used(string cell) => used.GetProperty(cell).GetProperty("used").GetInt32();
        double nextpnr = document.RootElement.GetProperty("fmax").EnumerateObject().Select(clock => clock.Value.GetProperty("achieved").GetDouble()).DefaultIfEmpty(double.PositiveInfinity).Min();
        Match delay = PathDelay().Match(timed.Output);
        double icetime = delay.Success ? 1000 / double.Parse(delay.Groups[1].Value, CultureInfo.InvariantCulture) : double.PositiveInfinity;
        return new(_version, Used("ICESTORM_LC"), Used("ICESTORM_RAM"), Used("ICESTORM_DSP"), Used("ICESTORM_SPRAM"), Used("SB_IO"), nextpnr, icetime);
    }

    /// <summary>What the part has too little of, from what the placer counts before it places; null where nothing is short.</summary>
    internal static string? Shortage(string output)
    {
        List<string> shortages = [];
        foreach ((string cell, string name) in Resources)
        {
            Match count = Regex.Match(output, cell + @":\s*(\d+)/\s*(\d+)");
            if (count.Success && int.Parse(count.Groups[1].Value, CultureInfo.InvariantCulture) is int used && int.Parse(count.Groups[2].Value, CultureInfo.InvariantCulture) is int there && used > there)
            {
                shortages.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: found {used}, allowed {there} ({used - there} too many)"));
            }
        }

        return shortages.Count == 0 ? null : "the design is too large for the iCE40UP5K: " + string.Join("; ", shortages);
    }

    private static ToolRun Required(string program, string[] arguments, string log, TimeSpan timeout, CancellationToken cancellation)
    {
        ToolRun run = Tool(program, arguments, log, timeout, cancellation);
        string name = Path.GetFileName(program);
        return run.ExitCode == 0 ? run : throw new RtlCompileException(run.TimedOut ? $"{name} took longer than {timeout}" : $"{name}: {FirstError(run.Output)}", log);
    }

    private static ToolRun Tool(string program, string[] arguments, string log, TimeSpan timeout, CancellationToken cancellation)
    {
        ToolRun run = ExternalTool.Run(program, arguments, Path.GetTempPath(), timeout, null, cancellation);
        if (run.ExitCode != 0)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(log))!);
            File.WriteAllText(log, run.Output);
        }

        return run;
    }

    private static string FirstError(string output)
    {
        string[] lines = output.Split('\n');
        return (lines.FirstOrDefault(line => line.Contains("ERROR", StringComparison.Ordinal)) ?? lines.FirstOrDefault(line => line.Trim().Length > 0) ?? "it ended without a message").Trim();
    }

    [GeneratedRegex(@"Total path delay:\s*([0-9.]+) ns")]
    private static partial Regex PathDelay();

    [GeneratedRegex(@"Version ([0-9.]+)")]
    private static partial Regex VersionText();
}
