// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling.Steps;
using AccelModel.Scheduling.Tiles;
using AccelModel.Simulation;
using AccelModel.Specification;

namespace AccelModel.Scheduling.Search;

/// <summary>How the input and output of a step can travel at best, whatever is chosen.</summary>
/// <param name="InputForwarded">The step before may hand its (first) input over on chip.</param>
/// <param name="OutputForwarded">Its output may be handed to the next step on chip.</param>
/// <param name="OutputStored">Its output must be in external memory.</param>
/// <param name="OutputShuffled">Its output is stored through a shuffle: an element a beat.</param>
internal readonly record struct StepTravel(bool InputForwarded, bool OutputForwarded, bool OutputStored, bool OutputShuffled);

/// <summary>
/// What a step needs at least, under every choice that a schedule file can hold: each figure is the least of its own over all mappings, whichever has it.
/// </summary>
/// <param name="ArrayCycles">
/// Cycles of the array unit. A matmul of S segments with N cycles of streaming each occupies the unit, fetch and start included, for at least <c>2 + S*max(N, 2D)</c> cycles
/// (docs/architecture.md, sections 2 and 4.1), and cutting a segment's vectors into bands makes no sum of <c>max(N, 2D)</c> smaller.
/// </param>
/// <param name="VectorCycles">Words, fetch and start of the vector unit.</param>
/// <param name="ForwardBeats">Beats of the port that stay on chip, and so have no latency.</param>
/// <param name="Traffic">Accesses.</param>
internal sealed record LeastWork(long ArrayCycles, long VectorCycles, long ForwardBeats, Traffic Traffic)
{
    /// <summary>Whether the step reads the last row of each of its inputs, which is stored last.</summary>
    public bool ReadsLastRow { get; private init; } = true;

    /// <summary>Fetch and start of an instruction.</summary>
    private const int Issue = 2;

    /// <summary>The least of a step.</summary>
    public static LeastWork Of(Step step, StepTravel travel, AcceleratorSpec accelerator) =>
        step is MatrixStep matrix ? OfMatrix(matrix, travel, accelerator) : OfElementwise(step, travel, accelerator);

    private static LeastWork OfElementwise(Step step, StepTravel travel, AcceleratorSpec accelerator)
    {
        var tiling = new ElementwiseTiling(step, step.Output.Height, step.Output.Channels, accelerator);
        int tiles = SegmentGrid.Ceiling(step.Output.Channels, accelerator.Array.Columns);
        long pixels = step.Output.Pixels, operands = 0;
        for (int input = 0; input < step.Inputs.Length; input++)
        {
            operands += step is PairStep { BroadcastSecond: true } && input == 1 ? step.Output.Channels : InsideElements(tiling.Window(input, tiling.Bands[0], tiling.Chunks[0]), step);
        }

        long words = tiles * tiling.Regions(tiling.Bands[0]).Sum(region => (long)region.Rows * region.Columns * region.WindowRows * (step is PairStep ? 2 : region.WindowColumns));
        long beats = StoreBeats(step, travel, EvenTiles(step.Output.Channels, accelerator), accelerator);
        Traffic traffic = Outputs(step, travel, beats, pixels * tiles, accelerator) with
        {
            OperandLoadBytes = Words(operands, accelerator) * accelerator.Memory.BytesPerCycle,
            OperandLoadElements = operands,
            OperandReads = words,
            ParameterLoadBytes = (long)tiles * (step is PairStep ? 2 : 1) * accelerator.ParameterLineWords * accelerator.Memory.BytesPerCycle,
            ParameterReads = words,
        };
        InputWindow window = tiling.Window(0, tiling.Bands[0], tiling.Chunks[0]);
        return new(0, words + Issue * tiles, travel.OutputStored ? 0 : beats, traffic) { ReadsLastRow = window.FirstRow + window.Rows >= HeightOf(step) };
    }

