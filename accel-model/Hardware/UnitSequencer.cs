// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Scheduling;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Hardware;

/// <summary>The states of a unit.</summary>
public enum UnitState
{
    /// <summary>The instruction memory is read.</summary>
    Fetch,

    /// <summary>Until every waited semaphore is above zero.</summary>
    Wait,

    /// <summary>The work.</summary>
    Run,

    /// <summary>After the last instruction.</summary>
    Idle,
}

/// <summary>How often a program runs.</summary>
/// <param name="Frames">So many times, at least once.</param>
/// <param name="First">The first instruction that is repeated; those before it run once.</param>
/// <param name="Stride">Elements of external memory from one frame's input and output to the next frame's.</param>
public readonly record struct FrameLoop(int Frames, int First, int Stride)
{
    /// <summary>One inference.</summary>
    public static FrameLoop Once { get; } = new(1, 0, 0);
}

/// <summary>An in-order unit: fetches, waits for semaphores and runs its instructions one after the other, frame after frame.</summary>
public abstract class UnitSequencer<TInstruction> : IStage, IClocked
    where TInstruction : Instruction
{
    private readonly UnitKind _unit;
    private readonly ImmutableArray<TInstruction> _program;
    private readonly SemaphoreFile _semaphores;
    private readonly Register<UnitState> _state = new();
    private readonly Register<int> _index = new();
    private readonly Register<int> _frame = new();
    private readonly Register<int> _frameOffset = new();
    private FrameLoop _loop = FrameLoop.Once;

    /// <summary>A unit with its program.</summary>
    protected UnitSequencer(UnitKind unit, ImmutableArray<TInstruction> program, SemaphoreFile semaphores, UnitLog log)
    {
        _unit = unit;
        _program = program;
        _semaphores = semaphores;
        Log = log;
    }

    /// <summary>State in this cycle.</summary>
    public UnitState State => _state.Current;

    /// <summary>Position in the program of the instruction at hand.</summary>
    public int InstructionIndex => _index.Current;

    /// <summary>Where the cycles go.</summary>
    public UnitLog Log { get; }

    /// <summary>Whether the unit waits for a semaphore that is zero.</summary>
    public bool IsBlocked => State == UnitState.Wait && !_semaphores.Available(Instruction.Waits);

    /// <summary>The lowest-numbered semaphore that keeps the unit from starting.</summary>
    public Semaphore? BlockedBy => State == UnitState.Wait ? _semaphores.FirstAtZero(Instruction.Waits) : null;

    /// <summary>The instruction at hand.</summary>
    protected TInstruction Instruction => _program[_index.Current];

    /// <summary>Number of the frame, from 0 on.</summary>
    protected int Frame => _frame.Current;

    /// <summary>Elements of external memory from the first frame's input and output to this one's.</summary>
    protected int FrameOffset => _frameOffset.Current;

    /// <summary>Scheduled layer of the instruction at hand.</summary>
    protected int Layer => Log.Layer(_index.Current);

    /// <summary>Has the program run more than once; to be set before a reset.</summary>
    public void Repeat(in FrameLoop loop) => _loop = loop;

    /// <inheritdoc/>
    public void Evaluate()
    {
        switch (_state.Current)
        {
            case UnitState.Fetch:
                Log.Fetched(_index.Current, _frame.Current);
                _state.Next = UnitState.Wait;
                break;
            case UnitState.Wait:
                Wait();
                break;
            case UnitState.Run:
                Log.Ran(_index.Current, Run(out bool ends));
                if (ends)
                {
                    End();
                }
                break;
            default:
                Log.Idled();
                break;
        }
    }

    /// <inheritdoc/>
    public virtual void Advance()
    {
        _state.Advance();
        _index.Advance();
        _frame.Advance();
        _frameOffset.Advance();
    }

    /// <summary>At the first instruction again.</summary>
    public virtual void Reset()
    {
        _state.Reset(_program.IsEmpty ? UnitState.Idle : UnitState.Fetch);
        _index.Reset();
        _frame.Reset();
        _frameOffset.Reset();
        Log.Reset();
    }

    /// <summary>The start cycle: the working registers take their first values at the clock edge.</summary>
    protected abstract void Begin();

    /// <summary>One cycle of work; <paramref name="ends"/> says whether it is the instruction's last.</summary>
    protected abstract CycleKind Run(out bool ends);

    /// <summary>Called by units whose last write is done in their last cycle.</summary>
    protected void Complete()
    {
        _semaphores.Signal(_unit, Instruction.Signals.AtCompletion);
        Log.Completed();
    }

    private void Wait()
    {
        if (_semaphores.FirstAtZero(Instruction.Waits) is { } semaphore)
        {
            Log.Stalled(_index.Current, semaphore);
            return;
        }
        _semaphores.Take(_unit, Instruction.Waits);
        Log.Started(_index.Current);
        Begin();
        _state.Next = UnitState.Run;
    }

    private void End()
    {
        _semaphores.Signal(_unit, Instruction.Signals.AtEnd);
        Log.Ended();
        bool endsFrame = _index.Current == _program.Length - 1;
        bool endsRun = endsFrame && _frame.Current == _loop.Frames - 1;
        _state.Next = endsRun ? UnitState.Idle : UnitState.Fetch;
        if (endsFrame && !endsRun)
        {
            _index.Next = _loop.First;
            _frame.Next = _frame.Current + 1;
            _frameOffset.Next = _frameOffset.Current + _loop.Stride;
        }
        else if (!endsRun)
        {
            _index.Next = _index.Current + 1;
        }
    }
}
