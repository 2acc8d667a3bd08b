// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace AccelModel.Scheduling;

/// <summary>Why a network cannot be laid onto a design.</summary>
/// <param name="KeyPath">The key of the accelerator file that sets the limit, for example <c>buffers.accumulator.size</c>.</param>
/// <param name="Layer">Name of the layer.</param>
/// <param name="Message">What is wrong, what was found, what is needed.</param>
public sealed record ScheduleFinding(string KeyPath, string Layer, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{KeyPath}: layer {Layer}: {Message}";
}

/// <summary>A network that does not fit a design; carries every finding.</summary>
public sealed class ScheduleException(IEnumerable<ScheduleFinding> findings) : Exception(string.Join("\n", findings))
{
    /// <summary>All findings, layer by layer.</summary>
    public ImmutableArray<ScheduleFinding> Findings { get; } = [.. findings];
}
