// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;

namespace AccelModel.Tests.Simulation;

/// <summary>
/// Sections 2, 3 and 6 of docs/architecture.md as a machine that lives through every cycle: four states, seventeen counters, one port. It knows no durations but the
/// cycles in which a matmul reads (<see cref="CycleByCycleArray"/>) and the stages of the vector unit.
/// </summary>
internal sealed class CycleByCycle
{
    private enum State
    {
        Fetch,
        Wait,
        Run,
        Idle,
    }

    private readonly Unit[] units;
    private readonly AcceleratorSpec accelerator;
    private readonly int[] semaphores = new int[SemaphoreSet.Count];
    private readonly List<(long Cycle, SemaphoreSet Set)> pending = [];
    private Unit? served;
    private int beatOfBurst;
    private int beatsLeft;
    private int latencyLeft;
    private List<int> words = [];
    private int lastWord;

    public CycleByCycle(Schedule schedule)
    {
        accelerator = schedule.Accelerator;
        units =
        [
            new Unit([.. schedule.Load], schedule.Layers.Length),
            new Unit([.. schedule.Array], schedule.Layers.Length),
            new Unit([.. schedule.Vector], schedule.Layers.Length),
            new Unit([.. schedule.Store], schedule.Layers.Length),
        ];
    }

    /// <summary>Fetch, start, end and completion of every instruction, unit by unit.</summary>
    public IEnumerable<TimelineEvent> Events => units.SelectMany(unit => unit.Events);

    /// <summary>Counters by unit and layer, without idle.</summary>
    public UnitCycles Of(UnitKind unit, int layer) => units[(int)unit].Counters[layer];

    /// <summary>What the instructions of a layer move.</summary>
    public Traffic TrafficOf(int layer) => units.SelectMany(unit => unit.Program)
        .Where(instruction => instruction.Layer == layer)
        .Aggregate(new Traffic(), (traffic, instruction) => CycleByCycleBeats.AddTo(traffic, instruction, accelerator));

    /// <summary>Runs to the end: true, or to a standstill in which units wait and nothing moves: false.</summary>
    public bool Run()
    {
        for (long t = 0; ; t++)
        {
            bool still = Still;
            if (still && units.All(unit => unit.State == State.Idle))
            {
                return true;
            }
            Tick(t);
            if (still && Still)
            {
                return false;
            }
        }
    }

    private bool Still => pending.Count == 0 && units.All(unit => unit.State is State.Wait or State.Idle);

    private void Tick(long t)
    {
        int[] seen = [.. semaphores];
        foreach (Unit unit in units)
        {
            switch (unit.State)
            {
                case State.Fetch:
                    unit.Fetched = t;
                    unit.Count(c => c with { Issue = c.Issue + 1 });
                    unit.State = State.Wait;
                    break;
                case State.Wait:
                    Wait(unit, seen, t);
                    break;
                case State.Run when unit.Instruction is MatmulInstruction or VectorInstruction:
                    Work(unit, t);
                    break;
            }
        }
        TickPort(t);
        foreach ((long cycle, SemaphoreSet set) in pending)
        {
            for (int s = 0; cycle == t && s < semaphores.Length; s++)
            {
                semaphores[s] += set.Contains((AccelModel.Scheduling.Semaphore)s) ? 1 : 0;
            }
        }
        pending.RemoveAll(signal => signal.Cycle == t);
    }

    private void Wait(Unit unit, int[] seen, long t)
    {
        for (int s = 0; s < seen.Length; s++)
        {
            if (unit.Instruction.Waits.Contains((AccelModel.Scheduling.Semaphore)s) && seen[s] == 0)
            {
                unit.Count(c => c with { Stall = c.Stall.SetItem(s, c.Stall[s] + 1) });
                return;
            }
        }
        for (int s = 0; s < seen.Length; s++)
        {
            semaphores[s] -= unit.Instruction.Waits.Contains((AccelModel.Scheduling.Semaphore)s) ? 1 : 0;
        }
        unit.Count(c => c with { Issue = c.Issue + 1 });
        unit.Started = t;
        unit.Requested = false;
        unit.State = State.Run;
        unit.Array = unit.Instruction is MatmulInstruction matmul ? new CycleByCycleArray(accelerator.Array, matmul) : null;
    }

    private void Work(Unit unit, long t)
    {
        long cycle = t - unit.Started - 1;
        if (unit.Instruction is VectorInstruction vector)
        {
            unit.Count(c => c with { Busy = c.Busy + 1 });
            if (cycle == vector.Words - 1)
            {
                End(unit, t, t + Stages);
            }
            return;
        }
        bool reads = unit.Array!.Streamed.Contains(cycle);
        unit.Count(c => reads ? c with { Busy = c.Busy + 1 } : c with { Fill = c.Fill + 1 });
        if (cycle == unit.Array.Occupancy - 1)
        {
            End(unit, t, unit.Started + 1 + unit.Array.Completion);
        }
    }

