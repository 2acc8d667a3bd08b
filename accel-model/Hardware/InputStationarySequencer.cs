// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;

namespace AccelModel.Hardware;

/// <summary>The activation vectors of a block of pixels stay; weight lines, a channel each, stream.</summary>
public sealed class InputStationarySequencer : StationaryOperandSequencer
{
    private readonly int _columns;

    // Stationary side: pixels of a block, for each digit, kernel row, kernel column and tile.
    private readonly PixelBlocks _blocks;
    private readonly AddressLoop _tiles = new(4);

    // Streaming side: the lines of all segments of one digit; digit and segment of the digit, whose address is the digit's shift; the channel and where its sums go.
    private readonly AddressLoop _lines = new(2);
    private readonly AddressLoop _segments = new(2);
    private readonly Register<int> _segment = new();
    private readonly Register<int> _channel = new();
    private readonly Register<int> _firstPixel = new();
    private readonly Register<int> _word = new();
    private readonly Register<int> _lane = new();

    /// <param name="connections">What it is connected to.</param>
    public InputStationarySequencer(ArrayConnections connections)
        : base(connections, connections.Spec.Array.Columns)
    {
        _columns = Spec.Array.Columns;
        _blocks = new(_columns);
    }

    private protected override bool IsTileStart => _blocks.IsFirstPlace;

    private protected override bool IsTileEnd => _blocks.IsLastPlace;

    private protected override bool IsLastStationary => _blocks.IsLastPlace && _tiles.IsLast && _blocks.IsLastBlock;

    private protected override bool IsLastOfStream => _channel.Current == Instruction.Channels - 1;

    private int PixelsLeft => Instruction.Vectors - _firstPixel.Current;

    /// <inheritdoc/>
    public override void Advance()
    {
        base.Advance();
        _blocks.Advance();
        _tiles.Advance();
        _lines.Advance();
        _segments.Advance();
        _segment.Advance();
        _channel.Advance();
        _firstPixel.Advance();
        _word.Advance();
        _lane.Advance();
    }

    /// <inheritdoc/>
    private protected override void BeginSums()
    {
        base.BeginSums();
        MatmulInstruction matmul = Instruction;
        int segments = matmul.KernelRows * matmul.KernelColumns * matmul.Tiles;
        _blocks.Load(matmul);
        _tiles.Load(
            0,
            (matmul.Digits, 0),
            (matmul.KernelRows, matmul.KernelRowStride),
            (matmul.KernelColumns, matmul.KernelColumnStride),
            (matmul.Tiles, Spec.VectorElements));
        _lines.Load(FirstWeightLine, (segments, SegmentStride(matmul.Channels)), (matmul.Channels, LineStride));
        _segments.Load(0, (matmul.Digits, Spec.DigitWidth), (segments, 0));
        _segment.Next = _channel.Next = _firstPixel.Next = _lane.Next = 0;
        _word.Next = matmul.AccumulatorAddress;
    }

    /// <inheritdoc/>
    private protected override void ReadStationary(ref ArrayControl control)
    {
        if (_blocks.Exists)
        {
            ReadVector(_tiles.Address + _blocks.Address);
            control = control with { Activation = Activation(_tiles.IsLastOf(1), _tiles.Index(0)) };
        }
        _blocks.Step(_tiles.IsLast);
        if (_blocks.IsLastPlace)
        {
            _tiles.Step();
        }
    }

    /// <inheritdoc/>
    private protected override void Stream(ref ArrayControl control, in ProductStep step, bool reads, bool endsTile)
    {
        if (reads)
        {
            ReadLine(_lines.Address);
        }
        bool endsBlock = endsTile && _segments.IsLast;
        control = control with { Vector = Enter(Tag(step, endsBlock)) };
        if (step.IsLast)
        {
            _lines.Step();
            StepChannel(endsTile, endsBlock);
        }
        if (endsTile)
        {
            _segments.Step();
            _segment.Next = endsBlock ? 0 : _segment.Current + 1;
        }
    }

    private VectorTag Tag(in ProductStep step, bool endsBlock) => new()
    {
        Step = step,
        Target = new()
        {
            Address = _word.Current,
            Words = Math.Min(_columns, PixelsLeft),
            Lane = _lane.Current,
            Accumulates = Instruction.Accumulate || _segment.Current > 0,
            DigitShift = _segments.Address,
            IsLast = endsBlock && PixelsLeft <= _columns,
            Signals = Instruction.Signals.AtCompletion,
            Place = Place(_segment.Current, _firstPixel.Current, _channel.Current),
            LastAddition = Spec.Array.Rows - 1,
        },
    };

    /// <summary>Channels fill the lanes of a word for each pixel, then those of the words after all pixels'.</summary>
    private void StepChannel(bool endsTile, bool endsBlock)
    {
        bool lastLane = _lane.Current == _columns - 1;
        int firstPixel = endsBlock ? _firstPixel.Current + _columns : _firstPixel.Current;
        _channel.Next = endsTile ? 0 : _channel.Current + 1;
        _lane.Next = endsTile || lastLane ? 0 : _lane.Current + 1;
        _word.Next = endsTile ? Instruction.AccumulatorAddress + firstPixel : lastLane ? _word.Current + Instruction.Vectors : _word.Current;
        _firstPixel.Next = firstPixel;
    }
}
