// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>The buffers that the vector unit reads and writes.</summary>
/// <param name="Accumulators">A source of words.</param>
/// <param name="Operands">The other source.</param>
/// <param name="Parameters">Lane records.</param>
/// <param name="Lookup">Tables.</param>
/// <param name="Outputs">Where words go.</param>
public sealed record VectorBuffers(AccumulatorBuffer Accumulators, OperandBuffer Operands, LineBuffer Parameters, LookupMemory Lookup, OutputBuffer Outputs);

/// <summary>
/// A pipeline of a lane for each column behind the buffers' read cycle, one cycle each: bias; multiply; round and clamp; combine; in an elementwise unit multiply and round once more; and
/// the lookup table, if there is one. The last of them writes. Each word's lane records travel with it.
/// </summary>
public sealed class RequantizationUnit : IClocked
{
    private readonly int _lanes;
    private readonly int _elementWidth;
    private readonly LaneFields _fields;
    private readonly VectorBuffers _buffers;
    private readonly IWordSink _biased;
    private readonly long[] _sums;
    private readonly VectorOutput _output;
    private readonly LookupStage? _lookup;
    private readonly List<IStage> _stages = [];
    private readonly List<WordRegister> _registers = [];

    /// <summary>An empty pipeline between its buffers.</summary>
    public RequantizationUnit(AcceleratorSpec spec, VectorBuffers buffers, SemaphoreFile semaphores, UnitLog log, TrafficLog traffic)
    {
        _lanes = spec.Array.Columns;
        _elementWidth = spec.Requantizer.ElementWidth;
        _fields = new(spec);
        _buffers = buffers;
        _sums = new long[_lanes];
        _output = new(spec, buffers.Outputs, semaphores, log, traffic);

        // Built from the end: each stage needs to know where its words go.
        IWordSink next = _output;
        if (spec.Vector.Lookup)
        {
            _lookup = new(buffers.Lookup, next, _lanes, traffic);
            _stages.Add(_lookup);
            next = _lookup;
        }
        RoundingMode rounding = spec.Requantizer.Rounding;
        if (spec.Vector.Elementwise)
        {
            next = Behind(register => new PostRoundStage(register, next, _lanes, _fields, rounding));
            next = Behind(register => new PostMultiplyStage(register, next, _lanes, _fields));
        }
        next = Behind(register => new CombineStage(register, next, _lanes));
        next = Behind(register => new RoundStage(register, next, _lanes, _fields, rounding));
        _biased = Behind(register => new MultiplyStage(register, next, _lanes, _fields));
        _stages.Add(new BiasStage(this));
    }

    /// <summary>Where the sequencer sends the tag of the word that it reads.</summary>
    public Latch<WordTag> Words { get; } = new();

    /// <summary>The output word that is written in this cycle, if any.</summary>
    public int? WrittenWord => _output.WrittenWord;

    /// <summary>The pipeline's stages.</summary>
    public IReadOnlyList<IStage> Stages => _stages;

    /// <inheritdoc/>
    public void Advance()
    {
        Words.Advance();
        _registers.ForEach(register => register.Advance());
        _lookup?.Advance();
        _output.Advance();
    }

    /// <summary>Empties the pipeline.</summary>
    public void Reset()
    {
        Words.Reset();
        _registers.ForEach(register => register.Reset());
        _lookup?.Reset();
    }

    private WordRegister Behind(Func<WordRegister, IStage> stage)
    {
        var register = new WordRegister(_lanes, _buffers.Parameters.Output.Length);
        _registers.Add(register);
        _stages.Add(stage(register));
        return register;
    }

    /// <summary>The buffers' outputs and the bias.</summary>
    private void AddBias()
    {
        WordTag tag = Words.Current;
        if (!tag.IsValid)
        {
            return;
        }
        for (int lane = 0; lane < _lanes; lane++)
        {
            _sums[lane] = Source(tag, lane) + _fields.Bias(_buffers.Parameters.Output, lane);
        }
        _biased.Take(tag, _sums, _buffers.Parameters.Output);
    }

    private long Source(in WordTag tag, int lane) =>
        tag.Source == VectorSource.Accumulator ? _buffers.Accumulators.VectorOutput[lane]
        : tag.OperandSigned ? TwosComplement.Wrap(_buffers.Operands.Output[lane], _elementWidth)
        : _buffers.Operands.Output[lane];

    private sealed class BiasStage(RequantizationUnit unit) : IStage
    {
        public void Evaluate() => unit.AddBias();
    }
}
