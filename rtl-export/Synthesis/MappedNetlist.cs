// SPDX-License-Identifier: Apache-2.0
using RtlExport.Tools;

namespace RtlExport.Synthesis;

/// <summary>
/// The accelerator as cells of the iCE40, with program memories that the host writes: one mapped design for every network of its hardware. It simulates in place of the modules; a part need not hold it.
/// </summary>
public sealed class MappedNetlist
{
    private const string Top = "accelerator", Written = "netlist.v";

    private readonly Yosys _yosys = Yosys.Find();

    /// <summary>Limit of the run.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>Maps the hardware of a bundle and writes the file, all or nothing.</summary>
    /// <param name="bundleDirectory">The bundle; of its network nothing is in the netlist.</param>
    /// <param name="file">The file, Verilog.</param>
    /// <param name="cancellation">Stops the tool.</param>
    /// <exception cref="BundleException">The folder is no bundle.</exception>
    /// <exception cref="RtlCompileException">The tool fails.</exception>
    public void Write(string bundleDirectory, string file, CancellationToken cancellation)
    {
        HardwareSources sources = HardwareSources.Read(bundleDirectory);
        BundleManifest manifest = BundleManifest.Read(bundleDirectory);
        string work = Directory.CreateTempSubdirectory("netlist-").FullName;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        try
        {
            sources.WriteTo(work);
            _yosys.Run([.. Commands(sources), $"write_verilog -noattr {Written}"], work, file + ".log", Timeout, cancellation);
            WholeFile.Write(file, NetlistHead.OfHardware(manifest.HardwareSha256) + File.ReadAllText(Path.Combine(work, Written)));
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>
    /// How an accelerator is mapped. Multipliers in LUTs: <c>-dsp</c> has been seen to drop multiply-accumulates that are chained in a column. Without read-write checks, since no word is read in the cycle in which it is written.
    /// </summary>
    internal static string[] Commands(HardwareSources sources) =>
        [$"read_verilog -sv -DSYNTHESIS {string.Join(' ', sources.Names)}", $"synth_ice40 -device u -top {Top} -no-rw-check"];
}
