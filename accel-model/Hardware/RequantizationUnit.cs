// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Specification;

namespace AccelModel.Hardware;

/// <summary>What travels with an accumulator word through the vector unit.</summary>
public readonly record struct WordTag
{
    /// <summary>False in a bubble.</summary>
    public bool IsValid { get; init; }

    /// <summary>Whether the word is its window's first.</summary>
    public bool BeginsWindow { get; init; }

    /// <summary>Whether the word is its window's last.</summary>
    public bool EndsWindow { get; init; }

    /// <summary>Output word of the window.</summary>
    public int OutputAddress { get; init; }

    /// <summary>Whether this is its instruction's last word.</summary>
    public bool IsLast { get; init; }

    /// <summary>Signalled when the last word is written.</summary>
    public SemaphoreSet Signals { get; init; }

    /// <summary>Position in the vector unit's program.</summary>
    public int Instruction { get; init; }

    /// <summary>Scheduled layer.</summary>
    public int Layer { get; init; }
}

/// <summary>
/// A pipeline of a lane for each column: bias, multiply, round and clamp, pool and write, one cycle each, behind the buffers' read cycle.
/// The lane records of the instruction stand at the parameter buffer's output for as long as its words are in these stages.
/// </summary>
public sealed class RequantizationUnit : IClocked
{
    private readonly AcceleratorSpec _spec;
    private readonly int _lanes;
    private readonly LaneFields _record;
    private readonly AccumulatorBuffer _accumulators;
    private readonly LineBuffer _parameters;
    private readonly OutputBuffer _outputs;
    private readonly SemaphoreFile _semaphores;
    private readonly UnitLog _log;
    private readonly TrafficLog _traffic;
    private readonly Latch<WordTag> _biasedTag = new();
    private readonly LaneLatch _biased;
    private readonly Latch<WordTag> _productTag = new();
    private readonly LaneLatch _products;
    private readonly LaneLatch _signs;
    private readonly Latch<WordTag> _codeTag = new();
    private readonly LaneLatch _codes;

    // Registers of one stage alone.
    private readonly uint[] _random;
    private readonly long[] _maximum;

    /// <summary>An empty pipeline between its buffers.</summary>
    public RequantizationUnit(
        AcceleratorSpec spec, AccumulatorBuffer accumulators, LineBuffer parameters, OutputBuffer outputs, SemaphoreFile semaphores, UnitLog log, TrafficLog traffic)
    {
        _spec = spec;
        _lanes = spec.Array.Columns;
        _record = new(spec);
        _accumulators = accumulators;
        _parameters = parameters;
        _outputs = outputs;
        _semaphores = semaphores;
        _log = log;
        _traffic = traffic;
        _biased = new(_lanes);
        _products = new(_lanes);
        _signs = new(_lanes);
        _codes = new(_lanes);
        _random = new uint[_lanes];
        _maximum = new long[_lanes];
    }

    /// <summary>Where the sequencer sends the tag of the word that it reads.</summary>
    public Latch<WordTag> Words { get; } = new();

    /// <summary>The output word that is written in this cycle, if any.</summary>
    public int? WrittenWord => _codeTag.Current is { IsValid: true, EndsWindow: true } tag ? tag.OutputAddress : null;

    /// <summary>The pipeline's stages, in the order of the data.</summary>
    public IReadOnlyList<IStage> Stages => [new Stage(AddBias), new Stage(Multiply), new Stage(Round), new Stage(Pool)];

    /// <inheritdoc/>
    public void Advance()
    {
        Words.Advance();
        _biasedTag.Advance();
        _biased.Advance();
        _productTag.Advance();
        _products.Advance();
        _signs.Advance();
        _codeTag.Advance();
        _codes.Advance();
    }

    /// <summary>Empties the pipeline and seeds the lanes' random words.</summary>
    public void Reset()
    {
        Words.Reset();
        _biasedTag.Reset();
        _productTag.Reset();
        _codeTag.Reset();
        for (int lane = 0; lane < _lanes; lane++)
        {
            _random[lane] = Lfsr.LaneSeed(lane);
        }
    }

    private void AddBias()
    {
        if (!Words.Current.IsValid)
        {
            return;
        }
        for (int lane = 0; lane < _lanes; lane++)
        {
            _biased.Next[lane] = _accumulators.VectorOutput[lane] + _record.Bias(_parameters.Output, lane);
        }
        _biasedTag.Send(Words.Current);
    }

    private void Multiply()
    {
        if (!_biasedTag.Current.IsValid)
        {
            return;
        }
        for (int lane = 0; lane < _lanes; lane++)
        {
            // At most 62 + 1 bits: a rule of the specification.
            _products.Next[lane] = _biased.Current[lane] * _record.Multiplier(_parameters.Output, lane);
            _signs.Next[lane] = _biased.Current[lane] >= 0 ? 1 : -1;
        }
        _productTag.Send(_biasedTag.Current);
    }

    private void Round()
    {
        if (!_productTag.Current.IsValid)
        {
            return;
        }
        for (int lane = 0; lane < _lanes; lane++)
        {
            long rounded = Rounding.ShiftRight(_spec.Requantizer.Rounding, _products.Current[lane], _record.Shift(_parameters.Output, lane), _random[lane]);
            _codes.Next[lane] = _record.SignOutput(_parameters.Output, lane) ? _signs.Current[lane] : _record.Range(_parameters.Output, lane).Clamp(rounded);
            _random[lane] = Lfsr.Advance(_random[lane]);
        }
        _codeTag.Send(_productTag.Current);
    }

    private void Pool()
    {
        WordTag tag = _codeTag.Current;
        if (!tag.IsValid)
        {
            return;
        }
        for (int lane = 0; lane < _lanes; lane++)
        {
            _maximum[lane] = tag.BeginsWindow ? _codes.Current[lane] : Math.Max(_maximum[lane], _codes.Current[lane]);
        }
        if (tag.EndsWindow)
        {
            Write(tag);
        }
        if (tag.IsLast)
        {
            _semaphores.Signal(UnitKind.Vector, tag.Signals);
            _log.Completed(tag.Instruction);
        }
    }

    private void Write(in WordTag tag)
    {
        _traffic.Count(tag.Layer, Access.OutputWrite);
        Span<ushort> word = _outputs.Write(tag.OutputAddress);
        int mask = (1 << _spec.Requantizer.ElementWidth) - 1;
        for (int lane = 0; lane < _lanes; lane++)
        {
            word[lane] = (ushort)(_maximum[lane] & mask);
        }
    }

    private sealed class Stage(Action evaluate) : IStage
    {
        public void Evaluate() => evaluate();
    }
}
