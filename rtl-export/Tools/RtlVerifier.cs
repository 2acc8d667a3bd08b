// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using AccelModel.Scheduling;
using RtlExport.Corners;
using RtlExport.Vectors;

namespace RtlExport.Tools;

/// <summary>Runs a bundle's bench in a simulator: every stored word and every event's cycle against the model's.</summary>
public static class RtlVerifier
{
    /// <summary>Clock cycles of a waveform before the first difference, and after it.</summary>
    private const int TraceBefore = 256, TraceAfter = 32;

    private const string TraceName = "first_difference.vcd";

    private const string FramesArgument = "+frames";

    private const string CornerArgument = "+corner=";

    /// <summary>
    /// Checks the bundle's files against its manifest, compiles the bench (or takes the compiled one), runs it image by image, and as long as all is well with frames that overlap and with each
    /// directed network, and reads its verdicts. Edited modules are run and named in the result; anything else that is edited or missing is refused.
    /// </summary>
    /// <exception cref="BundleException">The folder is no bundle, or vectors, constants or benches are missing or were edited.</exception>
    /// <exception cref="ToolMissingException">The simulator is not installed.</exception>
    /// <exception cref="RtlCompileException">The simulator refuses the sources.</exception>
    /// <exception cref="TimeoutException">The bench ran longer than the time limit.</exception>
    public static VerificationResult Verify(
        string bundleDirectory, SimulatorKind simulator, VerificationOptions? options = null, IProgress<VerificationProgress>? progress = null) =>
        Verify([bundleDirectory], simulator, options, progress).Single();

    /// <summary>The same for several networks of equal hardware, one after the other on one compiled bench; each result is given as soon as it is there.</summary>
    /// <exception cref="BundleException">Also: the bundles are of different hardware.</exception>
    public static IEnumerable<VerificationResult> Verify(
        IReadOnlyList<string> bundleDirectories, SimulatorKind simulator, VerificationOptions? options = null, IProgress<VerificationProgress>? progress = null)
    {
        options ??= new();
        ExternalTool.Require(simulator);
        BundleManifest[] manifests = [.. bundleDirectories.Select(BundleManifest.Read)];
        ImmutableArray<string>[] edited = [.. manifests.Select(manifest => BundleCheck.EditedModules(manifest))];
        int total = manifests.Sum(manifest => Runs(manifest, options)), done = 0;
        progress?.Report(new("compile", 0, total));
        CompiledBench bench = CompiledBench.Of(manifests, simulator, options);
        progress?.Report(new("run", 0, total));
        for (int i = 0; i < manifests.Length; i++)
        {
            if (options.Bus == MemoryBus.Axi)
            {
                yield return OverBus(bench, manifests[i], edited[i], simulator, options, bench.WasThere || i > 0, OnRun);
                continue;
            }

            (VerificationResult result, BundleManifest last, string[] arguments) = RunAll(bench, simulator, manifests[i], edited[i], bench.WasThere || i > 0, options, OnRun);
            yield return result.FirstDifference?.Clock is long clock && options.Trace
                ? result with { TraceFile = Trace(last, simulator, options, arguments, clock) }
                : result;
        }

        void OnRun() => progress?.Report(new("run", ++done, total));
    }

    /// <summary>Runs of the accelerator in all that a verification runs of one bundle: each image is one, and so are frames that overlap.</summary>
    private static int Runs(BundleManifest manifest, VerificationOptions options) => options.Bus == MemoryBus.Axi
        ? BusVerification.Plan(manifest.Frames > 1, options.StallSeed).Sum(arguments => arguments.Contains(FramesArgument) || arguments.Contains(BusVerification.OneImage) ? 1 : Images(manifest, options))
        : Images(manifest, options) + (manifest.Frames > 1 ? 1 : 0) + Corners(manifest, options).Sum(corner => Images(corner, options) / corner.Frames);

    /// <summary>The directed networks that are run: none where a netlist has the programs of the bundle's own network as constants.</summary>
    private static IEnumerable<BundleManifest> Corners(BundleManifest manifest, VerificationOptions options) => options.Netlist is null ? manifest.Corners : [];

