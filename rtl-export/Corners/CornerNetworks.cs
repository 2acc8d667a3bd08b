// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Networks.Description;
using AccelModel.Networks.Generation;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Scheduling.Tiles;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using RtlExport.Vectors;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace RtlExport.Corners;

/// <summary>The directed networks of a design: the same for the same design.</summary>
public static class CornerNetworks
{
    private const int Images = 2;

    private const ulong Seed = 1;

    /// <summary>Vectors (<c>rows * lanes</c> elements) up to which a window of 3 x 3 is small enough to be run in every simulation.</summary>
    private const int WideVector = 32;

    /// <summary>Frames of each run of the network whose runs have several.</summary>
    private const int RepeatedFrames = 2;

    /// <summary>Most words of channels that are tried for constants that take longer to load than the array takes for a pixel.</summary>
    private const int MostGroups = 16;

    /// <summary>Constants that may come after what they belong to.</summary>
    private static readonly (string Name, LoadTarget Target, Semaphore Semaphore)[] Constants =
    [
        ("late_weights", LoadTarget.Weight, Semaphore.WeightReady),
        ("late_parameters", LoadTarget.Parameter, Semaphore.ParameterReady),
        ("late_table", LoadTarget.Lookup, Semaphore.LookupReady),
    ];

    /// <summary>Width of the widest layer that is tried for a coincidence.</summary>
    private const int MostWidth = 24;

    /// <summary>What happens only where two units happen to come to it in the same cycle.</summary>
    private static readonly (string Name, Func<Schedule, TimingResult, bool> ComesThere)[] Coincidences =
    [
        ("tie", (_, timing) => CoincidenceCorners.Ties(timing).Any()),
        ("handover", (schedule, timing) => CoincidenceCorners.Handovers(schedule, timing).Any()),
    ];

    /// <summary>All networks that the design runs, with room for <paramref name="programDepth"/> instructions, and why it does not run the others.</summary>
    public static (ImmutableArray<CornerNetwork> Networks, ImmutableArray<OmittedNetwork> Omitted) Of(AcceleratorSpec spec, int programDepth)
    {
        var networks = ImmutableArray.CreateBuilder<CornerNetwork>();
        var omitted = ImmutableArray.CreateBuilder<OmittedNetwork>();
        foreach ((string name, Func<(Schedule, int[])> make, int frames) in Recipes(spec))
        {
            try
            {
                (Schedule schedule, int[] input) = make();
                if (HardwareFit.Check(schedule.Network, spec) is [Finding misfit, ..])
                {
                    omitted.Add(new(name, misfit.Message.Replace('|', '/')));
                    continue;
                }

                // What does not fit the buffers' lines is found when the constants are packed.
                _ = schedule.Memory.Bytes;
                int longest = BenchVectors.Programs(schedule).Max(program => program.Count);
                if (longest > programDepth)
                {
                    omitted.Add(new(name, FormattableString.Invariant($"its longest program has {longest} instructions, the program memory {programDepth}")));
                    continue;
                }

                int images = input.Length / schedule.Network.Input.Elements;
                ValueResult values = FastEngine.Execute(schedule, input, images, new() { KeepLayerOutputs = true });
                networks.Add(new(networks.Count, schedule, FastEngine.Time(schedule, frames), RtlVectors.From(schedule, input, values), frames));
            }
            catch (Exception exception) when (exception is ScheduleException or ArgumentException or InvalidScheduleException)
            {
                omitted.Add(new(name, exception.Message.Split('\n')[0].Replace('|', '/')));
            }
        }

        return (networks.ToImmutable(), omitted.ToImmutable());
    }