    private static LeastWork OfMatrix(MatrixStep step, StepTravel travel, AcceleratorSpec accelerator)
    {
        ArraySpec array = accelerator.Array;
        long cycles = long.MaxValue, lines = long.MaxValue, vectorReads = long.MaxValue, lineReads = long.MaxValue, writes = long.MaxValue, additions = long.MaxValue;
        List<ChannelTile> tiles = MatrixTiling.ChannelTilesOf(step, accelerator);
        // A matmul is as many products as it has rows, each with weights of its own.
        int products = step.Second is null ? 1 : step.ConvRows;
        foreach (MatrixTiling tiling in Mappings(step, accelerator))
        {
            long vectors = (long)step.ConvRows / products * tiling.ColumnsPerRow;
            long segments = tiling.Grid(tiling.Chunks[0]).Count;
            long passes = segments * tiling.Digits;
            long tables = (long)tiles.Count * tiling.TableLines;

            // Blocks of pixels, and what streams past each of them.
            long blocks = array.Dataflow == Dataflow.InputStationary ? ArrayTiming.Groups(vectors, array.Columns) : array.Dataflow == Dataflow.OutputStationary ? ArrayTiming.Groups(vectors, array.Rows) : 1;
            long streams = array.Dataflow switch
            {
                // All channels of a layer without groups of channels can stream past the same pixels.
                Dataflow.InputStationary when step.Groups > 1 => tiles.Sum(tile => Period(tile.Count * tiling.Interval, array.Columns, array)) * blocks * passes + Issue * tiles.Count,
                Dataflow.InputStationary => Period((long)step.OutputChannels * tiling.Interval, array.Columns, array) * blocks * passes + Issue,
                Dataflow.WeightStationary => (Period(vectors * tiling.Interval, array.Rows, array) * passes + Issue) * tiles.Count,
                _ => (blocks * passes * array.Rows * tiling.Interval + Issue) * tiles.Count,
            };
            bool inputStationary = array.Dataflow == Dataflow.InputStationary;
            long channelGroups = inputStationary && step.Groups == 1 ? 1 : tiles.Count;
            cycles = Math.Min(cycles, streams);
            lines = Math.Min(lines, (inputStationary ? segments * step.OutputChannels : segments * tiles.Count * array.Rows) + (inputStationary ? tiling.TableLines : tables));
            vectorReads = Math.Min(vectorReads, vectors * passes * channelGroups);
            lineReads = Math.Min(lineReads, blocks * passes * (inputStationary ? step.OutputChannels : (long)tiles.Count * array.Rows) + (inputStationary ? tiling.TableLines : tables));
            long perPass = array.Dataflow == Dataflow.WeightStationary ? vectors * tiles.Count : inputStationary ? blocks * step.OutputChannels : vectors * tiles.Count;
            long written = perPass * (array.Dataflow == Dataflow.OutputStationary ? tiling.Digits : passes);
            writes = Math.Min(writes, written);
            additions = Math.Min(additions, written - perPass);
        }

        (cycles, vectorReads, lineReads, writes, additions) = (cycles * products, vectorReads * products, lineReads * products, writes * products, additions * products);
        long outputs = (long)step.Output.Pixels * tiles.Count;
        long words = outputs * step.PoolWindow.Rows * step.PoolWindow.Columns;
        long beats = StoreBeats(step, travel, tiles, accelerator);
        long inputs = travel.InputForwarded ? 0 : InputElements(step);
        int bytes = accelerator.Memory.BytesPerCycle;
        Traffic traffic = Outputs(step, travel, beats, outputs, accelerator) with
        {
            ActivationLoadBytes = Words(inputs, accelerator) * bytes,
            ActivationLoadElements = inputs,
            WeightLoadBytes = (step.Second is { } second ? Words(second.Elements, accelerator) : lines * accelerator.WeightLineWords) * bytes,
            ParameterLoadBytes = (long)tiles.Count * accelerator.ParameterLineWords * bytes,
            ActivationReads = vectorReads,
            WeightReads = lineReads,
            ParameterReads = words,
            AccumulatorReads = additions + words,
            AccumulatorWrites = writes,
        };
        int lastRow = (step.ConvRows - 1) * step.Stride.Rows + (step.KernelRows - 1) * step.Dilation.Rows - step.Padding.Top;
        return new(cycles, words + Issue * tiles.Count, travel.OutputStored ? 0 : beats, traffic) { ReadsLastRow = lastRow >= step.Input.Height - 1 };
    }

    /// <summary>Cycles from segment to segment: streaming, or the stationary tile's way in and the swap (section 4.1).</summary>
    private static long Period(long streaming, int lines, ArraySpec array) => array.WeightDoubleBuffering ? Math.Max(streaming, 2 * lines) : streaming + 2 * lines - 1;

