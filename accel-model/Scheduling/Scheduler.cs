// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;

namespace AccelModel.Scheduling;

/// <summary>
/// Lays a network onto a design with a fixed rule: layers one after the other, each cut into the tallest bands of rows that fit the buffers, in the loop
/// order that loads fewer memory words; every tensor travels through external memory.
/// </summary>
public sealed class Scheduler
{
    private readonly AcceleratorSpec _accelerator;
    private readonly IntegerNetwork _network;
    private readonly MemoryLayout _memory;
    private readonly UnitProgram<LoadInstruction> _load = new();
    private readonly UnitProgram<MatmulInstruction> _array = new();
    private readonly UnitProgram<VectorInstruction> _vector = new();
    private readonly UnitProgram<StoreInstruction> _store = new();
    private readonly BufferUses<LoadInstruction, MatmulInstruction> _activations;
    private readonly BufferUses<LoadInstruction, MatmulInstruction> _weights;
    private readonly BufferUses<LoadInstruction, VectorInstruction> _parameters;
    private readonly BufferUses<MatmulInstruction, VectorInstruction> _accumulators;
    private readonly BufferUses<VectorInstruction, StoreInstruction> _outputs;
    private int _requantizedWords;

    private Scheduler(IntegerNetwork network, AcceleratorSpec accelerator)
    {
        _network = network;
        _accelerator = accelerator;
        _memory = new(accelerator);
        _activations = new(accelerator.Buffers.Activation, _load, _array, Semaphore.ActivationReady, Semaphore.ActivationFree);
        _weights = new(accelerator.Buffers.Weight, _load, _array, Semaphore.WeightReady, Semaphore.WeightFree);
        _parameters = new(accelerator.Buffers.Parameter, _load, _vector, Semaphore.ParameterReady, Semaphore.ParameterFree);
        _accumulators = new(accelerator.Buffers.Accumulator, _array, _vector, Semaphore.AccumulatorReady, Semaphore.AccumulatorFree);
        _outputs = new(accelerator.Buffers.Output, _vector, _store, Semaphore.OutputReady, Semaphore.OutputFree);
    }

    /// <summary>Makes the schedule of <paramref name="network"/> on <paramref name="accelerator"/>.</summary>
    /// <exception cref="ScheduleException">A layer has no place on the array, or a buffer cannot hold the smallest band of a layer.</exception>
    public static Schedule Schedule(IntegerNetwork network, AcceleratorSpec accelerator) => new Scheduler(network, accelerator).Run();

    private Schedule Run()
    {
        List<MatrixLayer> layers = MatrixLayer.Of(_network);
        var findings = new List<ScheduleFinding>();
        var grids = layers.Select(layer => SegmentGrid.Of(layer, _accelerator)).ToList();
        var tilings = layers.Select((layer, i) => Tiling.Of(layer, grids[i], _accelerator, findings)).ToList();
        if (findings.Count > 0)
        {
            throw new ScheduleException(findings);
        }

        // The writer of a tensor lays it out the way its reader wants it.
        var maps = new List<FeatureMap>();
        for (int i = 0; i < layers.Count; i++)
        {
            TensorSpec tensor = layers[i].Input;
            maps.Add(_memory.AddFeatureMap(tensor, layers[i].Padding, grids[i].PixelPitch, layers[i].PaddingCode));
        }

        TensorSpec last = layers[^1].Output;
        maps.Add(_memory.AddFeatureMap(last, Padding.None, last.Channels, 0));

        var scheduled = new List<ScheduledLayer>();
        for (int i = 0; i < layers.Count; i++)
        {
            scheduled.Add(AddLayer(layers[i], grids[i], tilings[i]!, maps[i], SeenAs(maps[i + 1], layers[i].Output), i == 0, i == layers.Count - 1));
        }

        scheduled[0] = scheduled[0] with { Input = SeenAs(scheduled[0].Input, _network.Input) };
        return new()
        {
            Accelerator = _accelerator,
            Network = _network,
            Load = _load.Build(),
            Array = _array.Build(),
            Vector = _vector.Build(),
            Store = _store.Build(),
            Layers = [.. scheduled],
            Memory = _memory.Build(),
        };
    }