    private static IEnumerable<Recipe> Recipes(AcceleratorSpec spec)
    {
        int columns = spec.Array.Columns;
        yield return new(LimitsNetwork.Name, () => LimitsNetwork.Make(spec));
        yield return new("one_column", () => Scheduled(spec, Description("one_column", new(7, 1, 2), [
            Convolution("tall", "input", columns + 1, (3, 1), new(1, 0, 1, 0)), Convolution("pixel", "tall", 3, (7, 1))])));
        yield return new("one_row", () => Scheduled(spec, Description("one_row", new(1, 7, 2), [
            Convolution("wide", "input", columns + 1, (1, 3), new(0, 1, 0, 1)), Convolution("pixel", "wide", 3, (1, 7))])));
        yield return new("last_addresses", () =>
        {
            (Schedule schedule, int[] input) = WithWindows(spec, Edges);
            return (LastAddresses.Of(schedule), input);
        });
        yield return new("past_the_end", () =>
        {
            (Schedule schedule, int[] input) = Scheduled(spec, Description("past_the_end", new(2, 2, spec.VectorElements + 1), [Convolution("masked", "input", 2, (1, 1))]));
            return (LastAddresses.Of(schedule), input);
        });
        yield return new("forwarded", () => InSingleSlots(Forwarded(spec), spec.Vector.Lookup ? SemaphoreSet.None.With(Semaphore.ParameterFree).With(Semaphore.WeightFree) : default));
        if (spec.Array.ColumnFilter)
        {
            yield return new("filter", () => Scheduled(spec, Description("filter", new(5, 6, spec.Array.Columns + 1), [
                Convolution("depthwise", "input", 0, (3, 3), new(1, 1, 1, 1)) with { Groups = 0 }, Convolution("points", "depthwise", 3, (1, 1))])));
        }

        if (spec.Array.ActivationWeights)
        {
            yield return new("factors", () => InSingleSlots(Factors(spec)));
            yield return new("last_factors", () =>
            {
                (Schedule schedule, int[] input) = Factors(spec);
                return (LastAddresses.Of(schedule), input);
            });
        }

        if (spec.Array.HasOperandOffsets)
        {
            yield return new("factor_offsets", () => Factors(spec, "factor_offsets", network => WithOffsets(network, spec.Array)));
        }

        yield return new("queues", () => WithWindows(spec, Queues));
        yield return new("single_slots", () => Spent(InSingleSlots(ManyTiles(spec))));
        yield return new("repeats", () => Scheduled(spec, Description("repeats", new(3, 3, 2), [
            Convolution("first", "input", columns + 1, (1, 1)), Convolution("last", "first", 3, (2, 2))]), frames: RepeatedFrames), RepeatedFrames);
        foreach ((string name, LoadTarget target, Semaphore semaphore) in Constants)
        {
            if (target != LoadTarget.Lookup || spec.Vector.Lookup)
            {
                yield return new(name, () => Late(spec, name, target, semaphore));
            }
        }

        yield return new("early_parameters", () => InSingleSlots(Early(spec, "early_parameters", LoadTarget.Parameter)));
        if (spec.Vector.Lookup)
        {
            yield return new("early_table", () => InSingleSlots(Early(spec, "early_table", LoadTarget.Lookup)));
        }

        yield return new("one_accumulator", () => InSingleSlots(Groups(spec, "one_accumulator", [Convolution("groups", "input", 2 * columns, (1, 1))], 6)));
        yield return new("one_output", () => InSingleSlots(Groups(spec, "one_output", [
            Convolution("groups", "input", 2 * columns, (1, 1)), new ChannelShuffleDescription { Name = "apart", Inputs = ["groups"], Groups = 2 }], 3), SemaphoreSet.None.With(Semaphore.AccumulatorFree)));
        foreach ((string name, Func<Schedule, TimingResult, bool> comesThere) in Coincidences)
        {
            if (Smallest(spec, name, comesThere) is (Schedule, int[]) found)
            {
                yield return new(name, () => found);
            }
        }

        if (spec.Vector.Elementwise)
        {
            yield return new("joins", () => InSingleSlots(Scheduled(spec, Joins(spec))));
        }
    }

    /// <summary>A network with windows that overlap, or that do not where the design cannot: windows that share rows need all of a layer's accumulators at once, and a rounding that is no matter of order.</summary>
    private static (Schedule, int[]) WithWindows(AcceleratorSpec spec, Func<AcceleratorSpec, bool, NetworkDescription> describe)
    {
        try
        {
            return Scheduled(spec, describe(spec, spec.Requantizer.Rounding != RoundingMode.Stochastic));
        }
        catch (ScheduleException)
        {
            return Scheduled(spec, describe(spec, false));
        }
    }

    private static (Schedule, int[]) InSingleSlots((Schedule Schedule, int[] Input) drawn, SemaphoreSet kept = default) => (SingleSlots.Of(drawn.Schedule, kept), drawn.Input);

    private static (Schedule, int[]) Spent((Schedule Schedule, int[] Input) drawn) => (SpentTokens.Of(drawn.Schedule), drawn.Input);

