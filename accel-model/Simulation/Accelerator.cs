// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Hardware;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Specification;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Simulation;

/// <summary>What can be asked of the register-accurate model beyond its results.</summary>
public sealed record RegisterAccurateOptions
{
    /// <summary>The defaults.</summary>
    public static RegisterAccurateOptions Default { get; } = new();

    /// <summary>Whether the outputs of all layers are kept.</summary>
    public bool KeepLayerOutputs { get; init; }

    /// <summary>A memory that is not always ready; null for the fixed latency.</summary>
    public IPortStall? Stall { get; init; }

    /// <summary>Frames that one run takes, overlapping: the programs run so many times.</summary>
    public int Frames { get; init; } = 1;

    /// <summary>Sees every cycle.</summary>
    public IAcceleratorTrace? Trace { get; init; }

    /// <summary>Evaluates and clocks the blocks in an order drawn anew for each cycle. Changes nothing, or the model is wrong.</summary>
    public int? ShuffleSeed { get; init; }
}

/// <summary>
/// The whole machine, built from its blocks and run cycle by cycle. Nothing in it computes a time: cycles are what its registers and counters make of them.
/// </summary>
public sealed class Accelerator
{
    private readonly Schedule _schedule;
    private readonly RegisterAccurateOptions _options;
    private readonly Clock _clock = new();
    private readonly SemaphoreFile _semaphores = new();
    private readonly ExternalMemory _memory;
    private readonly DmaEngine _port;
    private readonly VectorsInFlight _vectors;
    private readonly SystolicArray _array;
    private readonly AccumulationStage _accumulation;
    private readonly RequantizationUnit _requantization;
    private readonly LoadSequencer _loadUnit;
    private readonly ArraySequencer _arrayUnit;
    private readonly VectorSequencer _vectorUnit;
    private readonly StoreSequencer _storeUnit;
    private readonly OverflowLog _overflows;
    private readonly TrafficLog _traffic;
    private readonly IStage[] _stages;
    private readonly IClocked[] _clocked;
    private readonly Random? _shuffle;

