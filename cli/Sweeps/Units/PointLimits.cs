// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.RegularExpressions;
using AccelModel.Specification.Yaml;

namespace Cli.Sweeps.Units;

/// <summary>What a point with values, and a training, may take; whatever exceeds it is a failed point.</summary>
/// <param name="Seconds">Longest time of a point without its training; null for as long as it takes.</param>
/// <param name="TrainingSeconds">Longest time of a training; null for as long as it takes.</param>
/// <param name="MemoryBytes">Most resident memory of the worker process; null for what there is.</param>
public sealed partial record PointLimits(double? Seconds, double? TrainingSeconds, long? MemoryBytes)
{
    /// <summary>No limit.</summary>
    public static PointLimits None { get; } = new(null, null, null);

    /// <summary>The longest time that may be allowed.</summary>
    public const double MostSeconds = 1e6;
    /// <summary>What a size of memory looks like, for messages.</summary>
    public const string MemoryForm = "a number with one of the units MiB, GiB, MB, GB";

    /// <summary>Reads the section <c>limits</c>; no limits where there is none.</summary>
    public static PointLimits Read(SpecSection? section)
    {
        if (section is null)
        {
            return None;
        }

        double? Time(string key) => section.Optional(key) is SpecValue value ? value.AsDouble(SpecValue.AboveZero, MostSeconds) : null;
        (double? seconds, double? training) = (Time("seconds"), Time("training_seconds"));
        long? memory = null;
        if (section.Optional("memory") is SpecValue text && text.AsString() is { Length: > 0 } found && (memory = Bytes(found)) is null)
        {
            text.Issue($"not a size of memory, found '{found}', allowed {MemoryForm}");
        }

        return new(seconds, training, memory);
    }

    /// <summary>The bytes of a text such as <c>2 GiB</c>; null where it is none.</summary>
    public static long? Bytes(string text)
    {
        Match match = Form.Match(text);
        return match.Success && double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * Factor(match.Groups[2].Value) is > 0 and < 1e18 and double bytes ? (long)bytes : null;
    }

    /// <summary>These limits with others in their place where those say something.</summary>
    public PointLimits With(double? seconds, long? memoryBytes) => this with { Seconds = seconds ?? Seconds, MemoryBytes = memoryBytes ?? MemoryBytes };

    /// <summary>The time of a piece of work.</summary>
    public TimeSpan? TimeOf(WorkKind kind) => (kind == WorkKind.Point ? Seconds : TrainingSeconds) is double seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>Why a piece that took too long failed.</summary>
    public string TimeExceeded(WorkKind kind) => FormattableString.Invariant($"exceeded its time limit of {TimeOf(kind)!.Value.TotalSeconds} s");

    /// <summary>Why a piece that took too much memory failed.</summary>
    public string MemoryExceeded => FormattableString.Invariant($"exceeded its memory limit of {MemoryBytes / 1024.0 / 1024:0.##} MiB");

    private static double Factor(string unit) => unit switch { "MiB" => 1 << 20, "GiB" => 1 << 30, "MB" => 1e6, _ => 1e9 };

    [GeneratedRegex(@"\A\s*([0-9]+(?:\.[0-9]+)?)\s*(MiB|GiB|MB|GB)\s*\z")]
    private static partial Regex Form { get; }
}