    /// <summary>The first of some layers of one pixel whose constants come later than its sums when they are loaded last; as the scheduler has it where there is none.</summary>
    private static (Schedule, int[]) Late(AcceleratorSpec spec, string name, LoadTarget target, Semaphore semaphore)
    {
        for (int groups = 1; ; groups *= 2)
        {
            List<LayerDescription> layers = [Convolution("pixel", "input", groups * spec.Array.Columns, (1, 1))];
            if (target == LoadTarget.Lookup)
            {
                layers.Add(new LookupDescription { Name = "table", Inputs = ["pixel"], Function = LookupFunction.Tanh });
            }

            (Schedule schedule, int[] input) = Scheduled(spec, Description(name, new(1, 1, 2), [.. layers]));
            Schedule late = MovedConstants.Last(schedule, target);
            if (groups == MostGroups || QueueCorners.Waits(late, FastEngine.Time(late), semaphore).Any())
            {
                return (late, input);
            }
        }
    }

    /// <summary>A vector more than whole ones and a column more than all of them, and windows that overlap, so that the vector unit is slower than the array.</summary>
    private static NetworkDescription Edges(AcceleratorSpec spec, bool overlap)
    {
        bool small = spec.VectorElements <= WideVector;
        int extent = small ? 6 : 3;
        (int, int) kernel = small ? (3, 3) : (1, 1);
        int window = overlap ? 3 : 2, stride = overlap ? 1 : 2, left = overlap ? extent - 2 : extent / 2;
        Padding padding = small ? new(1, 1, 1, 1) : Padding.None;
        return Description("last_addresses", new(extent, extent, spec.VectorElements + 1), [
            Convolution("masked", "input", spec.Array.Columns + 1, kernel, padding),
            new PoolDescription { Name = "windows", Inputs = ["masked"], IsAverage = false, Window = (window, window), Stride = (stride, stride) },
            Convolution("points", "windows", spec.Array.Columns, (1, 1)),
            Convolution("last", "points", 3, (left, left)),
        ]);
    }

    /// <summary>Layers that follow each other on chip, so that the load unit runs ahead with their constants, and a slow vector unit behind the first one.</summary>
    private static (Schedule, int[]) Forwarded(AcceleratorSpec spec)
    {
        (Schedule schedule, int[] input) = WithWindows(spec, OnChip);
        ImmutableArray<StepOutline> steps = Scheduler.Outline(schedule.Network, spec);
        return (Chosen(schedule, (choice, step) => choice with
        {
            Forward = step < steps.Length - 1, RowsPerBand = steps[step].Rows, InputChannelsPerChunk = steps[step].InputChannels,
        }), input);
    }

    private static NetworkDescription OnChip(AcceleratorSpec spec, bool overlap)
    {
        int columns = spec.Array.Columns, window = overlap ? 3 : 2, stride = overlap ? 1 : 2;
        List<LayerDescription> layers = [Convolution("first", "input", columns, (1, 1))];
        if (!spec.Vector.Lookup)
        {
            // Else the load unit would wait for the window before it comes to a table.
            layers.Add(new PoolDescription { Name = "slow", Inputs = ["first"], IsAverage = false, Window = (window, window), Stride = (stride, stride) });
        }

        foreach (string name in new[] { "second", "third" })
        {
            layers.Add(Convolution(name, layers[^1].Name, columns, (1, 1)));
            if (spec.Vector.Lookup)
            {
                layers.Add(new LookupDescription { Name = name + "_table", Inputs = [name], Function = LookupFunction.Tanh });
            }
        }

        layers.Add(Convolution("fourth", layers[^1].Name, 3, (1, 1)));
        return Description("forwarded", new(6, 6, 2), [.. layers]);
    }

    /// <summary>Cut into more tiles than it needs: two rows and one group of columns at a time.</summary>
    private static (Schedule, int[]) ManyTiles(AcceleratorSpec spec)
    {
        int columns = spec.Array.Columns;
        (Schedule schedule, int[] input) = Scheduled(spec, Description("single_slots", new(4, 4, 3), [
            Convolution("groups", "input", columns + 1, (3, 3), new(1, 1, 1, 1)), Convolution("bands", "groups", 4, (3, 3), new(1, 1, 1, 1))]));
        return (Chosen(schedule, (choice, _) => choice with { RowsPerBand = 2, OutputChannelsPerGroup = Math.Min(columns, choice.OutputChannelsPerGroup), Forward = false }), input);
    }

    /// <summary>Constants of a second layer that are loaded while the first one still uses the buffer.</summary>
    private static (Schedule, int[]) Early(AcceleratorSpec spec, string name, LoadTarget target)
    {
        List<LayerDescription> layers = [];
        foreach ((string layer, int channels) in new[] { ("first", spec.Array.Columns), ("second", 3) })
        {
            layers.Add(Convolution(layer, layers.Count == 0 ? "input" : layers[^1].Name, channels, (1, 1)));
            if (target == LoadTarget.Lookup)
            {
                layers.Add(new LookupDescription { Name = layer + "_table", Inputs = [layer], Function = LookupFunction.Tanh });
            }
        }

        (Schedule schedule, int[] input) = Scheduled(spec, Description(name, new(6, 6, 2), [.. layers]));
        return (MovedConstants.Early(schedule, target), input);
    }

