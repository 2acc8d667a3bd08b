// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;

namespace AccelModel.Scheduling;

/// <summary>A band of rows of one layer that passes the array together.</summary>
/// <param name="FirstConvRow">First un-pooled output row.</param>
/// <param name="ConvRows">Un-pooled output rows.</param>
/// <param name="FirstRow">First pooled output row.</param>
/// <param name="Rows">Pooled output rows.</param>
internal readonly record struct Band(int FirstConvRow, int ConvRows, int FirstRow, int Rows);

/// <summary>How one layer is cut: bands of rows by tiles of output channels by chunks of segments.</summary>
internal sealed record Tiling
{
    public required IReadOnlyList<Band> Bands { get; init; }
    public required int ChannelTiles { get; init; }
    public required IReadOnlyList<SegmentChunk> Chunks { get; init; }

    /// <summary>Whether all bands of a channel tile are finished before the next channel tile starts (else all channel tiles of a band).</summary>
    public required bool ChannelsOutermost { get; init; }

    /// <summary>The tallest bands that every buffer can hold, and the loop order that loads less. Adds a finding and returns null where no band fits.</summary>
    public static Tiling? Of(MatrixLayer layer, SegmentGrid grid, AcceleratorSpec accelerator, List<ScheduleFinding> findings)
    {
        BuffersSpec buffers = accelerator.Buffers;
        int count = findings.Count;
        if (buffers.Weight.SlotSize < accelerator.Array.Rows)
        {
            findings.Add(new("buffers.weight.size", layer.Name,
                $"a slot holds {buffers.Weight.SlotSize} lines, fewer than the {accelerator.Array.Rows} rows of one segment"));
        }

        int convColumns = layer.ConvColumns;
        int rows = layer.Output.Height;
        int height = rows;
        while (height > 1 && !Fits(height))
        {
            height--;
        }

        bool overlapping = layer.PoolWindow.Rows > layer.PoolStride.Rows;
        if (overlapping && height < rows)
        {
            findings.Add(new("buffers.accumulator.size", layer.Name, "overlapping pooling windows need the whole layer in one band, which no buffer setting here allows"));
        }
        else if (!Fits(height))
        {
            Report("buffers.activation.size", buffers.Activation.SlotSize, ActivationElements(1), "elements");
            Report("buffers.accumulator.size", buffers.Accumulator.SlotSize, ConvRowsOf(1) * convColumns, "words");
            Report("buffers.output.size", buffers.Output.SlotSize, layer.Output.Width, "words");
        }

        if (buffers.Parameter.SlotSize < 1)
        {
            Report("buffers.parameter.size", buffers.Parameter.SlotSize, 1, "lines");
        }

        if (findings.Count > count)
        {
            return null;
        }

        var bands = new List<Band>();
        for (int row = 0; row < rows; row += height)
        {
            int bandRows = Math.Min(height, rows - row);
            int first = row * layer.PoolStride.Rows;
            int last = row + bandRows == rows ? layer.ConvRows : (row + bandRows) * layer.PoolStride.Rows;
            bands.Add(new(first, last - first, row, bandRows));
        }

        int channelTiles = SegmentGrid.Ceiling(layer.OutputChannels, accelerator.Array.Columns);
        List<SegmentChunk> chunks = grid.Chunks(buffers.Weight.SlotSize / accelerator.Array.Rows);
        return new()
        {
            Bands = bands,
            ChannelTiles = channelTiles,
            Chunks = chunks,
            ChannelsOutermost = LoadedWords(true) < LoadedWords(false),
        };

        bool Fits(int pooledRows) =>
            ActivationElements(pooledRows) <= buffers.Activation.SlotSize
            && (long)ConvRowsOf(pooledRows) * convColumns <= buffers.Accumulator.SlotSize
            && (long)pooledRows * layer.Output.Width <= buffers.Output.SlotSize;

        // The tallest band: rows left over below the last pooling window go with the last band.
        int ConvRowsOf(int pooledRows)
        {
            int remainder = rows % pooledRows == 0 ? pooledRows : rows % pooledRows;
            int lastBand = layer.ConvRows - (rows - remainder) * layer.PoolStride.Rows;
            return pooledRows >= rows ? layer.ConvRows : Math.Max(pooledRows * layer.PoolStride.Rows, lastBand);
        }

        long ActivationElements(int pooledRows) => BandElements(layer, grid, ConvRowsOf(pooledRows)) + 2L * accelerator.ElementsPerWord;

        void Report(string key, int found, long needed, string unit)
        {
            if (found < needed)
            {
                findings.Add(new(key, layer.Name, $"a slot holds {found} {unit}, the smallest band of this layer needs {needed}"));
            }
        }

        long LoadedWords(bool channelsOutermost)
        {
            long weights = (long)channelTiles * grid.Count * accelerator.Array.Rows * accelerator.WeightLineWords;
            long activations = bands.Sum(band => BandElements(layer, grid, band.ConvRows)) / accelerator.ElementsPerWord;
            bool oneWeightLoad = chunks.Count == 1 && (channelsOutermost || channelTiles == 1);
            bool oneActivationLoad = bands.Count == 1 || !channelsOutermost;
            return weights * (oneWeightLoad ? 1 : bands.Count) + activations * (oneActivationLoad ? 1 : channelTiles);
        }
    }

    /// <summary>Elements of the input map, from the first to one past the last, that <paramref name="convRows"/> output rows read.</summary>
    public static long BandElements(MatrixLayer layer, SegmentGrid grid, int convRows)
    {
        int inputRows = (convRows - 1) * layer.Stride.Rows + (layer.KernelRows - 1) * layer.Dilation.Rows + 1;
        return (long)inputRows * (layer.Input.Width + layer.Padding.Left + layer.Padding.Right) * grid.PixelPitch;
    }
}
