// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;
using Cli.Experiments;
using NnTrain.Training;

namespace Cli.Sweeps.Units;

/// <summary>What a worker process is asked: one JSON object on a line of its standard input.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Id">Number of the point.</param>
/// <param name="Coordinates">Its coordinates.</param>
/// <param name="Epochs">Epochs after which a training halts; null for all.</param>
/// <param name="Key">What the point's result depends on: a worker that has another one has read other files.</param>
internal sealed record WorkerRequest(WorkKind Kind, string Id, ImmutableArray<int> Coordinates, int? Epochs, string Key);

/// <summary>What a worker process says: one JSON object on a line of its standard output, with one member that is not null.</summary>
internal sealed record WorkerMessage
{
    /// <summary>Its files are read: it waits for requests.</summary>
    public bool? Ready { get; init; }

    /// <summary>Images and network are loaded: the time of the piece of work begins.</summary>
    public bool? Begun { get; init; }

    /// <summary>A training goes on.</summary>
    public TrainingProgress? Progress { get; init; }

    /// <summary>A remark for the log.</summary>
    public string? Log { get; init; }

    /// <summary>The piece of work is done.</summary>
    public WorkReply? Reply { get; init; }

    /// <summary>A file that changed: the sweep ends.</summary>
    public string? Error { get; init; }

    /// <summary>A file that cannot be read or written, as on a full disk: the sweep ends.</summary>
    public string? DiskError { get; init; }
}

/// <summary>Messages as lines.</summary>
internal static class WorkerLine
{
    private static readonly JsonSerializerOptions Options = new(RunSummary.JsonOptions) { WriteIndented = false };

    /// <summary>The line of a message.</summary>
    public static string Of<T>(T message) => JsonSerializer.Serialize(message, Options);

    /// <summary>The message of a line.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static T Read<T>(string line) => JsonSerializer.Deserialize<T>(line, Options)!;
}