    /// <summary>Cycles from a word's read to the end of the cycle in which it is written: bias, multiply, round, combine; post multiply and round; table.</summary>
    private int Stages
    {
        get
        {
            List<string> stages = ["bias", "multiply", "round", "combine"];
            stages.AddRange(accelerator.Vector.Elementwise ? ["post multiply", "post round"] : []);
            stages.AddRange(accelerator.Vector.Lookup ? ["lookup"] : []);
            return stages.Count;
        }
    }

    private void TickPort(long t)
    {
        foreach (Unit unit in (Unit[])[units[0], units[3]])
        {
            if (unit.State == State.Run && unit.Started < t && !unit.Requested)
            {
                unit.Requested = true;
                unit.RequestedAt = t;
            }
        }
        if (served is null)
        {
            Unit? granted = new[] { units[0], units[3] }.Where(unit => unit.State == State.Run && unit.Requested).MinBy(unit => unit.RequestedAt);
            foreach (Unit unit in (Unit[])[units[0], units[3]])
            {
                if (unit.State == State.Run && unit.Requested)
                {
                    unit.Count(c => c with { PortWait = c.PortWait + 1 });
                }
            }
            if (granted is not null)
            {
                served = granted;
                beatsLeft = BeatsOf(granted.Instruction);
                words = CycleByCycleBeats.WordsOf(granted.Instruction, accelerator);
                lastWord = -1;
                beatOfBurst = 0;
                latencyLeft = CycleByCycleBeats.UsesMemory(granted.Instruction) ? accelerator.Memory.LatencyCycles : 0;
            }
            return;
        }
        foreach (Unit unit in (Unit[])[units[0], units[3]])
        {
            if (unit.State == State.Run && unit.Requested && unit != served)
            {
                unit.Count(c => c with { PortWait = c.PortWait + 1 });
            }
        }
        if (latencyLeft > 0)
        {
            latencyLeft--;
            served.Count(c => c with { Latency = c.Latency + 1 });
            return;
        }
        served.Count(c => c with { Busy = c.Busy + 1 });
        beatsLeft--;
        lastWord = words[0];
        words.RemoveAt(0);
        if (CycleByCycleBeats.UsesMemory(served.Instruction) && (++beatOfBurst == accelerator.Memory.BurstBeats || LeavesBlock()))
        {
            beatOfBurst = 0;
            latencyLeft = accelerator.Memory.LatencyCycles;
        }
        if (beatsLeft == 0)
        {
            End(served, t, t);
            served = null;
        }
    }

    /// <summary>Whether the next beat is in another burst than the last one for its address.</summary>
    private bool LeavesBlock()
    {
        int block = accelerator.Memory.BurstAlignmentBytes;
        return block > 0 && words.Count > 0 && (words[0] != lastWord + 1 || words[0] * accelerator.Memory.BytesPerCycle / block != lastWord * accelerator.Memory.BytesPerCycle / block);
    }

    private void End(Unit unit, long end, long completion)
    {
        Instruction instruction = unit.Instruction;
        pending.Add((end, instruction.Signals.AtEnd));
        pending.Add((completion, instruction.Signals.AtCompletion));
        unit.Finish(end, completion);
    }

    private int BeatsOf(Instruction instruction) =>
        instruction is LoadInstruction load ? CycleByCycleBeats.Of(load, accelerator) : CycleByCycleBeats.Of((StoreInstruction)instruction, accelerator);

    private sealed class Unit(Instruction[] program, int layers)
    {
        private int next;

        public State State { get; set; } = program.Length == 0 ? State.Idle : State.Fetch;

        public Instruction[] Program => program;

        public Instruction Instruction => program[next];

        public List<TimelineEvent> Events { get; } = [];

        public UnitCycles[] Counters { get; } = [.. Enumerable.Range(0, layers).Select(_ => new UnitCycles())];

        public long Fetched { get; set; }

        public long Started { get; set; }

        public bool Requested { get; set; }

        public long RequestedAt { get; set; }

        public CycleByCycleArray? Array { get; set; }

        public void Count(Func<UnitCycles, UnitCycles> change) => Counters[Instruction.Layer] = change(Counters[Instruction.Layer]);

        public void Finish(long end, long completion)
        {
            Events.Add(new TimelineEvent(Instruction.Unit, next, Instruction.Layer, Fetched, Started, end, completion));
            next++;
            State = next == program.Length ? State.Idle : State.Fetch;
        }
    }
}
