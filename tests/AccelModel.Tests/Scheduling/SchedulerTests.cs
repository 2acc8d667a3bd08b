// SPDX-License-Identifier: Apache-2.0
using AccelModel.Scheduling;
using AccelModel.Specification;
using AccelModel.Tests.Differential;
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
            foreach (ScheduledLayer layer in schedule.Layers)
            {
                int depth = schedule.Network.Layers[layer.NetworkLayer] switch
                {
                    AccelModel.Networks.Conv2dLayer conv => conv.Weights.Values.Length / conv.Output.Channels,
                    AccelModel.Networks.DenseLayer dense => dense.Weights.Values.Length / dense.Output.Channels,
                    _ => 0,
                };
                foreach (IGrouping<int, PlanSegment> digit in layer.Plan!.Segments.GroupBy(segment => segment.Digit))
                {
                    Assert.Equal(Enumerable.Range(0, depth), digit.SelectMany(segment => segment.K).Where(k => k >= 0).Order());
                }
            }
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Loads_and_stores_stay_inside_external_memory_and_loads_inside_their_slot(int seed)
    {
        foreach (Schedule schedule in Schedules(seed))
        {
            AcceleratorSpec accelerator = schedule.Accelerator;
            foreach (LoadInstruction load in schedule.Load)
            {
                Assert.InRange(load.MemoryAddress + load.Beats, 1, schedule.Memory.Words);
                (BufferSpec buffer, int addresses) = load.Target switch
                {
                    LoadTarget.Activation => (accelerator.Buffers.Activation, load.Beats * accelerator.ElementsPerWord),
                    LoadTarget.Weight => (accelerator.Buffers.Weight, load.Beats / accelerator.WeightLineWords),
                    _ => (accelerator.Buffers.Parameter, load.Beats / accelerator.ParameterLineWords),
                };
                Assert.InRange(addresses, 1, buffer.SlotSize);
                Assert.Equal(0, load.BufferAddress % buffer.SlotSize);
            }

            foreach (StoreInstruction store in schedule.Store)
            {
                int last = store.MemoryAddress + (store.Rows - 1) * store.RowPitch + (store.Columns - 1) * store.PixelPitch + store.Channels - 1;
                Assert.InRange(last, 0, schedule.Memory.Words * accelerator.ElementsPerWord - 1);
            }
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Every_output_element_is_stored_exactly_once(int seed)
    {
        foreach (Schedule schedule in Schedules(seed))
        {
            foreach (ScheduledLayer layer in schedule.Layers)
            {
                var stored = new List<int>();
                foreach (StoreInstruction store in schedule.Store.Where(s => s.Layer == layer.NetworkLayer))
                {
                    for (int row = 0; row < store.Rows; row++)
                    {
                        for (int column = 0; column < store.Columns; column++)
                        {
                            int first = store.MemoryAddress + row * store.RowPitch + column * store.PixelPitch;
                            stored.AddRange(Enumerable.Range(first, store.Channels));
                        }
                    }
                }

                FeatureMap map = layer.Output;
                var expected = new List<int>();
                for (int row = 0; row < map.Tensor.Height; row++)
                {
                    for (int column = 0; column < map.Tensor.Width; column++)
                    {
                        expected.AddRange(Enumerable.Range(map.Origin + row * map.RowPitch + column * map.PixelPitch, map.Tensor.Channels));
                    }
                }

                Assert.Equal(expected.Order(), stored.Order());
            }
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Every_unpooled_output_passes_the_array_exactly_once_per_channel_tile(int seed)
    {
        foreach (Schedule schedule in Schedules(seed))
        {
            foreach (ScheduledLayer layer in schedule.Layers)
            {
                AccelModel.Networks.TensorSpec output = schedule.Network.Layers[layer.NetworkLayer].Output;
                int tiles = (output.Channels + schedule.Accelerator.Array.Columns - 1) / schedule.Accelerator.Array.Columns;
                int vectors = schedule.Array.Where(m => m.Layer == layer.NetworkLayer && !m.Accumulate).Sum(m => m.Vectors);
                Assert.Equal(output.Height * output.Width * tiles, vectors);
            }
        }
    }

    [Fact]
    public void A_buffer_that_cannot_hold_one_band_is_named_with_what_it_needs()
    {
        RandomCase sample = RandomCase.Draw(new ChoiceSource(1));
        AcceleratorSpec small = sample.Accelerator with
        {
            Array = sample.Accelerator.Array with { Rows = 6 },
            Buffers = sample.Accelerator.Buffers with { Weight = new() { Size = 5, DoubleBuffered = false } },
        };
        ScheduleException exception = Assert.Throws<ScheduleException>(() => Scheduler.Schedule(sample.Network, small));
        ScheduleFinding[] weightFindings = [.. exception.Findings.Where(finding => finding.KeyPath == "buffers.weight.size")];
        Assert.Equal(sample.Schedule.Layers.Length, weightFindings.Length);
        Assert.All(weightFindings, finding => Assert.Contains("5 lines, fewer than the 6 rows", finding.Message, StringComparison.Ordinal));
    }
}
