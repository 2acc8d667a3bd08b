// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;
using AccelModel.Scheduling.Steps;
using AccelModel.Scheduling.Tiles;
using AccelModel.Specification;

namespace AccelModel.Scheduling.Emission;

/// <summary>Emits the instructions of one matrix step.</summary>
internal sealed class MatrixEmitter
{
    private readonly ScheduleBuilder _builder;
    private readonly AcceleratorSpec _accelerator;
    private readonly MatrixTiling _tiling;
    private readonly MatrixStep _step;
    private readonly WeightPacker _packer;
    private readonly string _inputName;
    private readonly FeatureMap? _input;
    private readonly FeatureMap? _second;
    private readonly OutputPlace _output;
    private readonly Dictionary<(int Group, int Chunk, int Tile, int Rectangle), int> _weightAddress = [];
    private readonly List<(int Pixel, int ChannelTile)>? _order;
    private ParameterLines _parameters;

    /// <summary>The step's own use of the activation buffer; the newest one may already be that of its forwarded output.</summary>
    private BufferUse? _activations;

    /// <param name="builder">The programs.</param>
    /// <param name="tiling">How the step is cut.</param>
    /// <param name="input">Where its input lies; null where it was forwarded into the activation buffer.</param>
    /// <param name="second">Where a matmul's second tensor lies; null where weights are constants.</param>
    /// <param name="output">Where its output goes.</param>
    public MatrixEmitter(ScheduleBuilder builder, MatrixTiling tiling, FeatureMap? input, FeatureMap? second, OutputPlace output)
    {
        _builder = builder;
        _accelerator = builder.Accelerator;
        _tiling = tiling;
        _step = tiling.Step;
        _packer = new(tiling, _accelerator);
        _inputName = _step.Inputs[0];
        _input = input;
        _second = second;
        _output = output;

        _activations = input is null ? builder.Activations.Newest : null;

        // Only stochastic rounding depends on the order of words.
        _order = _accelerator.Requantizer.Rounding == RoundingMode.Stochastic ? [] : null;
    }

    private bool IsInputStationary => _accelerator.Array.Dataflow == Dataflow.InputStationary;

    /// <summary>Emits everything; returns the plan of the layer.</summary>
    public AccumulationPlan Emit()
    {
        int wordsBefore = _builder.RequantizedWords;
        if (_second is null)
        {
            PlaceWeights();
        }

        _parameters = _builder.AddParameters(_step.NetworkLayer, _tiling.Tiles.Count, Record);
        foreach ((int group, int band) in Steps())
        {
            EmitSums(group, _tiling.Bands[band]);
            EmitOutputs(group, _tiling.Bands[band]);
        }

        return Plan(new(_accelerator.Array.Columns, wordsBefore, _order is null ? [] : [.. _order]));
    }

    private IEnumerable<(int Group, int Band)> Steps()
    {
        bool channels = _tiling.Choice.Order == LoopOrder.ChannelsOutermost;
        int outer = channels ? _tiling.Groups.Count : _tiling.Bands.Count;
        int inner = channels ? _tiling.Bands.Count : _tiling.Groups.Count;
        for (int i = 0; i < outer; i++)
        {
            for (int j = 0; j < inner; j++)
            {
                yield return channels ? (i, j) : (j, i);
            }
        }
    }

    private LaneRecord Record(int line, int lane)
    {
        ChannelTile tile = _tiling.Tiles[line];
        return lane < tile.Count ? LaneRecord.Of(_step.Requantization, tile.First + lane, _accelerator) : LaneRecord.Zero;
    }

    private void PlaceWeights()
    {
        int wordsPerLine = _accelerator.WeightLineWords;
        int lineBytes = wordsPerLine * _accelerator.Memory.BytesPerCycle;
        for (int g = 0; g < _tiling.Groups.Count; g++)
        {
            TileGroup group = _tiling.Groups[g];
            int channels = _tiling.ChannelsOf(group);
            IEnumerable<int> tiles = IsInputStationary ? [group.First] : Enumerable.Range(group.First, group.Count);
            foreach (int t in tiles)
            {
                ChannelTile tile = _tiling.Tiles[t];
                foreach (ChannelChunk chunk in _tiling.ChunksOfTile(t))
                {
                    List<SegmentChunk> rectangles = _tiling.Rectangles(chunk);
                    for (int r = 0; r < rectangles.Count; r++)
                    {
                        SegmentChunk rectangle = rectangles[r];
                        _weightAddress[(g, chunk.First, t, r)] = _builder.Memory.AddLines(
                            _packer.Lines(rectangle, channels), wordsPerLine, bytes => _packer.Pack(bytes[..(_packer.Lines(rectangle, channels) * lineBytes)], chunk, rectangle, tile, channels));
                    }
                }
            }
        }
    }

