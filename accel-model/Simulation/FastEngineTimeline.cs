// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AccelModel.Scheduling;
using AccelModel.Specification;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Simulation;

/// <summary>
/// Lays the four programs onto the time axis, instruction by instruction. Array and vector instructions follow from their semaphores alone. Load and store also
/// contend for the memory port, which serves requests in the order in which they are raised; one of them is placed only when the other's next request is known, or
/// is known to come later.
/// </summary>
internal sealed class FastEngineTimeline
{
    private const int Units = 4;

    private readonly Schedule schedule;
    private readonly AcceleratorSpec accelerator;
    private readonly FastEngineCounters counters;
    private readonly FastEngineSemaphores semaphores = new();
    private readonly int frames;
    private readonly TimelineEvent[] events;
    private readonly int[] first = new int[Units];
    private readonly int[] length = new int[Units];
    private readonly int[] next = new int[Units];
    private readonly int[] frame = new int[Units];
    private readonly long[] fetch = new long[Units];
    private readonly long[] started = new long[Units];
    private long portFree;
    private long lastCycle = -1;

    /// <param name="schedule">The programs.</param>
    /// <param name="frames">How often they run.</param>
    /// <param name="keepsEvents">Whether every instruction's times are kept.</param>
    public FastEngineTimeline(Schedule schedule, int frames = 1, bool keepsEvents = true)
    {
        this.schedule = schedule;
        this.frames = frames;
        accelerator = schedule.Accelerator;
        counters = new FastEngineCounters(schedule.Layers);
        length = [schedule.Load.Length, schedule.Array.Length, schedule.Vector.Length, schedule.Store.Length];
        int before = keepsEvents ? Events(0) : 0;
        for (int unit = 1; keepsEvents && unit < Units; unit++)
        {
            first[unit] = before;
            before += Events(unit);
        }
        events = new TimelineEvent[before];
        semaphores.Begin(schedule.InitialSemaphores);
    }

    private bool KeepsEvents => events.Length > 0;

    /// <exception cref="InvalidScheduleException">A unit waits for a signal that never comes, or an instruction breaks the contract.</exception>
    public TimingResult Run()
    {
        started.AsSpan().Fill(-1);
        while (Step())
        {
        }
        ThrowIfStuck();
        (ImmutableArray<LayerTiming> layers, ImmutableArray<UnitCycles> units) = counters.Close(lastCycle + 1, accelerator.Memory.BytesPerCycle);
        return new TimingResult
        {
            Cycles = lastCycle + 1,
            Layers = layers,
            Units = units,
            Timeline = ImmutableCollectionsMarshal.AsImmutableArray(events),
        };
    }

    /// <summary>
    /// Runs frame after frame until the machine stands at the end of one as it stood at the end of an earlier one, all times seen from there: from then on it does the same over and over.
    /// </summary>
    /// <exception cref="InvalidScheduleException">A unit waits for a signal that never comes, or an instruction breaks the contract.</exception>
    public FrameTiming RunToSteadyState()
    {
        started.AsSpan().Fill(-1);
        int last = Array.FindLastIndex(length, instructions => instructions > 0);
        Dictionary<string, (int Frame, long Cycle)> seen = [];
        long firstFrame = 0;
        while (last >= 0)
        {
            int before = frame[last];
            if (!Step())
            {
                break;
            }
            if (frame[last] == before)
            {
                continue;
            }
            long cycle = fetch[last];
            firstFrame = before == 0 ? cycle : firstFrame;
            if (!seen.TryAdd(State(cycle, before), (before, cycle)))
            {
                (int earlier, long then) = seen[State(cycle, before)];
                return new FrameTiming { FirstFrameCycles = firstFrame, PeriodFrames = before - earlier, PeriodCycles = cycle - then, SteadyFrom = earlier };
            }
        }
        ThrowIfStuck();
        throw new InvalidScheduleException($"no steady state in {frames} frames", UnitKind.Store, 0);
    }

    /// <summary>Everything on which the future depends, times counted from <paramref name="cycle"/>, frames from <paramref name="number"/>.</summary>
    private string State(long cycle, int number)
    {
        List<long> state = [portFree - cycle];
        for (int unit = 0; unit < Units; unit++)
        {
            if (length[unit] == 0)
            {
                continue;
            }
            state.AddRange([next[unit], frame[unit] - number, fetch[unit] - cycle, started[unit] < 0 ? long.MinValue : started[unit] - cycle]);
        }
        semaphores.AddState(state, cycle);
        return string.Join(' ', state);
    }

    private int Events(int unit) => checked((frames * (length[unit] - LoopStart(unit))) + LoopStart(unit));

    private int LoopStart(int unit) => unit == (int)UnitKind.Load ? schedule.LoadPrologue : 0;

    /// <summary>Places what follows from semaphores alone, then one load or store; false when there is none.</summary>
    private bool Step()
    {
        RunFromSemaphores();
        bool load = TryStart(UnitKind.Load, schedule.Load);
        bool store = TryStart(UnitKind.Store, schedule.Store);
        if (load && (!store || started[(int)UnitKind.Load] <= started[(int)UnitKind.Store]))
        {
            RunLoad();
        }
        else if (store)
        {
            // A load that could not start yet waits, through whatever chain, for this store: its request comes later.
            RunStore();
        }
        return load || store;
    }

    private void RunFromSemaphores()
    {
        bool progress = true;
        while (progress)
        {
            progress = false;
            while (TryStart(UnitKind.Array, schedule.Array))
            {
                RunArray();
                progress = true;
            }
            while (TryStart(UnitKind.Vector, schedule.Vector))
            {
                RunVector();
                progress = true;
            }
        }
    }

