// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling.Steps;
using AccelModel.Specification;

namespace AccelModel.Scheduling.Tiles;

/// <summary>How one matrix step is cut: what a <see cref="StepChoice"/> means for its layer on its design.</summary>
internal sealed class MatrixTiling
{
    /// <summary>What a search tries last.</summary>
    public const string SmallestBand = "the smallest band of this layer";

    private readonly AcceleratorSpec _accelerator;

    public MatrixTiling(MatrixStep step, StepChoice choice, AcceleratorSpec accelerator)
    {
        Step = step;
        Choice = choice;
        _accelerator = accelerator;
        IsFilter = choice.Mapping == SegmentMapping.ColumnFilter;
        ColumnsPerRow = IsFilter ? (step.ConvColumns - 1) * step.Stride.Columns + step.KernelColumns : step.ConvColumns;
        Tiles = ChannelTilesOf(step, accelerator);
        SpanChannels = step.Groups == 1 ? step.Input.Channels : SpanOf(step, Tiles);

        // Each row of a matmul has weights of its own; rows of overlapping windows would be in two bands, and be added up twice.
        Bands = BandsOf(step, step.Second is not null ? 1 : step.PoolWindow.Rows > step.PoolStride.Rows ? step.Output.Height : choice.RowsPerBand);
        Groups = GroupsOf(choice, accelerator);
        Chunks = ChunksOf(step, choice);
        (Digits, Interval) = PassesOf(step, accelerator);
        TableLines = accelerator.CodebookLines;
    }

    public MatrixStep Step { get; }

    public StepChoice Choice { get; }

    /// <summary>Whether each column filters a channel of its own.</summary>
    public bool IsFilter { get; }

    /// <summary>Accumulator words of one row: the columns of the output, or of the filtered input.</summary>
    public int ColumnsPerRow { get; }

    public IReadOnlyList<Band> Bands { get; }

    public IReadOnlyList<ChannelTile> Tiles { get; }

    public IReadOnlyList<TileGroup> Groups { get; }

    /// <summary>Chunks of input channels; one per channel tile where <see cref="ChunkPerTile"/> is set.</summary>
    public IReadOnlyList<ChannelChunk> Chunks { get; }

    /// <summary>Input channels that a channel tile's products come from.</summary>
    public int SpanChannels { get; }

    public int Digits { get; }

    public int Interval { get; }

    public int TableLines { get; }

    /// <summary>Whether a grouped layer loads the channels of one tile at a time instead of all.</summary>
    public bool ChunkPerTile => Step.Groups > 1 && Chunks.Count > 1;

    /// <summary>Whether output channel tiles span several groups of channels, whose weights then lie on a diagonal of blocks.</summary>
    public bool IsBlockDiagonal => Step.Groups > 1 && !IsFilter && SpanChannels > Step.GroupInputs;

    /// <summary>The chunks that one tile adds up.</summary>
    public IEnumerable<ChannelChunk> ChunksOfTile(int tile) => ChunkPerTile ? [Chunks[tile]] : Chunks;

    /// <summary>Segments of one chunk.</summary>
    public SegmentGrid Grid(ChannelChunk chunk)
    {
        if (IsFilter)
        {
            return new(Step.KernelRows, 1, Step.KernelColumns, _accelerator.Array.Rows);
        }

        // Channels that are next to each other in the buffer, so that a kernel row can be one run: not where a tile reads some channels of a pixel only.
        bool whole = Step.Groups == 1 || SpanChannels == chunk.Count;
        bool run = whole && (Choice.Mapping == SegmentMapping.KernelRows || Step.KernelColumns == 1) && (Step.Dilation.Columns == 1 || Step.KernelColumns == 1);
        int channels = Step.Groups == 1 ? chunk.Count : SpanChannels;
        return new(Step.KernelRows, run ? 1 : Step.KernelColumns, run ? Step.KernelColumns * channels : channels, _accelerator.VectorElements);
    }

    /// <summary>
    /// The rectangles of a chunk's segments whose weights are loaded together, for a channel tile (or, on an input-stationary array, a group). The same for all groups: digits go round
    /// inside a rectangle, so its size is part of the order of additions.
    /// </summary>
    public List<SegmentChunk> Rectangles(ChannelChunk chunk) =>
        Grid(chunk).Chunks(Step.Second is not null ? int.MaxValue : Math.Max(1, (_accelerator.Buffers.Weight.SlotSize - TableLines) / LinesPerSegment(Groups.Max(ChannelsOf))));

    /// <summary>What the factor buffer holds for some output channels of a chunk of a matmul's row: so many pixels of the second tensor, of each so many elements, and where they lie.</summary>
    public (int Pixels, int Run, FactorLayout Layout) Factors(ChannelChunk chunk, int channels)
    {
        (int pixels, int run) = Step.TransposeSecond ? (channels, chunk.Count) : (chunk.Count, channels);
        return (pixels, run, FactorLayout.Of(_accelerator, Step.TransposeSecond, run));
    }

