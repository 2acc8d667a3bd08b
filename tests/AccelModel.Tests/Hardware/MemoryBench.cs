// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Hardware;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;

namespace AccelModel.Tests.Hardware;

/// <summary>The load and the store unit between external memory and their buffers, without array and vector unit: what they write can be looked at.</summary>
internal sealed class MemoryBench
{
    private readonly Clock _clock = new();
    private readonly ActivationBuffer _activations;
    private readonly OperandBuffer _operands;
    private readonly LookupMemory _lookup;
    private readonly OutputBuffer _outputs;
    private readonly UnitLog _loadLog;
    private readonly UnitLog _storeLog;
    private readonly TrafficLog _traffic;

    /// <summary>Runs both programs to their ends; the output buffer holds <see cref="OutputElement"/>.</summary>
    public MemoryBench(
        AcceleratorSpec spec, byte[] memory, IEnumerable<LoadInstruction>? load = null, IEnumerable<StoreInstruction>? store = null, IPortStall? stall = null)
    {
        ImmutableArray<LoadInstruction> loads = [.. load ?? []];
        ImmutableArray<StoreInstruction> stores = [.. store ?? []];
        _activations = new(spec);
        _operands = new(spec);
        _lookup = new(spec.Array.Columns, spec.Memory.BytesPerCycle);
        _outputs = new(spec.Buffers.Output.Size, spec.Array.Columns);
        FillOutputs(spec);
        _loadLog = new(UnitKind.Load, loads, [0], _clock);
        _storeLog = new(UnitKind.Store, stores, [0], _clock);
        _traffic = new(1, spec.Memory.BytesPerCycle);
        var semaphores = new SemaphoreFile();
        var external = new ExternalMemory(spec.Memory, memory);
        var port = new DmaEngine(spec.Memory, external, _clock, stall);
        var weights = new LineBuffer("weight", spec.Buffers.Weight.Size, spec.WeightLineWords, spec.Memory.BytesPerCycle);
        var parameters = new LineBuffer("parameter", spec.Buffers.Parameter.Size, spec.ParameterLineWords, spec.Memory.BytesPerCycle);
        var loadUnit = new LoadSequencer(loads, semaphores, _loadLog, _traffic, port, external, new(_activations, weights, parameters, _operands, _lookup, new(spec)), spec);
        var storeUnit = new StoreSequencer(stores, semaphores, _storeLog, _traffic, port, external, _outputs, _activations, spec);
        port.Connect(loadUnit, storeUnit);
        loadUnit.Reset();
        storeUnit.Reset();
        IStage[] stages = [loadUnit, storeUnit, port];
        IClocked[] clocked = [_clock, semaphores, external, port, loadUnit, storeUnit, _activations, _operands, _lookup, _outputs, weights, parameters];
        while (loadUnit.State != UnitState.Idle || storeUnit.State != UnitState.Idle)
        {
            Array.ForEach(stages, stage => stage.Evaluate());
            Array.ForEach(clocked, block => block.Advance());
        }
    }

    /// <summary>What moved.</summary>
    public Traffic Traffic => _traffic.Layer(0);

    /// <summary>Loads in time.</summary>
    public ImmutableArray<TimelineEvent> Loads => _loadLog.Timeline;

    /// <summary>Stores in time.</summary>
    public ImmutableArray<TimelineEvent> Stores => _storeLog.Timeline;

    /// <summary>Cycles of the load unit.</summary>
    public UnitCycles LoadCycles => _loadLog.LayerCycles(0);

    /// <summary>Cycles of the store unit.</summary>
    public UnitCycles StoreCycles => _storeLog.LayerCycles(0);

    /// <summary>Everything in the activation buffer.</summary>
    public ushort[] Activations => All(_activations);

    /// <summary>Everything in the operand buffer.</summary>
    public ushort[] Operands => All(_operands);

    /// <summary>Everything in the lookup memory.</summary>
    public byte[] Lookup => [.. Enumerable.Range(0, 512).Select(entry =>
    {
        _lookup.Read(0, entry);
        _lookup.Advance();
        return _lookup.Output[0];
    })];

    /// <summary>What stands in the output buffer: no two elements are alike, none is zero.</summary>
    public static ushort OutputElement(AcceleratorSpec spec, int word, int channel) =>
        (ushort)((1 + (word * spec.Array.Columns) + channel) & ((1 << spec.Requantizer.ElementWidth) - 1));

    private static ushort[] All(ElementBuffer buffer) => [.. Enumerable.Range(0, buffer.Size).Select(address =>
    {
        buffer.Read(address);
        buffer.Advance();
        return buffer.Output[0];
    })];

    private void FillOutputs(AcceleratorSpec spec)
    {
        for (int word = 0; word < spec.Buffers.Output.Size; word++)
        {
            Span<ushort> written = _outputs.Write(word);
            for (int channel = 0; channel < spec.Array.Columns; channel++)
            {
                written[channel] = OutputElement(spec, word, channel);
            }
            _outputs.Advance();
        }
    }
}
