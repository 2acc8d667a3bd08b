// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;
using AccelModel.Specification;
using Cli.Experiments;
using Cli.Sweeps.Metrics;

namespace Cli.Sweeps;

/// <summary>What one point came to.</summary>
public sealed record PointResult
{
    /// <summary>SHA-256 of the network that was lowered: results of another training are not mixed in. Empty where nothing was trained.</summary>
    public string NetworkSha256 { get; init; } = "";

    /// <summary>Why the design cannot run the network; null where it can.</summary>
    public string? Invalid { get; init; }

    /// <summary>What went wrong while it ran: a training that diverged, a limit that was exceeded, a crash. Not kept, so that it is tried again.</summary>
    public string? Failure { get; init; }

    /// <summary>What was measured; null where it did not run.</summary>
    public PointMeasurement? Measurement { get; init; }
}

/// <summary>Accuracy, cost and time of one point. Accuracies are fractions; null is what is not known without values, or without training.</summary>
public sealed record PointMeasurement
{
    /// <summary>The network in floating point.</summary>
    public double? FloatAccuracy { get; init; }

    /// <summary>The fake-quantised network on all test images.</summary>
    public double? TrainedAccuracy { get; init; }

    /// <summary>The accelerator, overflows included.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Test images that the accelerator executed.</summary>
    public int? TestImages { get; init; }

    /// <summary>Epochs of the quantised phase that the network went through; null where nothing was trained.</summary>
    public int? TrainingEpochs { get; init; }

    /// <summary>Look-up tables.</summary>
    public required double Lut { get; init; }

    /// <summary>Flip-flops.</summary>
    public required double FlipFlops { get; init; }

    /// <summary>Multiplier blocks.</summary>
    public required double Dsp { get; init; }

    /// <summary>Memory blocks.</summary>
    public required double BlockRam { get; init; }

    /// <summary>Bits of the buffers.</summary>
    public required double MemoryBits { get; init; }

    /// <summary>Cycles of one inference.</summary>
    public required long CyclesPerInference { get; init; }

    /// <summary>Multiply-accumulates of one inference; null in results of earlier builds.</summary>
    public long? Macs { get; init; }

    /// <summary>Cycles of a frame where frames follow each other without end, in the mean; null where nobody asked.</summary>
    public double? CyclesPerFrame { get; init; }

    /// <summary>Cycles of the first of such frames; null where nobody asked.</summary>
    public long? FirstFrameCycles { get; init; }

    /// <summary>Frames per second at the design's clock; null where nobody asked.</summary>
    public double? FramesPerSecond { get; init; }

    /// <summary>Time of one inference in microseconds.</summary>
    public required double LatencyUs { get; init; }

    /// <summary>Multiply-accumulates over those possible.</summary>
    public required double Utilization { get; init; }

    /// <summary>Bytes read from external memory for one inference.</summary>
    public required long DramReadBytes { get; init; }

    /// <summary>Bytes written to it.</summary>
    public required long DramWriteBytes { get; init; }

    /// <summary>Energy of one inference in nanojoules.</summary>
    public required double EnergyNj { get; init; }

    /// <summary>Overflows of partial sums and accumulators over all test images.</summary>
    public long? Overflows { get; init; }

    /// <summary>The figures of each layer; null where nobody asked.</summary>
    public IReadOnlyList<LayerSummary>? Layers { get; init; }

    /// <summary>What was worked out of it besides the figures that every point has.</summary>
    [JsonIgnore]
    public PointDetails Details =>
        (CyclesPerFrame is null ? PointDetails.None : PointDetails.Frames)
        | (Layers is null ? PointDetails.None : PointDetails.Layers)
        | (Layers?.Any(layer => layer.Widths is not null) == true ? PointDetails.Widths : PointDetails.None);
}

/// <summary>Keeps a result with a checksum, so that a damaged file is noticed.</summary>
public static class ResultFile
{
    private sealed record Envelope<T>(string Sha256, T Result);

    /// <summary>Writes the result, all or nothing.</summary>
    public static void Save<T>(string path, T result)
        where T : notnull => AtomicFile.Write(path, JsonSerializer.Serialize(new Envelope<T>(SpecHash.Of(result), result), RunSummary.JsonOptions) + "\n");

    /// <summary>The result of a file; null where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="log">Told about a damaged file.</param>
    public static T? Load<T>(string path, TextWriter log)
        where T : class
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            Envelope<T>? file = JsonSerializer.Deserialize<Envelope<T>>(File.ReadAllText(path), RunSummary.JsonOptions);
            if (file is { Result: not null } && file.Sha256 == SpecHash.Of(file.Result))
            {
                return file.Result;
            }
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            // Told below: whatever is wrong with the file, its result is computed again.
        }

        log.WriteLine($"{path}: damaged, computed again");
        return null;
    }
}
