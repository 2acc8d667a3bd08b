// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using RtlExport.Corners;
using RtlExport.Parameters;
using RtlExport.Tests.Support;
using RtlExport.Tools;
using RtlExport.Vectors;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace RtlExport.Tests;

/// <summary>Do the directed vectors come to the corners that they are there for, does the table of coverage know it, and does the RTL agree with them?</summary>
public sealed class CornerTests
{
    private static readonly BundleContent WithCorners = new() { Corners = true };

    private static Sample Small { get; } = Sample.Of(Designs.Reference, Sample.DenseNetwork(RoundingMode.HalfUp));

    [Theory]
    [InlineData("accelerators/tiny-4x4.yaml")]
    [InlineData("accelerators/full-16x16-int8.yaml")]
    [InlineData("accelerators/bit-serial-16x16.yaml")]
    [InlineData("accelerators/output-stationary-16x16-int8.yaml")]
    [InlineData("accelerators/input-stationary-16x16-int8.yaml")]
    [InlineData("verification/mutation-weight-stationary.yaml")]
    [InlineData("verification/mutation-input-stationary.yaml")]
    [InlineData("verification/mutation-output-stationary.yaml")]
    [InlineData("verification/mutation-bit-serial.yaml")]
    [InlineData("verification/mutation-bit-serial-outputs.yaml")]
    public void No_corner_of_a_named_accelerator_is_missed(string file)
    {
        AcceleratorSpec spec = AcceleratorFile.Load(Path.Combine(AppContext.BaseDirectory, "configs", file), new())!;
        CoverageTable coverage = Coverage(spec, out _);

        Assert.Empty(coverage.Corners.Where(corner => corner.Status == "missed").Select(corner => $"{corner.Group}: {corner.Corner}"));
        Assert.Empty(coverage.Omitted);
        Assert.All(coverage.Corners, corner => Assert.True(corner.Hits > 0 == corner.First is not null && (corner.Hits > 0) == corner.Reason is null));
    }

    /// <summary>The additions that the table counts one by one, in plain loops, are the overflows that the reference interpreter counts.</summary>
    [Theory]
    [InlineData(OverflowMode.Saturate)]
    [InlineData(OverflowMode.Wrap)]
    public void Sums_leave_both_widths_at_both_ends(OverflowMode mode)
    {
        AcceleratorSpec spec = Designs.Reference with
        {
            Array = Designs.Reference.Array with { Overflow = mode }, Accumulator = Designs.Reference.Accumulator with { Overflow = mode },
        };
        CoverageTable coverage = Coverage(spec, out IReadOnlyList<CornerNetwork> networks);
        CornerNetwork limits = networks.Single(network => network.Schedule.Network.Name == LimitsNetwork.Name);
        InterpreterResult reference = ReferenceInterpreter.Run(limits.Schedule.Network, limits.Vectors.Input, limits.Vectors.Images, limits.Schedule.Plans);
        CornerCoverage[] sums = [.. coverage.Corners.Where(corner => corner.Group == "sums inside the array")];

        Assert.Equal(4, sums.Length);
        Assert.All(sums, corner => Assert.Equal("hit", corner.Status));
        Assert.Equal(reference.Overflows[0].PartialSums, sums[0].Hits + sums[1].Hits);
        Assert.Equal(reference.Overflows[0].Accumulators, sums[2].Hits + sums[3].Hits);
    }

    /// <summary>Programs that were changed by hand still compute what the network means: the register-accurate model runs them instruction by instruction.</summary>
    [Fact]
    public void Directed_programs_give_the_codes_and_cycles_of_the_register_accurate_model()
    {
        foreach (AcceleratorSpec spec in new[] { Designs.Reference, Designs.Reference with { Vector = Designs.Reference.Vector with { Elementwise = true } } })
        {
            Coverage(spec, out IReadOnlyList<CornerNetwork> networks);
            Assert.Equal(["early_parameters", "forwarded", "handover", "last_addresses", "late_parameters", "late_weights", "limits", "one_accumulator", "one_column", "one_output", "one_row", "past_the_end", "queues", "repeats", "single_slots", "tie"],
                networks.Select(network => network.Schedule.Network.Name).Where(name => name != "joins").Order(StringComparer.Ordinal));
            foreach (CornerNetwork network in networks)
            {
                int codes = network.Frames * network.Schedule.Network.Input.Elements;
                for (int run = 0; run < network.Runs; run++)
                {
                    (TimingResult timing, ValueResult values) = RegisterAccurateModel.RunFrames(network.Schedule, network.Vectors.Input.AsSpan(run * codes, codes), new() { KeepLayerOutputs = true });
                    Assert.Equal(timing.Cycles, network.Timing.Cycles);
                    Assert.Equal(timing.Timeline.Length, network.Timing.Timeline.Length);
                    Assert.All(timing.Timeline.Zip(network.Timing.Timeline), pair => Assert.Equal((network.Schedule.Network.Name, pair.First), (network.Schedule.Network.Name, pair.Second)));
                    for (int layer = 0; layer < values.LayerOutputs.Length; layer++)
                    {
                        int[] expected = values.LayerOutputs[layer];
                        Assert.Equal(expected, network.Vectors.LayerOutputs[layer].AsSpan(run * expected.Length, expected.Length).ToArray());
                    }
                }
            }
        }
    }