    /// <summary>The whole step at once under each mapping; for layers with groups of channels also tile by tile.</summary>
    private static IEnumerable<MatrixTiling> Mappings(MatrixStep step, AcceleratorSpec accelerator) =>
        from mapping in Enum.GetValues<SegmentMapping>()
        where mapping != SegmentMapping.ColumnFilter || StepCandidates.CanFilter(step, accelerator)
        from chunk in step.Groups > 1 && step.Input.Channels > 1 ? new[] { step.Input.Channels, 1 } : [step.Input.Channels]
        select new MatrixTiling(step, Whole(step, mapping) with { InputChannelsPerChunk = chunk }, accelerator);

    /// <summary>One band, one tile of channels at a time, all input channels: the least that a forwarded tensor needs of the buffers.</summary>
    public static StepChoice Whole(MatrixStep step, SegmentMapping mapping) => new()
    {
        RowsPerBand = step.Output.Height, OutputChannelsPerGroup = 1, InputChannelsPerChunk = step.Input.Channels, Order = LoopOrder.RowsOutermost, Mapping = mapping,
    };

    private static Traffic Outputs(Step step, StepTravel travel, long beats, long words, AcceleratorSpec accelerator) => new()
    {
        StoreBytes = travel.OutputStored ? beats * accelerator.Memory.BytesPerCycle : 0,
        StoreElements = travel.OutputStored ? step.Output.Elements : 0,
        ForwardElements = travel.OutputStored ? 0 : step.Output.Elements,
        LookupLoadBytes = step.Table.Length > 0 ? Words(Emission.ScheduleBuilder.LookupEntries, accelerator) * accelerator.Memory.BytesPerCycle : 0,
        LookupReads = step.Table.Length > 0 ? words : 0,
        OutputWrites = words,
        OutputReads = words,
    };

    /// <summary>A pixel of a tile of channels takes a beat for each memory word that it touches, and where channels are torn apart one for each element.</summary>
    private static long StoreBeats(Step step, StepTravel travel, IEnumerable<ChannelTile> tiles, AcceleratorSpec accelerator) =>
        travel.OutputShuffled ? step.Output.Elements : step.Output.Pixels * tiles.Sum(tile => Words(tile.Count, accelerator));

    private static IEnumerable<ChannelTile> EvenTiles(int channels, AcceleratorSpec accelerator)
    {
        int columns = accelerator.Array.Columns;
        for (int first = 0; first < channels; first += columns)
        {
            yield return new(first / columns, first, Math.Min(columns, channels - first), first);
        }
    }

    /// <summary>Elements of the input in rows and columns that some window of the layer covers.</summary>
    private static long InputElements(MatrixStep step) =>
        (long)Covered(step.Input.Height, step.ConvRows, step.Stride.Rows, step.KernelRows, step.Dilation.Rows, step.Padding.Top)
        * Covered(step.Input.Width, step.ConvColumns, step.Stride.Columns, step.KernelColumns, step.Dilation.Columns, step.Padding.Left) * step.Input.Channels;

    private static int Covered(int extent, int outputs, int stride, int kernel, int dilation, int before) =>
        Enumerable.Range(0, outputs).SelectMany(output => Enumerable.Range(0, kernel).Select(tap => output * stride + tap * dilation - before))
            .Where(at => at >= 0 && at < extent).Distinct().Count();

    /// <summary>Elements of a window of the vector unit's input that are not padding.</summary>
    private static long InsideElements(InputWindow window, Step step)
    {
        (_, int rows, _, int columns) = window.Inside(HeightOf(step), step is PoolStep pool ? pool.Input.Width : step.Output.Width);

        // Windows that are farther apart than they are high skip rows where bands fall between them.
        return step is PoolStep { Window: var size, Stride: var stride } && size.Rows < stride.Rows ? 0 : (long)rows * columns * step.Output.Channels;
    }

    private static int HeightOf(Step step) => step is PoolStep pool ? pool.Input.Height : step.Output.Height;

    private static long Words(long elements, AcceleratorSpec accelerator) => (elements + accelerator.ElementsPerWord - 1) / accelerator.ElementsPerWord;
}