    /// <summary>All runs of a bundle up to the first that differs, which is the last one then: its manifest and arguments are for a waveform.</summary>
    private static (VerificationResult Result, BundleManifest Last, string[] Arguments) RunAll(
        CompiledBench bench, SimulatorKind simulator, BundleManifest manifest, ImmutableArray<string> edited, bool wasCompiled, VerificationOptions options, Action onRun)
    {
        VerificationResult result = Read(Run(bench, manifest, PlusArguments(manifest, options), options, onRun), simulator, manifest, edited, wasCompiled);
        BundleManifest last = manifest;
        string[] arguments = [];
        if (result.Passed && manifest.Frames > 1)
        {
            arguments = [FramesArgument];
            result = WithFrames(result, Again(manifest, overlapped: true), manifest.Frames);
        }

        int corners = Corners(manifest, options).Count();
        for (int corner = 0; result.Passed && corner < corners; corner++)
        {
            last = manifest.Corners[corner];
            arguments = [string.Create(CultureInfo.InvariantCulture, $"{CornerArgument}{corner}")];
            result = WithCorner(result, Again(last, last.Frames > 1), last.Frames);
        }

        return (result, last, arguments);

        VerificationResult Again(BundleManifest of, bool overlapped) =>
            Read(Run(bench, of, PlusArguments(of, options).Concat(arguments), options, onRun), simulator, of, edited, result.WasCompiled, overlapped);
    }

    /// <summary>Image by image, and then in frames that overlap: the second verdict stands, for it came after the first was good.</summary>
    private static VerificationResult WithFrames(VerificationResult images, VerificationResult overlapped, int frames) => images with
    {
        Passed = overlapped.Passed,
        Frames = frames,
        FramesCycles = overlapped.Cycles,
        Vectors = images.Vectors + overlapped.Layers.Sum(layer => layer.Vectors),
        BitMismatches = overlapped.BitMismatches,
        CycleMismatches = overlapped.CycleMismatches,
        FirstDifference = overlapped.FirstDifference,
        Layers = [.. images.Layers.Zip(overlapped.Layers, (one, more) => one with { Vectors = one.Vectors + more.Vectors, Mismatches = one.Mismatches + more.Mismatches })],
        Output = images.Output + overlapped.Output,
    };

    private static VerificationResult OverBus(
        CompiledBench bench, BundleManifest manifest, ImmutableArray<string> edited, SimulatorKind simulator, VerificationOptions options, bool wasCompiled, Action onRun)
    {
        VerificationOptions plain = options with { StallSeed = null, RecordTimeline = false };
        List<VerificationResult> results = [];
        foreach (ImmutableArray<string> arguments in BusVerification.Plan(manifest.Frames > 1, options.StallSeed))
        {
            // What a run says of images comes first: the bench takes the first of two.
            ToolRun run = Run(bench, manifest, arguments.Concat(PlusArguments(manifest, plain)), options, onRun);
            results.Add(Read(run, simulator, manifest, edited, wasCompiled, arguments.Contains(FramesArgument)));
            if (!results[^1].Passed)
            {
                string? file = results[^1].FirstDifference?.Clock is long clock && options.Trace ? Trace(manifest, simulator, plain, arguments, clock) : null;
                return BusVerification.Sum(results) with { TraceFile = file };
            }
        }

        return BusVerification.Sum(results);
    }

    /// <summary>A directed network after runs that were good: its verdict stands, its words are counted.</summary>
    private static VerificationResult WithCorner(VerificationResult before, VerificationResult corner, int frames) => before with
    {
        Passed = corner.Passed,
        Vectors = before.Vectors + corner.Vectors,
        BitMismatches = corner.BitMismatches,
        CycleMismatches = corner.CycleMismatches,
        FirstDifference = corner.FirstDifference is { } difference ? difference with { Network = corner.Network } : null,
        Corners = before.Corners.Add(new(corner.Network, corner.Images * frames, corner.Vectors, corner.Cycles)),
        Output = before.Output + corner.Output,
    };

    private static int Images(BundleManifest manifest, VerificationOptions options) => Math.Min(options.Images ?? manifest.Images, manifest.Images);

    private static ToolRun Run(CompiledBench bench, BundleManifest manifest, IEnumerable<string> arguments, VerificationOptions options, Action onRun)
    {
        string reached = "before its first cycle";
        ToolRun run = bench.Run(manifest.Directory, arguments, options.Timeout, Follow, options.Cancellation);
        return run.TimedOut
            ? throw new TimeoutException($"{manifest.Directory}: the bench ran longer than {options.Timeout} and was stopped; it had come {reached}")
            : run;

        void Follow(string line)
        {
            if (line.StartsWith("IMAGE ", StringComparison.Ordinal) && int.TryParse(line.Split(' ')[1], NumberStyles.None, CultureInfo.InvariantCulture, out int done))
            {
                reached = string.Create(CultureInfo.InvariantCulture, $"to the end of image {done - 1}");
                onRun();
            }
            else if (line.StartsWith("CYCLE ", StringComparison.Ordinal))
            {
                BenchLine at = BenchLine.Of(line);
                reached = string.Create(CultureInfo.InvariantCulture, $"to cycle {at["cycle"]} of image {at["image"]}");
            }
        }
    }