    /// <summary>
    /// Random designs whose directed networks did not fit once: layers with an interval that the PEs do not have, weights wider than their codes, biases wider than the accumulator, and factors of more bits than weights, which the fast
    /// engine and the array cut in different ways.
    /// </summary>
    [Theory]
    [InlineData(501)]
    [InlineData(505)]
    [InlineData(512)]
    [InlineData(519)]
    public void Directed_networks_of_odd_designs_fit_or_are_left_out(int seed)
    {
        using var folder = new TemporaryFolder();
        RandomCase drawn = RandomCase.Draw(new ChoiceSource(seed));
        Sample sample = Sample.Of(drawn.Schedule, drawn.Input, drawn.Images);
        string bundle = folder.At("rtl");
        RtlBundle.Write(sample.Schedule, sample.Timing, sample.Vectors, Bundles.Configuration, bundle, 0, WithCorners);

        Assert.NotEmpty(BundleManifest.Read(bundle).Corners);
        Bundles.AssertPassed(RtlVerifier.Verify(bundle, SimulatorKind.Icarus));
    }

    /// <summary>A table that always said "hit" would be worth nothing.</summary>
    [Fact]
    public void Without_the_directed_vectors_the_corners_are_missed()
    {
        AcceleratorSpec spec = Designs.Reference;
        VectorTable rounding = RoundingVectors.Table(), adder = AdderVectors.Table(AdderVectors.PartialSum, 9);
        var dull = new VectorTable(rounding.Name, rounding.Columns, rounding.Rows.Where(row => rounding.Value(row, "shift") is > 0 and < 63 && rounding.Value(row, "value") % 2 == 0));
        var mild = new VectorTable(adder.Name, adder.Columns, adder.Rows.Where(row => Math.Abs(adder.Value(row, "saturated")) < 200));
        CoverageTable coverage = CoverageTable.Of(spec, [dull, mild], [new("programs.txt", Small.Schedule, Small.Timing)], [], []);

        string[] missed = [.. coverage.Corners.Where(corner => corner.Hits == 0).Select(corner => corner.Corner)];
        Assert.Contains("shift 0", missed);
        Assert.Contains("shift 63", missed);
        Assert.Contains("sum is the greatest of 9 bits", missed);
        Assert.Contains("sum is one beyond the least", missed);
        Assert.Contains("one column of pixels", missed);
        Assert.Contains("last address of the weight buffer", missed);
        Assert.Contains("a unit waits at WeightFree", missed);
    }

    [Fact]
    public void The_verifier_runs_the_directed_vectors_and_counts_them()
    {
        using var folder = new TemporaryFolder();
        string bundle = folder.At("rtl");
        RtlBundle.Write(Small.Schedule, Small.Timing, Small.Vectors, Bundles.Configuration, bundle, 0, WithCorners);
        VerificationResult result = RtlVerifier.Verify(bundle, SimulatorKind.Icarus);

        Bundles.AssertPassed(result);
        Assert.Equal(ModuleVectors.Names.Where(name => name != PostRequantizerVectors.Name), result.Modules.Select(module => module.Name));
        Assert.All(result.Modules, module => Assert.InRange(module.Vectors, 50, 4096));
        BundleManifest manifest = BundleManifest.Read(bundle);
        Assert.Equal(manifest.Corners.Select(corner => (corner.Network, corner.Images, corner.Cycles)), result.Corners.Select(corner => (corner.Network, corner.Images, corner.Cycles)));
        Assert.Equal(result.Vectors, result.Layers.Sum(layer => layer.Vectors) + result.Modules.Sum(module => module.Vectors) + result.Corners.Sum(corner => corner.Vectors));
        Assert.All(result.Corners, corner => Assert.True(corner.Vectors > 0));
        using JsonDocument data = JsonDocument.Parse(File.ReadAllText(Path.Combine(bundle, CoverageTable.DataName)));
        Assert.True(data.RootElement.GetProperty("corners").GetArrayLength() > 90);
        Assert.Contains("corners are hit", File.ReadAllText(Path.Combine(bundle, CoverageTable.PageName)), StringComparison.Ordinal);

        // A buffer whose last line cannot be read: the bundle's own network does not come there, a directed one does, and is named.
        Bundles.Edit(bundle, "line_buffer.sv", ".read_i         (read_i),", ".read_i         (read_i && read_line_i != AddressWidth'(Lines - 1)),");
        result = RtlVerifier.Verify(bundle, SimulatorKind.Icarus);
        Assert.False(result.Passed);
        string network = Assert.IsType<string>(result.FirstDifference!.Network);
        Assert.Contains($"directed network {network}", result.FirstDifference.ToString(), StringComparison.Ordinal);
    }