    /// <summary>Fills the accumulators of one group and band.</summary>
    private void EmitSums(int g, Band band)
    {
        TileGroup group = _tiling.Groups[g];
        int last = -1;
        bool begun = false;
        IReadOnlyList<ChannelChunk> chunks = _tiling.ChunkPerTile ? [.. Enumerable.Range(group.First, group.Count).Select(tile => _tiling.Chunks[tile])] : _tiling.Chunks;
        int segmentsBefore = 0;
        for (int c = 0; c < chunks.Count; c++)
        {
            ChannelChunk chunk = chunks[c];
            IEnumerable<int> tiles = _tiling.ChunkPerTile ? [group.First + c] : IsInputStationary ? [group.First] : Enumerable.Range(group.First, group.Count);
            List<SegmentChunk> rectangles = _tiling.Rectangles(chunk);
            bool resident = _tiling.AreWeightsResident(group, chunk);
            foreach (int tile in tiles)
            {
                int segment = segmentsBefore;
                for (int r = 0; r < rectangles.Count; r++)
                {
                    // Constants first: they can come before the previous layer has stored its output.
                    int weights = _second is null ? LoadWeights(g, chunk, tile, r, rectangles[r], resident) : LoadFactors(g, chunk, tile, band);
                    if (!begun)
                    {
                        _builder.LoadParameters(_parameters, group.First, 1);
                    }

                    LoadActivations(band, chunk);
                    bool first = (_tiling.ChunkPerTile || c == 0) && r == 0;
                    last = AddMatmul(group, _tiling.Tiles[tile], band, chunk, rectangles[r], weights, begun, !first, segment);
                    begun = true;
                    segment += rectangles[r].Segments;
                }
            }

            segmentsBefore += _tiling.ChunkPerTile ? 0 : rectangles.Sum(rectangle => rectangle.Segments);
        }

        _builder.Accumulators.FilledBy(last);
    }

    /// <summary>Has one rectangle's weights in the buffer; returns the line of the first.</summary>
    private int LoadWeights(int g, ChannelChunk chunk, int tile, int r, SegmentChunk rectangle, bool resident)
    {
        TileGroup group = _tiling.Groups[g];
        int lines = _packer.Lines(rectangle, _tiling.ChannelsOf(group));
        bool whole = resident && !IsInputStationary;
        object key = whole ? (_step.NetworkLayer, g, chunk.First) : (_step.NetworkLayer, g, chunk.First, tile, r);

        // The tiles of a group follow each other in memory where their weights are loaded together.
        int first = _weightAddress[(g, chunk.First, whole ? group.First : tile, r)];
        return _builder.LoadWeights(key, _step.NetworkLayer, first, lines * (whole ? group.Count : 1)) + (whole ? (tile - group.First) * lines : 0);
    }

    /// <summary>Has the second tensor's elements for a tile (or, on an input-stationary array, a group) in the buffer; returns the first.</summary>
    private int LoadFactors(int g, ChannelChunk chunk, int tile, Band band)
    {
        (int First, int Count) outputs = (_tiling.Tiles[tile].First, IsInputStationary ? _tiling.ChannelsOf(_tiling.Groups[g]) : _tiling.Tiles[tile].Count);
        (int First, int Count) products = (chunk.First, chunk.Count);
        FactorLayout layout = _tiling.Factors(chunk, outputs.Count).Layout;
        return _builder.LoadFactors(
            (_step.NetworkLayer, band.FirstConvRow, chunk.First, outputs.First), _step.NetworkLayer, _step.Inputs[1], _second!, band.FirstConvRow,
            _step.TransposeSecond ? outputs : products, _step.TransposeSecond ? products : outputs, layout.PixelPitch);
    }

    private void LoadActivations(Band band, ChannelChunk chunk)
    {
        if (_input is null)
        {
            return;
        }

        object key = (_step.NetworkLayer, band.FirstConvRow, chunk.First, chunk.Count);
        if (_activations?.Holds(key) == true)
        {
            return;
        }

        var issued = new List<int>();
        _builder.LoadWindow(_step.NetworkLayer, _inputName, _input, _tiling.Window(band, chunk), _step.PaddingCode, LoadTarget.Activation, _builder.Activations.NextBase, issued);
        _activations = _builder.Activations.Begin(key, _builder.LoadActivation, issued[0]);
        _activations.FilledBy(issued[^1]);
    }

