// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Scheduling.Search;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using AccelModel.Tests.Differential;
using AccelModel.Tests.Networks;
using Xunit;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Tests.Scheduling;

/// <summary>What must hold for every schedule, checked on random designs and networks.</summary>
public class SchedulerTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];

    private static IEnumerable<Schedule> Schedules(int seed) =>
        Enumerable.Range(0, 10).Select(i => RandomCase.Draw(new ChoiceSource(seed * 10 + i)).Schedule);

    private static IEnumerable<Instruction> Instructions(Schedule schedule) =>
        [.. schedule.Load, .. schedule.Array, .. schedule.Vector, .. schedule.Store];

    [Theory, MemberData(nameof(Seeds))]
    public void Every_semaphore_is_signalled_as_often_as_it_is_waited_for(int seed)
    {
        foreach (Schedule schedule in Schedules(seed))
        {
            foreach (Semaphore semaphore in Enum.GetValues<Semaphore>())
            {
                int signals = Instructions(schedule).Count(i => i.Signals.Contains(semaphore));
                int waits = Instructions(schedule).Count(i => i.Waits.Contains(semaphore));
                Assert.Equal(signals, waits);
            }
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Every_product_of_every_output_is_planned_once_per_digit(int seed)
    {
        foreach (Schedule schedule in Schedules(seed))
        {
            foreach ((int index, AccumulationPlan plan) in schedule.Plans)
            {
                Layer layer = schedule.Network.Layers[index];
                (int depth, int groups, int inputs) = layer switch
                {
                    Conv2dLayer conv => (conv.Weights.Values.Length / conv.Output.Channels, conv.Groups, schedule.Network.InputOf(index).Channels / conv.Groups),
                    DenseLayer dense => (dense.Weights.Values.Length / dense.Output.Channels, 1, 1),
                    MatmulLayer => (schedule.Network.InputOf(index).Channels, 1, 1),
                    _ => throw new InvalidOperationException(),
                };
                foreach (IGrouping<int, PlanSegment> digit in plan.Segments.GroupBy(segment => segment.Digit))
                {
                    int[] entries = [.. digit.SelectMany(segment => segment.K).Where(k => k >= 0)];
                    for (int output = 0; output < layer.Output.Channels; output += plan.Span is null ? layer.Output.Channels : 1)
                    {
                        IEnumerable<int> products = plan.Span is { } span
                            ? entries.Select(k => span.Product(k, output, layer.Output.Channels / groups, inputs)).Where(k => k >= 0)
                            : entries;
                        Assert.Equal(Enumerable.Range(0, depth), products.Order());
                    }
                }
            }
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Every_element_of_every_tensor_in_memory_is_stored_exactly_once(int seed)
    {
        foreach (Schedule schedule in Schedules(seed))
        {
            var stored = new Dictionary<int, int>();
            foreach (StoreInstruction store in schedule.Store.Where(s => s.Target == StoreTarget.Memory))
            {
                Assert.False(store.Fill);
                for (int i = 0; i < store.Rows * store.Columns * store.Channels; i++)
                {
                    (int pixel, int channel) = Math.DivRem(i, store.Channels);
                    int address = store.MemoryAddress + pixel / store.Columns * store.RowPitch + pixel % store.Columns * store.PixelPitch + channel * store.ChannelPitch;
                    stored[address] = stored.GetValueOrDefault(address) + 1;
                }
            }

            Assert.All(stored, entry => Assert.Equal(1, entry.Value));
            foreach (FeatureMap map in schedule.Layers.Where(layer => !layer.IsForwarded).Select(layer => layer.Output).Append(schedule.Output))
            {
                for (int i = 0; i < map.Tensor.Elements; i++)
                {
                    (int pixel, int channel) = Math.DivRem(i, map.Tensor.Channels);
                    Assert.True(stored.ContainsKey(map.Element(pixel / map.Tensor.Width, pixel % map.Tensor.Width, channel)), $"element {i} of {map}");
                }
            }

            for (int i = 0; i < schedule.Network.Input.Elements; i++)
            {
                Assert.False(stored.ContainsKey(schedule.Input.Origin + i), $"element {i} of the input");
            }
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void No_schedule_is_faster_than_the_bound(int seed)
    {
        foreach (Schedule schedule in Schedules(seed))
        {
            ScheduleBound bound = ScheduleBound.Of(schedule.Network, schedule.Accelerator);
            foreach (ScheduleObjective objective in Enum.GetValues<ScheduleObjective>())
            {
                long cycles = FastEngine.Time(Scheduler.Schedule(schedule.Network, schedule.Accelerator, objective)).Cycles;
                Assert.True(cycles >= bound.Cycles, $"{objective}: {cycles} cycles, bound {bound}");
            }
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void A_written_schedule_replays_to_the_same_programs(int seed)
    {
        using var directory = new TemporaryDirectory();
        string file = directory["schedule.yaml"];
        foreach (Schedule schedule in Schedules(seed))
        {
            string text = ScheduleFile.Write(schedule);
            File.WriteAllText(file, text);
            SpecIssues issues = [];
            Schedule? replayed = ScheduleFile.Load(file, schedule.Network, schedule.Accelerator, issues);
            Assert.Empty(issues);
            Assert.Equal(Instructions(schedule), Instructions(replayed!));
            Assert.True(schedule.Memory.Bytes.AsSpan().SequenceEqual(replayed!.Memory.Bytes.AsSpan()));
            Assert.Equal(text, ScheduleFile.Write(replayed));
        }
    }

    public static TheoryData<string, string, string> Edits => new()
    {
        { "rows_per_band: 4", "rows_per_band: 8", "steps[0].rows_per_band: layer conv: out of range, found 8, allowed 1..4" },
        { "- layer: conv   # with pool", "- layer: fc", "6:10: steps[0].layer: dependency: steps run in the order of the network's layers, found 'fc', allowed 'conv'" },
        { "forward: true", "forward: maybe", "steps[0].forward: " },
        { "network: small", "network: large", "2:10: network: another network's schedule, found 'large', allowed 'small'" },
        { "order: rows_outermost", "order: sideways", "steps[0].order: " },
        { "mapping: kernel_rows", "mapping: column_filter", "mapping: column_filter needs array.column_filter and a depthwise layer" },
    };

    [Theory, MemberData(nameof(Edits))]
    public void An_edit_that_breaks_a_rule_is_refused_with_the_rule_at_its_place(string from, string to, string expected)
    {
        using var directory = new TemporaryDirectory();
        string file = directory["schedule.yaml"];
        IntegerNetwork network = SmallNetworks.ConvolutionAndDense();
        AcceleratorSpec accelerator = SmallNetworks.Design();
        string text = ScheduleFile.Write(Scheduler.Schedule(network, accelerator, ScheduleObjective.Traffic));
        int at = text.IndexOf(from, StringComparison.Ordinal);
        Assert.True(at >= 0, $"no '{from}' in\n{text}");
        File.WriteAllText(file, text[..at] + to + text[(at + from.Length)..]);
        SpecIssues issues = [];
        Assert.Null(ScheduleFile.Load(file, network, accelerator, issues));
        Assert.Contains(issues, issue => issue.ToString().Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_band_that_no_buffer_holds_is_refused_as_capacity()
    {
        using var directory = new TemporaryDirectory();
        string file = directory["schedule.yaml"];
        AcceleratorSpec large = SmallNetworks.Design();
        AcceleratorSpec small = large with { Buffers = large.Buffers with { Accumulator = new() { Size = 32, DoubleBuffered = true } } };
        string text = ScheduleFile.Write(Scheduler.Schedule(SmallNetworks.ConvolutionAndDense(), large, ScheduleObjective.Fixed));
        File.WriteAllText(file, text);
        SpecIssues issues = [];
        Assert.Null(ScheduleFile.Load(file, SmallNetworks.ConvolutionAndDense(), small, issues));
        Assert.Contains(issues, issue => issue.Message.Contains("capacity: buffers.accumulator.size: a slot holds 16 words, the band that is chosen for this layer needs 64", StringComparison.Ordinal));
    }

    [Fact]
    public void A_chain_of_small_tensors_stays_on_chip()
    {
        Schedule schedule = Scheduler.Schedule(SmallNetworks.ConvolutionAndDense(), SmallNetworks.Design(), ScheduleObjective.Traffic);
        Assert.True(schedule.Layers[0].IsForwarded);
        TimingResult timing = FastEngine.Time(schedule);
        Assert.Equal(0, timing.Layers[0].Traffic.StoreBytes);
        Assert.Equal(0, timing.Layers[1].Traffic.ActivationLoadBytes);
        Assert.True(Moved(timing) < Moved(FastEngine.Time(Scheduler.Schedule(SmallNetworks.ConvolutionAndDense(), SmallNetworks.Design(), ScheduleObjective.Fixed))));

        static long Moved(TimingResult result) => result.Layers.Sum(layer => layer.Traffic.LoadBytes + layer.Traffic.StoreBytes);
    }

    [Fact]
    public void Tensors_that_external_memory_has_no_addresses_for_are_refused_and_never_wrap()
    {
        IntegerNetwork small = SmallNetworks.ConvolutionAndDense();
        var conv = (Conv2dLayer)small.Layers[0];
        TensorSpec huge = small.Input with { Height = 1 << 14, Width = 1 << 14, Channels = 1 };
        Conv2dLayer Layer(int i) => conv with
        {
            Name = $"conv{i}", Input = i == 0 ? IntegerNetwork.InputName : $"conv{i - 1}", Output = huge, Weights = new([1, 1, 1, 1], [1]), Padding = Padding.None,
            Requantization = conv.Requantization with { Bias = [0] },
        };
        IntegerNetwork network = small with { Input = huge, Layers = [.. Enumerable.Range(0, 9).Select(Layer)] };
        AcceleratorSpec design = SmallNetworks.Design();
        design = design with
        {
            Buffers = design.Buffers with
            {
                Activation = new() { Size = 1 << 17, DoubleBuffered = true }, Accumulator = new() { Size = 1 << 17, DoubleBuffered = true }, Output = new() { Size = 1 << 17, DoubleBuffered = true },
            },
        };
        ScheduleException exception = Assert.Throws<ScheduleException>(() => Scheduler.Schedule(network, design));
        Assert.StartsWith("memory.bytes_per_cycle: layer small: its tensors and constants need more external memory than has addresses", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_buffer_that_cannot_hold_one_band_is_named_with_what_it_needs()
    {
        AcceleratorSpec small = SmallNetworks.Design();
        small = small with { Buffers = small.Buffers with { Weight = new() { Size = 3, DoubleBuffered = false }, Output = new() { Size = 1, DoubleBuffered = false } } };
        ScheduleException exception = Assert.Throws<ScheduleException>(() => Scheduler.Schedule(SmallNetworks.ConvolutionAndDense(), small));
        Assert.Equal(
            [
                "buffers.output.size: layer conv: a slot holds 1 words, the smallest band of this layer needs 4",
                "buffers.weight.size: layer conv: a slot holds 3 lines, the smallest band of this layer needs 4",
                "buffers.weight.size: layer fc: a slot holds 3 lines, the smallest band of this layer needs 4",
            ],
            exception.Findings.Select(finding => finding.ToString()));
    }
}
