// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Scheduling;

namespace AccelModel.Simulation;

/// <summary>Where the cycles of one unit went (docs/architecture.md, section 6); counters that a unit does not have stay zero.</summary>
public sealed record UnitCycles
{
    private static readonly ImmutableArray<long> NoStalls = [.. new long[SemaphoreSet.Count]];

    /// <summary>Fetch and start cycles.</summary>
    public long Issue { get; init; }

    /// <summary>Waiting cycles by semaphore number, <see cref="SemaphoreSet.Count"/> entries.</summary>
    public ImmutableArray<long> Stall { get; init; } = NoStalls;

    /// <summary>Array: running without reading a vector.</summary>
    public long Fill { get; init; }

    /// <summary>Load and store: waiting for the port, grant included.</summary>
    public long PortWait { get; init; }

    /// <summary>Load and store: the memory's latency.</summary>
    public long Latency { get; init; }

    /// <summary>Useful cycles: vectors read, words read, beats.</summary>
    public long Busy { get; init; }

    /// <summary>After the last instruction.</summary>
    public long Idle { get; init; }

    /// <summary>Sum of all counters.</summary>
    public long Total => Issue + Stall.Sum() + Fill + PortWait + Latency + Busy + Idle;

    /// <summary>Value equality over all counters.</summary>
    public bool Equals(UnitCycles? other) =>
        other is not null && Issue == other.Issue && Stall.AsSpan().SequenceEqual(other.Stall.AsSpan()) && Fill == other.Fill && PortWait == other.PortWait
        && Latency == other.Latency && Busy == other.Busy && Idle == other.Idle;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Issue, Fill, PortWait, Latency, Busy, Idle);
}

/// <summary>Words and bytes moved for one layer in one inference.</summary>
public sealed record Traffic
{
    /// <summary>Bytes loaded into the activation buffer (whole memory words).</summary>
    public long ActivationLoadBytes { get; init; }

    /// <summary>Bytes loaded into the weight buffer, or of a second activation tensor into the factor buffer.</summary>
    public long WeightLoadBytes { get; init; }

    /// <summary>Bytes loaded into the parameter buffer.</summary>
    public long ParameterLoadBytes { get; init; }

    /// <summary>Bytes loaded into the operand buffer.</summary>
    public long OperandLoadBytes { get; init; }

    /// <summary>Bytes loaded into the lookup memory.</summary>
    public long LookupLoadBytes { get; init; }

    /// <summary>Bytes read from external memory: all loads.</summary>
    public long LoadBytes => ActivationLoadBytes + WeightLoadBytes + ParameterLoadBytes + OperandLoadBytes + LookupLoadBytes;

    /// <summary>Elements of activations that were asked for, without what else their memory words hold: the sum of the runs.</summary>
    public long ActivationLoadElements { get; init; }

    /// <summary>Elements of operands that were asked for.</summary>
    public long OperandLoadElements { get; init; }

    /// <summary>Elements stored into external memory.</summary>
    public long StoreElements { get; init; }

    /// <summary>Elements forwarded into the activation buffer.</summary>
    public long ForwardElements { get; init; }

    /// <summary>Beats of fills, by the load and the store unit.</summary>
    public long FillBeats { get; init; }

    /// <summary>Words read from the operand buffer.</summary>
    public long OperandReads { get; init; }

    /// <summary>Words that passed the lookup table.</summary>
    public long LookupReads { get; init; }

    /// <summary>Bytes stored into external memory (whole memory words, beats * bytes_per_cycle).</summary>
    public long StoreBytes { get; init; }

    /// <summary>Vectors read from the activation buffer.</summary>
    public long ActivationReads { get; init; }

    /// <summary>Lines read from the weight or factor buffer.</summary>
    public long WeightReads { get; init; }

    /// <summary>Lines read from the parameter buffer.</summary>
    public long ParameterReads { get; init; }

    /// <summary>Words read from the accumulator buffer, by the array (additions to an existing word) and the vector unit.</summary>
    public long AccumulatorReads { get; init; }

    /// <summary>Words written to the accumulator buffer; an input-stationary array writes one lane of up to as many words at once, which is one write (and likewise one read).</summary>
    public long AccumulatorWrites { get; init; }

    /// <summary>Words written to the output buffer.</summary>
    public long OutputWrites { get; init; }

