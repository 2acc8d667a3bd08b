// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Tests.Numerics;
using Xunit;

namespace AccelModel.Tests.Networks;

/// <summary>Arm CMSIS-NN's own layer tests on a design with double rounding: register-accurate model and fast engine give Arm's outputs.</summary>
public sealed class CmsisNnHardwareTests
{
    private const string Folder = "cmsis_nn";

    /// <summary>Images that the register-accurate model runs; the fast engine runs all.</summary>
    private const int MostImages = 12;

    public static TheoryData<string> Cases => [.. CaseFile.NamesIn(Folder)];

    [Theory, MemberData(nameof(Cases))]
    public void Both_engines_give_the_outputs_of_the_case(string name)
    {
        CaseFile @case = CaseFile.Load(Folder, name);
        CmsisNnCase drawn = CmsisNnCase.Of(@case);
        IntegerNetwork network = WithSomethingForTheArray(drawn.Network);
        AcceleratorSpec design = Design(network);
        Assert.Empty(AcceleratorRules.Check(design));
        Assert.Empty(HardwareFit.Check(network, design));
        int[] expected = @case.Ints("output");
        Schedule schedule = Scheduler.Schedule(network, design);
        Assert.Equal(expected, FastEngine.Execute(schedule, drawn.Input, drawn.Images).Output);

        int images = Math.Min(drawn.Images, MostImages);
        int[] few = drawn.Input[..(drawn.Input.Length / drawn.Images * images)];
        Assert.Equal(expected[..(expected.Length / drawn.Images * images)], RegisterAccurateModel.Run(schedule, few).Values.Output);
    }

    /// <summary>
    /// 8-bit data with multipliers of 31 bits and sums of 32; 16-bit data whose bias has 64 bits multiply by 16 bits, and have wider sums. Products of 8-bit matrices add 128 to the codes of both: a bit
    /// more of operand.
    /// </summary>
    private static AcceleratorSpec Design(IntegerNetwork network)
    {
        bool words = network.Input.Format.Width == 16;
        bool offsets = network.Layers.OfType<MatmulLayer>().Any(matmul => matmul.FirstOffset != 0 || matmul.SecondOffset != 0);
        bool twice = network.Layers.Any(layer => RequantizationsOf(layer).Any(r => r.Kind == RequantizationKind.DoubleRounding));
        BufferSpec Buffer(int size) => new() { Size = size, DoubleBuffered = false };
        return new()
        {
            Name = "cmsis_nn",
            ClockMhz = 100,
            Array = new()
            {
                Dataflow = Dataflow.WeightStationary,
                Rows = 16,
                Columns = 8,
                Lanes = 2,
                ProcessingElement = ProcessingElementKind.Multiply,
                WeightDoubleBuffering = true,
                ActivationWidth = words ? 16 : offsets ? 9 : 8,
                ActivationSigned = true,
                WeightWidth = words ? 16 : offsets ? 8 : 9,
                ActivationWeights = true,
                OperandOffsets = offsets ? true : null,
                PartialSumWidth = 40,
                Overflow = OverflowMode.Saturate,
            },
            Accumulator = new() { Width = twice ? 32 : 40, Overflow = OverflowMode.Saturate },
            Requantizer = new() { Rounding = RoundingMode.HalfUp, DoubleRounding = true, MultiplierWidth = twice ? 31 : 23, ElementWidth = words ? 16 : 8 },
            Vector = new() { Elementwise = true },
            Buffers = new()
            {
                Activation = Buffer(32768), Weight = Buffer(4096), Parameter = Buffer(64), Accumulator = Buffer(4096), Output = Buffer(4096), Operand = Buffer(16384), Factor = Buffer(16384),
            },
            Memory = new() { BytesPerCycle = 8, LatencyCycles = 4, BurstBeats = 16 },
            Mapping = new() { Convolution = ConvolutionMapping.Im2col },
        };
    }

    private static IEnumerable<Requantization> RequantizationsOf(Layer layer) => layer switch
    {
        Conv2dLayer conv => [conv.Requantization],
        DenseLayer dense => [dense.Requantization],
        MatmulLayer matmul => [matmul.Requantization],
        AddLayer add => [add.First, add.Second, add.Requantization],
        MultiplyLayer multiply => [multiply.Requantization],
        RequantizeLayer requantize => [requantize.Requantization],
        _ => [],
    };

    /// <summary>Before what the vector unit does alone, a convolution that changes nothing.</summary>
    private static IntegerNetwork WithSomethingForTheArray(IntegerNetwork network)
    {
        if (network.Layers.Any(layer => layer is Conv2dLayer or DenseLayer))
        {
            return network;
        }
        Layer unit = CmsisNnCase.Part("unit", network.Input, 0, network.Input.Width, network.Input.Channels);
        return network with { Layers = [unit, network.Layers[0] switch { MaxPoolLayer pool => pool with { Input = "unit" }, AveragePoolLayer pool => pool with { Input = "unit" }, var other => other }, .. network.Layers.Skip(1)] };
    }
}
