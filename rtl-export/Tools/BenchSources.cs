// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using RtlExport.Synthesis;
using RtlExport.Vectors;

namespace RtlExport.Tools;

/// <summary>
/// What is compiled for one or more bundles of equal hardware: modules, benches and headers without what belongs to a network. The configuration is zero
/// (the bench is told which one to expect when it runs), and the bench's memory and timelines hold the largest of the networks.
/// </summary>
internal sealed partial class BenchSources
{
    private static readonly string[] Headers = ["accel_pkg.sv", "accel_params.vh"];
    private const string PlainBenches = "tb/filelist.f";
    private static readonly string[] BusBenches = ["tb/axi/axi_memory.sv", "tb/axi/axi_monitor.sv", "tb/axi/bench.sv"];
    private static readonly string[] Drivers = ["tb/bench_tb.sv", "tb/bench_main.cpp"];

    private const string Accelerator = "accelerator.sv", Cells = "ice40_cells.sv";

    private readonly ImmutableArray<(string Name, string Text)> _files;

    private BenchSources(ImmutableArray<(string Name, string Text)> files, IReadOnlyList<string> benches)
    {
        _files = files;
        BenchModules = benches;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, string text) in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{text.Length}\n{text}"));
        }

        Key = Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    /// <summary>Hash of all of it: equal keys are equal simulators.</summary>
    public string Key { get; }

    /// <summary>The design's files in the order in which they are compiled.</summary>
    public IEnumerable<string> Modules => _files.Select(file => file.Name).Where(name => !name.StartsWith("tb/", StringComparison.Ordinal) && name.EndsWith(".sv", StringComparison.Ordinal));

    /// <summary>The benches' own modules.</summary>
    public IReadOnlyList<string> BenchModules { get; }

    /// <summary>The sources of <paramref name="bundles"/>, with the accelerator's netlist in place of its modules; those that the requantiser's bench needs stay.</summary>
    /// <exception cref="BundleException">The file is no netlist of these bundles.</exception>
    public static BenchSources Of(IReadOnlyList<BundleManifest> bundles, string netlist)
    {
        string text = NetlistHead.Load(netlist, bundles), cells = Yosys.Ice40Cells();
        BenchSources plain = Of(bundles, MemoryBus.Plain);
        return new([.. plain._files.Select(file => file.Name == Accelerator ? (Accelerator, text) : file), (Cells, cells)], plain.BenchModules);
    }

    /// <summary>The sources of <paramref name="bundles"/>.</summary>
    /// <exception cref="BundleException">Two bundles are of different hardware, or the first has no such bus.</exception>
    public static BenchSources Of(IReadOnlyList<BundleManifest> bundles, MemoryBus bus)
    {
        BundleManifest first = bundles[0];
        string list = bus == MemoryBus.Axi ? RtlBundle.BusFileList : RtlBundle.FileList;
        if (!File.Exists(Path.Combine(first.Directory, list)))
        {
            throw new BundleException($"{first.Directory}: {list} is missing{(bus == MemoryBus.Axi ? ": exported before the system bus was there; export it again" : "")}", [list], isOfAnotherKind: bus == MemoryBus.Axi);
        }

        string[] benches = bus == MemoryBus.Axi ? BusBenches : [.. Lines(first, PlainBenches)];
        string[] names = [.. Lines(first, list), Headers[1], .. Includes(first), .. benches, .. Drivers];
        Dictionary<string, int> sizes = bundles.SelectMany(bundle => BenchSize().Matches(Read(bundle, Headers[0])))
            .GroupBy(size => size.Groups[1].Value).ToDictionary(size => size.Key, size => size.Max(match => int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)));
        ImmutableArray<(string, string)> sources = Neutral(first, names, sizes);
        foreach (BundleManifest other in bundles.Skip(1))
        {
            if (other.HardwareSha256 != first.HardwareSha256)
            {
                throw new BundleException(
                    $"{other.Directory}: runs on other hardware than {first.Directory} ({FirstConstant(first, other)}), so that one compiled design cannot run both", [Headers[0]], isOfAnotherKind: true);
            }

            ImmutableArray<(string Name, string)> others = Neutral(other, names, sizes);
            if (!others.SequenceEqual(sources))
            {
                string[] different = [.. others.Zip(sources).Where(pair => pair.First != pair.Second).Select(pair => pair.First.Name)];
                throw new BundleException($"{other.Directory}: {string.Join(", ", different)} differs from that of {first.Directory}, so that one compiled design cannot run both", [.. different], isOfAnotherKind: true);
            }
        }

        return new(sources, benches);
    }

    /// <summary>Writes the files below a folder.</summary>
    public void WriteTo(string folder)
    {
        foreach ((string name, string text) in _files)
        {
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }

    private static ImmutableArray<(string Name, string Text)> Neutral(BundleManifest bundle, IEnumerable<string> names, Dictionary<string, int> sizes) =>
    [
        .. names.Select(name => (name, Headers.Contains(name) ? Neutral(Read(bundle, name), bundle.ConfigurationSha256, sizes) : Read(bundle, name))),
    ];

    /// <summary>A header without its head, in which names stand, and without configuration.</summary>
    private static string Neutral(string header, string configuration, Dictionary<string, int> sizes)
    {
        string text = header.Replace(configuration, new string('0', configuration.Length), StringComparison.Ordinal);
        text = string.Join('\n', text.Split('\n').SkipWhile(line => line.StartsWith("//", StringComparison.Ordinal)));
        return BenchSize().Replace(text, size => string.Create(CultureInfo.InvariantCulture, $"{size.Groups[1].Value} = {sizes[size.Groups[1].Value]};"));
    }

    private static string FirstConstant(BundleManifest a, BundleManifest b)
    {
        string[] first = Constants(a), second = Constants(b);
        int at = Enumerable.Range(0, Math.Min(first.Length, second.Length)).FirstOrDefault(i => first[i] != second[i], -1);
        return at < 0 ? "their constants differ" : $"{first[at]} there, {second[at]} here";
    }

    private static string[] Constants(BundleManifest bundle) => [.. Constant().Matches(Read(bundle, Headers[0])).Select(match => match.Groups[1].Value)];

    /// <summary>What the benches include.</summary>
    private static IEnumerable<string> Includes(BundleManifest bundle) =>
        bundle.Files.Select(file => file.Name).Where(name => name.StartsWith("tb/", StringComparison.Ordinal) && name.EndsWith(".svh", StringComparison.Ordinal));

    private static IEnumerable<string> Lines(BundleManifest bundle, string list) => Read(bundle, list).Split('\n').Where(line => line.Length > 0);

    private static string Read(BundleManifest bundle, string name) => File.ReadAllText(Path.Combine(bundle.Directory, name));

    [GeneratedRegex(@"(BenchMemoryWords|BenchEvents) = (\d+);")]
    private static partial Regex BenchSize();

    [GeneratedRegex(@"localparam (?:int|bit) (\w+ = [^;]+);")]
    private static partial Regex Constant();
}