    /// <summary>Words read from the output buffer (one per stored pixel).</summary>
    public long OutputReads { get; init; }
}

/// <summary>One instruction in time; cycles count from 0 at the first fetch.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Index">Position in the unit's program.</param>
/// <param name="Layer">Network layer.</param>
/// <param name="Fetch">Fetch cycle.</param>
/// <param name="Start">Last wait cycle.</param>
/// <param name="End">Last cycle of the occupancy.</param>
/// <param name="Completion">Cycle of its last write.</param>
public readonly record struct TimelineEvent(UnitKind Unit, int Index, int Layer, long Fetch, long Start, long End, long Completion)
{
    /// <summary>The frame that it runs for, from 0 on; what runs once runs for the first.</summary>
    public int Frame { get; init; }
}

/// <summary>Cycles of one inference; they do not depend on data.</summary>
public sealed record TimingResult
{
    /// <summary>From the first fetch to the last store's end, both included.</summary>
    public required long Cycles { get; init; }

    /// <summary>Per scheduled layer, in the order of <see cref="Schedule.Layers"/>.</summary>
    public required ImmutableArray<LayerTiming> Layers { get; init; }

    /// <summary>Per unit, in the order of <see cref="UnitKind"/>, summed over layers, idle included.</summary>
    public required ImmutableArray<UnitCycles> Units { get; init; }

    /// <summary>Every instruction, unit by unit, in program order.</summary>
    public required ImmutableArray<TimelineEvent> Timeline { get; init; }

    /// <summary>
    /// Where each instruction's cycles from fetch to end went, in the order of <see cref="Timeline"/>; empty unless asked for. Those of a unit in a layer add up to
    /// <see cref="LayerTiming.Units"/>.
    /// </summary>
    public ImmutableArray<UnitCycles> Instructions { get; init; } = [];
}

/// <summary>Cycles and traffic of one layer.</summary>
public sealed record LayerTiming
{
    /// <summary>Index in <see cref="Networks.IntegerNetwork.Layers"/>.</summary>
    public required int NetworkLayer { get; init; }

    /// <summary>The array unit's cycles for this layer; the last layer includes the array's final idle cycles.</summary>
    public required long Cycles { get; init; }

    /// <summary>Per unit, without idle.</summary>
    public required ImmutableArray<UnitCycles> Units { get; init; }

    /// <summary>Words and bytes moved.</summary>
    public required Traffic Traffic { get; init; }
}

/// <summary>At which adder an overflow happened.</summary>
public enum OverflowStage
{
    /// <summary>A partial sum inside the array.</summary>
    PartialSum,

    /// <summary>An accumulator word.</summary>
    Accumulator,
}

/// <summary>The first overflow of a layer: the least (image, output, segment, row, stage).</summary>
/// <param name="Image">Index in the batch.</param>
/// <param name="Output">Flat index into the layer's un-pooled output (row, column, channel).</param>
/// <param name="Segment">Index into <see cref="AccumulationPlan.Segments"/>.</param>
/// <param name="Row">Addition inside the segment (row of the array); the last row (rows - 1) for the accumulator.</param>
/// <param name="Stage">Which adder.</param>
public readonly record struct FirstOverflow(int Image, int Output, int Segment, int Row, OverflowStage Stage);

/// <summary>Overflows of one layer over a batch.</summary>
/// <param name="PartialSums">Additions that left the partial sum's width.</param>
/// <param name="Accumulators">Additions that left the accumulator's width.</param>
/// <param name="First">The first, or null if there was none.</param>
public sealed record LayerOverflows(long PartialSums, long Accumulators, FirstOverflow? First)
{
    /// <summary>None.</summary>
    public static LayerOverflows None { get; } = new(0, 0, null);
}

/// <summary>Codes that come out for a batch of images.</summary>
public sealed record ValueResult
{
    /// <summary>Images.</summary>
    public required int Images { get; init; }

    /// <summary>Output codes, image after image, each in rows, columns, channels order.</summary>
    public required int[] Output { get; init; }

    /// <summary>Per scheduled layer, in the order of <see cref="Schedule.Layers"/>.</summary>
    public required ImmutableArray<LayerOverflows> Overflows { get; init; }

    /// <summary>Output codes of every scheduled layer (after pooling) where they were asked for, else empty; same order as <see cref="Output"/>.</summary>
    public ImmutableArray<int[]> LayerOutputs { get; init; } = [];
}