    /// <summary>
    /// Pixels that are loaded once and weights of few lines, group of columns by group: what comes next is loaded before the vector unit is done with a group. Where the channels are shuffled, the store unit takes a beat for each
    /// code, and is slower than any array.
    /// </summary>
    private static (Schedule, int[]) Groups(AcceleratorSpec spec, string name, ImmutableArray<LayerDescription> layers, int extent)
    {
        (Schedule schedule, int[] input) = Scheduled(spec, Description(name, new(extent, extent, 2), layers));
        return (Chosen(schedule, (choice, _) => choice with { OutputChannelsPerGroup = Math.Min(spec.Array.Columns, choice.OutputChannelsPerGroup) }), input);
    }

    /// <summary>
    /// The first of some small layers, whose bands are loaded, computed and stored by turns, that comes to a coincidence: whether one does follows from the lengths of all of it, which is tried, since it takes
    /// a moment. Null where none does.
    /// </summary>
    private static (Schedule, int[])? Smallest(AcceleratorSpec spec, string name, Func<Schedule, TimingResult, bool> comesThere)
    {
        foreach ((int width, int height, int channels, int groups) in
            from width in Enumerable.Range(1, MostWidth) from height in Enumerable.Range(2, 3) from channels in Enumerable.Range(1, 3) from groups in Enumerable.Range(1, 2) select (width, height, channels, groups))
        {
            try
            {
                (Schedule schedule, int[] input) = Scheduled(spec, Description(name, new(height, width, channels), [Convolution("bands", "input", groups * spec.Array.Columns, (1, 1))]));
                schedule = Chosen(schedule, (choice, _) => choice with { RowsPerBand = 1, OutputChannelsPerGroup = Math.Min(spec.Array.Columns, choice.OutputChannelsPerGroup), Forward = false });
                if (comesThere(schedule, FastEngine.Time(schedule)))
                {
                    return (schedule, input);
                }
            }
            catch (Exception exception) when (exception is ScheduleException or InvalidScheduleException or ArgumentException)
            {
                // Wider ones do not fit either, narrower ones were tried; or the design runs no such layer.
                return null;
            }
        }

        return null;
    }

    /// <summary>The same network with other choices; as it is where the design has no room for them.</summary>
    private static Schedule Chosen(Schedule schedule, Func<StepChoice, int, StepChoice> change)
    {
        try
        {
            return Scheduler.Schedule(schedule.Network, schedule.Accelerator, [.. schedule.Choices.Select(change)]);
        }
        catch (ScheduleException)
        {
            return schedule;
        }
    }

    /// <summary>Many small tiles of little arithmetic: every unit has to wait for every other one somewhere.</summary>
    private static NetworkDescription Queues(AcceleratorSpec spec, bool overlap)
    {
        int columns = spec.Array.Columns;
        int stride = overlap ? 1 : 2;
        return Description("queues", new(6, 6, 3), [
            Convolution("many_channels", "input", (3 * columns) + 1, (1, 1)),
            new PoolDescription { Name = "slow", Inputs = ["many_channels"], IsAverage = false, Window = (2, 2), Stride = (stride, stride) },
            Convolution("deep", "slow", columns, (2, 2)),
            Convolution("few_channels", "deep", 2, (1, 1)),
        ]);
    }

    /// <summary>All that reads the operand buffer: sums of two tensors, means, and a table where the design has one.</summary>
    private static NetworkDescription Joins(AcceleratorSpec spec)
    {
        int channels = spec.Array.Columns + 2;
        List<LayerDescription> layers =
        [
            Convolution("left", "input", channels, (1, 1)) with { Activation = ActivationKind.None },
            Convolution("right", "input", channels, (3, 3), new(1, 1, 1, 1)) with { Activation = ActivationKind.None },
            new AddDescription { Name = "sum", Inputs = ["left", "right"] },
        ];
        if (spec.Vector.Lookup)
        {
            layers.Add(new LookupDescription { Name = "table", Inputs = ["sum"], Function = LookupFunction.Sigmoid });
        }

        layers.Add(new PoolDescription { Name = "mean", Inputs = [layers[^1].Name], IsAverage = true, Window = (2, 2), Stride = (2, 2) });
        layers.Add(Convolution("end", "mean", 4, (1, 1)));
        return Description("joins", new(6, 6, 3), [.. layers]);
    }

