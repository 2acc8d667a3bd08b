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
    private readonly int elementsPerWord;
    private readonly int vectorLatency;
    private readonly FastEngineRules rules;
    private readonly FastEngineCounters counters;
    private readonly Instruction[][] programs;
    private readonly FastEngineSemaphores semaphores = new();
    private readonly int frames;
    private readonly TimelineEvent[] events;
    private readonly UnitCycles[] cycles;
    private readonly FastEngineCounters.Unit[] counted = new FastEngineCounters.Unit[Units];
    private readonly int[] first = new int[Units];
    private readonly int[] length = new int[Units];
    private readonly int[] next = new int[Units];
    private readonly int[] frame = new int[Units];
    private readonly long[] fetch = new long[Units];
    private readonly long[] started = new long[Units];
    private readonly int[] slot = new int[Units];
    private readonly int[] blockedBy = new int[Units];
    private long portFree;
    private long lastCycle = -1;

    /// <param name="schedule">The programs.</param>
    /// <param name="frames">How often they run.</param>
    /// <param name="keepsEvents">Whether every instruction's times are kept.</param>
    /// <param name="keepsCycles">Whether the counters of every instruction are kept, too.</param>
    public FastEngineTimeline(Schedule schedule, int frames = 1, bool keepsEvents = true, bool keepsCycles = false)
    {
        this.schedule = schedule;
        this.frames = frames;
        accelerator = schedule.Accelerator;
        elementsPerWord = accelerator.ElementsPerWord;
        vectorLatency = accelerator.VectorLatency;
        rules = new FastEngineRules(schedule);
        counters = new FastEngineCounters(schedule.Layers);
        programs = [Program(schedule.Load), Program(schedule.Array), Program(schedule.Vector), Program(schedule.Store)];
        length = [.. programs.Select(program => program.Length)];
        int before = keepsEvents ? Events(0) : 0;
        for (int unit = 1; keepsEvents && unit < Units; unit++)
        {
            first[unit] = before;
            before += Events(unit);
        }
        events = GC.AllocateUninitializedArray<TimelineEvent>(before);
        cycles = new UnitCycles[keepsCycles ? before : 0];
        blockedBy.AsSpan().Fill(FastEngineSemaphores.None);
        started.AsSpan().Fill(-1);
        semaphores.Begin(schedule.InitialSemaphores);

        static Instruction[] Program<T>(ImmutableArray<T> instructions)
            where T : Instruction => ImmutableCollectionsMarshal.AsArray(instructions)!;
    }

    private bool KeepsEvents => events.Length > 0;

    private bool KeepsCycles => cycles.Length > 0;

    /// <exception cref="InvalidScheduleException">A unit waits for a signal that never comes, or an instruction breaks the contract.</exception>
    public TimingResult Run()
    {
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
            Instructions = ImmutableCollectionsMarshal.AsImmutableArray(cycles),
        };
    }

    /// <summary>
    /// Runs frame after frame until the machine stands at the end of one as it stood at the end of an earlier one, all times seen from there: from then on it does the same over and over.
    /// </summary>
    /// <exception cref="InvalidScheduleException">A unit waits for a signal that never comes, or an instruction breaks the contract.</exception>
    public FrameTiming RunToSteadyState()
    {
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
        bool load = TryStart((int)UnitKind.Load);
        bool store = TryStart((int)UnitKind.Store);
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
            while (TryStart((int)UnitKind.Array))
            {
                RunArray();
                progress = true;
            }
            while (TryStart((int)UnitKind.Vector))
            {
                RunVector();
                progress = true;
            }
        }
    }

    /// <summary>Fetches and waits, if all signals are known; true when the unit's next instruction has a start.</summary>
    private bool TryStart(int unit)
    {
        if (started[unit] >= 0)
        {
            return true;
        }
        int index = next[unit];
        if ((blockedBy[unit] != FastEngineSemaphores.None && semaphores.IsEmpty(blockedBy[unit])) || index == length[unit])
        {
            return false;
        }
        Instruction instruction = programs[unit][index];
        FastEngineSemaphores.CheckWires(instruction, unit, index);
        blockedBy[unit] = semaphores.Missing(instruction.Waits);
        if (blockedBy[unit] != FastEngineSemaphores.None)
        {
            return false;
        }
        slot[unit] = counters.SlotOf(instruction, index);
        ref FastEngineCounters.Unit row = ref counters.Of((UnitKind)unit, slot[unit]);
        if (KeepsCycles)
        {
            counted[unit] = row.Copy();
        }
        started[unit] = semaphores.Take(instruction.Waits, fetch[unit] + 1, ref row);
        row.Issue += 2;
        return true;
    }

    private void RunLoad()
    {
        const int Unit = (int)UnitKind.Load;
        LoadInstruction load = schedule.Load[next[Unit]];
        if (frame[Unit] == 0)
        {
            rules.Check(load, next[Unit]);
        }
        long beats = FastEngineFormulas.Beats(load, elementsPerWord);
        counters.TrafficOf(slot[Unit]).Add(load, beats, elementsPerWord);
        RunCommand(Unit, load, beats, load.Fill ? 0 : FastEngineFormulas.Latency(load, beats, accelerator));
    }

    private void RunStore()
    {
        const int Unit = (int)UnitKind.Store;
        StoreInstruction store = schedule.Store[next[Unit]];
        if (frame[Unit] == 0)
        {
            rules.Check(store, next[Unit]);
        }
        long beats = FastEngineFormulas.Beats(store, elementsPerWord);
        counters.TrafficOf(slot[Unit]).Add(store, beats);
        RunCommand(Unit, store, beats, store.Fill || store.Target != StoreTarget.Memory ? 0 : FastEngineFormulas.Latency(store, beats, accelerator));
    }

    /// <summary>Serves one command at the port: grant, then bursts, each with its latency; what stays on chip has none.</summary>
    private void RunCommand(int unit, Instruction instruction, long beats, long latency)
    {
        long request = started[unit] + 1;
        long grant = Math.Max(request, portFree);
        long end = grant + latency + beats;
        portFree = end + 1;

        ref FastEngineCounters.Unit row = ref counters.Of((UnitKind)unit, slot[unit]);
        row.PortWait += grant - started[unit];
        row.Latency += latency;
        row.Busy += beats;
        Finish(unit, instruction, end, end);
    }

    private void RunArray()
    {
        const int Unit = (int)UnitKind.Array;
        MatmulInstruction matmul = schedule.Array[next[Unit]];
        if (frame[Unit] == 0)
        {
            rules.Check(matmul, next[Unit]);
        }
        long run = started[Unit] + 1;
        ArraySpec array = accelerator.Array;
        MatmulTiming timing = ArrayTiming.Of(
            array.Dataflow, array.Rows, array.Columns, array.WeightDoubleBuffering, new(matmul.Vectors, matmul.Segments, matmul.Channels, matmul.Interval, matmul.TableLines));
        long reads = counters.TrafficOf(slot[Unit]).Add(matmul, array);

        ref FastEngineCounters.Unit row = ref counters.Of(UnitKind.Array, slot[Unit]);
        row.Busy += reads;
        row.Fill += timing.Occupancy - reads;
        Finish(Unit, matmul, run + timing.Occupancy - 1, run + timing.Completion);
    }

    private void RunVector()
    {
        const int Unit = (int)UnitKind.Vector;
        VectorInstruction vector = schedule.Vector[next[Unit]];
        if (frame[Unit] == 0)
        {
            rules.Check(vector, next[Unit]);
        }
        long end = started[Unit] + vector.Words;

        counters.Of(UnitKind.Vector, slot[Unit]).Busy += vector.Words;
        counters.TrafficOf(slot[Unit]).Add(vector);
        Finish(Unit, vector, end, end + vectorLatency);
    }

    private void Finish(int unit, Instruction instruction, long end, long completion)
    {
        semaphores.Signal(instruction.Signals.AtEnd, end);
        semaphores.Signal(instruction.Signals.AtCompletion, completion);
        if (KeepsCycles)
        {
            cycles[first[unit]] = counters.Of((UnitKind)unit, slot[unit]).Since(counted[unit]);
        }
        if (KeepsEvents)
        {
            events[first[unit]++] = new TimelineEvent((UnitKind)unit, next[unit], instruction.Layer, fetch[unit], started[unit], end, completion) { Frame = frame[unit] };
        }
        if (++next[unit] == length[unit] && ++frame[unit] < frames)
        {
            next[unit] = LoopStart(unit);
        }
        fetch[unit] = end + 1;
        started[unit] = -1;
        lastCycle = Math.Max(lastCycle, Math.Max(end, completion));
    }

    private void ThrowIfStuck()
    {
        List<(UnitKind Unit, int Index, Semaphore Semaphore)> stuck = [];
        for (int unit = 0; unit < Units; unit++)
        {
            if (next[unit] < length[unit] && semaphores.Missing(programs[unit][next[unit]].Waits) is var semaphore and not FastEngineSemaphores.None)
            {
                stuck.Add(((UnitKind)unit, next[unit], (Semaphore)semaphore));
            }
        }
        if (stuck.Count > 0)
        {
            string each = string.Join("; ", stuck.Select(s => $"{s.Unit} instruction {s.Index} waits for {s.Semaphore}"));
            throw new InvalidScheduleException($"the programs wait for signals that never come: {each}", stuck[0].Unit, stuck[0].Index, stuck[0].Semaphore);
        }
    }
}
