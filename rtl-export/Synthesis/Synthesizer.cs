// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json;
using RtlExport.Tools;

namespace RtlExport.Synthesis;

/// <summary>How a synthesis goes on.</summary>
/// <param name="Done">Modules that are ready.</param>
/// <param name="Of">Modules of all designs.</param>
public readonly record struct SynthesisProgress(int Done, int Of);

/// <summary>
/// Maps designs onto a target with Yosys, hierarchically: every different module once, however often a design contains it, and each kept under its content.
/// </summary>
public sealed class Synthesizer
{
    /// <summary>Modules of one run of Yosys: enough that reading the libraries, which takes as long as ten small modules, does not count; few enough that little is lost when it is stopped.</summary>
    private const int Batch = 64;

    private readonly Yosys _yosys;
    private readonly SynthesisTarget _target;
    private readonly SynthesisCache _cache;

    /// <summary>A synthesiser for <paramref name="target"/>.</summary>
    /// <exception cref="ToolMissingException">Yosys is not installed.</exception>
    public Synthesizer(SynthesisTarget target, string? cacheFolder = null)
    {
        _yosys = Yosys.Find();
        _target = target;
        _cache = new(cacheFolder ?? SynthesisCache.DefaultFolder, target, _yosys.Version);
    }

    /// <summary>The synthesiser and its version.</summary>
    public string Tool => _yosys.Version;

    /// <summary>Limit of one run of Yosys.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(3);