    /// <summary>Runs a bundle that differs once more and leaves a waveform of the cycles around the difference.</summary>
    private static string Trace(BundleManifest manifest, SimulatorKind simulator, VerificationOptions options, IReadOnlyList<string> arguments, long clock)
    {
        string folder = Directory.CreateDirectory(Path.Combine(manifest.Directory, RtlBundle.BuildFolder)).FullName;
        CompiledBench bench = CompiledBench.Of([manifest], simulator, options, tracing: true);
        string[] window =
        [
            .. arguments, "+trace", $"+trace_file={RtlBundle.BuildFolder}/{TraceName}",
            string.Create(CultureInfo.InvariantCulture, $"+trace_from={Math.Max(0, clock - TraceBefore)}"), string.Create(CultureInfo.InvariantCulture, $"+trace_to={clock + TraceAfter}"),
        ];
        Run(bench, manifest, window.Concat(PlusArguments(manifest, options)), options, () => { });
        return Path.Combine(manifest.Directory, RtlBundle.BuildFolder, TraceName);
    }

    private static IEnumerable<string> PlusArguments(BundleManifest manifest, VerificationOptions options)
    {
        yield return "+progress";
        yield return "+configuration=" + manifest.ConfigurationSha256;
        if (options.Images is int images)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"+images={images}");
        }

        if (options.RecordTimeline)
        {
            yield return "+record";
        }

        if (options.StallSeed is uint seed)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"+stalls={seed}");
        }
    }

    private static ImmutableArray<RecordedInstruction> Timeline(IEnumerable<string> lines) =>
    [
        .. lines.Where(line => line.StartsWith("EVENT ", StringComparison.Ordinal)).Select(BenchLine.Of)
            .GroupBy(e => ((UnitKind)e["unit"], (int)e["instruction"]))
            .Select(events =>
            {
                long[] cycles = new long[4];
                foreach (BenchLine e in events)
                {
                    cycles[e["kind"]] = e["cycle"];
                }

                return new RecordedInstruction(events.Key.Item1, events.Key.Item2, cycles[0], cycles[1], cycles[2], cycles[3]);
            })
            .OrderBy(instruction => instruction.Unit).ThenBy(instruction => instruction.Index),
    ];

    /// <summary>A simulator that was killed, for lack of memory say, or that a module ended.</summary>
    private static Difference NoVerdict(int exitCode, string[] lines)
    {
        string last = lines.LastOrDefault(line => line.Trim().Length > 0, "");
        return new()
        {
            Kind = "none",
            Line = string.Create(CultureInfo.InvariantCulture, $"the bench came to no verdict: it ended with exit code {exitCode}, {(last.Length == 0 ? "without a word" : $"after '{last.Trim()}'")}"),
        };
    }

    private static VerificationResult Read(ToolRun run, SimulatorKind simulator, BundleManifest manifest, ImmutableArray<string> edited, bool wasCompiled, bool overlapped = false)
    {
        string[] lines = run.Output.Split('\n');
        var accelerator = BenchLine.Find(lines, "RESULT accelerator");
        ImmutableArray<ModuleVerification> modules =
        [
            .. ModuleVectors.Names.Select(name => (Name: name, Line: lines.FirstOrDefault(line => line.StartsWith($"RESULT {name} ", StringComparison.Ordinal))))
                .Where(module => module.Line is not null).Select(module => (module.Name, Values: BenchLine.Of(module.Line!)))
                .Select(module => new ModuleVerification(module.Name, module.Values["vectors"], module.Values["mismatches"])),
        ];
        bool passed = run.ExitCode == 0 && lines.Any(line => line.StartsWith("PASS ", StringComparison.Ordinal));
        return new()
        {
            Simulator = simulator,
            Network = manifest.Network,
            Passed = passed,
            Images = (int)accelerator["images"],
            Vectors = accelerator["vectors"] + modules.Sum(module => module.Vectors),
            BitMismatches = accelerator["bit_mismatches"] + modules.Sum(module => module.Mismatches),
            CycleMismatches = accelerator["cycle_mismatches"],
            Cycles = accelerator["cycles"],
            FirstDifference = new DifferenceReader(manifest, overlapped).Read(lines) ?? (passed ? null : NoVerdict(run.ExitCode, lines)),
            WasCompiled = wasCompiled,
            Layers = [.. lines.Where(line => line.StartsWith("LAYER ", StringComparison.Ordinal)).Select(BenchLine.Of)
                .Select(layer => new LayerVerification(manifest.Layers[(int)layer["index"]], layer["vectors"], layer["mismatches"]))],
            Modules = modules,
            EditedModules = edited,
            Timeline = Timeline(lines),
            Output = run.Output,
        };
    }
}