    private int AddMatmul(TileGroup group, ChannelTile tile, Band band, ChannelChunk chunk, SegmentChunk rectangle, int weights, bool begun, bool accumulate, int segment)
    {
        InputWindow window = _tiling.Window(band, chunk);
        SegmentGrid grid = _tiling.Grid(chunk);
        int pixel = window.Channels;
        int channelOffset = _step.Groups == 1 ? 0 : tile.FirstInput - chunk.First;
        int words = band.ConvRows * _tiling.ColumnsPerRow;
        int lastElements = _tiling.IsFilter ? _step.KernelColumns : grid.LastElements(rectangle);
        int accumulatorBase = begun ? _builder.Accumulators.Base : _builder.Accumulators.NextBase;
        int digitPasses = _accelerator.Array.Dataflow == Dataflow.OutputStationary ? PassesBefore(chunk, rectangle) : segment * _tiling.Digits;
        FactorLayout factors = _second is null ? default : _tiling.Factors(chunk, IsInputStationary ? _tiling.ChannelsOf(group) : tile.Count).Layout;
        int index = _builder.Array.Add(new()
        {
            Layer = _step.NetworkLayer,
            Waits = default,
            Signals = default,
            ActivationAddress = _activations!.Base + channelOffset
                + rectangle.Row * _step.Dilation.Rows * window.RowPitch + rectangle.Column * _step.Dilation.Columns * pixel + rectangle.Tile * grid.VectorElements,
            ActivationSigned = _step.Operand.Signed,
            ActivationCodesSigned = _step.Input.Format.Signed,
            ActivationOffset = _step.InputOffset,
            Rows = band.ConvRows,
            Columns = _tiling.ColumnsPerRow,
            RowStride = _step.Stride.Rows * window.RowPitch,
            ColumnStride = (_tiling.IsFilter ? 1 : _step.Stride.Columns) * pixel,
            Digits = _tiling.Digits,
            KernelRows = rectangle.Rows,
            KernelColumns = rectangle.Columns,
            Tiles = rectangle.Tiles,
            KernelRowStride = _step.Dilation.Rows * window.RowPitch,
            KernelColumnStride = _step.Dilation.Columns * pixel,
            WeightAddress = weights,
            ActivationWeights = _second is not null,
            WeightCodesSigned = _step.Second?.Format.Signed == true,
            WeightOffset = _step.SecondOffset,
            WeightColumnPitch = factors.ColumnPitch,
            WeightLanePitch = factors.LanePitch,
            WeightLineStride = factors.LineStride,
            WeightSegmentStride = factors.SegmentStride,
            AccumulatorAddress = accumulatorBase + (IsInputStationary ? 0 : (tile.Index - group.First) * words),
            Accumulate = accumulate,
            Interval = _tiling.Interval,
            LastTileElements = lastElements == grid.VectorElements ? 0 : lastElements,
            TableLines = _tiling.TableLines,
            Channels = IsInputStationary ? _tiling.ChannelsOf(group) : tile.Count,
            ColumnFilter = _tiling.IsFilter,
            Origin = new(band.FirstConvRow, 0, tile.First, digitPasses)
            {
                ColumnStep = _tiling.IsFilter ? _step.Stride.Columns : 0, Columns = _tiling.IsFilter ? _step.ConvColumns : 0,
            },
        });
        if (!begun)
        {
            _builder.Accumulators.Begin(new object(), _builder.MatmulAccumulator, index);
        }

        _activations.ReadBy(index);
        if (_second is null)
        {
            _builder.ReadWeights(index);
        }
        else
        {
            _builder.ReadFactors(index);
        }

        return index;
    }

    /// <summary>Plan segments before this instruction's on an output-stationary array: one for each digit of each rectangle.</summary>
    private int PassesBefore(ChannelChunk chunk, SegmentChunk rectangle)
    {
        int passes = 0;
        foreach (ChannelChunk earlier in _tiling.ChunkPerTile ? [chunk] : _tiling.Chunks)
        {
            foreach (SegmentChunk other in _tiling.Rectangles(earlier))
            {
                if (earlier == chunk && other == rectangle)
                {
                    return passes;
                }

                passes += _tiling.Digits;
            }
        }

        return passes;
    }