    /// <summary>Builds the machine that <paramref name="schedule"/> is for, its memory filled, its buffers zero.</summary>
    /// <exception cref="InvalidScheduleException">An instruction works for a layer that is not scheduled, or one of its fields is outside what the design has.</exception>
    public Accelerator(Schedule schedule, RegisterAccurateOptions? options = null)
    {
        _options = options ?? RegisterAccurateOptions.Default;
        InstructionRules.Check(schedule);
        FrameRules.Check(schedule, _options.Frames);
        AcceleratorSpec spec = schedule.Accelerator;
        _schedule = schedule;
        _shuffle = _options.ShuffleSeed is { } seed ? new Random(seed) : null;
        byte[] content = new byte[schedule.Memory.Bytes.Length + ((_options.Frames - 1) * schedule.FrameStride * spec.ElementBytes)];
        schedule.Memory.Bytes.CopyTo(content);
        _memory = new(spec.Memory, content);
        _port = new(spec.Memory, _memory, _clock, _options.Stall);
        _traffic = new(schedule.Layers.Length, spec.Memory.BytesPerCycle);
        _overflows = new(schedule);
        _vectors = new(spec.Array.Rows + spec.Array.Columns + 2);

        ActivationBuffer activations = Activations = new(spec);
        var weights = new LineBuffer("weight", spec.Buffers.Weight.Size, spec.WeightLineWords, spec.Memory.BytesPerCycle);
        var parameters = new LineBuffer("parameter", spec.Buffers.Parameter.Size, spec.ParameterLineWords, spec.Memory.BytesPerCycle);
        var accumulators = new AccumulatorBuffer(spec.Buffers.Accumulator.Size, spec.Array.Columns);
        var outputs = new OutputBuffer(spec.Buffers.Output.Size, spec.Array.Columns);
        var operands = new OperandBuffer(spec);
        var lookup = new LookupMemory(spec.Array.Columns, spec.Memory.BytesPerCycle);
        var factors = new FactorBuffer(spec);

        UnitLog loadLog = Log(UnitKind.Load, schedule.Load);
        UnitLog arrayLog = Log(UnitKind.Array, schedule.Array);
        UnitLog vectorLog = Log(UnitKind.Vector, schedule.Vector);
        UnitLog storeLog = Log(UnitKind.Store, schedule.Store);

        _array = SystolicArray.Of(new(spec, activations, weights, factors, _vectors, _overflows));
        _accumulation = new(spec, _array, accumulators, _semaphores, arrayLog, _traffic, _overflows);
        var vectorBuffers = new VectorBuffers(accumulators, operands, parameters, lookup, outputs);
        _requantization = new(spec, vectorBuffers, _semaphores, vectorLog, _traffic);
        _loadUnit = new(schedule.Load, _semaphores, loadLog, _traffic, _port, _memory, new(activations, weights, parameters, operands, lookup, factors), spec);
        _arrayUnit = ArraySequencer.Of(new(spec, schedule.Array, _semaphores, arrayLog, _traffic, activations, weights, factors, _vectors, _array.Control));
        _vectorUnit = new(schedule.Vector, _semaphores, vectorLog, _traffic, vectorBuffers, _requantization.Words);
        _storeUnit = new(schedule.Store, _semaphores, storeLog, _traffic, _port, _memory, outputs, activations, spec);
        _port.Connect(_loadUnit, _storeUnit);
        var loop = new FrameLoop(_options.Frames, 0, _options.Frames > 1 ? schedule.FrameStride : 0);
        _loadUnit.Repeat(loop with { First = schedule.LoadPrologue });
        _arrayUnit.Repeat(loop);
        _vectorUnit.Repeat(loop);
        _storeUnit.Repeat(loop);

        _stages = [_loadUnit, _arrayUnit, _vectorUnit, _storeUnit, _port, _array, _accumulation, .. _requantization.Stages];
        _clocked =
        [
            _clock, _semaphores, _memory, _port, _loadUnit, _arrayUnit, _vectorUnit, _storeUnit,
            activations, weights, parameters, accumulators, outputs, operands, lookup, factors, _array, _accumulation, _requantization,
        ];
        Reset();
    }

    /// <summary>The current cycle; once finished, the number of cycles.</summary>
    public long Cycle => _clock.Cycle;

    /// <summary>Whether every program has ended and everything that was under way is written.</summary>
    public bool IsFinished =>
        _loadUnit.State == UnitState.Idle && _arrayUnit.State == UnitState.Idle && _vectorUnit.State == UnitState.Idle && _storeUnit.State == UnitState.Idle
        && InFlight == 0;

    /// <summary>All bytes of external memory.</summary>
    public Span<byte> Memory => _memory.Content;

    /// <summary>The activation buffer, for observers.</summary>
    public ActivationBuffer Activations { get; }

    /// <summary>Stores completed in this run.</summary>
    public int StoresCompleted => _storeUnit.Log.Completions;

    /// <summary>Overflows counted since the machine was built.</summary>
    public ImmutableArray<LayerOverflows> Overflows => _overflows.Layers;

    private int InFlight => _loadUnit.Log.InFlight + _arrayUnit.Log.InFlight + _vectorUnit.Log.InFlight + _storeUnit.Log.InFlight;

    private bool IsDeadlocked =>
        IsStuck(_loadUnit) && IsStuck(_arrayUnit) && IsStuck(_vectorUnit) && IsStuck(_storeUnit) && InFlight == 0 && !IsFinished;

    /// <summary>One cycle.</summary>
    /// <exception cref="InvalidScheduleException">No unit will ever go on.</exception>
    /// <exception cref="InvalidOperationException">An access is outside its memory, or two meet at one port.</exception>
    public void Tick()
    {
        ThrowIfDeadlocked();
        _shuffle?.Shuffle(_stages);
        _shuffle?.Shuffle(_clocked);

        // Every stage sees the registers of this cycle only, so the order of the stages is of no consequence; nor is that of the registers at the clock edge.
        foreach (IStage stage in _stages)
        {
            stage.Evaluate();
        }
        _options.Trace?.Observe(Snapshot());
        foreach (IClocked registers in _clocked)
        {
            registers.Advance();
        }
    }

