// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;

namespace AccelModel.Hardware;

/// <summary>Weight lines stay, from the bottom row of a segment up; activation vectors stream.</summary>
public sealed class WeightStationarySequencer : StationaryOperandSequencer
{
    private const int PixelCounters = 2;

    // Stationary side: digit, segment of the digit, row (from the bottom up).
    private readonly AddressLoop _lines = new(3);

    // Streaming side: digit, kernel row, kernel column, tile; then row and column of the pixel.
    private readonly AddressLoop _segments = new(4);
    private readonly AddressLoop _pixels = new(PixelCounters);
    private readonly Register<int> _segment = new();
    private readonly Register<int> _pixel = new();

    /// <param name="connections">What it is connected to.</param>
    public WeightStationarySequencer(ArrayConnections connections)
        : base(connections, connections.Spec.Array.Rows)
    {
    }

    private protected override bool IsTileStart => _lines.IsFirstOf(1);

    private protected override bool IsTileEnd => _lines.IsLastOf(1);

    private protected override bool IsLastStationary => _lines.IsLast;

    private protected override bool IsLastOfStream => _pixels.IsLast;

    /// <inheritdoc/>
    public override void Advance()
    {
        base.Advance();
        _lines.Advance();
        _segments.Advance();
        _pixels.Advance();
        _segment.Advance();
        _pixel.Advance();
    }

    /// <inheritdoc/>
    private protected override void BeginSums()
    {
        base.BeginSums();
        MatmulInstruction matmul = Instruction;
        int rows = Spec.Array.Rows;
        _lines.Load(
            FirstWeightLine + ((rows - 1) * LineStride),
            (matmul.Digits, 0),
            (matmul.KernelRows * matmul.KernelColumns * matmul.Tiles, SegmentStride(rows)),
            (rows, -LineStride));
        _segments.Load(
            0,
            (matmul.Digits, 0),
            (matmul.KernelRows, matmul.KernelRowStride),
            (matmul.KernelColumns, matmul.KernelColumnStride),
            (matmul.Tiles, Spec.VectorElements));
        _pixels.Load(0, (matmul.Rows, matmul.RowStride), (matmul.Columns, matmul.ColumnStride));
        _segment.Next = 0;
        _pixel.Next = 0;
    }

    /// <inheritdoc/>
    private protected override void ReadStationary(ref ArrayControl control)
    {
        ReadLine(_lines.Address);
        _lines.Step();
    }

    /// <inheritdoc/>
    private protected override void Stream(ref ArrayControl control, in ProductStep step, bool reads, bool endsTile)
    {
        MatmulInstruction matmul = Instruction;
        if (reads)
        {
            ReadVector(_segments.Address + _pixels.Address);
        }
        ActivationControl activation = Activation(_segments.IsLastOf(1), _segments.Index(0));
        control = control with
        {
            Vector = Enter(Tag(matmul, step, activation, endsTile)),
            Activation = activation with
            {
                Elements = matmul.ColumnFilter ? Spec.Array.Columns : activation.Elements,
                Bits = IsSerial ? 1 << step.Bit : -1,
            },
        };
        if (step.IsLast)
        {
            _pixels.Step();
            _pixel.Next = endsTile ? 0 : _pixel.Current + 1;
        }
        if (endsTile)
        {
            _segments.Step();
            _segment.Next = _segment.Current + 1;
        }
    }

    private VectorTag Tag(MatmulInstruction matmul, in ProductStep step, in ActivationControl activation, bool endsTile) => new()
    {
        Step = step,
        Filters = matmul.ColumnFilter,

        // Taps reach ahead in the stream, up to its last vector.
        FilterRows = Math.Min(matmul.LastTileElements > 0 ? matmul.LastTileElements : Spec.Array.Rows, matmul.Vectors - _pixel.Current),
        Target = new()
        {
            Address = matmul.AccumulatorAddress + _pixel.Current,
            Words = 1,
            Accumulates = matmul.Accumulate || _segment.Current > 0,
            DigitShift = activation.DigitShift,
            IsLast = endsTile && _segments.IsLast,
            Signals = matmul.Signals.AtCompletion,
            Place = Place(_segment.Current, _pixel.Current, 0),
            LastAddition = Spec.Array.Rows - 1,
        },
    };
}