    /// <summary>Requantises, pools and stores the accumulators of one group and band.</summary>
    private void EmitOutputs(int g, Band band)
    {
        TileGroup group = _tiling.Groups[g];
        int step = _tiling.IsFilter ? _step.Stride.Columns : 1;
        int words = band.ConvRows * _tiling.ColumnsPerRow;
        for (int t = group.First; t < group.First + group.Count; t++)
        {
            ChannelTile tile = _tiling.Tiles[t];
            int? table = _builder.LoadTable(_step);
            int index = _builder.Vector.Add(new()
            {
                Layer = _step.NetworkLayer,
                Waits = default,
                Signals = default,
                SourceAddress = _builder.Accumulators.Base + (t - group.First) * words,
                Rows = band.Rows,
                Columns = _step.Output.Width,
                RowStride = _step.PoolStride.Rows * _tiling.ColumnsPerRow,
                ColumnStride = _step.PoolStride.Columns * step,
                PoolRows = _step.PoolWindow.Rows,
                PoolColumns = _step.PoolWindow.Columns,
                PoolRowStride = _tiling.ColumnsPerRow,
                PoolColumnStride = step,
                ParameterAddress = _builder.LoadParameters(_parameters, t, 1),
                Lookup = table is not null,
                LookupAddress = table ?? 0,
                OutputAddress = _builder.Outputs.NextBase,
            });
            _builder.Outputs.Begin(new object(), _builder.VectorOutput, index);
            _builder.Accumulators.ReadBy(index);
            _builder.ReadParameters(index);
            if (table is not null)
            {
                _builder.ReadTable(index);
            }

            _builder.RequantizedWords += band.Rows * _step.Output.Width * _step.PoolWindow.Rows * _step.PoolWindow.Columns;
            AddOrder(band, t);
            _output.Store(_builder, _step.NetworkLayer, (band.FirstRow, 0, band.Rows, _step.Output.Width), tile.First, tile.Count, _builder.Outputs.Base);
        }
    }

    private void AddOrder(Band band, int channelTile)
    {
        if (_order is null)
        {
            return;
        }

        for (int row = 0; row < band.Rows; row++)
        {
            for (int column = 0; column < _step.Output.Width; column++)
            {
                for (int poolRow = 0; poolRow < _step.PoolWindow.Rows; poolRow++)
                {
                    for (int poolColumn = 0; poolColumn < _step.PoolWindow.Columns; poolColumn++)
                    {
                        int convRow = (band.FirstRow + row) * _step.PoolStride.Rows + poolRow;
                        _order.Add((convRow * _step.ConvColumns + column * _step.PoolStride.Columns + poolColumn, channelTile));
                    }
                }
            }
        }
    }

    private AccumulationPlan Plan(RequantizationOrder order)
    {
        bool wholeCode = _tiling.Digits == 1;
        var segments = ImmutableArray.CreateBuilder<PlanSegment>();
        foreach (ChannelChunk chunk in _tiling.ChunkPerTile ? _tiling.Chunks.Take(1) : _tiling.Chunks)
        {
            foreach (SegmentChunk rectangle in _tiling.Rectangles(chunk))
            {
                for (int digit = 0; digit < _tiling.Digits; digit++)
                {
                    if (_accelerator.Array.Dataflow == Dataflow.OutputStationary)
                    {
                        segments.Add(new(digit, wholeCode, [.. rectangle.Order().SelectMany(segment => _packer.Products(chunk, segment))]));
                    }
                    else
                    {
                        segments.AddRange(rectangle.Order().Select(segment => new PlanSegment(digit, wholeCode, [.. _packer.Products(chunk, segment)])));
                    }
                }
            }
        }

        return new()
        {
            Lanes = _accelerator.Array.Lanes,
            PartialSumWidth = _accelerator.Array.PartialSumWidth,
            PartialSumOverflow = _accelerator.Array.Overflow,
            AccumulatorWidth = _accelerator.Accumulator.Width,
            AccumulatorOverflow = _accelerator.Accumulator.Overflow,
            DigitWidth = _accelerator.DigitWidth,
            Span = _tiling.IsBlockDiagonal ? new GroupSpan(_accelerator.Array.Columns, _tiling.SpanChannels) : null,
            Segments = segments.ToImmutable(),
            RequantizationOrder = order,
        };
    }
}