    /// <summary>Runs of Yosys at a time.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    /// <summary>Elaborates <paramref name="sources"/> from <paramref name="top"/> down.</summary>
    /// <exception cref="RtlCompileException">Yosys refuses the sources.</exception>
    public Elaboration Elaborate(HardwareSources sources, string top, CancellationToken cancellation)
    {
        if (_cache.FindElaborated(sources, top) is string known)
        {
            return new(top, RtlilModule.Parse(known));
        }

        string work = Directory.CreateTempSubdirectory("synthesis-").FullName;
        try
        {
            sources.WriteTo(work);
            _yosys.Run(
                [$"read_verilog -sv -DSYNTHESIS {string.Join(' ', sources.Names)}", $"hierarchy -check -top {top}", "write_rtlil design.il"],
                work, _cache.LogFile, Timeout, cancellation);
            string rtlil = File.ReadAllText(Path.Combine(work, "design.il"));
            _cache.KeepElaborated(sources, top, rtlil);
            return new(top, RtlilModule.Parse(rtlil));
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Synthesises the modules that are not in the cache, and adds each design up.</summary>
    /// <exception cref="RtlCompileException">Yosys fails or takes too long.</exception>
    public ImmutableArray<SynthesizedDesign> Synthesize(
        IReadOnlyList<Elaboration> designs, IProgress<SynthesisProgress>? progress = null, CancellationToken cancellation = default)
    {
        (Dictionary<string, ModuleNetlist> netlists, int synthesized) = Netlists(designs.SelectMany(design => design.Modules), progress, cancellation);
        return
        [
            .. designs.Select(design => SynthesizedDesign.Of(
                _target, _yosys.Version, design.Modules.Single(module => module.Name == $"\\{design.Top}").Name,
                design.Modules.ToDictionary(module => module.Name, module => (module, netlists[module.Hash])), synthesized)),
        ];
    }

    /// <summary>What each of the modules takes by itself, by its hash.</summary>
    public IReadOnlyDictionary<string, CellCost> Costs(IEnumerable<RtlilModule> modules, IProgress<SynthesisProgress>? progress, CancellationToken cancellation) =>
        Netlists(modules, progress, cancellation).Netlists.ToDictionary(netlist => netlist.Key, netlist => netlist.Value.Cost(_target));

    /// <summary>What those of the modules take that were synthesised before, by their hash.</summary>
    public IReadOnlyDictionary<string, CellCost> Known(IEnumerable<RtlilModule> modules) => modules.DistinctBy(module => module.Hash).Select(module => (module.Hash, Netlist: _cache.Find(module)))
        .Where(found => found.Netlist is not null).ToDictionary(found => found.Hash, found => found.Netlist!.Cost(_target));

    /// <summary>Where the timing of modules with all below them is kept.</summary>
    internal string PlacementFile(Elaboration design, IEnumerable<RtlilModule> units, int placementSeed) => _cache.PlacementFile(design, units, placementSeed);

    private (Dictionary<string, ModuleNetlist> Netlists, int Synthesized) Netlists(IEnumerable<RtlilModule> modules, IProgress<SynthesisProgress>? progress, CancellationToken cancellation)
    {
        Dictionary<string, ModuleNetlist> netlists = [];
        List<RtlilModule> missing = [];
        foreach (RtlilModule module in modules.DistinctBy(module => module.Hash))
        {
            if (_cache.Find(module) is ModuleNetlist known)
            {
                netlists[module.Hash] = known;
            }
            else
            {
                missing.Add(module);
            }
        }

        int synthesized = missing.Count, all = netlists.Count + missing.Count;
        progress?.Report(new(netlists.Count, all));
        // Small modules first: what a stop loses is then one run of few.
        int batch = Math.Clamp((missing.Count + Jobs - 1) / Jobs, 1, Batch);
        InParallel(missing.OrderBy(module => module.Text.Length).Chunk(batch), Jobs, cancellation, modules =>
        {
            List<(RtlilModule Module, ModuleNetlist Netlist)> results = Run(modules, cancellation);
            lock (netlists)
            {
                foreach ((RtlilModule module, ModuleNetlist netlist) in results)
                {
                    _cache.Keep(module, netlist);
                    netlists[module.Hash] = netlist;
                }

                progress?.Report(new(netlists.Count, all));
            }
        });
        return (netlists, synthesized);
    }

    /// <summary>The first failure as it was thrown.</summary>
    internal static void InParallel<T>(IEnumerable<T> items, int jobs, CancellationToken cancellation, Action<T> action)
    {
        try
        {
            Parallel.ForEach(items, new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancellation }, action);
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
    }

    private List<(RtlilModule Module, ModuleNetlist Netlist)> Run(RtlilModule[] batch, CancellationToken cancellation)
    {
        string work = Directory.CreateTempSubdirectory("synthesis-").FullName;
        try
        {
            var text = new StringBuilder("autoidx 1\n");
            foreach (RtlilModule module in batch)
            {
                text.Append(module.Text);
            }

            File.WriteAllText(Path.Combine(work, "modules.il"), text.ToString());
            _yosys.Run([.. _target.Libraries, "read_rtlil modules.il", .. _target.Mapping, "tee -q -o statistics.json stat -json"], work, _cache.LogFile, Timeout, cancellation);
            using JsonDocument statistics = JsonDocument.Parse(File.ReadAllText(Path.Combine(work, "statistics.json")), new() { AllowTrailingCommas = true });
            JsonElement modules = statistics.RootElement.GetProperty("modules");
            return [.. batch.Select(module => (module, Netlist(module, modules.GetProperty(module.CanonicalName))))];
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static ModuleNetlist Netlist(RtlilModule module, JsonElement statistics)
    {
        var cells = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        long[] children = new long[module.Children.Length];
        string prefix = module.CanonicalName[1..] + "_c";
        foreach (JsonProperty cell in statistics.GetProperty("num_cells_by_type").EnumerateObject())
        {
            if (cell.Name.StartsWith(prefix, StringComparison.Ordinal))
            {
                children[int.Parse(cell.Name[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture)] = cell.Value.GetInt64();
            }
            else
            {
                cells[cell.Name] = cell.Value.GetInt64();
            }
        }

        return new(cells.ToImmutable(), [.. children]);
    }
}