    /// <summary>Cycle 0 of a run: programs at their beginning, pipelines empty, semaphores at their initial counts. Buffers and memory keep their content.</summary>
    public void Reset(int image = 0)
    {
        _clock.Reset();
        _semaphores.Reset(_schedule.InitialSemaphores.AsSpan());
        _port.Reset();
        _vectors.Reset();
        _array.Reset();
        _accumulation.Reset();
        _requantization.Reset();
        _loadUnit.Reset();
        _arrayUnit.Reset();
        _vectorUnit.Reset();
        _storeUnit.Reset();
        _traffic.Reset();
        _overflows.Image = image;
    }

    /// <summary>Where the cycles of the inference went.</summary>
    public TimingResult Timing()
    {
        UnitLog[] logs = [_loadUnit.Log, _arrayUnit.Log, _vectorUnit.Log, _storeUnit.Log];
        return new()
        {
            Cycles = Cycle,
            Layers = [.. _schedule.Layers.Select((layer, index) => LayerTiming(logs, layer, index))],
            Units = [.. logs.Select(log => log.TotalCycles())],
            Timeline = [.. logs.SelectMany(log => log.Timeline)],
        };
    }

    private static bool IsStuck<TInstruction>(UnitSequencer<TInstruction> unit)
        where TInstruction : Instruction => unit.State == UnitState.Idle || unit.IsBlocked;

    private static UnitSnapshot Snapshot<TInstruction>(UnitSequencer<TInstruction> unit)
        where TInstruction : Instruction => new(unit.State, unit.InstructionIndex, unit.Log.Kind, unit.BlockedBy);

    private UnitLog Log(UnitKind unit, IEnumerable<Instruction> program) => new(unit, program, [.. _schedule.Layers.Select(layer => layer.NetworkLayer)], _clock);

    private LayerTiming LayerTiming(UnitLog[] logs, ScheduledLayer layer, int index)
    {
        ImmutableArray<UnitCycles> units = [.. logs.Select(log => log.LayerCycles(index))];
        bool isLast = index == _schedule.Layers.Length - 1;
        return new()
        {
            NetworkLayer = layer.NetworkLayer,
            Cycles = units[(int)UnitKind.Array].Total + (isLast ? _arrayUnit.Log.TotalCycles().Idle : 0),
            Units = units,
            Traffic = _traffic.Layer(index),
        };
    }

    private CycleSnapshot Snapshot() => new()
    {
        Image = _overflows.Image,
        Cycle = Cycle,
        Load = Snapshot(_loadUnit),
        Array = Snapshot(_arrayUnit),
        Vector = Snapshot(_vectorUnit),
        Store = Snapshot(_storeUnit),
        Semaphores = _semaphores.Counts,
        PortOwner = _port.Owner,
        PortBeat = _port.Beat,
        ArrayInput = _array.Control.Current,
        Elements = _array,
        AccumulatorWritten = _accumulation.WrittenWord,
        OutputWritten = _requantization.WrittenWord,
    };

    private void ThrowIfDeadlocked()
    {
        if (!IsDeadlocked)
        {
            return;
        }
        List<(UnitKind Unit, int Index, Semaphore Semaphore)> blocked = [.. Blocked(_loadUnit, UnitKind.Load), .. Blocked(_arrayUnit, UnitKind.Array),
            .. Blocked(_vectorUnit, UnitKind.Vector), .. Blocked(_storeUnit, UnitKind.Store)];
        string each = string.Join("; ", blocked.Select(one => $"{one.Unit} instruction {one.Index} waits for {one.Semaphore}"));
        throw new InvalidScheduleException(
            $"deadlock in cycle {Cycle}: {each}", blocked[0].Unit, blocked[0].Index, blocked[0].Semaphore);
    }

    private static IEnumerable<(UnitKind Unit, int Index, Semaphore Semaphore)> Blocked<TInstruction>(UnitSequencer<TInstruction> unit, UnitKind kind)
        where TInstruction : Instruction => unit.BlockedBy is { } semaphore ? [(kind, unit.InstructionIndex, semaphore)] : [];
}
