// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using RtlExport.Tests.Support;
using static AccelModel.Specification.Dataflow;
using static AccelModel.Specification.ProcessingElementKind;

namespace RtlExport.Tests;

/// <summary>Do the tests of the array notice when one line of one of its modules is wrong?</summary>
public sealed class ArrayMutationTests
{
    /// <summary>Programs that are tried before a mutant counts as missed: not each of them has a partial block, a second digit or a filter.</summary>
    private const int Programs = 8;

    public static TheoryData<Dataflow, ProcessingElementKind, string, string, string> Mutants { get; } = new()
    {
        // Loops and fields.
        { WeightStationary, Multiply, "segment_loop", "shift_q + ShiftWidth'(DigitWidth)", "shift_q + ShiftWidth'(DigitWidth + 1)" },
        { WeightStationary, Multiply, "segment_loop", "line_q           <= line_q + lines_i;", "line_q           <= line_q + lines_i + LineAddressWidth'(1);" },
        { WeightStationary, Multiply, "segment_loop", "kernel_row_base_q    <= kernel_row_base_q + kernel_row_stride_i;", "kernel_row_base_q    <= kernel_column_base_q + kernel_row_stride_i;" },
        { InputStationary, Multiply, "segment_loop", "if (start_i || last_o) begin", "if (start_i) begin" },
        { OutputStationary, Multiply, "segment_loop", "first_of_digit_q     <= 1'b1;", "first_of_digit_q     <= start_i;" },
        { WeightStationary, Multiply, "pixel_loop", "row_d     = row_q + row_stride_i;", "row_d     = offset_q + row_stride_i;" },
        { InputStationary, Multiply, "pixel_loop", "assign mark = mark_i ? next : mark_q;", "assign mark = mark_q;" },
        { InputStationary, Multiply, "pixel_loop", "valid_d   = valid_q && rows_q != CountWidth'(1);", "valid_d   = valid_q;" },
        { OutputStationary, Multiply, "pixel_loop", "else if (return_i && mark_i) mark_q <= next;", "else if (return_i) mark_q <= next;" },
        { WeightStationary, Codebook, "table_sequencer", "left_q == AddressWidth'(1)", "left_q == AddressWidth'(2)" },
        { WeightStationary, Codebook, "matmul_sequencer", ".line_i                (weight_address + table_lines)", ".line_i                (weight_address)" },
        { WeightStationary, BitSerial, "place_counter", "PlaceWidth'(interval_i - IntervalWidth'(1))", "PlaceWidth'(interval_i - IntervalWidth'(2))" },
        { WeightStationary, BitSerial, "place_counter", "assign first_o = place_q == most;", "assign first_o = last_o;" },
        { WeightStationary, Multiply, "matmul_sequencer", "vector_last_tile && !column_filter", "vector_last_tile" },
        { WeightStationary, Multiply, "matmul_sequencer", "(vector_last_tile && !column_filter)", "!column_filter" },

        // Stationary operands.
        { WeightStationary, Multiply, "operand_sequencer", "assign swap_o        = tile_ready_q && (!streaming_q || last_vector);", "assign swap_o        = tile_ready_q && !streaming_q;" },
        { WeightStationary, Multiply, "operand_sequencer", "gap_q == IndexWidth'(1) && !all_begun_q;", "gap_q == IndexWidth'(1);" },
        { WeightStationary, Multiply, "operand_sequencer", "clear_q        <= segment_first_i && !accumulate_i;", "clear_q        <= segment_first_i;" },
        { WeightStationary, Multiply, "operand_sequencer", "last_tile_q <= segment_last_tile_i;", "last_tile_q <= 1'b0;" },
        { WeightStationary, BitSerial, "operand_sequencer", "assign vector_end       = streaming_q && last_place;", "assign vector_end       = streaming_q && place_first_o;" },
        { InputStationary, Multiply, "operand_sequencer", "block_q <= block_q + AccumulatorAddressWidth'(Columns);", "block_q <= block_q + AccumulatorAddressWidth'(1);" },
        { InputStationary, Multiply, "operand_sequencer", "words_q    <= pixels_d;", "words_q    <= (LaneWidth+1)'(Columns);" },
        { InputStationary, Multiply, "operand_sequencer", "address_q <= address_q + accumulator_pitch_i;", "address_q <= address_q;" },
        { InputStationary, Multiply, "operand_sequencer", "if (lane_q == LaneWidth'(Columns - 1)) begin", "if (lane_q == {LaneWidth{1'b1}}) begin" },
        { InputStationary, Multiply, "operand_sequencer", "assign last_segment       = segment_last_i && !pixel_more_i;", "assign last_segment       = segment_last_i;" },
        { InputStationary, Multiply, "stationary_operand_array", "StationaryWidth + 1), .Stages(p)", "StationaryWidth + 1), .Stages(0)" },
        { WeightStationary, Multiply, "stationary_operand_array", "StationaryWidth + 1), .Stages(p)", "StationaryWidth + 1), .Stages(0)" },
        { WeightStationary, Multiply, "stationary_operand_array", "streamed_valid_i && !streamed_first_i && above_q", "streamed_valid_i && above_q" },
        { WeightStationary, Multiply, "stationary_operand_array", "streamed_valid_i && !streamed_first_i && above_q", "streamed_valid_i" },
        { WeightStationary, Multiply, "stationary_operand_array", "(taps_i == {LimitWidth{1'b0}} || 32'(r) < 32'(taps_i))", "1'b1" },
        { WeightStationary, Multiply, "processing_element", "(Lanes*ProductInput)'(filter_operand_i) : streamed_i", "{Lanes{filter_operand_i}} : streamed_i" },
        { WeightStationary, Multiply, "processing_element", "if (swap_i) stationary_q <= chain_q;", "if (shift_i) stationary_q <= chain_q;" },
        { InputStationary, BitSerial, "processing_element", ">> serial_i[PlaceWidth+1:2]", ">> serial_i[PlaceWidth:1]" },
        { WeightStationary, BitSerial, "processing_element", "always_ff @(posedge clk_i) serial_o <= serial_i;", "assign serial_o = serial_i;" },

        // Stationary outputs.
        { OutputStationary, Multiply, "output_sequencer", "assign pixel_mark_o     = segment_last_i;", "assign pixel_mark_o     = segment_last_of_digit_i;" },
        { OutputStationary, Multiply, "output_sequencer", "update_q && {1'b0, row_q} < words_q", "update_q" },
        { OutputStationary, Multiply, "output_sequencer", "group_q <= group_q + AccumulatorAddressWidth'(Rows);", "group_q <= group_q + AccumulatorAddressWidth'(1);" },
        { OutputStationary, Multiply, "output_sequencer", "step_q == {IndexWidth{1'b0}} && segment_first_of_digit_i;", "step_q == {IndexWidth{1'b0}};" },
        { OutputStationary, Multiply, "output_sequencer", "segment_shift_i == {ShiftWidth{1'b0}} && !accumulate_i;", "!accumulate_i;" },
        { OutputStationary, Multiply, "output_sequencer", "assign vector_none_o    = !pixel_valid_i;", "assign vector_none_o    = 1'b1;" },
        { OutputStationary, BitSerial, "output_sequencer", "assign line_read_o    = running_q && place_first_o;", "assign line_read_o    = step_o;" },
        { OutputStationary, Multiply, "stationary_output_array", "assign begins = after_q[Rows-1];", "assign begins = after_q[Rows-2];" },
        { OutputStationary, Multiply, "stationary_output_array", "assign drain  = g_west[r-1].drain || g_west[r-1].begins;", "assign drain  = g_west[r-1].begins;" },
        { OutputStationary, BitSerial, "stationary_output_array", ">> serial[PlaceWidth+1:2]", ">> serial[PlaceWidth:1]" },
        { OutputStationary, Multiply, "stationary_output_array", ".Stages(Columns - 1 - c)", ".Stages(Columns - 1)" },
        { OutputStationary, Multiply, "accumulating_element", "if (last_i)       drain_south_o <= sum;", "if (last_i)       drain_south_o <= sum_q;" },
        { OutputStationary, BitSerial, "accumulating_element", "if (step_i) sum_q <= sum;", "sum_q <= sum;" },
        { OutputStationary, BitSerial, "row_serializer", "held_q <= advance_i ? current >> GroupWidth : current;", "held_q <= current >> GroupWidth;" },
        { OutputStationary, Multiply, "row_serializer", "assign current = load_i ? vector_i : held_q;", "assign current = held_q;" },

        // Operands and accumulators.
        { InputStationary, Codebook, "codebook_table", "lines_q <= {line_i, lines_q[Lines*LineWidth-1:LineWidth]};", "lines_q <= {lines_q[(Lines-1)*LineWidth-1:0], line_i};" },
        { WeightStationary, XnorPopcount, "operand_select", "signed_i && element[ElementWidth-1]}", "element[ElementWidth-1]}" },
        { WeightStationary, XnorPopcount, "operand_select", "{signed_i || digit[0]", "{digit[0]" },
        { InputStationary, Multiply, "operand_select", "32'(limit_i) <= 32'(e)", "32'(limit_i) < 32'(e)" },
        { WeightStationary, BitSerial, "array_unit", "BitsEnter ? SelectWidth'(place) : SelectWidth'(vector_shift)", "SelectWidth'(vector_shift)" },
        { OutputStationary, Multiply, "array_unit", "(OutputStationary ? 2 : 1)", "1" },
        { InputStationary, Multiply, "transposed_accumulator_buffer", "(WideWidth'(update_address_i) + WideWidth'(lane_i)) % WideWidth'(Columns)", "WideWidth'(update_address_i) % WideWidth'(Columns)" },
        { InputStationary, Multiply, "transposed_accumulator_buffer", "word_number < WideWidth'(words_i)", "word_number <= WideWidth'(words_i)" },
        { InputStationary, Multiply, "transposed_accumulator_buffer", "partial_sums_i[(Columns-1-k)*PartialSumWidth", "partial_sums_i[k*PartialSumWidth" },
        { InputStationary, Multiply, "transposed_accumulator_buffer", "{banks, banks} >> (32'(read_bank_q) * AccumulatorWidth)", "{banks, banks}" },
    };

    [Theory]
    [MemberData(nameof(Mutants))]
    public void A_mutated_array_reads_or_writes_something_else(Dataflow dataflow, ProcessingElementKind kind, string module, string from, string to)
    {
        var mutation = new ModuleMutation(module + ".sv", from, to);

        Assert.Contains(Enumerable.Range(0, Programs), seed =>
        {
            ArrayProgram drawn = ArrayProgram.Draw(dataflow, kind, seed);
            return !ArrayExpectation.Of(drawn).SequenceEqual(ArrayExpectation.Sorted(drawn.Run(mutation)));
        });
    }
}