    /// <summary>Output channels whose weights the factor buffer holds together: those of a tile, or of a group on an input-stationary array.</summary>
    public int FactorChannels(TileGroup group) =>
        _accelerator.Array.Dataflow == Dataflow.InputStationary ? ChannelsOf(group) : Enumerable.Range(group.First, group.Count).Max(tile => Tiles[tile].Count);

    /// <summary>Weight lines of one segment.</summary>
    public int LinesPerSegment(int groupChannels) => _accelerator.Array.Dataflow == Dataflow.InputStationary ? groupChannels : _accelerator.Array.Rows;

    /// <summary>Output channels of a group.</summary>
    public int ChannelsOf(TileGroup group) => Tiles[group.First + group.Count - 1].First + Tiles[group.First + group.Count - 1].Count - Tiles[group.First].First;

    /// <summary>Whether the weights of all tiles of a group and chunk are loaded by one command, to stay over all bands.</summary>
    public bool AreWeightsResident(TileGroup group, ChannelChunk chunk)
    {
        int lines = _accelerator.Array.Dataflow == Dataflow.InputStationary
            ? Grid(chunk).Count * ChannelsOf(group) + TableLines
            : group.Count * (Grid(chunk).Count * _accelerator.Array.Rows + TableLines);
        return Step.Second is null && Bands.Count > 1 && Choice.Order == LoopOrder.ChannelsOutermost && Chunks.Count == 1 && lines <= _accelerator.Buffers.Weight.SlotSize;
    }

    /// <summary>What the activation buffer holds for one band and chunk.</summary>
    public InputWindow Window(Band band, ChannelChunk chunk) => new(
        band.FirstConvRow * Step.Stride.Rows - Step.Padding.Top,
        (band.ConvRows - 1) * Step.Stride.Rows + (Step.KernelRows - 1) * Step.Dilation.Rows + 1,
        -Step.Padding.Left,
        (Step.ConvColumns - 1) * Step.Stride.Columns + (Step.KernelColumns - 1) * Step.Dilation.Columns + 1,
        chunk.First,
        chunk.Count);

    /// <summary>What the buffers lack, as findings; none where the tiling fits.</summary>
    /// <param name="band">What needs more than they have, in words.</param>
    public IEnumerable<ScheduleFinding> Misfits(string band = SmallestBand)
    {
        BuffersSpec buffers = _accelerator.Buffers;
        // The vectors of a tile's last channels begin behind the last pixel where tiles span unequal numbers of channels; all their weights are zero.
        long activation = Bands.Max(band => Chunks.Max(chunk => Window(band, chunk).Elements)) + (IsBlockDiagonal ? SpanChannels : 0);
        if (activation > buffers.Activation.SlotSize)
        {
            yield return Lack("buffers.activation.size", buffers.Activation.SlotSize, activation, "elements", band);
        }

        long accumulators = Bands.Max(band => (long)band.ConvRows * ColumnsPerRow) * Groups.Max(group => group.Count);
        if (accumulators > buffers.Accumulator.SlotSize)
        {
            yield return Lack("buffers.accumulator.size", buffers.Accumulator.SlotSize, accumulators, "words", band);
        }

        long outputs = Bands.Max(band => (long)band.Rows * Step.Output.Width);
        if (outputs > buffers.Output.SlotSize)
        {
            yield return Lack("buffers.output.size", buffers.Output.SlotSize, outputs, "words", band);
        }

        if (_accelerator.Requantizer.Rounding == Numerics.RoundingMode.Stochastic && Tiles.Any(tile => tile.First != tile.Index * _accelerator.Array.Columns))
        {
            yield return new(
                "requantizer.rounding", Step.Name,
                "stochastic rounding needs every channel in the lane of its number, but weights without a zero keep each group of channels in tiles of its own");
        }

        if (Step.Second is not null)
        {
            long factors = Chunks.Max(chunk => Groups.Max(group => Factors(chunk, FactorChannels(group)) is var (pixels, run, layout) ? layout.Elements(pixels, run) : 0));
            if (factors > buffers.Factor.SlotSize)
            {
                yield return Lack("buffers.factor.size", buffers.Factor.SlotSize, factors, "elements", band);
            }

            yield break;
        }

        int lines = Groups.Max(group => LinesPerSegment(ChannelsOf(group))) + TableLines;
        if (lines > buffers.Weight.SlotSize)
        {
            yield return Lack("buffers.weight.size", buffers.Weight.SlotSize, lines, "lines", band);
        }
    }

    /// <summary>Passes of the step's input.</summary>
    public static OperandPasses PassesOf(MatrixStep step, AcceleratorSpec accelerator) => new(DigitsOf(step, accelerator), OperandPasses.IntervalOf(step.Operand, accelerator));

