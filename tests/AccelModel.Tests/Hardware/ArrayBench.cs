// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Hardware;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;

namespace AccelModel.Tests.Hardware;

/// <summary>The array between its three buffers, without the rest of the machine: the buffers are filled, a program runs, accumulators are read in full width.</summary>
internal sealed class ArrayBench
{
    private readonly Clock _clock = new();
    private readonly SemaphoreFile _semaphores = new();
    private readonly ActivationBuffer _activations;
    private readonly LineBuffer _weights;
    private readonly AccumulatorBuffer _accumulators;
    private readonly SystolicArray _array;
    private readonly ArraySequencer _sequencer;
    private readonly AccumulationStage _accumulation;
    private readonly OverflowLog _overflows;
    private readonly UnitLog _log;
    private readonly IStage[] _stages;
    private readonly IClocked[] _clocked;

    public ArrayBench(AcceleratorSpec spec, IEnumerable<MatmulInstruction> program, TensorSpec output)
    {
        Schedule schedule = Bench.Schedule(spec, array: program, output: Bench.Map(output, 0, output.Channels));
        InstructionRules.Check(schedule);
        var traffic = new TrafficLog(1, spec.Memory.BytesPerCycle);
        var vectors = new VectorsInFlight(spec.Array.Rows + spec.Array.Columns + 2);
        _log = new(UnitKind.Array, schedule.Array, [0], _clock);
        _overflows = new(schedule);
        _activations = new(spec);
        _weights = new("weight", spec.Buffers.Weight.Size, spec.WeightLineWords, spec.Memory.BytesPerCycle);
        _accumulators = new(spec.Buffers.Accumulator.Size, spec.Array.Columns);
        var factors = new FactorBuffer(spec);
        _array = SystolicArray.Of(new(spec, _activations, _weights, factors, vectors, _overflows));
        _sequencer = ArraySequencer.Of(new(spec, schedule.Array, _semaphores, _log, traffic, _activations, _weights, factors, vectors, _array.Control));
        _accumulation = new(spec, _array, _accumulators, _semaphores, _log, traffic, _overflows);
        _stages = [_sequencer, _array, _accumulation];
        _clocked = [_clock, _semaphores, _activations, _weights, factors, _accumulators, _sequencer, _array, _accumulation];
        _sequencer.Reset();
    }

    /// <summary>Overflows counted so far.</summary>
    public LayerOverflows Overflows => _overflows.Layers[0];

    /// <summary>When the instructions ran.</summary>
    public ImmutableArray<TimelineEvent> Timeline => _log.Timeline;

    /// <summary>Fills a buffer's elements from address 0 on.</summary>
    public void WriteActivations(ReadOnlySpan<ushort> elements)
    {
        for (int address = 0; address < elements.Length; address++)
        {
            _activations.Write(address, 1)[0] = elements[address];
            _activations.Advance();
        }
    }

    /// <summary>Writes one line of weights.</summary>
    public void WriteLine(int line, byte[] bytes)
    {
        int words = _weights.WordsPerLine;
        for (int word = 0; word < words; word++)
        {
            _weights.Write(line, word, bytes.AsSpan(word * bytes.Length / words, bytes.Length / words));
            _weights.Advance();
        }
    }

    /// <summary>Writes one accumulator word.</summary>
    public void WriteAccumulators(int word, ReadOnlySpan<long> values)
    {
        values.CopyTo(_accumulators.Write(word));
        _accumulators.Advance();
    }

    /// <summary>Reads one accumulator word.</summary>
    public long[] ReadAccumulators(int word)
    {
        _accumulators.ReadForVector(word);
        _accumulators.Advance();
        return [.. _accumulators.VectorOutput];
    }

    /// <summary>Runs the program to its last write.</summary>
    /// <param name="shuffle">Puts stages and registers into another order in every cycle, if given.</param>
    public void Run(Random? shuffle = null)
    {
        while (_sequencer.State != UnitState.Idle || _log.InFlight > 0)
        {
            shuffle?.Shuffle(_stages);
            shuffle?.Shuffle(_clocked);
            foreach (IStage stage in _stages)
            {
                stage.Evaluate();
            }
            foreach (IClocked registers in _clocked)
            {
                registers.Advance();
            }
        }
    }
}