    /// <summary>
    /// Faults of what decides when two units come in the same cycle, of what the start of a run sets, and of a wait that most programs hide behind another one: no program shows them in which that never matters.
    /// </summary>
    [Theory]
    [InlineData("frame_address.sv", "if (!rst_ni || program_i)", "if (!rst_ni)", "repeats")]
    [InlineData("accelerator.sv", "assign vector_waits   = vector_instruction", "assign vector_waits   = ~(Semaphores'(1) << 2) & vector_instruction", "late_parameters")]
    [InlineData("dma_engine.sv", "assign grant_store = !busy_q && store_run_i && !load_run_i;", "assign grant_store = !busy_q && store_run_i;", "tie")]
    [InlineData("semaphore_file.sv", "else if (!signal_i[s] && take_i[s])       count_q", "else if (take_i[s])                       count_q", "handover")]
    public void A_fault_is_found_by_the_network_that_is_made_for_it(string file, string from, string to, string network)
    {
        AssertFound(network, bundle => Bundles.Edit(bundle, file, from, to));
    }

    /// <summary>Counts that only the first run's start sets: after a program that gives back what it took they are as if they had been set again.</summary>
    [Fact]
    public void Tokens_that_are_kept_from_one_run_to_the_next_are_found_by_the_network_that_leaves_none() => AssertFound("single_slots", bundle =>
    {
        Bundles.Edit(bundle, "semaphore_file.sv", "  genvar s;", "  logic kept_q;\n  always_ff @(posedge clk_i) kept_q <= rst_ni && (kept_q || clear_i);\n  genvar s;");
        Bundles.Edit(bundle, "semaphore_file.sv", "else if (clear_i) ", "else if (clear_i && !kept_q) ");
    });

