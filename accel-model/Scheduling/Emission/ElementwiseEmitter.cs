// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Scheduling.Steps;
using AccelModel.Scheduling.Tiles;
using AccelModel.Specification;

namespace AccelModel.Scheduling.Emission;

/// <summary>
/// Emits the instructions of a step that the vector unit does alone, from the operand buffer: band by band, and where a whole pixel does not fit, tile of channels by tile.
/// </summary>
internal sealed class ElementwiseEmitter
{
    private readonly ScheduleBuilder _builder;
    private readonly AcceleratorSpec _accelerator;
    private readonly Step _step;
    private readonly ImmutableArray<FeatureMap> _inputs;
    private readonly OutputPlace _output;
    private readonly ElementwiseTiling _tiling;

    public ElementwiseEmitter(ScheduleBuilder builder, ElementwiseTiling tiling, ImmutableArray<FeatureMap> inputs, OutputPlace output)
    {
        _builder = builder;
        _accelerator = builder.Accelerator;
        _tiling = tiling;
        _step = tiling.Step;
        _inputs = inputs;
        _output = output;
    }

    private int Tiles => SegmentGrid.Ceiling(_step.Output.Channels, _accelerator.Array.Columns);

    /// <summary>Emits everything.</summary>
    public void Emit()
    {
        ParameterLines parameters = AddParameters();
        foreach (Band band in _tiling.Bands)
        {
            foreach (ChannelChunk chunk in _tiling.Chunks)
            {
                int[] bases = LoadOperands(band, chunk);
                for (int first = chunk.First; first < chunk.First + chunk.Count; first += _accelerator.Array.Columns)
                {
                    foreach (PoolRegion region in _tiling.Regions(band))
                    {
                        EmitRegion(parameters, band, chunk, first, region, bases);
                    }
                }
            }
        }
    }

    /// <summary>One line per channel tile; two for a pair, and one for each count of a mean.</summary>
    private ParameterLines AddParameters()
    {
        int perTile = _tiling.LinesPerTile;
        return _builder.AddParameters(_step.NetworkLayer, Tiles * perTile, (line, lane) =>
        {
            int channel = line / perTile * _accelerator.Array.Columns + lane;
            return channel < _step.Output.Channels ? Record(line % perTile, channel) : LaneRecord.Zero;
        });
    }

    private LaneRecord Record(int line, int channel) => _step switch
    {
        PoolStep { IsAverage: true } pool => LaneRecord.Average(
            _tiling.Counts[line], Math.Max(-(long)pool.Input.Format.MinRaw, pool.Input.Format.MaxRaw), ((int)pool.Input.Format.MinRaw, (int)pool.Input.Format.MaxRaw), _accelerator),
        PairStep { Layer: AddLayer add } => LaneRecord.Add(add, line, channel, _accelerator),
        PairStep { Layer: MultiplyLayer multiply } => LaneRecord.Multiply(multiply, line, channel, _accelerator),
        MapStep { Requantization: { } requantization } => LaneRecord.Of(requantization, channel, _accelerator),
        _ => LaneRecord.Identity(_accelerator),
    };

    /// <summary>Loads every input's window one after the other into a slot; returns their first elements.</summary>
    private int[] LoadOperands(Band band, ChannelChunk chunk)
    {
        var issued = new List<int>();
        int at = _builder.Operands.NextBase;
        int[] bases = new int[_inputs.Length];
        for (int i = 0; i < _inputs.Length; i++)
        {
            bases[i] = at;
            InputWindow window = _tiling.Window(i, band, chunk);
            FeatureMap map = _inputs[i];
            if (_step is PairStep { BroadcastSecond: true } && i == 1)
            {
                // One pixel, once for every pixel of the band.
                FeatureMap pixel = map with { Tensor = map.Tensor with { Height = window.Rows, Width = window.Columns }, RowPitch = 0, PixelPitch = 0 };
                _builder.LoadWindow(_step.NetworkLayer, _step.Inputs[i], pixel, window with { FirstRow = 0 }, 0, LoadTarget.Operand, at, issued);
            }
            else
            {
                _builder.LoadWindow(_step.NetworkLayer, _step.Inputs[i], map, window, _tiling.PaddingCode, LoadTarget.Operand, at, issued);
            }

            at += (int)window.Elements;
        }

        _builder.Operands.Begin(new object(), _builder.LoadOperand, issued[0]);
        _builder.Operands.FilledBy(issued[^1]);
        return bases;
    }

    private void EmitRegion(ParameterLines parameters, Band band, ChannelChunk chunk, int firstChannel, PoolRegion region, int[] bases)
    {
        InputWindow window = _tiling.Window(0, band, chunk);
        int tile = firstChannel / _accelerator.Array.Columns;
        int perTile = _tiling.LinesPerTile;
        int? table = _builder.LoadTable(_step);
        bool pair = _step is PairStep;
        int line = perTile * tile + (pair ? 0 : region.Line);
        int parameter = _builder.LoadParameters(parameters, line, pair ? 2 : 1);
        int index = _builder.Vector.Add(new()
        {
            Layer = _step.NetworkLayer,
            Waits = default,
            Signals = default,
            Source = VectorSource.Operand,
            OperandSigned = _inputs.Any(input => input.Tensor.Format.Signed),
            SourceAddress = window.Address(region.InputRow, region.InputColumn, bases[0]) + firstChannel - chunk.First,
            Rows = region.Rows,
            Columns = region.Columns,
            RowStride = region.RowStride * window.RowPitch,
            ColumnStride = region.ColumnStride * window.Channels,
            PoolRows = region.WindowRows,
            PoolColumns = pair ? 2 : region.WindowColumns,
            PoolRowStride = window.RowPitch,
            PoolColumnStride = pair ? bases[1] - bases[0] : window.Channels,
            Combine = _step switch
            {
                PairStep { IsProduct: true } => VectorCombine.Product,
                PairStep or PoolStep { IsAverage: true } => VectorCombine.Sum,
                _ => VectorCombine.Maximum,
            },
            Post = pair || _step is PoolStep { IsAverage: true },
            Lookup = table is not null,
            LookupAddress = table ?? 0,
            ParameterAddress = parameter,
            ParameterStride = pair ? 1 : 0,
            OutputAddress = _builder.Outputs.NextBase,
        });
        _builder.Outputs.Begin(new object(), _builder.VectorOutput, index);
        _builder.Operands.ReadBy(index);
        _builder.ReadParameters(index);
        if (table is not null)
        {
            _builder.ReadTable(index);
        }

        _builder.RequantizedWords += region.Rows * region.Columns * region.WindowRows * (pair ? 2 : region.WindowColumns);
        int channels = Math.Min(_accelerator.Array.Columns, chunk.First + chunk.Count - firstChannel);
        _output.Store(_builder, _step.NetworkLayer, (region.Row, region.Column, region.Rows, region.Columns), firstChannel, channels, _builder.Outputs.Base);
    }
}