    /// <summary>A dense layer reads a tensor as one pixel; its writer sees the same packed elements in the shape that it writes.</summary>
    private static FeatureMap SeenAs(FeatureMap map, TensorSpec tensor) =>
        map.Tensor.Height == tensor.Height && map.Tensor.Width == tensor.Width
            ? map
            : map with { Tensor = tensor, RowPitch = tensor.Width * tensor.Channels, PixelPitch = tensor.Channels };

    private ScheduledLayer AddLayer(MatrixLayer layer, SegmentGrid grid, Tiling tiling, FeatureMap input, FeatureMap output, bool isFirst, bool isLast)
    {
        int[,] weightAddress = PlaceWeights(layer, grid, tiling);
        int[] parameterAddress = PlaceParameters(layer, tiling);
        int wordsBefore = _requantizedWords;
        // Only stochastic rounding depends on the order of words.
        List<(int Pixel, int ChannelTile)>? order = _accelerator.Requantizer.Rounding == RoundingMode.Stochastic ? [] : null;
        bool waitForStored = !isFirst;
        int lastStore = -1;

        foreach ((int band, int channelTile) in Steps(tiling))
        {
            int accumulators = -1;
            for (int chunk = 0; chunk < tiling.Chunks.Count; chunk++)
            {
                // Constants first: they can come before the previous layer has stored its output.
                LoadWeights(layer, tiling, channelTile, chunk, weightAddress);
                if (chunk == 0)
                {
                    LoadParameters(layer, channelTile, parameterAddress);
                    LoadActivations(layer, grid, tiling.Bands[band], input, ref waitForStored);
                }

                accumulators = AddMatmul(layer, grid, tiling, band, channelTile, chunk, input);
            }

            _accumulators.FilledBy(accumulators);
            AddVector(layer, tiling.Bands[band], channelTile, order);
            lastStore = AddStore(layer, tiling.Bands[band], channelTile, output);
        }

        if (!isLast)
        {
            _store.Signal(lastStore, Semaphore.Stored);
        }

        return new()
        {
            NetworkLayer = layer.NetworkLayer,
            PoolLayer = layer.PoolLayer,
            Plan = Plan(layer, grid, tiling, new(_accelerator.Array.Columns, wordsBefore, order is null ? [] : [.. order])),
            Input = input,
            Output = output,
            Macs = layer.Macs,
        };
    }

    private static IEnumerable<(int Band, int ChannelTile)> Steps(Tiling tiling)
    {
        int outer = tiling.ChannelsOutermost ? tiling.ChannelTiles : tiling.Bands.Count;
        int inner = tiling.ChannelsOutermost ? tiling.Bands.Count : tiling.ChannelTiles;
        for (int i = 0; i < outer; i++)
        {
            for (int j = 0; j < inner; j++)
            {
                yield return tiling.ChannelsOutermost ? (j, i) : (i, j);
            }
        }
    }

    private int[,] PlaceWeights(MatrixLayer layer, SegmentGrid grid, Tiling tiling)
    {
        var address = new int[tiling.ChannelTiles, tiling.Chunks.Count];
        for (int channelTile = 0; channelTile < tiling.ChannelTiles; channelTile++)
        {
            for (int chunk = 0; chunk < tiling.Chunks.Count; chunk++)
            {
                address[channelTile, chunk] = _memory.Words;
                foreach ((int Row, int Column, int Tile) segment in tiling.Chunks[chunk].Order())
                {
                    for (int row = 0; row < _accelerator.Array.Rows; row++)
                    {
                        _memory.AddLine(ConstantPacking.WeightLine(layer, grid, _accelerator, segment, row, channelTile));
                    }
                }
            }
        }

        return address;
    }

