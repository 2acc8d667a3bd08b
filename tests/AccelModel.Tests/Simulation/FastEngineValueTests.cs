// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Simulation.Kernels;
using AccelModel.Specification;
using AccelModel.Tests.Differential;
using Xunit;

namespace AccelModel.Tests.Simulation;

public sealed class FastEngineValueTests
{
    public static TheoryData<InstructionSet> InstructionSetsHere => [.. InstructionSets.Supported];

    [Theory]
    [MemberData(nameof(InstructionSetsHere))]
    public void Codes_and_overflows_equal_the_reference_on_random_networks_with_every_instruction_set(InstructionSet set)
    {
        long overflowing = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            RandomCase sample = RandomCase.Draw(new ChoiceSource(seed));
            ValueResult fast = FastEngine.Execute(
                sample.Schedule, sample.Input, sample.Images, new ExecutionOptions { InstructionSet = set, Threads = 1 + (seed % 2), KeepLayerOutputs = true });
            InterpreterResult reference = Reference(sample);
            Assert.Equal(reference.Output, fast.Output);
            for (int i = 0; i < sample.Schedule.Layers.Length; i++)
            {
                ScheduledLayer layer = sample.Schedule.Layers[i];
                Assert.Equal(reference.LayerOutputs[layer.OutputLayer], fast.LayerOutputs[i]);
                Assert.Equal(reference.Overflows[layer.NetworkLayer], fast.Overflows[i]);
                overflowing += fast.Overflows[i].First is null ? 0 : 1;
            }
        }
        Assert.True(overflowing > 50, $"only {overflowing} layers overflowed: too few to mean anything");
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(14, 20)]
    [InlineData(16, 24)]
    [InlineData(20, 16)]
    [InlineData(32, 32)]
    [InlineData(40, 48)]
    public void Lanes_of_every_width_give_the_references_codes_and_overflows_on_larger_layers(int partialSumWidth, int accumulatorWidth)
    {
        foreach (OverflowMode overflow in Enum.GetValues<OverflowMode>())
        {
            IntegerNetwork network = MediumNetwork(new Random(partialSumWidth), accumulatorWidth);
            AcceleratorSpec accelerator = HandMadeSchedules.Accelerator(rows: 8, columns: 8);
            accelerator = accelerator with
            {
                Array = accelerator.Array with { PartialSumWidth = partialSumWidth, Overflow = overflow },
                Accumulator = new AccumulatorSpec { Width = accumulatorWidth, Overflow = overflow },
                Requantizer = accelerator.Requantizer with { MultiplierWidth = Math.Min(16, 62 - accumulatorWidth) },
            };
            Schedule schedule = Scheduler.Schedule(network, accelerator);
            const int images = 5;
            Random random = new(9);
            int[] input = [.. Enumerable.Range(0, images * network.Input.Elements).Select(_ => random.Next(256))];
            InterpreterResult reference = Reference(new RandomCase(accelerator, network, images, input, schedule));
            foreach (InstructionSet set in InstructionSets.Supported)
            {
                ValueResult fast = FastEngine.Execute(schedule, input, images, new ExecutionOptions { InstructionSet = set });
                Assert.Equal(reference.Output, fast.Output);
                Assert.Equal(schedule.Layers.Select(layer => reference.Overflows[layer.NetworkLayer]), fast.Overflows);
            }
        }
    }

    [Theory]
    [InlineData(48, 48)]
    [InlineData(36, 40)]
    public void Results_beyond_32_bits_equal_the_reference(int partialSumWidth, int accumulatorWidth)
    {
        FixedPointFormat codes = new(false, 16, 0);
        Random random = new(10);
        IntegerNetwork network = new()
        {
            Name = "wide",
            Input = new TensorSpec(1, 1, 200, codes),
            Layers =
            [
                new DenseLayer
                {
                    Name = "a", Input = IntegerNetwork.InputName, Output = new TensorSpec(1, 1, 19, codes),
                    Weights = new IntegerTensor([19, 200], [.. Enumerable.Range(0, 19 * 200).Select(i => i % 2 == 0 ? random.Next(-32768, 32768) : i / 200 % 2 == 0 ? 32767 : -32768)]),
                    WeightFormat = new FixedPointFormat(true, 16, 0),
                    Requantization = new Requantization
                    {
                        Kind = RequantizationKind.Shift, Bias = [.. new long[19]], Shift = [24], Rounding = RoundingMode.HalfEven, ZeroPoint = 32768, Minimum = 0, Maximum = 65535,
                    },
                },
            ],
        };
        AcceleratorSpec accelerator = HandMadeSchedules.Accelerator(rows: 8, columns: 8, elementWidth: 16);
        accelerator = accelerator with
        {
            Array = accelerator.Array with { ActivationWidth = 16, WeightWidth = 16, PartialSumWidth = partialSumWidth },
            Accumulator = new AccumulatorSpec { Width = accumulatorWidth, Overflow = OverflowMode.Saturate },
            Requantizer = accelerator.Requantizer with { MultiplierWidth = 14, Rounding = RoundingMode.HalfEven },
        };
        Schedule schedule = Scheduler.Schedule(network, accelerator);
        int[] input = [.. Enumerable.Range(0, 400).Select(_ => random.Next(60000, 65536))];
        int[] expected = Reference(new RandomCase(accelerator, network, 2, input, schedule)).Output;
        Assert.All(InstructionSets.Supported, set => Assert.Equal(expected, FastEngine.Execute(schedule, input, 2, new ExecutionOptions { InstructionSet = set }).Output));
        Assert.Contains(expected, code => Math.Abs(code - 32768L) << 24 > int.MaxValue);
    }

    [Fact]
    public void Segments_longer_than_a_lane_can_count_are_counted_right()
    {
        const int products = 9000;
        FixedPointFormat codes = new(false, 8, 0);
        IntegerNetwork network = new()
        {
            Name = "long",
            Input = new TensorSpec(1, 1, products, codes),
            Layers =
            [
                new DenseLayer
                {
                    Name = "a", Input = IntegerNetwork.InputName, Output = new TensorSpec(1, 1, 1, codes), Weights = new IntegerTensor([1, products], [.. Enumerable.Repeat(1, products)]),
                    WeightFormat = new FixedPointFormat(true, 8, 0),
                    Requantization = new Requantization { Kind = RequantizationKind.Shift, Bias = [0], Shift = [0], Rounding = RoundingMode.HalfUp, Minimum = 0, Maximum = 255 },
                },
            ],
        };
        AcceleratorSpec accelerator = HandMadeSchedules.Accelerator();
        accelerator = accelerator with { Buffers = accelerator.Buffers with { Activation = new BufferSpec { Size = 32768, DoubleBuffered = true } } };
        Schedule schedule = Scheduler.Schedule(network, accelerator);
        AccumulationPlan plan = schedule.Layers[0].Plan! with { PartialSumWidth = 8, Segments = [new PlanSegment(0, true, [.. Enumerable.Range(0, products)])] };
        schedule = schedule with { Layers = [schedule.Layers[0] with { Plan = plan }] };
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            int[] input = new int[products];
            Assert.Equal(LayerOverflows.None, FastEngine.Execute(schedule, input, 1, new ExecutionOptions { InstructionSet = set }).Overflows[0]);
            input.AsSpan()[^130..].Fill(1);
            LayerOverflows three = FastEngine.Execute(schedule, input, 1, new ExecutionOptions { InstructionSet = set }).Overflows[0];
            Assert.Equal(new LayerOverflows(3, 0, new FirstOverflow(0, 0, 0, products - 3, OverflowStage.PartialSum)), three);
        }
    }

    [Theory]
    [InlineData(RequantizationKind.DoubleRounding)]
    [InlineData(RequantizationKind.Thresholds)]
    [InlineData(RequantizationKind.Shift)]
    public void Requantisations_that_the_vector_unit_does_not_have_equal_the_reference_too(RequantizationKind kind)
    {
        (Schedule schedule, int[] input, _) = OverflowingBatch();
        Random random = new(8);
        IntegerNetwork network = schedule.Network with
        {
            Layers = [.. schedule.Network.Layers.Select(layer => layer switch
            {
                Conv2dLayer convolution => convolution with { Requantization = Other(convolution.Output.Channels) },
                DenseLayer dense => dense with { Requantization = Other(dense.Output.Channels) },
                _ => layer,
            })],
        };
        Schedule changed = schedule with { Network = network };
        const int images = 3;
        int[] some = input[..(images * network.Input.Elements)];
        InterpreterResult reference = Reference(new RandomCase(schedule.Accelerator, network, images, some, changed));
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            Assert.Equal(reference.Output, FastEngine.Execute(changed, some, images, new ExecutionOptions { InstructionSet = set }).Output);
        }
        Assert.True(reference.Output.Distinct().Count() > 2);

        Requantization Other(int channels) => new()
        {
            Kind = kind,
            Bias = [.. Enumerable.Range(0, channels).Select(_ => (long)random.Next(-2000, 2000))],
            Rounding = RoundingMode.HalfAway,
            Minimum = 0,
            Maximum = kind == RequantizationKind.Thresholds ? 15 * 17 : 255,
            Multiplier = kind == RequantizationKind.DoubleRounding ? [.. Enumerable.Range(0, channels).Select(_ => (long)random.Next(1 << 30, int.MaxValue))] : [],
            Shift = kind == RequantizationKind.Thresholds ? [] : [.. Enumerable.Range(0, channels).Select(_ => kind == RequantizationKind.Shift ? random.Next(5, 9) : random.Next(-9, -5))],
            ThresholdsPerChannel = kind == RequantizationKind.Thresholds ? 15 : 0,
            ThresholdStep = kind == RequantizationKind.Thresholds ? 17 : 1,
            Thresholds = kind == RequantizationKind.Thresholds
                ? [.. Enumerable.Range(0, channels).SelectMany(_ => Enumerable.Range(0, 15).Select(_ => (long)random.Next(-60000, 60000)).Order())]
                : [],
        };
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void The_number_of_threads_changes_nothing(int threads)
    {
        (Schedule schedule, int[] input, int images) = OverflowingBatch();
        ValueResult one = FastEngine.Execute(schedule, input, images, new ExecutionOptions { Threads = 1 });
        ValueResult many = FastEngine.Execute(schedule, input, images, new ExecutionOptions { Threads = threads });
        Assert.Equal(one.Output, many.Output);
        Assert.Equal(one.Overflows.AsEnumerable(), many.Overflows);
        Assert.Contains(one.Overflows, layer => layer.First is not null);
    }

    [Fact]
    public void The_first_overflow_is_that_of_the_first_image_that_overflows_wherever_it_lies_in_the_batch()
    {
        (Schedule schedule, int[] input, int images) = OverflowingBatch();
        int elements = schedule.Network.Input.Elements;
        foreach (int loud in (int[])[0, 1, 31, 32, 66, images - 1])
        {
            // Codes of zero make products of zero; only this image has any others.
            int[] quiet = new int[input.Length];
            input.AsSpan(loud * elements, elements).CopyTo(quiet.AsSpan(loud * elements));
            ValueResult alone = FastEngine.Execute(schedule, input.AsMemory(loud * elements, elements), 1);
            ValueResult batch = FastEngine.Execute(schedule, quiet, images);
            Assert.NotNull(alone.Overflows[0].First);
            Assert.Equal(alone.Overflows[0].First!.Value with { Image = loud }, batch.Overflows[0].First);
            Assert.Equal(alone.Overflows[0].PartialSums, batch.Overflows[0].PartialSums);
        }
    }

    [Fact]
    public void Progress_rises_to_the_number_of_images()
    {
        (Schedule schedule, int[] input, int images) = OverflowingBatch();
        Recorder recorder = new();
        FastEngine.Execute(schedule, input, images, new ExecutionOptions { Progress = recorder });
        Assert.Equal(recorder.Reports.Order(), recorder.Reports);
        Assert.Equal(images, recorder.Reports[^1]);
    }

    [Fact]
    public void A_cancelled_batch_ends_with_an_exception()
    {
        (Schedule schedule, int[] input, int images) = OverflowingBatch();
        ExecutionOptions options = new() { CancellationToken = new CancellationToken(canceled: true) };
        Assert.ThrowsAny<OperationCanceledException>(() => FastEngine.Execute(schedule, input, images, options));
    }

    [Fact]
    public void No_images_give_no_codes()
    {
        (Schedule schedule, _, _) = OverflowingBatch();
        ValueResult result = FastEngine.Execute(schedule, ReadOnlyMemory<int>.Empty, 0);
        Assert.Empty(result.Output);
        Assert.All(result.Overflows, layer => Assert.Equal(LayerOverflows.None, layer));
    }

    [Fact]
    public void Codes_outside_the_inputs_format_and_wrong_lengths_are_refused()
    {
        (Schedule schedule, int[] input, int images) = OverflowingBatch();
        Assert.Throws<ArgumentException>(() => FastEngine.Execute(schedule, input, images - 1));
        input[17] = 256;
        Assert.Contains("code 256 at index 17", Assert.Throws<ArgumentException>(() => FastEngine.Execute(schedule, input, images)).Message);
    }

    /// <summary>A network whose first layer overflows 12-bit partial sums now and then, and images for it.</summary>
    private static (Schedule Schedule, int[] Input, int Images) OverflowingBatch()
    {
        const int images = 100;
        IntegerNetwork network = MediumNetwork(new Random(4), 24);
        AcceleratorSpec accelerator = HandMadeSchedules.Accelerator(rows: 8, columns: 8);
        accelerator = accelerator with { Array = accelerator.Array with { PartialSumWidth = 17 } };
        Random random = new(5);
        int[] input = [.. Enumerable.Range(0, images * network.Input.Elements).Select(_ => random.Next(256))];
        return (Scheduler.Schedule(network, accelerator), input, images);
    }

    /// <summary>Two convolutions with channels enough to fill vectors, pooling, and a dense layer; signed 8-bit weights, unsigned 8-bit codes.</summary>
    private static IntegerNetwork MediumNetwork(Random random, int accumulatorWidth)
    {
        FixedPointFormat codes = new(false, 8, 0);
        return new IntegerNetwork
        {
            Name = "medium",
            Input = new TensorSpec(9, 8, 3, codes),
            Layers =
            [
                Convolution("a", IntegerNetwork.InputName, new TensorSpec(9, 8, 37, codes), 3),
                new MaxPoolLayer { Name = "b", Input = "a", Output = new TensorSpec(4, 4, 37, codes), Window = (2, 2), Stride = (2, 2) },
                Convolution("c", "b", new TensorSpec(4, 4, 10, codes), 37),
                new DenseLayer
                {
                    Name = "d", Input = "c", Output = new TensorSpec(1, 1, 21, codes), Weights = Weights([21, 160]),
                    WeightFormat = new FixedPointFormat(true, 8, 0), Requantization = Scale(21),
                },
            ],
        };

        Conv2dLayer Convolution(string name, string input, TensorSpec output, int channels) => new()
        {
            Name = name, Input = input, Output = output, Weights = Weights([output.Channels, 3, 3, channels]), WeightFormat = new FixedPointFormat(true, 8, 0),
            Stride = (1, 1), Padding = new Padding(1, 1, 1, 1), Dilation = (1, 1), Groups = 1, PaddingCode = 0, Requantization = Scale(output.Channels),
        };

        IntegerTensor Weights(int[] shape) =>
            new([.. shape], [.. Enumerable.Range(0, shape.Aggregate(1, (product, extent) => product * extent)).Select(_ => random.Next(-128, 128))]);

        Requantization Scale(int channels) => new()
        {
            Kind = RequantizationKind.MultiplierShift,
            Bias = [.. Enumerable.Range(0, channels).Select(_ => (long)random.Next(-100, 100))],
            Multiplier = [.. Enumerable.Range(0, channels).Select(_ => (long)random.Next(1, 1 << Math.Min(14, 62 - accumulatorWidth)))],
            Shift = [.. Enumerable.Range(0, channels).Select(_ => random.Next(16, 22))],
            Rounding = RoundingMode.HalfUp,
            Minimum = 0,
            Maximum = 255,
        };
    }

    private static InterpreterResult Reference(RandomCase sample) =>
        ReferenceInterpreter.Run(sample.Network, sample.Input, sample.Images, sample.Schedule.Plans);

    private sealed class Recorder : IProgress<int>
    {
        public List<int> Reports { get; } = [];

        public void Report(int value) => Reports.Add(value);
    }
}
