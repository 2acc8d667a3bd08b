// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using RtlExport.Vectors;

namespace RtlExport.Mutation;

/// <summary>Faults that change nothing for a reason that lies outside their module, so that no proof of the module alone can show it. They are arguments, some with a property that is proved; a bench that fails overrules them.</summary>
public static partial class Equivalents
{
    private static readonly ImmutableArray<(string Module, string Source, string From, string To, string Reason, string Property)> Arguments =
    [
        ("run_control.sv", "frame_stride_o <= {MemoryAddressWidth{1'b0}};", "1'b0", "1'b1",
            "the frame stride means nothing after reset: a run of one frame does not use it, and a host that runs several writes it", ""),
        ("run_control.sv", "always_ff @(posedge clk_i) begin", "posedge", "negedge",
            "the host writes these registers while all units are idle, and nothing reads them before the start, cycles later: half a clock earlier is not seen", ""),
        ("processing_element.sv", "always_ff @(posedge clk_i) begin", "posedge", "negedge",
            "the chain of stationary operands shifts while nothing computes with what it holds, and its last shift is a clock before the swap or the first product: half a clock earlier is not seen", ""),
        ("vector_unit.sv", "assign accumulator_read_o    = run_i && !from_operands;", "run_i", "1'b1",
            "a word that is read outside a run cycle is never valid (valid_q is run_i a cycle later), and a read changes nothing in the buffer", ""),
        ("place_counter.sv", "else if (begin_i || (run_i && last_o)) place_q <= most;", "run_i", "1'b1",
            "proved by Yosys (place_equivalence): from begin_i on, while numbers follow, the outputs are the same; between runs first_o and last_o are read with run_i alone, and place_o goes with sums that nobody takes",
            "place_equivalence"),
    ];

    /// <summary>Registers that a signal loads before anything reads them, so that it does not matter what reset puts there, as long as it is known.</summary>
    private static readonly ImmutableArray<(string Module, string Registers, string Loaded)> LoadedFirst =
    [
        ("load_unit.sv", "", "start_i, which comes before every beat"),
        ("store_unit.sv", "rows_q columns_q row_address_q pixel_address_q address_q output_q channel_q", "start_i, which comes before every beat and every read of the output buffer"),
        ("segment_loop.sv", "", "start_i, which comes before the first segment is read"),
        ("pixel_loop.sv", "rows_q columns_q row_q offset_q mark_q", "start_i, which comes before the first pixel is read"),
        ("table_sequencer.sv", "address_q", "start_i, which comes before the table is read"),
        ("place_counter.sv", "place_q", "begin_i, which comes before run_i"),
        ("vector_sequencer.sv", "", "start_i, which comes before run_i"),
        ("operand_sequencer.sv", "final_q clear_q shift_q first_vector_q base_q last_tile_q address_q channels_q line_q words_q lane_q index_q", "begin_vectors (index_q: begin_i), which comes before any vector is streamed"),
        ("operand_sequencer.sv", "block_q pixels_q all_begun_q", "start_i, which comes before the first tile"),
        ("output_sequencer.sv", "row_q words_q address_q shift_q clear_q last_q signal_q", "step_last_o, with which update_q is set: without it no update is made"),
        ("output_sequencer.sv", "pixels_q step_q group_q", "start_i, begin_i or load_o, which come before the first step"),
        ("unit_sequencer.sv", "next_q frames_q", "start_program_i, before which the unit is idle"),
    ];

    /// <summary>Why <paramref name="mutant"/> changes nothing; null where no argument is known, or where the designs do not keep the property that it rests on.</summary>
    /// <param name="mutant">The fault.</param>
    /// <param name="keeps">Whether the mutant keeps a property of <c>formal/</c> in all designs that have it.</param>
    public static string? ReasonOf(Mutant mutant, Func<string, bool> keeps) => Arguments
        .Where(argument => (argument.Module, argument.Source, argument.From, argument.To) == (mutant.Module, mutant.Source, mutant.From.Trim(), mutant.To.Trim())
            && (argument.Property.Length == 0 || keeps(argument.Property)))
        .Select(argument => argument.Reason).FirstOrDefault() ?? ReasonOfReset(mutant);

    /// <summary>For another value that only reset gives to a register.</summary>
    private static string? ReasonOfReset(Mutant mutant)
    {
        Match assignment = ResetAssignment().Match(mutant.Source);
        if (mutant.Kind != "constant" || !assignment.Success || !IsInReset(mutant))
        {
            return null;
        }

        string register = assignment.Groups[1].Value;
        return LoadedFirst.Where(entry => entry.Module == mutant.Module && (entry.Registers.Length == 0 || entry.Registers.Split(' ').Contains(register)))
            .Select(entry => $"the value of {register} after reset is not seen: it is loaded by {entry.Loaded}").FirstOrDefault();
    }

    /// <summary>Whether the line belongs to <c>if (!rst_ni)</c> and to no other condition.</summary>
    private static bool IsInReset(Mutant mutant)
    {
        string[] lines = RtlSources.Read("rtl/" + mutant.Module).Split('\n');
        for (int line = mutant.Line - 1; line >= 0; line--)
        {
            if (lines[line].Contains("if (!rst_ni)", StringComparison.Ordinal))
            {
                return true;
            }

            if (line < mutant.Line - 1 && !ResetAssignment().IsMatch(lines[line].Trim()))
            {
                return false;
            }
        }

        return false;
    }

    [GeneratedRegex(@"^(?:if \(!rst_ni\)\s+)?(\w+)\s*<= (?:\{[^{}]*\{1'b0\}\}|1'b0|\w+'\(1\));$")]
    private static partial Regex ResetAssignment();
}