    /// <summary>Digit passes of the step's input.</summary>
    private static int DigitsOf(MatrixStep step, AcceleratorSpec accelerator) =>
        step.Operand.Signed || accelerator.Array.ProcessingElement == ProcessingElementKind.BitSerial ? 1 : SegmentGrid.Ceiling(step.Operand.Width, accelerator.DigitWidth);

    /// <summary>
    /// Tiles of output channels. Those of a layer with groups of channels keep within a group where the PEs have no weight of zero to fill the other blocks with, or where that makes
    /// fewer segments: columns that stay empty at the end of a group against products of zero with the other groups' inputs.
    /// </summary>
    public static List<ChannelTile> ChannelTilesOf(MatrixStep step, AcceleratorSpec accelerator)
    {
        List<ChannelTile> across = Stretches(step, step.OutputChannels, accelerator);
        if (step.Groups == 1)
        {
            return across;
        }

        List<ChannelTile> within = Stretches(step, step.GroupOutputs, accelerator);
        bool fewer = Segments(within) < Segments(across) && step.GroupOutputs > 1;

        // Stochastic rounding needs every channel in the lane of its number.
        bool free = accelerator.Requantizer.Rounding != Numerics.RoundingMode.Stochastic;
        return !HasZero(step, accelerator) || (free && fewer) ? within : across;

        long Segments(List<ChannelTile> tiles) => (long)tiles.Count * SegmentGrid.Ceiling(SpanOf(step, tiles), accelerator.VectorElements);
    }

    private static List<ChannelTile> Stretches(MatrixStep step, int stretch, AcceleratorSpec accelerator)
    {
        int columns = accelerator.Array.Columns;
        var tiles = new List<ChannelTile>();
        for (int start = 0; start < step.OutputChannels; start += stretch)
        {
            for (int first = start; first < start + stretch; first += columns)
            {
                tiles.Add(new(tiles.Count, first, Math.Min(columns, start + stretch - first), first / step.GroupOutputs * step.GroupInputs));
            }
        }

        return tiles;
    }

    private static bool HasZero(MatrixStep step, AcceleratorSpec accelerator) => accelerator.Array.ProcessingElement switch
    {
        ProcessingElementKind.XnorPopcount => false,
        ProcessingElementKind.Codebook => step.Weights.Append(0).Distinct().Count() <= 1 << accelerator.Array.WeightWidth,
        _ => true,
    };

    /// <summary>Input channels that the groups of one tile have, the most of all tiles.</summary>
    private static int SpanOf(MatrixStep step, IEnumerable<ChannelTile> tiles) => tiles
        .Max(tile => ((tile.First + tile.Count - 1) / step.GroupOutputs - tile.First / step.GroupOutputs + 1) * step.GroupInputs);

    private static List<Band> BandsOf(MatrixStep step, int height)
    {
        var bands = new List<Band>();
        int rows = step.Output.Height;
        for (int row = 0; row < rows; row += height)
        {
            int bandRows = Math.Min(height, rows - row);
            int first = row * step.PoolStride.Rows;

            // Rows left over below the last pooling window go with the last band: they are part of the layer, and of its overflows.
            int last = row + bandRows == rows ? step.ConvRows : (row + bandRows) * step.PoolStride.Rows;
            bands.Add(new(first, last - first, row, bandRows));
        }

        return bands;
    }

    private List<TileGroup> GroupsOf(StepChoice choice, AcceleratorSpec accelerator)
    {
        // The vectors that one instruction of an input-stationary array streams past are those of one span of input channels.
        bool single = accelerator.Array.Dataflow == Dataflow.InputStationary && Step.Groups > 1;
        int perGroup = single ? 1 : Math.Max(1, SegmentGrid.Ceiling(choice.OutputChannelsPerGroup, accelerator.Array.Columns));
        var groups = new List<TileGroup>();
        for (int tile = 0; tile < Tiles.Count; tile += perGroup)
        {
            groups.Add(new(tile, Math.Min(perGroup, Tiles.Count - tile)));
        }

        return groups;
    }

    private List<ChannelChunk> ChunksOf(MatrixStep step, StepChoice choice)
    {
        int channels = step.Input.Channels;
        if (choice.InputChannelsPerChunk >= channels)
        {
            return [new(0, channels)];
        }

        if (step.Groups > 1)
        {
            return [.. Tiles.Select(tile => new ChannelChunk(Math.Min(tile.FirstInput, channels - SpanChannels), SpanChannels))];
        }

        var chunks = new List<ChannelChunk>();
        for (int first = 0; first < channels; first += choice.InputChannelsPerChunk)
        {
            chunks.Add(new(first, Math.Min(choice.InputChannelsPerChunk, channels - first)));
        }

        return chunks;
    }

    private ScheduleFinding Lack(string key, long found, long needed, string unit, string band) =>
        new(key, Step.Name, $"a slot holds {found} {unit}, {band} needs {needed}");
}