    private int[] PlaceParameters(MatrixLayer layer, Tiling tiling) =>
        [.. Enumerable.Range(0, tiling.ChannelTiles).Select(channelTile => _memory.AddLine(ConstantPacking.ParameterLine(layer, _accelerator, channelTile)))];

    private void LoadWeights(MatrixLayer layer, Tiling tiling, int channelTile, int chunk, int[,] address)
    {
        object key = (layer.NetworkLayer, channelTile, chunk);
        if (_weights.Holds(key))
        {
            return;
        }

        int beats = tiling.Chunks[chunk].Segments * _accelerator.Array.Rows * _accelerator.WeightLineWords;
        _weights.Begin(key, AddLoad(layer, LoadTarget.Weight, address[channelTile, chunk], beats, _weights.NextBase));
    }

    private void LoadParameters(MatrixLayer layer, int channelTile, int[] address)
    {
        object key = (layer.NetworkLayer, channelTile);
        if (!_parameters.Holds(key))
        {
            _parameters.Begin(key, AddLoad(layer, LoadTarget.Parameter, address[channelTile], _accelerator.ParameterLineWords, _parameters.NextBase));
        }
    }

    private void LoadActivations(MatrixLayer layer, SegmentGrid grid, Band band, FeatureMap input, ref bool waitForStored)
    {
        object key = (layer.NetworkLayer, band.FirstConvRow);
        if (_activations.Holds(key))
        {
            return;
        }

        int perWord = _accelerator.ElementsPerWord;
        int first = FirstElement(layer, band, input);
        int end = first + (int)Tiling.BandElements(layer, grid, band.ConvRows);
        int word = first / perWord;
        int index = AddLoad(layer, LoadTarget.Activation, word, SegmentGrid.Ceiling(end, perWord) - word, _activations.NextBase);
        _activations.Begin(key, index);
        if (waitForStored)
        {
            _load.Wait(index, Semaphore.Stored);
            waitForStored = false;
        }
    }

    /// <summary>Element address in external memory of the band's first input element, border included.</summary>
    private int FirstElement(MatrixLayer layer, Band band, FeatureMap input) =>
        input.RegionAddress * _accelerator.ElementsPerWord + band.FirstConvRow * layer.Stride.Rows * input.RowPitch;

    private int AddLoad(MatrixLayer layer, LoadTarget target, int memoryAddress, int beats, int bufferAddress) => _load.Add(new()
    {
        Layer = layer.NetworkLayer,
        Waits = default,
        Signals = default,
        Target = target,
        MemoryAddress = memoryAddress,
        Beats = beats,
        BufferAddress = bufferAddress,
    });

    private int AddMatmul(MatrixLayer layer, SegmentGrid grid, Tiling tiling, int band, int channelTile, int chunk, FeatureMap input)
    {
        SegmentChunk segments = tiling.Chunks[chunk];
        int kernelRowStride = layer.Dilation.Rows * input.RowPitch;
        int kernelColumnStride = layer.Dilation.Columns * input.PixelPitch;
        int first = FirstElement(layer, tiling.Bands[band], input);
        int index = _array.Add(new()
        {
            Layer = layer.NetworkLayer,
            Waits = default,
            Signals = default,
            ActivationAddress = _activations.Base + first % _accelerator.ElementsPerWord
                + segments.Row * kernelRowStride + segments.Column * kernelColumnStride + segments.Tile * _accelerator.VectorElements,
            ActivationSigned = layer.Input.Format.Signed,
            Rows = tiling.Bands[band].ConvRows,
            Columns = layer.ConvColumns,
            RowStride = layer.Stride.Rows * input.RowPitch,
            ColumnStride = layer.Stride.Columns * input.PixelPitch,
            Digits = grid.Digits,
            KernelRows = segments.Rows,
            KernelColumns = segments.Columns,
            Tiles = segments.Tiles,
            KernelRowStride = kernelRowStride,
            KernelColumnStride = kernelColumnStride,
            WeightAddress = _weights.Base,
            AccumulatorAddress = chunk == 0 ? _accumulators.NextBase : _accumulators.Base,
            Accumulate = chunk > 0,
            Origin = new(
                tiling.Bands[band].FirstConvRow, 0, channelTile * _accelerator.Array.Columns,
                tiling.Chunks.Take(chunk).Sum(earlier => earlier.Segments) * grid.Digits),
        });
        if (chunk == 0)
        {
            _accumulators.Begin(new object(), index);
        }

        _activations.ReadBy(index);
        _weights.ReadBy(index);
        return index;
    }

