// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Hardware;

/// <summary>What a unit does in a cycle; <see cref="UnitCycles"/> counts them.</summary>
public enum CycleKind
{
    /// <summary>Fetch, or the start of an instruction.</summary>
    Issue,

    /// <summary>Waiting for a semaphore.</summary>
    Stall,

    /// <summary>Array: running without reading a vector.</summary>
    Fill,

    /// <summary>Load, store: waiting for the port, grant included.</summary>
    PortWait,

    /// <summary>Load, store: the memory's latency.</summary>
    Latency,

    /// <summary>Useful work.</summary>
    Busy,

    /// <summary>After the last instruction.</summary>
    Idle,
}

/// <summary>Counts a unit's cycles by layer, and notes when each of its instructions was fetched, started, ended and completed.</summary>
public sealed class UnitLog
{
    private const int Kinds = (int)CycleKind.Idle + 1;
    private readonly UnitKind _unit;
    private readonly Clock _clock;
    private readonly int[] _networkLayer;
    private readonly int[] _layer;
    private readonly long[,] _cycles;
    private readonly long[,] _stalls;
    private readonly List<TimelineEvent> _timeline = [];
    private long _idle;

    /// <param name="unit">The unit.</param>
    /// <param name="program">Its program.</param>
    /// <param name="networkLayers">Network layer of each scheduled layer.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="InvalidScheduleException">An instruction works for a layer that is not scheduled.</exception>
    public UnitLog(UnitKind unit, IEnumerable<Instruction> program, ImmutableArray<int> networkLayers, Clock clock)
    {
        _unit = unit;
        _clock = clock;
        _networkLayer = [.. program.Select(instruction => instruction.Layer)];
        _layer = [.. _networkLayer.Select(layer => networkLayers.IndexOf(layer))];
        int unknown = Array.IndexOf(_layer, -1);
        if (unknown >= 0)
        {
            throw new InvalidScheduleException($"{unit} instruction {unknown}: layer {_networkLayer[unknown]} is not a scheduled layer", unit, unknown);
        }
        _cycles = new long[networkLayers.Length, Kinds];
        _stalls = new long[networkLayers.Length, SemaphoreSet.Count];
    }

    /// <summary>Instructions started and not completed.</summary>
    public int InFlight { get; private set; }

    /// <summary>Instructions completed.</summary>
    public int Completions { get; private set; }

    /// <summary>What the unit does in this cycle.</summary>
    public CycleKind Kind { get; private set; }

    /// <summary>Every instruction in time, in the order in which they ran.</summary>
    public ImmutableArray<TimelineEvent> Timeline => [.. _timeline];

    /// <summary>Scheduled layer of an instruction.</summary>
    public int Layer(int instruction) => _layer[instruction];

    /// <summary>The instruction is fetched.</summary>
    public void Fetched(int instruction, int frame)
    {
        Count(instruction, CycleKind.Issue);
        _timeline.Add(new(_unit, instruction, _networkLayer[instruction], _clock.Cycle, 0, 0, 0) { Frame = frame });
    }

    /// <summary>The instruction waits, first of all for <paramref name="semaphore"/>.</summary>
    public void Stalled(int instruction, Semaphore semaphore)
    {
        Kind = CycleKind.Stall;
        _stalls[_layer[instruction], (int)semaphore]++;
    }

    /// <summary>The instruction starts.</summary>
    public void Started(int instruction)
    {
        Count(instruction, CycleKind.Issue);
        _timeline[^1] = _timeline[^1] with { Start = _clock.Cycle };
        InFlight++;
    }

    /// <summary>The instruction runs.</summary>
    public void Ran(int instruction, CycleKind kind) => Count(instruction, kind);

    /// <summary>The instruction's occupancy ends.</summary>
    public void Ended() => _timeline[^1] = _timeline[^1] with { End = _clock.Cycle };

    /// <summary>The last write of an instruction is done: of the first one that was not completed, for a unit's instructions complete in order.</summary>
    public void Completed()
    {
        _timeline[Completions] = _timeline[Completions] with { Completion = _clock.Cycle };
        InFlight--;
        Completions++;
    }

    /// <summary>There are no more instructions.</summary>
    public void Idled()
    {
        Kind = CycleKind.Idle;
        _idle++;
    }

    /// <summary>The cycles of one layer, without idle.</summary>
    public UnitCycles LayerCycles(int layer) => new()
    {
        Issue = _cycles[layer, (int)CycleKind.Issue],
        Stall = [.. Enumerable.Range(0, SemaphoreSet.Count).Select(semaphore => _stalls[layer, semaphore])],
        Fill = _cycles[layer, (int)CycleKind.Fill],
        PortWait = _cycles[layer, (int)CycleKind.PortWait],
        Latency = _cycles[layer, (int)CycleKind.Latency],
        Busy = _cycles[layer, (int)CycleKind.Busy],
    };

    /// <summary>The cycles of all layers, idle included.</summary>
    public UnitCycles TotalCycles()
    {
        UnitCycles[] layers = [.. Enumerable.Range(0, _cycles.GetLength(0)).Select(LayerCycles)];
        return new()
        {
            Issue = layers.Sum(layer => layer.Issue),
            Stall = [.. Enumerable.Range(0, SemaphoreSet.Count).Select(semaphore => layers.Sum(layer => layer.Stall[semaphore]))],
            Fill = layers.Sum(layer => layer.Fill),
            PortWait = layers.Sum(layer => layer.PortWait),
            Latency = layers.Sum(layer => layer.Latency),
            Busy = layers.Sum(layer => layer.Busy),
            Idle = _idle,
        };
    }

    /// <summary>Back to the beginning of an inference.</summary>
    public void Reset()
    {
        Array.Clear(_cycles);
        Array.Clear(_stalls);
        _timeline.Clear();
        _idle = 0;
        InFlight = Completions = 0;
    }

    private void Count(int instruction, CycleKind kind)
    {
        Kind = kind;
        _cycles[_layer[instruction], (int)kind]++;
    }
}
