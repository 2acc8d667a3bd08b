// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using AccelModel.Scheduling;
using RtlExport.Vectors;

namespace RtlExport.Tools;

/// <summary>Runs a bundle's bench in a simulator: every stored word and every event's cycle against the model's.</summary>
public static class RtlVerifier
{
    private const string StampedFile = "params.json";

    /// <summary>
    /// Checks the bundle's files against its manifest, compiles the bench (or takes the compiled one), runs it and reads its verdict. Edited modules
    /// are run and named in the result; anything else that is edited or missing is refused.
    /// </summary>
    /// <exception cref="BundleException">The folder is no bundle, or vectors, constants or benches are missing or were edited.</exception>
    /// <exception cref="ToolMissingException">The simulator is not installed.</exception>
    /// <exception cref="RtlCompileException">The simulator refuses the sources.</exception>
    /// <exception cref="TimeoutException">The bench ran longer than the time limit.</exception>
    public static VerificationResult Verify(
        string bundleDirectory, SimulatorKind simulator, VerificationOptions? options = null, IProgress<VerificationProgress>? progress = null)
    {
        options ??= new();
        BundleManifest manifest = BundleManifest.Read(bundleDirectory);
        ImmutableArray<string> edited = CheckFiles(manifest);
        int images = Math.Min(options.Images ?? manifest.Images, manifest.Images);
        progress?.Report(new("compile", 0, images));
        CompiledBench bench = CompiledBench.Of(bundleDirectory, simulator, options);
        progress?.Report(new("run", 0, images));
        ToolRun run = bench.Run(bundleDirectory, PlusArguments(options), options.Timeout, line => ReportImage(line, images, progress), options.Cancellation);
        return run.TimedOut
            ? throw new TimeoutException($"{bundleDirectory}: the bench ran longer than {options.Timeout} in {simulator}")
            : Read(run, simulator, manifest, edited);
    }

    private static ImmutableArray<string> CheckFiles(BundleManifest manifest)
    {
        (ImmutableArray<string> missing, ImmutableArray<string> edited) = manifest.Check();
        ImmutableArray<string> refused = [.. edited.Where(name => !IsModule(name))];
        if (missing.Length + refused.Length == 0 && !manifest.IsOf(StampedFile))
        {
            throw new BundleException(
                $"{manifest.Directory}: {RtlBundle.ManifestName} and {StampedFile} are of different configurations", [RtlBundle.ManifestName, StampedFile]);
        }

        if (missing.Length + refused.Length == 0)
        {
            return edited;
        }

        string problem = string.Join("; ", missing.Select(name => name + " is missing").Concat(refused.Select(name => name + " was edited")));
        throw new BundleException($"{manifest.Directory}: {problem}", [.. missing, .. refused]);
    }

    private static bool IsModule(string name) => RtlSources.Modules.Contains(name);

    private static IEnumerable<string> PlusArguments(VerificationOptions options)
    {
        yield return "+progress";
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

    private static void ReportImage(string line, int images, IProgress<VerificationProgress>? progress)
    {
        if (progress is not null && line.StartsWith("IMAGE ", StringComparison.Ordinal) && int.TryParse(line.Split(' ')[1], NumberStyles.None, CultureInfo.InvariantCulture, out int done))
        {
            progress.Report(new("run", done, images));
        }
    }

    private static VerificationResult Read(ToolRun run, SimulatorKind simulator, BundleManifest manifest, ImmutableArray<string> edited)
    {
        string[] lines = run.Output.Split('\n');
        var accelerator = BenchLine.Find(lines, "RESULT accelerator");
        var requantizer = BenchLine.Find(lines, "RESULT requantizer");
        return new()
        {
            Simulator = simulator,
            Passed = run.ExitCode == 0 && lines.Any(line => line.StartsWith("PASS ", StringComparison.Ordinal)),
            Images = (int)accelerator["images"],
            Vectors = accelerator["vectors"] + requantizer["vectors"],
            BitMismatches = accelerator["bit_mismatches"] + requantizer["mismatches"],
            CycleMismatches = accelerator["cycle_mismatches"],
            Cycles = accelerator["cycles"],
            FirstDifference = lines.FirstOrDefault(line => line.StartsWith("DIFF ", StringComparison.Ordinal) || line.StartsWith("ERROR ", StringComparison.Ordinal)),
            Layers = [.. lines.Where(line => line.StartsWith("LAYER ", StringComparison.Ordinal)).Select(BenchLine.Of)
                .Select(layer => new LayerVerification(manifest.Layers[(int)layer["index"]], layer["vectors"], layer["mismatches"]))],
            EditedModules = edited,
            Timeline = Timeline(lines),
            Output = run.Output,
        };
    }
}