    /// <summary>Breaks a bundle, and runs one directed network of it alone.</summary>
    private static void AssertFound(string network, Action<string> breaks)
    {
        using var folder = new TemporaryFolder();
        string bundle = folder.At("rtl");
        RtlBundle.Write(Small.Schedule, Small.Timing, Small.Vectors, Bundles.Configuration, bundle, 0, WithCorners);
        breaks(bundle);
        int number = BundleManifest.Read(bundle).Corners.ToList().FindIndex(corner => corner.Network == network);

        CompiledBench bench = CompiledBench.Of([BundleManifest.Read(bundle)], SimulatorKind.Icarus, new());
        ToolRun run = bench.Run(bundle, [$"+corner={number}", $"+configuration={Bundles.Configuration}"], TimeSpan.FromMinutes(2), _ => { }, CancellationToken.None);

        Assert.Contains("FAIL", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^DIFF kind=(cycle|hang|value)", run.Output);
    }

    /// <summary>Weights come after their pixels, parameters, and a table where the design has one, after their sums in the networks that load them last: else nobody would see that a unit waits for them.</summary>
    [Fact]
    public void On_every_named_accelerator_constants_are_what_a_unit_waits_for()
    {
        foreach (string file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "configs/accelerators"), "*.yaml"))
        {
            AcceleratorSpec spec = AcceleratorFile.Load(file, new())!;
            CoverageTable coverage = Coverage(spec, out _);
            string StatusOf(string semaphore) => coverage.Corners.Single(corner => corner.Corner == "a unit waits at " + semaphore).Status;
            Assert.Equal((file, "hit", "hit", spec.Vector.Lookup ? "hit" : "absent"), (file, StatusOf("WeightReady"), StatusOf("ParameterReady"), StatusOf("LookupReady")));
        }
    }

    /// <summary>What nobody takes is not given: every other token comes and goes as before, in the same cycles, and none is left.</summary>
    [Fact]
    public void Programs_without_the_tokens_that_nobody_takes_run_as_before_and_leave_none()
    {
        Schedule spent = SpentTokens.Of(Small.Schedule);

        Assert.Contains(Small.Schedule.InitialSemaphores, count => count > 0);
        Assert.All(Enum.GetValues<Semaphore>(), semaphore => Assert.Equal((Small.Schedule.InitialSemaphores[(int)semaphore], 0), (SpentTokens.Left(Small.Schedule, semaphore), SpentTokens.Left(spent, semaphore))));
        Assert.Equal(Small.Timing.Timeline.ToArray(), FastEngine.Time(spent).Timeline.ToArray());
    }

    /// <summary>Both happen on the design of the tests; on the smallest of the named ones, whose buffers have one slot, no token comes while another one is there.</summary>
    [Fact]
    public void Coincidences_are_found_in_the_timelines()
    {
        (string Corner, string Status)[] Found(AcceleratorSpec spec) => [.. Coverage(spec, out _).Corners.Where(corner => corner.Group == "coincidences").Select(corner => (corner.Corner.Split(' ')[1], corner.Status))];
        Assert.Equal([("load", "hit"), ("token", "hit")], Found(Designs.Reference));
        Assert.Equal([("load", "hit"), ("token", "absent")], Found(AcceleratorFile.Load(Path.Combine(AppContext.BaseDirectory, "configs/accelerators/tiny-4x4.yaml"), new())!));
    }

    [Theory]
    [InlineData("rounding_shift.sv", "assign half_away = half && (rest || !value_i[63]);", "assign half_away = half && !value_i[63];", "rounding")]
    [InlineData("rounding_shift.sv", "assign increment = (half || rest) && value_i[63];", "assign increment = half && value_i[63];", "rounding")]
    [InlineData("overflow_adder.sv", "{sum[SumWidth-1], {(Width-1){~sum[SumWidth-1]}}}", "{sum[SumWidth-1], {(Width-2){~sum[SumWidth-1]}}, 1'b0}", "partial_sum_adder")]
    [InlineData("overflow_adder.sv", "assign sum_o = sum[Width-1:0];", "assign sum_o = sum[Width-1:0] | Width'(sum[SumWidth-1:Width]);", "partial_sum_adder")]
    [InlineData("pe_multiply.sv", "assign activation = {ActivationSigned && activation_i[(l+1)*ActivationWidth-1], ", "assign activation = {1'b0, ", "product")]
    public void A_fault_in_a_module_is_found_by_its_own_vectors(string file, string from, string to, string module)
    {
        using var folder = new TemporaryFolder();
        string bundle = Small.Write(folder);
        Bundles.Edit(bundle, file, from, to);
        VerificationResult result = RtlVerifier.Verify(bundle, SimulatorKind.Icarus, new() { Images = 1 });

        Assert.False(result.Passed);
        Assert.True(result.Modules.Single(found => found.Name == module).Mismatches > 0, result.Output);
    }

    /// <summary>A lane whose records change from word to word takes each field of the word that is there, not of the one behind it.</summary>
    [Theory]
    [InlineData("requantizer.sv", "assign zero_point  = round_record", "assign zero_point  = multiply_record", "requantizer")]
    [InlineData("requantizer.sv", "assign minimum     = round_record", "assign minimum     = multiply_record", "requantizer")]
    [InlineData("requantizer.sv", "assign maximum     = round_record", "assign maximum     = multiply_record", "requantizer")]
    [InlineData("requantizer.sv", "assign sign_output = round_record", "assign sign_output = record_i", "requantizer")]
    [InlineData("requantizer.sv", "assign multiplier  = multiply_record", "assign multiplier  = record_i", "requantizer")]
    [InlineData("post_requantizer.sv", "64'($signed(record_q[ZeroPointLsb", "64'($signed(record_i[ZeroPointLsb", "post_requantizer")]
    [InlineData("post_requantizer.sv", "assign minimum  = record_q", "assign minimum  = record_i", "post_requantizer")]
    [InlineData("post_requantizer.sv", ".half_away_i(record_q", ".half_away_i(record_i", "post_requantizer")]
    public void A_field_of_another_word_is_found(string file, string from, string to, string module)
    {
        using var folder = new TemporaryFolder();
        AcceleratorSpec spec = Designs.Reference with { Vector = Designs.Reference.Vector with { Elementwise = true } };
        string bundle = Sample.Of(spec, Sample.DenseNetwork(RoundingMode.HalfUp)).Write(folder);
        Bundles.Edit(bundle, file, from, to);
        VerificationResult result = RtlVerifier.Verify(bundle, SimulatorKind.Icarus, new() { Images = 1 });

        Assert.False(result.Passed);
        Assert.True(result.Modules.Single(found => found.Name == module).Mismatches > 0, result.Output);
    }

    private static CoverageTable Coverage(AcceleratorSpec spec, out IReadOnlyList<CornerNetwork> networks)
    {
        var (found, omitted) = CornerNetworks.Of(spec, RtlParameters.LeastProgramDepth);
        networks = found;
        return CoverageTable.Of(spec, ModuleVectors.Of(spec), [.. found.Select(network => CoveredProgram.Of(network, network.Prefix))], found, omitted);
    }
}
