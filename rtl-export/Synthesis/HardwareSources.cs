// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification;
using RtlExport.Parameters;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace RtlExport.Synthesis;

/// <summary>The sources of one hardware: its constants and the modules, in the order in which a tool reads them.</summary>
/// <param name="Files">Name and text of each file.</param>
public sealed record HardwareSources(ImmutableArray<(string Name, string Text)> Files)
{
    private const string Package = "accel_pkg.sv";

    /// <summary>Names of the files.</summary>
    public IEnumerable<string> Names => Files.Select(file => file.Name);

    /// <summary>The top module: the accelerator with its own ports, or on its system bus.</summary>
    public static string TopOf(MemoryBus bus) => bus == MemoryBus.Axi ? "accelerator_axi" : "accelerator";

    /// <summary>Whether a file of a bundle is one of the sources or lists them.</summary>
    public static bool Has(string name) => name is Package or RtlBundle.FileList or RtlBundle.BusFileList || BundleCheck.IsModule(name);

    /// <summary>The sources of <paramref name="accelerator"/> as an export without a network would write them.</summary>
    public static HardwareSources Of(AcceleratorSpec accelerator, MemoryBus bus = MemoryBus.Plain)
    {
        RtlParameters parameters = RtlParameters.Of(accelerator);
        string package = SystemVerilogPackage.Write(parameters, new(new string('0', 64), parameters.HardwareSha256), benchMemoryWords: 1);
        return new(
        [
            (Package, package),
            .. RtlSources.Modules.Select(name => (name, RtlSources.Read($"rtl/{name}"))),
            .. (bus == MemoryBus.Axi ? RtlSources.BusModules : []).Select(name => (RtlBundle.BusFolder + name, RtlSources.Read($"axi/{name}"))),
        ]);
    }

    /// <summary>The sources in a bundle's folder, as they are now.</summary>
    /// <exception cref="BundleException">The folder is no bundle, or files are missing.</exception>
    public static HardwareSources Read(string bundleDirectory, MemoryBus bus = MemoryBus.Plain)
    {
        string listName = bus == MemoryBus.Axi ? RtlBundle.BusFileList : RtlBundle.FileList, list = Path.Combine(bundleDirectory, listName);
        if (!File.Exists(list))
        {
            throw new BundleException($"{bundleDirectory}: not an RTL bundle, found no {listName}, allowed the folder RUN/rtl that run or export wrote", [listName]);
        }

        string[] names = [.. File.ReadAllLines(list).Where(line => line.EndsWith(".sv", StringComparison.Ordinal))];
        string[] missing = [.. names.Where(name => !File.Exists(Path.Combine(bundleDirectory, name)))];
        return missing.Length == 0
            ? new([.. names.Select(name => (name, File.ReadAllText(Path.Combine(bundleDirectory, name))))])
            : throw new BundleException($"{bundleDirectory}: {string.Join("; ", missing.Select(name => name + " is missing"))}", [.. missing]);
    }

    /// <summary>Writes the files into <paramref name="directory"/>.</summary>
    public void WriteTo(string directory)
    {
        foreach ((string name, string text) in Files)
        {
            string path = Path.Combine(directory, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }
}

/// <summary>An elaborated design: every parameter is a number.</summary>
/// <param name="Top">Name of the top module.</param>
/// <param name="Modules">All modules, each variant once.</param>
public sealed record Elaboration(string Top, ImmutableArray<RtlilModule> Modules);
