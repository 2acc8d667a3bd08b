// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;
using RtlExport.Tests.Support;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace RtlExport.Tests;

/// <summary>
/// After reset everything that steers is known, in four states, from the first clock edge in reset to the end of a run. What may be unknown until it is first written is listed here, register by
/// register: data, with what says that it means something. Memories begin with rubbish, as in hardware, and every stored word is right all the same.
/// </summary>
public sealed class ResetTests
{
    /// <summary>The time of the first clock edge of bench_tb, ps.</summary>
    private const long FirstEdge = 5000;

    /// <summary>Registers without reset by module, all of its registers where none is named, and their guard.</summary>
    private static readonly (string Module, string Registers, string Guard)[] Data =
    [
        ("ram", "", "a memory and its output: what was never written is only read where a mask or a zero weight makes the product 0"),
        ("delay_line", "", "whatever control_line delays beside it"),
        ("processing_element", "", "sums count with accumulator_buffer.write_q alone; weights and swaps come Rows + Columns cycles before the first of them"),
        ("accumulating_element", "", "likewise; a sum begins with first_i"),
        ("stationary_operand_array", "above_q taken_q", "likewise"),
        ("stationary_output_array", "first_q serial_q", "step_q"),
        ("row_serializer", "", "load_q"),
        ("pe_bit_serial", "", "first_i begins a number"),
        ("codebook_table", "", "is_table_q writes it before weights are looked up"),
        ("array_unit", "vector_signed_q vector_none_q vector_limit_q select_q serial_q streamed_first_q step_first_q filter_q taps_q", "streamed_q and step_q"),
        ("accumulator_buffer", "address_q clear_q shift_q", "write_q"),
        ("transposed_accumulator_buffer", "address_q clear_q shift_q update_bank_q read_bank_q", "write_q; the vector unit's valid_q"),
        ("element_buffer", "read_bank_q", "goes with the word that was read"),
        ("factor_buffer", "line_banks_q", "goes with the line that was read"),
        ("lookup_memory", "address_q", "goes with the word that was read"),
        ("requantizer", "biased_q sign_q product_q negative_q term_o levels_q reached_q clamped", "biased_valid_q, product_valid_q, valid_o"),
        ("vector_lane", "combined_q combined post_q", "the requantiser's valid_o; first begins a window"),
        ("post_requantizer", "", "the vector unit's output_write_o"),
        ("vector_unit", "first_q lookup_q codes_q", "valid_q; output_write_o"),
    ];

    public static TheoryData<string> Designs { get; } = ["reference", "input stationary", "output stationary", "column filter", "elementwise with lookup"];

    [Theory]
    [MemberData(nameof(Designs))]
    public void No_output_and_no_control_register_is_unknown_from_reset_on(string design)
    {
        using var folder = new TemporaryFolder();
        UnknownValues found = Run(Case(design), folder, source => source);
        Assert.Empty(found.Port);
        Assert.Empty(found.Variables.Where(IsControl).Select(value => $"{value.Module}.{value.Name}").Order(StringComparer.Ordinal));
    }

    /// <summary>The check sees every register: without any reset each of them is unknown.</summary>
    [Fact]
    public void Without_resets_every_control_register_is_unknown()
    {
        using var folder = new TemporaryFolder();
        UnknownValues found = Run(Case("elementwise with lookup"), folder, source => source.Replace("!rst_ni", "1'b0", StringComparison.Ordinal), passes: false);
        string[] missed = [.. found.All.Where(IsControl).Where(value => value.Name.EndsWith("_q", StringComparison.Ordinal)).Where(value => !found.Variables.Contains(value)).Select(value => $"{value.Module}.{value.Name}")];
        Assert.Empty(missed);
        Assert.Contains("busy_o", found.Port);
    }

    [Theory]
    [InlineData("load_unit.sv", "      word_q       <= {WordSelectWidth{1'b0}};\n    end else if (start_i)", "    end else if (start_i)", "load_unit.word_q")]
    [InlineData("segment_loop.sv", "      first_q              <= 1'b0;\n", "", "segment_loop.first_q")]
    [InlineData("frame_address.sv", "!rst_ni || program_i", "program_i", "frame_address.offset_q")]
    [InlineData("unit_sequencer.sv", "      frames_q <= FrameWidth'(1);\n", "", "unit_sequencer.frames_q")]
    public void One_missing_reset_is_found(string module, string from, string to, string register)
    {
        using var folder = new TemporaryFolder();
        UnknownValues found = Run(Case("reference"), folder, source => source, passes: false, (module, from, to));
        Assert.Contains(register, found.Variables.Where(IsControl).Select(value => $"{value.Module}.{value.Name}"));
    }