    /// <summary>Fetches and waits, if all signals are known; true when the unit's next instruction has a start.</summary>
    private bool TryStart<T>(UnitKind unit, ImmutableArray<T> program)
        where T : Instruction
    {
        int u = (int)unit;
        if (started[u] >= 0)
        {
            return true;
        }
        if (next[u] == program.Length)
        {
            return false;
        }
        Instruction instruction = program[next[u]];
        FastEngineSemaphores.CheckWires(instruction, next[u]);
        if (semaphores.Missing(instruction.Waits) is not null)
        {
            return false;
        }
        ref FastEngineCounters.Unit row = ref counters.Of(unit, counters.SlotOf(instruction, next[u]));
        started[u] = semaphores.Take(instruction.Waits, fetch[u] + 1, ref row);
        row.Issue += 2;
        return true;
    }

    private void RunLoad()
    {
        LoadInstruction load = schedule.Load[next[(int)UnitKind.Load]];
        int slot = counters.SlotOf(load, next[(int)UnitKind.Load]);
        long beats = FastEngineFormulas.Beats(load, accelerator.ElementsPerWord);
        counters.TrafficOf(slot).Add(load, beats, accelerator.ElementsPerWord);
        RunCommand(load, slot, beats, load.Fill ? 0 : FastEngineFormulas.Latency(load, beats, accelerator));
    }

    private void RunStore()
    {
        StoreInstruction store = schedule.Store[next[(int)UnitKind.Store]];
        int slot = counters.SlotOf(store, next[(int)UnitKind.Store]);
        long beats = FastEngineFormulas.Beats(store, accelerator.ElementsPerWord);
        counters.TrafficOf(slot).Add(store, beats);
        RunCommand(store, slot, beats, store.Fill || store.Target != StoreTarget.Memory ? 0 : FastEngineFormulas.Latency(store, beats, accelerator));
    }

    /// <summary>Serves one command at the port: grant, then bursts, each with its latency; what stays on chip has none.</summary>
    private void RunCommand(Instruction instruction, int slot, long beats, long latency)
    {
        int u = (int)instruction.Unit;
        long request = started[u] + 1;
        long grant = Math.Max(request, portFree);
        long end = grant + latency + beats;
        portFree = end + 1;

        ref FastEngineCounters.Unit row = ref counters.Of(instruction.Unit, slot);
        row.PortWait += grant - started[u];
        row.Latency += latency;
        row.Busy += beats;
        Finish(instruction, end, end);
    }

    private void RunArray()
    {
        MatmulInstruction matmul = schedule.Array[next[(int)UnitKind.Array]];
        int slot = counters.SlotOf(matmul, next[(int)UnitKind.Array]);
        long run = started[(int)UnitKind.Array] + 1;
        ArraySpec array = accelerator.Array;
        MatmulTiming timing = ArrayTiming.Of(
            array.Dataflow, array.Rows, array.Columns, array.WeightDoubleBuffering, new(matmul.Vectors, matmul.Segments, matmul.Channels, matmul.Interval, matmul.TableLines));
        long reads = counters.TrafficOf(slot).Add(matmul, array);

        ref FastEngineCounters.Unit row = ref counters.Of(UnitKind.Array, slot);
        row.Busy += reads;
        row.Fill += timing.Occupancy - reads;
        Finish(matmul, run + timing.Occupancy - 1, run + timing.Completion);
    }

    private void RunVector()
    {
        VectorInstruction vector = schedule.Vector[next[(int)UnitKind.Vector]];
        int slot = counters.SlotOf(vector, next[(int)UnitKind.Vector]);
        long end = started[(int)UnitKind.Vector] + vector.Words;

        counters.Of(UnitKind.Vector, slot).Busy += vector.Words;
        counters.TrafficOf(slot).Add(vector);
        Finish(vector, end, end + accelerator.VectorLatency);
    }

    private void Finish(Instruction instruction, long end, long completion)
    {
        int u = (int)instruction.Unit;
        semaphores.Signal(instruction.Signals.AtEnd, end);
        semaphores.Signal(instruction.Signals.AtCompletion, completion);
        if (KeepsEvents)
        {
            events[first[u]++] = new TimelineEvent(instruction.Unit, next[u], instruction.Layer, fetch[u], started[u], end, completion) { Frame = frame[u] };
        }
        if (++next[u] == length[u] && ++frame[u] < frames)
        {
            next[u] = LoopStart(u);
        }
        fetch[u] = end + 1;
        started[u] = -1;
        lastCycle = Math.Max(lastCycle, Math.Max(end, completion));
    }

    private void ThrowIfStuck()
    {
        List<(UnitKind Unit, int Index, Semaphore Semaphore)> stuck = [];
        AddIfStuck(schedule.Load);
        AddIfStuck(schedule.Array);
        AddIfStuck(schedule.Vector);
        AddIfStuck(schedule.Store);
        if (stuck.Count > 0)
        {
            string each = string.Join("; ", stuck.Select(s => $"{s.Unit} instruction {s.Index} waits for {s.Semaphore}"));
            throw new InvalidScheduleException($"the programs wait for signals that never come: {each}", stuck[0].Unit, stuck[0].Index, stuck[0].Semaphore);
        }

        void AddIfStuck<T>(ImmutableArray<T> program)
            where T : Instruction
        {
            int index = program.IsEmpty ? 0 : next[(int)program[0].Unit];
            if (index < program.Length && semaphores.Missing(program[index].Waits) is { } semaphore)
            {
                stuck.Add((program[index].Unit, index, semaphore));
            }
        }
    }
}