    /// <summary>Both products of two activation tensors, row by row of a batch of two: k in the second one's channels (Q K^T) and in its pixels (P V), with a vector more than whole ones and a column more than all of them.</summary>
    private static (Schedule, int[]) Factors(AcceleratorSpec spec, string name = "factors", Func<IntegerNetwork, IntegerNetwork>? change = null)
    {
        // What goes through an unsigned array is never negative, and needs a bit less than a weight of either sign has.
        bool signed = spec.Array.ActivationSigned;
        ActivationKind activation = signed ? ActivationKind.None : ActivationKind.Relu;
        int depth = spec.VectorElements + 1, columns = spec.Array.Columns + 1;
        var weights = new LayerFormats(ActivationBits: Math.Clamp(Math.Min(spec.Array.WeightWidth, spec.Requantizer.ElementWidth) - (signed ? 0 : 1), 2, 8));
        ConvolutionDescription Project(string name, int channels) => Convolution(name, "input", channels, (1, 1)) with { Activation = activation };
        NetworkDescription description = Description(name, new(2, columns, 3), [
            Project("query", depth), Project("key", depth), Project("value", columns),
            new MatmulDescription { Name = "scores", Inputs = ["query", "key"], Transpose = true, Activation = activation },
            new MatmulDescription { Name = "context", Inputs = ["scores", "value"], Transpose = false, Activation = activation },

            // The last layer with weights of its own has codes of 8 bits, which a factor may not have.
            Convolution("end", "context", 3, (1, 1)),
        ]);
        NetworkFormats formats = NetworkFormats.For(spec);
        ImmutableDictionary<string, LayerFormats> layers = formats.Layers.Add("key", weights).Add("value", weights);
        if (change is not null)
        {
            // Codes with room for an offset beside them in the operand.
            var operands = new LayerFormats(ActivationBits: Math.Clamp(spec.Array.ActivationWidth - 1, 2, 8));
            layers = layers.Add("query", operands).Add("scores", operands);
        }

        return Scheduled(spec, description, formats with { Layers = layers }, change);
    }

    /// <summary>Offsets that bring the codes of the first product to the greatest operands of the array, and those of the second one to the least.</summary>
    private static IntegerNetwork WithOffsets(IntegerNetwork network, ArraySpec array)
    {
        FixedPointFormat FormatOf(string tensor) => network.Layers.Single(layer => layer.Name == tensor).Output.Format;
        return network with
        {
            Layers =
            [
                .. network.Layers.Select(layer => layer is not MatmulLayer matmul ? layer : matmul.TransposeSecond
                    ? matmul with { FirstOffset = array.Operands.GreatestOffset(FormatOf(matmul.Input)), SecondOffset = array.WeightValues.GreatestOffset(FormatOf(matmul.SecondInput)) }
                    : matmul with { FirstOffset = array.Operands.LeastOffset(FormatOf(matmul.Input)), SecondOffset = array.WeightValues.LeastOffset(FormatOf(matmul.SecondInput)) }),
            ],
        };
    }

    private static (Schedule, int[]) Scheduled(AcceleratorSpec spec, NetworkDescription description, NetworkFormats? formats = null, Func<IntegerNetwork, IntegerNetwork>? change = null, int frames = 1)
    {
        IntegerNetwork network = FittedNetwork.Of(NetworkGenerator.Generate(description, formats ?? NetworkFormats.For(spec), Seed), spec);
        network = change?.Invoke(network) ?? network;
        var random = new SplitMix(Seed, description.Name + ".images");
        FixedPointFormat format = network.Input.Format;
        int[] input = [.. Enumerable.Range(0, Images * frames * network.Input.Elements).Select(_ => random.Between((int)format.MinRaw, (int)format.MaxRaw))];
        return (Scheduler.Schedule(network, spec), input);
    }

    /// <summary>How a directed network is made, and the frames of each of its runs.</summary>
    private sealed record Recipe(string Name, Func<(Schedule, int[])> Make, int Frames = 1);

    private static NetworkDescription Description(string name, TensorShape input, ImmutableArray<LayerDescription> layers) =>
        new() { Name = name, Input = input, Layers = layers };

    private static ConvolutionDescription Convolution(string name, string input, int channels, (int, int) kernel, Padding? padding = null) =>
        new() { Name = name, Inputs = [input], Channels = channels, Kernel = kernel, Padding = padding ?? Padding.None };
}