    /// <summary>The list above names what exists.</summary>
    [Fact]
    public void Registers_without_reset_exist()
    {
        foreach ((string module, string registers, string _) in Data)
        {
            string text = RtlSources.Read($"rtl/{module}.sv");
            Assert.All(registers.Split(' ', StringSplitOptions.RemoveEmptyEntries), register => Assert.Contains(register, text, StringComparison.Ordinal));
        }
    }

    private static bool IsControl(UnknownValue value) =>
        !value.Module.Contains("bench", StringComparison.Ordinal)
        && !Data.Any(entry => entry.Module == value.Module && (entry.Registers.Length == 0 || entry.Registers.Split(' ').Contains(value.Name)));

    private static Sample Case(string design) => design switch
    {
        "reference" => Sample.Of(Support.Designs.Reference, Sample.DenseNetwork(RoundingMode.HalfUp), images: 1),
        "input stationary" => Random(spec => spec.Array is { Dataflow: Dataflow.InputStationary, ProcessingElement: ProcessingElementKind.BitSerial }),
        "output stationary" => Random(spec => spec.Array is { Dataflow: Dataflow.OutputStationary, ProcessingElement: ProcessingElementKind.Codebook }),
        "column filter" => Random(spec => spec.Array.ColumnFilter && spec.Memory.BurstAlignmentWords > 0),
        _ => Random(spec => spec.Vector is { Elementwise: true, Lookup: true, ThresholdLevels: > 0 } && spec.Requantizer.Rounding == RoundingMode.Stochastic),
    };

    /// <summary>The first random case whose design is wanted.</summary>
    private static Sample Random(Func<AcceleratorSpec, bool> wanted)
    {
        int seed = Enumerable.Range(1, 100_000).First(seed => wanted(RandomDesign.Draw(new ChoiceSource(seed), CaseSize.Small)));
        RandomCase drawn = RandomCase.Draw(new ChoiceSource(seed));
        return Sample.Of(drawn.Schedule, drawn.Input[..drawn.Network.Input.Elements], 1);
    }

    private static UnknownValues Run(Sample sample, TemporaryFolder folder, Func<string, string> change, bool passes = true, (string Module, string From, string To)? edit = null)
    {
        string bundle = sample.Write(folder);
        foreach (string name in RtlSources.Modules)
        {
            File.WriteAllText(Path.Combine(bundle, name), change(RtlSources.Read("rtl/" + name)));
        }

        if (edit is (string module, string from, string to))
        {
            Bundles.Edit(bundle, module, from, to);
        }

        // Zeros would hide what is read before it is written; unknown bits would spread through products with zero, which hardware does not know.
        Bundles.Edit(bundle, "ram.sv", "memory_q[i] = {Width{1'b0}};", "memory_q[i] = {((Width + 31) / 32){32'h9e37_79b9 ^ (i * 32'h85eb_ca6b)}};");
        Bundles.Edit(bundle, "ram.sv", "    read_data_o = {Width{1'b0}};", "    read_data_o = {((Width + 31) / 32){32'hc2b2_ae35}};");
        string[] benches = [.. File.ReadAllLines(Path.Combine(bundle, "tb/filelist.f")), "tb/bench_tb.sv"];
        string[] modules = [.. File.ReadAllLines(Path.Combine(bundle, "filelist.f")).Where(line => line.EndsWith(".sv", StringComparison.Ordinal))];
        ToolRun compiled = ExternalTool.Run(
            ExternalTool.Require("iverilog", "iverilog"), ["-g2012", "-s", "bench_tb", "-o", "bench.vvp", .. modules, .. benches], bundle, TimeSpan.FromMinutes(10));
        Assert.True(compiled.ExitCode == 0, compiled.Output);
        string[] window = passes ? [] : ["+trace_to=200"];
        ToolRun run = ExternalTool.Run(ExternalTool.Require("vvp", "iverilog"), ["-n", "bench.vvp", "+images=1", "+trace", .. window], bundle, TimeSpan.FromMinutes(10));
        Assert.True(!passes || run.Output.Contains("\nPASS ", StringComparison.Ordinal), run.Output);
        return UnknownValues.Read(Path.Combine(bundle, "trace.vcd"), Path.Combine(bundle, "bench.vvp"), FirstEdge);
    }
}
