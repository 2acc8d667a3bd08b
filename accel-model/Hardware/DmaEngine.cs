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

    /// <summary>Whether the command's next beat is its last.</summary>
    bool OnLastBeat { get; }

    /// <summary>Position of the command in the unit's program.</summary>
    int InstructionIndex { get; }
}

/// <summary>
/// The memory port: serves one command at a time, in the order of the requests, loads first on a tie, in bursts. Fills and forwarding pass it too, without bursts, because it
/// guards the activation buffer's one write port.
/// </summary>
public sealed class DmaEngine(MemorySpec spec, ExternalMemory memory, Clock clock, IPortStall? stall) : IStage, IClocked
{
    private readonly Register<UnitKind?> _owner = new();
    private readonly Register<int> _burstBeats = new();
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
        _burstBeats.Reset();
    }

    /// <inheritdoc/>
    public void Evaluate()
    {
        if (Granted is { } granted)
        {
            _owner.Next = granted;
            OpenBurst(Client(granted));
        }
        if (Beat)
        {
            Count(Client(_owner.Current!.Value));
        }
    }

    /// <inheritdoc/>
    public void Advance()
    {
        _owner.Advance();
        _burstBeats.Advance();
    }

    private void Count(IPortClient client)
    {
        _burstBeats.Next = _burstBeats.Current - 1;
        if (client.OnLastBeat)
        {
            _owner.Next = null;
        }
        else if (_burstBeats.Current == 1)
        {
            OpenBurst(client);
        }
    }

    private void OpenBurst(IPortClient client)
    {
        _burstBeats.Next = spec.BurstBeats;
        if (client.UsesMemory)
        {
            memory.StartBurst();
        }
    }

    private bool MemoryPasses(UnitKind owner) =>
        memory.Ready && (stall is null || !stall.Withholds(new(clock.Cycle, owner, Client(owner).InstructionIndex, Client(owner).OnLastBeat)));

    private IPortClient Client(UnitKind unit) => unit == UnitKind.Load ? _load : _store;
}
