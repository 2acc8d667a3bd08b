// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Networks.Generation;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using AccelModel.Tests.Networks;
using AccelModel.Tests.Networks.Description;
using Xunit;

namespace AccelModel.Tests.Specification;

/// <summary>The designs of configs/accelerators.</summary>
public sealed class NamedAcceleratorTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "configs", "accelerators");

    private static IEnumerable<string> FileNames => Directory.EnumerateFiles(Folder, "*.yaml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    /// <summary>The design of the bitstream: room for one small layer, and one shift for all.</summary>
    private const string OneLayer = "up5k-4x4-w4a4.yaml";

    public static TheoryData<string> Files => [.. FileNames];

    [Fact]
    public void Together_they_have_every_dataflow_every_kind_of_PE_and_every_option()
    {
        AcceleratorSpec[] all = [.. FileNames.Select(Load)];
        Assert.Equal(Enum.GetValues<Dataflow>(), all.Select(design => design.Array.Dataflow).Distinct().Order());
        Assert.Equal(Enum.GetValues<ProcessingElementKind>(), all.Select(design => design.Array.ProcessingElement).Distinct().Order());
        Assert.Contains(all, design => design.Array.ColumnFilter);
        Assert.Contains(all, design => design.Requantizer.FixedShift is not null);
        Assert.Contains(all, design => design.Vector.Elementwise);
        Assert.Contains(all, design => design.Vector.Lookup);
        Assert.Contains(all, design => design.Vector.ThresholdLevels > 0);
    }

    [Theory, MemberData(nameof(Files))]
    public void Each_begins_with_a_comment_and_is_named_like_its_file(string file)
    {
        Assert.StartsWith("# ", File.ReadAllText(Path.Combine(Folder, file)), StringComparison.Ordinal);
        Assert.Equal(Path.GetFileNameWithoutExtension(file), Load(file).Name);
    }

    [Fact]
    public void Their_hashes_differ() => Assert.Equal(Files.Count, FileNames.Select(file => SpecHash.Of(Load(file) with { Name = "" })).Distinct().Count());

    public static TheoryData<string> FilesOfWeightsWithAZero => [.. FileNames.Where(file => file != OneLayer && Load(file).Array.ProcessingElement != ProcessingElementKind.XnorPopcount)];

    [Theory, MemberData(nameof(FilesOfWeightsWithAZero))]
    public void Each_runs_both_lenets(string file)
    {
        AcceleratorSpec accelerator = Load(file);
        foreach (IntegerNetwork network in new[] { Lenet("lenet5", 6, 16, [120, 84, 10], 0), Lenet("lenet_large", 32, 64, [512, 10], 2) })
        {
            Assert.Empty(NetworkValidator.Check(network));
            Assert.Empty(HardwareFit.Check(network, accelerator));
            Assert.Equal(network.Layers.Count(layer => layer is Conv2dLayer or DenseLayer), Scheduler.Schedule(network, accelerator).Layers.Length);
        }
    }

    [Theory]
    [InlineData("systolic-16x16-int8.yaml", WeightGrid.Integer, 8, 8)]
    [InlineData("output-stationary-16x16-int8.yaml", WeightGrid.Integer, 8, 8)]
    [InlineData("input-stationary-16x16-int8.yaml", WeightGrid.Integer, 8, 8)]
    [InlineData("xnor-32x32.yaml", WeightGrid.Bipolar, 1, 1)]
    [InlineData("ternary-16x16.yaml", WeightGrid.Ternary, 2, 2)]
    [InlineData("shift-add-16x16.yaml", WeightGrid.PowerOfTwo, 4, 8)]
    [InlineData("bit-serial-16x16.yaml", WeightGrid.Integer, 8, 2)]
    [InlineData("codebook-16x16.yaml", WeightGrid.Codebook, 4, 8)]
    [InlineData("dsp-packed-16x8-w4a4.yaml", WeightGrid.Integer, 4, 4)]
    public void Each_runs_networks_of_the_weights_that_it_is_for(string file, WeightGrid weights, int weightBits, int activationBits)
    {
        foreach (string name in new[] { "lenet5", "lenet_large" })
        {
            NetworkFormats formats = new() { Weights = weights, WeightBits = weightBits, ActivationBits = activationBits };
            AssertRuns(NetworkGenerator.Generate(NamedNetworks.Load(name), formats, 1), Load(file));
        }
    }

    [Theory]
    [InlineData("resnet8", null)]
    [InlineData("resnet18", 64)]
    [InlineData("mobilenet_v2", 96)]
    [InlineData("shufflenet_v1", 64)]
    [InlineData("squeezenet", 64)]
    [InlineData("ds_cnn", null)]
    [InlineData("transformer_block", null)]
    public void The_full_design_runs_networks_with_branches(string network, int? size) =>
        AssertRuns(NetworkGenerator.Generate(NamedNetworks.Load(network, size), new NetworkFormats(), 1), Load("full-16x16-int8.yaml"));

    [Theory]
    [InlineData("systolic-8x8.yaml", 255, 128)]
    [InlineData("systolic-16x16-int8.yaml", 255, 128)]
    [InlineData("systolic-16x16-w4a4.yaml", 15, 8)]
    [InlineData("systolic-16x16-signed.yaml", 16, 8)]
    [InlineData("tiny-4x4.yaml", 15, 8)]
    public void No_lenet_can_overflow_these(string file, int largestOperand, int largestWeight)
    {
        AcceleratorSpec accelerator = Load(file);
        int mostProducts = 7 * 7 * 64;
        Assert.True((long)accelerator.VectorElements * largestOperand * largestWeight <= TwosComplement.Max(accelerator.Array.PartialSumWidth));
        Assert.True((long)mostProducts * largestOperand * largestWeight <= TwosComplement.Max(accelerator.Accumulator.Width));
        Assert.True(25L * 255 * largestWeight <= TwosComplement.Max(accelerator.Accumulator.Width));
    }

    [Fact]
    public void Sixteen_full_products_overflow_the_narrow_partial_sums()
    {
        AcceleratorSpec accelerator = Load("narrow-partial-sums.yaml");
        Assert.Equal(522_240, accelerator.VectorElements * 255 * 128);
        Assert.Equal(32_767, TwosComplement.Max(accelerator.Array.PartialSumWidth));
    }

    private static void AssertRuns(IntegerNetwork network, AcceleratorSpec accelerator)
    {
        Assert.Empty(HardwareFit.Check(network, accelerator));
        TimingResult timing = FastEngine.Time(Scheduler.Schedule(network, accelerator));
        Assert.All(timing.Units, unit => Assert.Equal(timing.Cycles, unit.Total));
    }

    private static AcceleratorSpec Load(string file)
    {
        SpecIssues issues = [];
        AcceleratorSpec? spec = AcceleratorFile.Load(Path.Combine(Folder, file), issues);
        Assert.Equal([], issues.Select(issue => issue.ToString()));
        return Assert.IsType<AcceleratorSpec>(spec);
    }

    /// <summary>Two convolutions of 5 x 5 (the second with padding), each with pooling, then dense layers: 4-bit weights and activations, 8-bit images.</summary>
    private static IntegerNetwork Lenet(string name, int first, int second, int[] outputs, int padding)
    {
        FixedPointFormat u4 = new(false, 4, 0);
        TensorSpec current = new(28, 28, 1, TestNetworks.U8);
        TensorSpec input = current;
        var layers = ImmutableArray.CreateBuilder<Layer>();
        foreach ((int channels, int border) in new[] { (first, 2), (second, padding) })
        {
            int index = (layers.Count / 2) + 1;
            TensorSpec map = new(current.Height + (2 * border) - 4, current.Width + (2 * border) - 4, channels, u4);
            layers.Add(new Conv2dLayer
            {
                Name = $"conv{index}",
                Input = layers.Count == 0 ? "input" : layers[^1].Name,
                Output = map,
                Weights = Zeros([channels, 5, 5, current.Channels]),
                WeightFormat = new FixedPointFormat(true, 4, 0),
                Stride = (1, 1),
                Padding = new Padding(border, border, border, border),
                Dilation = (1, 1),
                Groups = 1,
                PaddingCode = 0,
                Requantization = TestNetworks.Identity(channels, u4),
            });
            current = map with { Height = map.Height / 2, Width = map.Width / 2 };
            layers.Add(new MaxPoolLayer { Name = $"pool{index}", Input = $"conv{index}", Output = current, Window = (2, 2), Stride = (2, 2) });
        }
        foreach (int channels in outputs)
        {
            bool last = channels == outputs[^1];
            TensorSpec output = new(1, 1, channels, last ? TestNetworks.S8 : u4);
            layers.Add(new DenseLayer
            {
                Name = $"fc{layers.Count - 3}",
                Input = layers[^1].Name,
                Output = output,
                Weights = Zeros([channels, current.Elements]),
                WeightFormat = new FixedPointFormat(true, 4, 0),
                Requantization = TestNetworks.Identity(channels, output.Format),
            });
            current = output;
        }
        return new IntegerNetwork { Name = name, Input = input, Layers = layers.ToImmutable() };
    }

    private static IntegerTensor Zeros(ImmutableArray<int> shape) => new(shape, [.. new int[shape.Aggregate(1, (a, b) => a * b)]]);
}
