// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AccelModel.Comparison;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Xunit;

namespace AccelModel.Tests.Comparison;

/// <summary>ResNet-50 on an array and buffers like Gemmini's default: the figures of docs/validation.md, and that they lie above what no machine can beat.</summary>
public sealed class GemminiNetworkTests
{
    private const long Macs = 4_089_184_256;

    [Theory]
    [InlineData(20)]
    [InlineData(100)]
    public void The_cycles_of_one_image_are_those_of_the_page(int latencyCycles)
    {
        AcceleratorSpec accelerator = Accelerator(latencyCycles);
        IntegerNetwork network = ResNet50.Network();
        Assert.Empty(NetworkValidator.Check(network));
        Schedule schedule = ScheduleOptimizer.Schedule(network, accelerator);
        Assert.Equal(Macs, schedule.Layers.Sum(layer => layer.Macs));
        TimingResult timing = FastEngine.Time(schedule);

        // 256 products a cycle.
        Assert.True(timing.Cycles > Macs / 256);
        string row = string.Create(CultureInfo.InvariantCulture, $"| cycles of one image, memory latency of {latencyCycles} cycles | 38,427,339 | {timing.Cycles:#,0} |");
        Assert.True(Page.Contains(row, StringComparison.Ordinal), $"docs/validation.md lacks: {row}");
    }

    [Fact]
    public void The_layers_are_those_of_the_topology_file()
    {
        var issues = new SpecIssues();
        Topology topology = TopologyFile.Load(Path.Combine(AppContext.BaseDirectory, "configs", "topologies", "resnet50-batch4.csv"), issues)!;
        Assert.Equal(
            topology.Layers.Select(layer => (layer.Name, layer.Shape with { M = layer.Shape.M / 4 })),
            ResNet50.Network().Layers.Where(layer => layer is Conv2dLayer or DenseLayer).Select(layer => (layer.Name, ShapeOf(layer))));
    }

    private static string Page => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "validation.md"));

    /// <summary>
    /// Gemmini's default: 16 x 16, a scratchpad of 256 KiB (here half for each operand), 64 KiB of accumulators of 32 bits. Memory port and the rest are those of the design for
    /// ResNet-50 in configs/accelerators.
    /// </summary>
    private static AcceleratorSpec Accelerator(int latencyCycles)
    {
        var issues = new SpecIssues();
        AcceleratorSpec full = AcceleratorFile.Load(Path.Combine(AppContext.BaseDirectory, "configs", "accelerators", "full-16x16-int8.yaml"), issues)!;
        return full with
        {
            Buffers = full.Buffers with
            {
                Activation = new() { Size = 128 * 1024, DoubleBuffered = true },
                Weight = new() { Size = 128 * 1024 / 16, DoubleBuffered = true },
                Accumulator = new() { Size = 64 * 1024 / 64, DoubleBuffered = true },
                Output = new() { Size = 1024, DoubleBuffered = true },
            },
            Memory = full.Memory with { LatencyCycles = latencyCycles },
        };
    }

    private static GemmShape ShapeOf(Layer layer) => layer switch
    {
        Conv2dLayer conv => new(conv.Output.Pixels, conv.Output.Channels, conv.Weights.Values.Length / conv.Output.Channels),
        DenseLayer dense => new(1, dense.Output.Channels, dense.Weights.Values.Length / dense.Output.Channels),
        _ => throw new ArgumentOutOfRangeException(nameof(layer)),
    };
}
