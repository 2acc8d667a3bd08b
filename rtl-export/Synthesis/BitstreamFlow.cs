// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.RegularExpressions;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace RtlExport.Synthesis;

/// <summary>
/// From a bundle to a bitstream of the iCE40UP5K. The accelerator is mapped by itself, with its programs fixed, and written as a netlist that simulates in place of it; the shell of <c>board/</c> is mapped around
/// exactly these cells, placed, routed and packed.
/// </summary>
public sealed partial class BitstreamFlow
{
    private const string Accelerator = "accelerator", Shell = "up5k_shell", ShellFile = "up5k_shell.sv", PinsFile = "up5k_shell.pcf";

    /// <summary>Bytes of a memory word that the shell is made for.</summary>
    private const int MemoryBytes = 2;

    /// <summary>The oscillator of the usual boards, MHz.</summary>
    private const double BoardClockMhz = 12;

    /// <summary>Words of 16 bits in a memory block.</summary>
    private const int WordsOfBlock = 256;

    private readonly Yosys _yosys = Yosys.Find();
    private readonly PlaceAndRoute _placer = PlaceAndRoute.Find();

    /// <summary>Limit of one run of a tool.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>What is being done.</summary>
    public IProgress<string>? Progress { get; init; }

    /// <summary>Name of the netlist that belongs to a bitstream.</summary>
    public static string NetlistOf(string bitstream) => Path.ChangeExtension(bitstream, ".netlist.v");

    /// <summary>Makes <paramref name="bitstream"/> and, beside it, the netlist (<see cref="NetlistOf"/>); both or none.</summary>
    /// <param name="bundleDirectory">The bundle, with the programs that the bitstream will run.</param>
    /// <param name="bitstream">The file.</param>
    /// <param name="cancellation">Stops the tools.</param>
    /// <exception cref="BundleException">The folder is no bundle, or its memory port does not fit the shell.</exception>
    /// <exception cref="RtlCompileException">A tool fails, or the design is too large: the message says of what it needs how much.</exception>
    public PlacedDesign Build(string bundleDirectory, string bitstream, CancellationToken cancellation)
    {
        HardwareSources sources = FixedPrograms.Of(bundleDirectory);
        BundleManifest manifest = BundleManifest.Read(bundleDirectory);
        string bytes = BytesPerCycle().Match(sources.Files.Single(file => file.Name == "accel_pkg.sv").Text).Groups[1].Value;
        if (bytes != MemoryBytes.ToString(CultureInfo.InvariantCulture))
        {
            throw new BundleException($"{bundleDirectory}: memory.bytes_per_cycle: found {bytes}, allowed {MemoryBytes}, the bytes of a word of the shell's memory", [], isOfAnotherKind: true);
        }

        string work = Directory.CreateTempSubdirectory("bitstream-").FullName, log = bitstream + ".log";
        try
        {
            sources.WriteTo(work);
            File.WriteAllText(Path.Combine(work, ShellFile), RtlSources.Read("board/" + ShellFile));
            File.WriteAllText(Path.Combine(work, PinsFile), RtlSources.Read("board/" + PinsFile));

            // The shell's memory holds the memory image, in whole blocks.
            int words = File.ReadLines(Path.Combine(bundleDirectory, "vectors", "memory.memh")).Count(line => line.Length > 0 && line[0] != '/');
            int memoryWords = (words + WordsOfBlock - 1) / WordsOfBlock * WordsOfBlock;

            Progress?.Report("mapping the accelerator");
            _yosys.Run(
                [.. MappedNetlist.Commands(sources), "write_rtlil accelerator.il", "write_verilog -noattr netlist.v"],
                work, log, Timeout, cancellation);

            Progress?.Report("mapping the shell");
            _yosys.Run(
                [
                    "read_rtlil accelerator.il", $"blackbox {Accelerator}", $"read_verilog -sv accel_pkg.sv {ShellFile}", string.Create(CultureInfo.InvariantCulture, $"chparam -set MemoryWords {memoryWords} {Shell}"),
                    $"synth_ice40 -device u -top {Shell} -no-rw-check",
                    "read_rtlil accelerator.il", $"hierarchy -top {Shell}", "flatten", "opt_clean", "write_json shell.json",
                ],
                work, log, Timeout, cancellation);

            Progress?.Report("placing and routing");
            var files = new PlacementFiles(Path.Combine(work, "shell.json"), Path.Combine(work, "routed.asc"), Path.Combine(work, "design.bin"), Path.Combine(work, PinsFile), log);
            PlacedDesign placed = _placer.Run(files, BoardClockMhz, seed: 1, Timeout, cancellation);
            Keep(manifest, File.ReadAllText(Path.Combine(work, "netlist.v")), File.ReadAllBytes(files.Bitstream!), bitstream);
            return placed;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    [GeneratedRegex(@" MemoryBytesPerCycle = (\d+);")]
    private static partial Regex BytesPerCycle();

    private static void Keep(BundleManifest manifest, string netlist, byte[] bits, string bitstream)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(bitstream))!, staging = Path.Combine(folder, $".{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        File.WriteAllText(staging + ".v", NetlistHead.Of(manifest.ConfigurationSha256) + netlist);
        File.WriteAllBytes(staging + ".bin", bits);
        File.Move(staging + ".v", NetlistOf(bitstream), overwrite: true);
        File.Move(staging + ".bin", bitstream, overwrite: true);
    }
}
