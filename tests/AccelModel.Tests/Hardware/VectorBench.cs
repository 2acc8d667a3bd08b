// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Hardware;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;

namespace AccelModel.Tests.Hardware;

/// <summary>The vector unit alone: its sources, records and tables are put into the buffers, its program runs, and its output words can be looked at.</summary>
internal sealed class VectorBench
{
    private readonly Clock _clock = new();
    private readonly OutputBuffer _outputs;
    private readonly UnitLog _log;
    private readonly TrafficLog _traffic;
    private readonly List<(long Cycle, int Word)> _written = [];

    /// <summary>Runs the program to its end.</summary>
    /// <param name="spec">The design.</param>
    /// <param name="program">Vector instructions.</param>
    /// <param name="accumulators">Words of the accumulator buffer.</param>
    /// <param name="operands">Raw elements of the operand buffer.</param>
    /// <param name="lines">Parameter lines, each a record for each column.</param>
    /// <param name="tables">Entries of the lookup memory.</param>
    public VectorBench(
        AcceleratorSpec spec, IEnumerable<VectorInstruction> program, long[][]? accumulators = null, ushort[]? operands = null, LaneRecord[][]? lines = null, byte[]? tables = null)
    {
        ImmutableArray<VectorInstruction> instructions = [.. program];
        var buffers = new VectorBuffers(
            new(spec.Buffers.Accumulator.Size, spec.Array.Columns),
            new(spec),
            new("parameter", spec.Buffers.Parameter.Size, spec.ParameterLineWords, spec.Memory.BytesPerCycle),
            new(spec.Array.Columns, spec.Memory.BytesPerCycle),
            new(spec.Buffers.Output.Size, spec.Array.Columns));
        Fill(spec, buffers, accumulators ?? [], operands ?? [], lines ?? [], tables ?? []);
        _outputs = buffers.Outputs;
        _log = new(UnitKind.Vector, instructions, [0], _clock);
        _traffic = new(1, spec.Memory.BytesPerCycle);
        var semaphores = new SemaphoreFile();
        var requantization = new RequantizationUnit(spec, buffers, semaphores, _log, _traffic);
        var sequencer = new VectorSequencer(instructions, semaphores, _log, _traffic, buffers, requantization.Words);
        requantization.Reset();
        sequencer.Reset();
        IStage[] stages = [sequencer, .. requantization.Stages];
        IClocked[] clocked = [_clock, semaphores, sequencer, requantization, buffers.Accumulators, buffers.Operands, buffers.Parameters, buffers.Lookup, buffers.Outputs];
        while (sequencer.State != UnitState.Idle || _log.InFlight > 0)
        {
            Array.ForEach(stages, stage => stage.Evaluate());
            if (requantization.WrittenWord is { } word)
            {
                _written.Add((_clock.Cycle, word));
            }
            Array.ForEach(clocked, block => block.Advance());
        }
    }

    /// <summary>What was read and written.</summary>
    public Traffic Traffic => _traffic.Layer(0);

    /// <summary>Instructions in time.</summary>
    public ImmutableArray<TimelineEvent> Timeline => _log.Timeline;

    /// <summary>When which output word was written.</summary>
    public IReadOnlyList<(long Cycle, int Word)> Written => _written;

    /// <summary>One word of the output buffer.</summary>
    public ushort[] Output(int word)
    {
        _outputs.Read(word);
        _outputs.Advance();
        return _outputs.Output.ToArray();
    }

    private static void Fill(AcceleratorSpec spec, VectorBuffers buffers, long[][] accumulators, ushort[] operands, LaneRecord[][] lines, byte[] tables)
    {
        for (int word = 0; word < accumulators.Length; word++)
        {
            accumulators[word].CopyTo(buffers.Accumulators.Write(word));
            buffers.Accumulators.Advance();
        }
        for (int element = 0; element < operands.Length; element++)
        {
            buffers.Operands.Write(element, 1)[0] = operands[element];
            buffers.Operands.Advance();
        }
        int wordBytes = spec.Memory.BytesPerCycle;
        for (int line = 0; line < lines.Length; line++)
        {
            byte[] bytes = Bench.Pack(spec.ParameterLineWords * wordBytes, lines[line].SelectMany(record => Bench.Record(spec, record)));
            for (int word = 0; word < spec.ParameterLineWords; word++)
            {
                buffers.Parameters.Write(line, word, bytes.AsSpan(word * wordBytes, wordBytes));
                buffers.Parameters.Advance();
            }
        }
        for (int entry = 0; entry < tables.Length; entry += wordBytes)
        {
            buffers.Lookup.Write(entry, tables.AsSpan(entry, wordBytes));
            buffers.Lookup.Advance();
        }
    }
}
