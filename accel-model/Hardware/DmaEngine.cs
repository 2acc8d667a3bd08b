// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>What the port sees of a unit; all of it comes out of the unit's registers.</summary>
public interface IPortClient
{
    /// <summary>Whether a command waits to be granted.</summary>
    bool Requests { get; }

    /// <summary>Whether the command's words come from or go to external memory; a command that stays on chip has a beat in every cycle.</summary>
    bool UsesMemory { get; }

    /// <summary>Memory word of the command's next beat, where it uses memory.</summary>
    int MemoryWord { get; }

    /// <summary>Whether the command's next beat is its last.</summary>
    bool OnLastBeat { get; }

    /// <summary>Position of the command in the unit's program.</summary>
    int InstructionIndex { get; }
}

/// <summary>
/// The memory port: serves one command at a time, in the order of the requests, loads first on a tie, in bursts. Fills and forwarding pass it too, without bursts, because it
/// guards the activation buffer's one write port. A burst ends after so many beats; where bursts are aligned, also where the next word does not follow or begins a block.
/// </summary>
public sealed class DmaEngine(MemorySpec spec, ExternalMemory memory, Clock clock, IPortStall? stall) : IStage, IClocked
{
    private readonly Register<UnitKind?> _owner = new();

    // Whether the burst of the next beat is open; beats that are left of it; the word of the last beat.
    private readonly Register<bool> _opened = new();
    private readonly Register<int> _beatsLeft = new();
    private readonly Register<int> _lastWord = new();
    private IPortClient _load = null!;
    private IPortClient _store = null!;

    /// <summary>The unit whose command is being served in this cycle.</summary>
    public UnitKind? Owner => _owner.Current;

    /// <summary>Whether a word passes the port in this cycle.</summary>
    public bool Beat => _owner.Current is { } owner && (!Client(owner).UsesMemory || MemoryPasses(owner));

    /// <summary>
    /// The unit whose request is granted in this cycle. No age is kept: a unit asks again three cycles after its last beat at the earliest, when the other's
    /// older request has long been granted, so two requests are pending together only if they were raised in the same cycle.
    /// </summary>
    public UnitKind? Granted =>
        _owner.Current is not null ? null
        : _load.Requests ? UnitKind.Load
        : _store.Requests ? UnitKind.Store
        : null;

    /// <summary>Connects the two clients.</summary>
    public void Connect(IPortClient load, IPortClient store) => (_load, _store) = (load, store);

    /// <summary>Port free, nothing pending.</summary>
    public void Reset()
    {
        _owner.Reset();
        _opened.Reset();
        _beatsLeft.Reset();
        _lastWord.Reset();
    }

    /// <inheritdoc/>
    public void Evaluate()
    {
        if (Granted is { } granted)
        {
            _owner.Next = granted;
            _opened.Next = false;
            _beatsLeft.Next = 0;
        }
        else if (_owner.Current is { } owner)
        {
            Serve(Client(owner));
        }
    }

    /// <inheritdoc/>
    public void Advance()
    {
        _owner.Advance();
        _opened.Advance();
        _beatsLeft.Advance();
        _lastWord.Advance();
    }

    private void Serve(IPortClient client)
    {
        if (client.UsesMemory && NeedsBurst(client))
        {
            memory.StartBurst();
            _opened.Next = true;
            _beatsLeft.Next = spec.BurstBeats;
        }
        else if (Beat)
        {
            _opened.Next = false;
            _beatsLeft.Next = _beatsLeft.Current - 1;
            _lastWord.Next = client.MemoryWord;
            if (client.OnLastBeat)
            {
                _owner.Next = null;
            }
        }
    }

    private bool NeedsBurst(IPortClient client) => !_opened.Current && (_beatsLeft.Current == 0 || IsApart(client.MemoryWord));

    private bool IsApart(int word) => spec.BurstAlignmentBytes > 0 && (word != _lastWord.Current + 1 || word * (long)spec.BytesPerCycle % spec.BurstAlignmentBytes == 0);

    private bool MemoryPasses(UnitKind owner) =>
        !NeedsBurst(Client(owner)) && memory.Ready
        && (stall is null || !stall.Withholds(new(clock.Cycle, owner, Client(owner).InstructionIndex, Client(owner).OnLastBeat)));

    private IPortClient Client(UnitKind unit) => unit == UnitKind.Load ? _load : _store;
}
