// SPDX-License-Identifier: Apache-2.0
using AccelModel.Costs;
using AccelModel.Scheduling.Steps;
using AccelModel.Scheduling.Tiles;
using AccelModel.Specification;

namespace AccelModel.Scheduling.Search;

/// <summary>
/// Estimated cost of one matrix step in closed form: busy cycles of array, port and vector unit, which overlap, and what cannot overlap at the step's ends.
/// It orders candidates; the timing of the schedule that results is exact.
/// </summary>
/// <param name="Array">Cycles of the array unit.</param>
/// <param name="Port">Cycles of the DMA port.</param>
/// <param name="Vector">Cycles of the vector unit.</param>
/// <param name="Ends">Cycles before the first product and after the last.</param>
/// <param name="Beats">Memory words moved.</param>
/// <param name="LineReads">Lines read from the weight buffer.</param>
internal readonly record struct StepCost(long Array, long Port, long Vector, long Ends, long Beats, long LineReads)
{
    /// <summary>Fetch and start of an instruction.</summary>
    private const int Issue = 2;

    /// <summary>Cycles of the step if its units overlap as they can.</summary>
    public long Latency => Math.Max(Array, Math.Max(Port, Vector)) + Ends;

    /// <summary>What an objective minimises, as far as choices change it: cycles, memory words, or picojoules of external memory and weight buffer.</summary>
    public long In(ScheduleObjective objective, AcceleratorSpec accelerator) => objective switch
    {
        ScheduleObjective.Traffic => Beats,
        ScheduleObjective.Energy => EnergyModel.Picojoules(accelerator, Beats, LineReads),
        _ => Latency,
    };

    /// <summary>Cost of a tiling.</summary>
    public static StepCost Of(MatrixTiling tiling, AcceleratorSpec accelerator)
    {
        MatrixStep step = tiling.Step;
        bool inputStationary = accelerator.Array.Dataflow == Dataflow.InputStationary;
        int lineWords = accelerator.WeightLineWords;
        long array = 0, port = 0, beats = 0, reads = 0, firstWeights = 0, firstActivations = 0;
        bool channels = tiling.Choice.Order == LoopOrder.ChannelsOutermost;
        foreach ((TileGroup group, int alike) in Alike(tiling.Groups, group => group.Count))
        {
            int groupChannels = tiling.ChannelsOf(group);
            int perChunk = tiling.ChunkPerTile ? 1 : inputStationary ? 1 : group.Count;
            foreach (ChannelChunk chunk in tiling.ChunkPerTile ? tiling.Chunks.Take(group.Count) : tiling.Chunks)
            {
                List<SegmentChunk> rectangles = tiling.Rectangles(chunk);
                bool once = tiling.AreWeightsResident(group, chunk)
                    || (step.Second is null && rectangles.Count == 1 && tiling.Chunks.Count == 1 && perChunk == 1 && (channels || tiling.Groups.Count == 1));
                foreach (SegmentChunk rectangle in rectangles)
                {
                    foreach ((Band band, int bands) in Alike(tiling.Bands, band => band.ConvRows))
                    {
                        long occupancy = ArrayTiming.Of(
                            accelerator.Array.Dataflow, accelerator.Array.Rows, accelerator.Array.Columns, accelerator.Array.WeightDoubleBuffering,
                            new((long)band.ConvRows * tiling.ColumnsPerRow, (long)rectangle.Segments * tiling.Digits, Math.Max(1, groupChannels), tiling.Interval, tiling.TableLines)).Occupancy;
                        array += alike * bands * perChunk * (occupancy + Issue);
                        reads += (long)alike * bands * perChunk * rectangle.Segments * tiling.Digits * tiling.LinesPerSegment(groupChannels);
                    }

                    long words = step.Second is null
                        ? ((long)rectangle.Segments * tiling.LinesPerSegment(groupChannels) + tiling.TableLines) * lineWords
                        : tiling.Factors(chunk, tiling.FactorChannels(group)) is var (pixels, run, _) ? (long)pixels * ((run + accelerator.ElementsPerWord - 1) / accelerator.ElementsPerWord) : 0;
                    long command = Command(words, accelerator);
                    long times = (long)alike * perChunk * (once ? 1 : tiling.Bands.Count);
                    port += times * command;
                    beats += times * words;
                    firstWeights = firstWeights == 0 ? command : firstWeights;
                }
            }
        }

        int loads = tiling.Chunks.Count > 1 ? tiling.ChunkPerTile ? 1 : tiling.Groups.Count : channels && tiling.Bands.Count > 1 ? tiling.Groups.Count : 1;
        foreach (ChannelChunk chunk in tiling.Chunks)
        {
            foreach ((Band band, int bands) in Alike(tiling.Bands, band => band.ConvRows))
            {
                long words = Words(tiling.Window(band, chunk), step, accelerator);
                long command = Command(words, accelerator);
                port += (long)loads * bands * command;
                beats += (long)loads * bands * words;
                firstActivations = firstActivations == 0 ? command : firstActivations;
            }
        }

        long outputs = (long)step.Output.Elements / accelerator.ElementsPerWord + tiling.Tiles.Count;
        long stores = (long)tiling.Tiles.Count * tiling.Bands.Count;
        port += outputs + stores * (Issue + accelerator.Memory.LatencyCycles) + outputs / accelerator.Memory.LongestBurst * accelerator.Memory.LatencyCycles;
        beats += outputs;
        long vector = (long)step.Output.Pixels * step.PoolWindow.Rows * step.PoolWindow.Columns * tiling.Tiles.Count + stores * Issue;
        long ends = firstWeights + firstActivations + (vector + outputs) / Math.Max(1, stores);
        return new(array, port, vector, ends, beats, reads);
    }

    /// <summary>Memory words of a window without its padding.</summary>
    private static long Words(InputWindow window, MatrixStep step, AcceleratorSpec accelerator)
    {
        (_, int rows, _, int columns) = window.Inside(step.Input.Height, step.Input.Width);
        bool wholePixels = window.Channels == step.Input.Channels;
        long run = wholePixels ? (long)columns * window.Channels : window.Channels;
        long runs = wholePixels ? rows : (long)rows * columns;
        return runs * ((run + accelerator.ElementsPerWord - 1) / accelerator.ElementsPerWord);
    }

    /// <summary>Cycles of the port for one command.</summary>
    private static long Command(long words, AcceleratorSpec accelerator) =>
        Issue + 1 + accelerator.Memory.LeastCyclesOfBeats(words);

    /// <summary>One of each kind with how many there are: all but the last are alike.</summary>
    private static IEnumerable<(T Item, int Count)> Alike<T>(IReadOnlyList<T> items, Func<T, int> size)
    {
        int first = size(items[0]), last = size(items[^1]);
        if (items.Count > 1 && first != last)
        {
            yield return (items[0], items.Count - 1);
            yield return (items[^1], 1);
        }
        else
        {
            yield return (items[0], items.Count);
        }
    }
}