    private void AddVector(MatrixLayer layer, Band band, int channelTile, List<(int Pixel, int ChannelTile)>? order)
    {
        int index = _vector.Add(new()
        {
            Layer = layer.NetworkLayer,
            Waits = default,
            Signals = default,
            SourceAddress = _accumulators.Base,
            Rows = band.Rows,
            Columns = layer.Output.Width,
            RowStride = layer.PoolStride.Rows * layer.ConvColumns,
            ColumnStride = layer.PoolStride.Columns,
            PoolRows = layer.PoolWindow.Rows,
            PoolColumns = layer.PoolWindow.Columns,
            PoolRowStride = layer.ConvColumns,
            PoolColumnStride = 1,
            ParameterAddress = _parameters.Base,
            OutputAddress = _outputs.NextBase,
        });
        _outputs.Begin(new object(), index);
        _accumulators.ReadBy(index);
        _parameters.ReadBy(index);
        _requantizedWords += band.Rows * layer.Output.Width * layer.PoolWindow.Rows * layer.PoolWindow.Columns;
        if (order is null)
        {
            return;
        }

        for (int row = 0; row < band.Rows; row++)
        {
            for (int column = 0; column < layer.Output.Width; column++)
            {
                for (int poolRow = 0; poolRow < layer.PoolWindow.Rows; poolRow++)
                {
                    for (int poolColumn = 0; poolColumn < layer.PoolWindow.Columns; poolColumn++)
                    {
                        int convRow = (band.FirstRow + row) * layer.PoolStride.Rows + poolRow;
                        order.Add((convRow * layer.ConvColumns + column * layer.PoolStride.Columns + poolColumn, channelTile));
                    }
                }
            }
        }
    }

    private int AddStore(MatrixLayer layer, Band band, int channelTile, FeatureMap output)
    {
        int columns = _accelerator.Array.Columns;
        int index = _store.Add(new()
        {
            Layer = layer.NetworkLayer,
            Waits = default,
            Signals = default,
            OutputAddress = _outputs.Base,
            Rows = band.Rows,
            Columns = layer.Output.Width,
            Channels = Math.Min(columns, layer.OutputChannels - channelTile * columns),
            MemoryAddress = output.Origin + band.FirstRow * output.RowPitch + channelTile * columns,
            RowPitch = output.RowPitch,
            PixelPitch = output.PixelPitch,
        });
        _outputs.ReadBy(index);
        return index;
    }

    private AccumulationPlan Plan(MatrixLayer layer, SegmentGrid grid, Tiling tiling, RequantizationOrder order)
    {
        var segments = ImmutableArray.CreateBuilder<PlanSegment>();
        foreach (SegmentChunk chunk in tiling.Chunks)
        {
            for (int digit = 0; digit < grid.Digits; digit++)
            {
                foreach ((int row, int column, int tile) in chunk.Order())
                {
                    segments.Add(new(digit, grid.Digits == 1, grid.WeightIndices(row, column, tile)));
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
            Segments = segments.ToImmutable(),
            RequantizationOrder = order,
        };
    }
}
