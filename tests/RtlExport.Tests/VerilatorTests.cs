// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Simulation;
using AccelModel.Specification;
using RtlExport.Tests.Support;
using RtlExport.Tools;

namespace RtlExport.Tests;

/// <summary>The same bench in Verilator: two states and cycle-based, where Icarus has four states and events.</summary>
public sealed class VerilatorTests
{
    [Fact]
    public void Two_networks_run_on_one_compiled_design()
    {
        using var folder = new TemporaryFolder();
        VerificationOptions options = Bundles.Shared;
        Sample conv = Sample.Of(Designs.Reference, Sample.ConvNetwork(RoundingMode.HalfUp), images: 3);
        Sample dense = Sample.Of(Designs.Reference, Sample.DenseNetwork(RoundingMode.HalfUp), images: 5);
        string first = conv.Write(folder, "first");
        string second = dense.Write(folder, "second", configuration: string.Concat(Enumerable.Repeat("a", 64)));
        var runs = new List<VerificationProgress>();

        VerificationResult result = RtlVerifier.Verify(first, SimulatorKind.Verilator, options, new Collect(runs));
        Bundles.AssertPassed(result);
        Assert.Equal(conv.Timing.Cycles, result.Cycles);
        Assert.Equal(["conv", "dense"], result.Layers.Select(layer => layer.Name));
        Assert.Equal([new("compile", 0, 4), .. Enumerable.Range(0, 5).Select(done => new VerificationProgress("run", done, 4))], runs);  // three images, and frames

        result = RtlVerifier.Verify(second, SimulatorKind.Verilator, options);
        Bundles.AssertPassed(result);
        Assert.Equal(dense.Timing.Cycles, result.Cycles);
        Assert.Equal(5, result.Images);
        Assert.True(result.WasCompiled);

        VerificationResult[] both = [.. RtlVerifier.Verify([second, first], SimulatorKind.Verilator, options)];
        Assert.All(both, Bundles.AssertPassed);
        Assert.All(both, each => Assert.True(each.WasCompiled));
        Assert.Equal([dense.Timing.Cycles, conv.Timing.Cycles], both.Select(each => each.Cycles));

        result = RtlVerifier.Verify(first, SimulatorKind.Verilator, options with { StallSeed = 5 });
        Bundles.AssertPassed(result);
        Assert.True(result.Cycles > conv.Timing.Cycles);
    }

    [Fact]
    public void Another_design_with_lanes_wide_elements_and_single_buffers_passes()
    {
        AcceleratorSpec design = Designs.Reference with
        {
            Name = "lanes",
            Array = Designs.Reference.Array with
            {
                Rows = 3, Columns = 5, Lanes = 2, WeightDoubleBuffering = false, ActivationSigned = false, ActivationWidth = 4, PartialSumWidth = 10, Overflow = OverflowMode.Wrap,
            },
            Requantizer = new() { Rounding = RoundingMode.Stochastic, MultiplierWidth = 16, ElementWidth = 16 },
            Buffers = new()
            {
                Activation = new() { Size = 300, DoubleBuffered = false },
                Weight = new() { Size = 40, DoubleBuffered = false },
                Parameter = new() { Size = 1, DoubleBuffered = false },
                Accumulator = new() { Size = 50, DoubleBuffered = false },
                Output = new() { Size = 40, DoubleBuffered = false },
            },
            Memory = new() { BytesPerCycle = 4, LatencyCycles = 3, BurstBeats = 5 },
            Mapping = new() { Convolution = ConvolutionMapping.ChannelTiles },
        };
        using var folder = new TemporaryFolder();
        string bundle = Sample.Of(design, Sample.ConvNetwork(RoundingMode.Stochastic)).Write(folder);

        Bundles.AssertPassed(RtlVerifier.Verify(bundle, SimulatorKind.Verilator, Bundles.Shared));
    }

    /// <summary>Weights, parameters and the frames' own loads: what the prologue brings stays through all frames.</summary>
    [Theory]
    [InlineData(SimulatorKind.Icarus)]
    [InlineData(SimulatorKind.Verilator)]
    public void Constants_that_stay_on_chip_pass_in_overlapping_frames(SimulatorKind simulator)
    {
        AcceleratorSpec design = Designs.Reference with
        {
            Mapping = Designs.Reference.Mapping with { ResidentWeights = true },
            Buffers = Designs.Reference.Buffers with { Weight = new() { Size = 512, DoubleBuffered = true }, Parameter = new() { Size = 8, DoubleBuffered = true } },
        };
        Sample sample = Sample.Of(design, Sample.ConvNetwork(RoundingMode.HalfUp), images: 3);
        using var folder = new TemporaryFolder();
        string bundle = sample.Write(folder);
        Assert.True(sample.Schedule.LoadPrologue > 0);

        VerificationResult result = RtlVerifier.Verify(bundle, simulator, Bundles.Shared);

        Bundles.AssertPassed(result);
        Assert.Equal((3, FastEngine.Time(sample.Schedule, 3).Cycles), (result.Frames, result.FramesCycles));
        if (simulator == SimulatorKind.Icarus)
        {
            Bundles.Edit(bundle, "accelerator.sv", "u == Load ? prologue : {PA{1'b0}}", "{PA{1'b0}}");
            Assert.False(RtlVerifier.Verify(bundle, simulator, Bundles.Shared).Passed);
        }
    }

    /// <summary>A port that stores each bit inverted, or (four states only) unknown: as many bits differ as were stored.</summary>
    [Theory]
    [InlineData(SimulatorKind.Icarus, MemoryBus.Plain, "~store_data_i")]
    [InlineData(SimulatorKind.Icarus, MemoryBus.Plain, "{8*WordBytes{1'bx}}")]
    [InlineData(SimulatorKind.Icarus, MemoryBus.Axi, "~store_data_i")]
    [InlineData(SimulatorKind.Verilator, MemoryBus.Plain, "~store_data_i")]
    public void Every_bit_that_differs_is_counted(SimulatorKind simulator, MemoryBus bus, string stored)
    {
        IntegerNetwork dense = Sample.DenseNetwork(RoundingMode.HalfUp);
        using var folder = new TemporaryFolder();
        string bundle = Sample.Of(Designs.Reference, dense with { Layers = [dense.Layers[0]] }).Write(folder);
        Bundles.Edit(bundle, "dma_engine.sv", "assign mem_wdata_o = store_data_i;", $"assign mem_wdata_o = {stored};");

        VerificationResult result = RtlVerifier.Verify(bundle, simulator, Bundles.Shared with { Bus = bus });

        Assert.Equal(("value", "first"), (result.FirstDifference!.Kind, result.FirstDifference.Layer));
        LayerVerification layer = Assert.Single(result.Layers);
        Assert.InRange(layer.Vectors, 1, long.MaxValue);
        Assert.Equal((layer.Vectors, 8 * Designs.Reference.Memory.BytesPerCycle * layer.Vectors), (layer.Mismatches, result.BitMismatches));
    }

    private sealed class Collect(List<VerificationProgress> runs) : IProgress<VerificationProgress>
    {
        public void Report(VerificationProgress value)
        {
            lock (runs)
            {
                runs.Add(value);
            }
        }
    }
}
