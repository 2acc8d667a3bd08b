// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Networks.Generation;
using AccelModel.Scheduling;
using AccelModel.Scheduling.Search;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using AccelModel.Tests.Networks.Description;
using AccelModel.Tests.Networks.Generation;
using Xunit;

namespace AccelModel.Tests.Networks.Named;

/// <summary>The named networks, with random weights, on the named designs: all have a schedule and a time, and the small ones are executed.</summary>
public sealed class NamedNetworkRunTests
{
    public static TheoryData<string> Names => [.. NamedNetworks.All];

    [Theory, MemberData(nameof(Names))]
    public void Each_has_a_schedule_and_a_time_on_the_full_design(string name)
    {
        AcceleratorSpec design = Design("full-16x16-int8");
        IntegerNetwork network = NetworkGenerator.Generate(NamedNetworks.Load(name), new(), 1);
        Assert.Empty(HardwareFit.Check(network, design));
        Schedule schedule = Scheduler.Schedule(network, design);
        TimingResult timing = FastEngine.Time(schedule);

        // Every product once, the array never faster than one in each PE and cycle; and no faster than the bound that knows the layers' shapes.
        Assert.Equal(NamedNetworks.Load(name).MultiplyAccumulates(), schedule.Layers.Sum(layer => layer.Macs));
        Assert.InRange(timing.Cycles, Math.Max(ScheduleBound.Of(network, design).Cycles, NamedNetworks.Load(name).MultiplyAccumulates() / 256), long.MaxValue);
        Assert.Equal(timing.Cycles, timing.Layers.Sum(layer => layer.Cycles));
    }

    [Theory]
    [InlineData("lenet5", null, "full-16x16-int8")]
    [InlineData("resnet8", null, "full-16x16-int8")]
    [InlineData("ds_cnn", null, "full-16x16-int8")]
    [InlineData("squeezenet", 48, "full-16x16-int8")]
    [InlineData("mobilenet_v2", 32, "full-16x16-int8")]
    [InlineData("shufflenet_v1", 32, "full-16x16-int8")]
    [InlineData("lenet5", null, "output-stationary-16x16-int8")]
    [InlineData("lenet5", null, "input-stationary-16x16-int8")]
    [InlineData("resnet8", null, "output-stationary-16x16-int8")]
    [InlineData("resnet8", null, "input-stationary-16x16-int8")]
    public void Values_are_those_of_the_reference(string name, int? size, string designName)
    {
        AcceleratorSpec design = Design(designName);
        if (name == "resnet8" && !design.Vector.Elementwise)
        {
            design = WithElementwise(design);
        }

        IntegerNetwork network = NetworkGenerator.Generate(NamedNetworks.Load(name, size), new(), 2);
        Assert.Empty(HardwareFit.Check(network, design));
        Schedule schedule = Scheduler.Schedule(network, design);
        int[] input = NetworkGeneratorTests.RandomCodes(network.Input, 1);
        ValueResult values = FastEngine.Execute(schedule, input, 1);
        Assert.Equal(ReferenceInterpreter.Run(network, input, 1, schedule.Plans).Output, values.Output);
        Assert.True(values.Output.Distinct().Count() > 3);
        Assert.True(FastEngine.Time(schedule).Cycles >= ScheduleBound.Of(network, design).Cycles);
    }

    /// <summary>The design of the bitstream has room for one small layer.</summary>
    public static TheoryData<string> Designs =>
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "configs", "accelerators"), "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path)!)
            .Where(name => name != "up5k-4x4-w4a4").Order(StringComparer.Ordinal),
    ];

    [Theory, MemberData(nameof(Designs))]
    public void Every_design_runs_lenet5_in_formats_of_its_own(string designName)
    {
        AcceleratorSpec design = Design(designName);
        IntegerNetwork network = NetworkGenerator.Generate(NamedNetworks.Load("lenet5"), NetworkFormats.For(design), 1);
        Assert.Empty(NetworkValidator.Check(network));
        Assert.Empty(HardwareFit.Check(network, design));
        Schedule schedule = Scheduler.Schedule(network, design);
        int[] input = NetworkGeneratorTests.RandomCodes(network.Input, 2);
        Assert.Equal(ReferenceInterpreter.Run(network, input, 2, schedule.Plans).Output, FastEngine.Execute(schedule, input, 2).Output);
    }

    /// <summary>The same array for signed codes, with a vector unit that adds and pools.</summary>
    private static AcceleratorSpec WithElementwise(AcceleratorSpec design) => design with
    {
        Array = design.Array with { ActivationWidth = 9, ActivationSigned = true },
        Requantizer = design.Requantizer with { MultiplierWidth = 24 },
        Vector = design.Vector with { Elementwise = true },
        Buffers = design.Buffers with
        {
            Activation = design.Buffers.Activation with { Size = 32768 },
            Operand = new() { Size = 8192, DoubleBuffered = true },
        },
    };

    private static AcceleratorSpec Design(string name)
    {
        SpecIssues issues = [];
        AcceleratorSpec? design = AcceleratorFile.Load(Path.Combine(AppContext.BaseDirectory, "configs", "accelerators", name + ".yaml"), issues);
        Assert.Empty(issues);
        return design!;
    }
}
