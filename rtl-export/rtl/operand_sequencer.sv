// SPDX-License-Identifier: Apache-2.0
// When an array with a stationary operand reads: docs/architecture.md, sections 4.1 and 4.2. Addresses come from segment_loop.sv and pixel_loop.sv.
//
// Cycle T is the cycle after begin_i. Weight stationary: a segment's tile is D = Rows lines of weights, M activation vectors (pixels) stream. Input stationary: the tile
// is D = Columns activation vectors, channels_i lines of weights stream. N = cycles of streaming: vectors times interval.
//                                        with DoubleBuffering                 without
//   first part of tile s                 l_0 = T, l_{s+1} = x_s + D           l_0 = T, l_{s+1} = v_s + N + D - 1
//   swap_o                               x_s = max(l_s + D, v_{s-1} + N - 1)  -
//   first streamed vector of segment s   v_s = x_s + 1                        v_s = l_s + D
//   last_o (the last run cycle)          x_{S-1} + max(N, D - 1)              v_{S-1} + N + D - 2
//
// The parts of a tile are read in consecutive cycles (tile_o), the vectors every interval_i cycles. update_o, in the last cycle of a vector, says what its sums
// are for; the sums follow a fixed time later. One instruction at a time. No back-pressure.
module operand_sequencer #(
  parameter int Rows                    = accel_pkg::ArrayRows,
  parameter int Columns                 = accel_pkg::ArrayColumns,
  parameter bit DoubleBuffering         = accel_pkg::ArrayWeightDoubleBuffering,
  parameter bit InputStationary         = accel_pkg::ArrayDataflow == accel_pkg::DataflowInputStationary,
  parameter int CountWidth              = accel_pkg::LoopWidth,
  parameter int IntervalWidth           = accel_pkg::IntervalWidth,
  parameter int PlaceWidth              = accel_pkg::PlaceWidth,
  parameter int ActivationAddressWidth  = accel_pkg::ActivationAddressWidth,
  parameter int LineAddressWidth        = accel_pkg::LineAddressWidth,
  parameter int AccumulatorAddressWidth = accel_pkg::AccumulatorAddressWidth,
  parameter int ShiftWidth              = accel_pkg::DigitShiftWidth,
  parameter int LaneWidth               = accel_pkg::ColumnIndexWidth
) (
  input  logic                               clk_i,
  input  logic                               rst_ni,
  input  logic                               start_i,
  input  logic                               begin_i,
  input  logic                               run_i,
  output logic                               last_o,

  // Fields of the instruction.
  input  logic [IntervalWidth-1:0]           interval_i,
  input  logic [CountWidth-1:0]              channels_i,
  input  logic [AccumulatorAddressWidth-1:0] accumulator_address_i,
  input  logic [AccumulatorAddressWidth-1:0] accumulator_pitch_i,
  input  logic [LineAddressWidth-1:0]        line_stride_i,
  input  logic                               accumulate_i,

  // The segment whose tile is read now or next.
  input  logic [ActivationAddressWidth-1:0]  segment_address_i,
  input  logic [LineAddressWidth-1:0]        segment_line_i,
  input  logic [ShiftWidth-1:0]              segment_shift_i,
  input  logic                               segment_first_i,
  input  logic                               segment_last_tile_i,
  input  logic                               segment_last_i,
  output logic                               segment_next_o,

  // The pixel that is read now or next.
  input  logic [ActivationAddressWidth-1:0]  pixel_offset_i,
  input  logic                               pixel_valid_i,
  input  logic                               pixel_last_i,
  input  logic                               pixel_more_i,
  output logic                               pixel_step_o,
  output logic                               pixel_return_o,
  output logic                               pixel_mark_o,

  output logic                               tile_o,
  output logic                               swap_o,
  output logic                               streamed_o,
  output logic                               streamed_first_o,
  output logic [PlaceWidth-1:0]              place_o,
  output logic                               place_first_o,

  output logic                               line_read_o,
  output logic [LineAddressWidth-1:0]        line_address_o,
  output logic                               vector_read_o,
  output logic [ActivationAddressWidth-1:0]  vector_address_o,
  output logic [ShiftWidth-1:0]              vector_shift_o,
  output logic                               vector_last_tile_o,
  output logic                               vector_none_o,

  output logic                               update_o,
  output logic [AccumulatorAddressWidth-1:0] update_address_o,
  output logic [LaneWidth-1:0]               update_lane_o,
  output logic [LaneWidth:0]                 update_words_o,
  output logic [ShiftWidth-1:0]              update_shift_o,
  output logic                               update_clear_o,
  output logic                               update_last_o
);

  localparam int Depth      = InputStationary ? Columns : Rows;
  localparam int IndexWidth = (Depth > 1) ? $clog2(Depth) : 1;

  // The tile: index_q counts down, because the part that goes furthest goes in first.
  logic                  tile_q, tile_ready_q, all_begun_q;
  logic [IndexWidth-1:0] index_q;
  logic                  last_part;
  assign tile_o    = tile_q;
  assign last_part = tile_q && index_q == {IndexWidth{1'b0}};

  // Streaming.
  logic streaming_q, first_vector_q, final_q;
  logic last_place, stream_last, vector_read, vector_end, last_vector;
  assign streamed_o       = streaming_q;
  assign streamed_first_o = first_vector_q;
  assign vector_read      = streaming_q && place_first_o;
  assign vector_end       = streaming_q && last_place;
  assign last_vector      = vector_end && stream_last;

  // begin_vectors: the next cycle reads the first vector of the segment. release_tile: the first row or column is free, the others one cycle later each, so that
  // gap_q counts Depth - 1 cycles until a new tile may follow.
  logic                  begin_vectors, release_tile, begin_tile, last_segment;
  logic [IndexWidth-1:0] gap_q;
  assign segment_next_o = begin_vectors;
  generate
    if (DoubleBuffering) begin : g_double
      assign swap_o        = tile_ready_q && (!streaming_q || last_vector);
      assign begin_vectors = swap_o;
      assign release_tile  = swap_o;
    end else begin : g_single
      assign swap_o        = 1'b0;
      assign begin_vectors = last_part;
      assign release_tile  = last_vector;
      logic unused_ready;
      assign unused_ready = tile_ready_q;
    end
    if (Depth == 1) begin : g_one_part
      assign begin_tile = release_tile && !(DoubleBuffering ? last_segment : all_begun_q);
      assign last_o     = run_i && all_begun_q && (last_vector || (DoubleBuffering && !streaming_q));
      logic unused_gap;
      assign unused_gap = &{1'b0, gap_q};
    end else begin : g_parts
      assign begin_tile = gap_q == IndexWidth'(1) && !all_begun_q;
      // Comparisons with single values, because every one-bit number is at most 1, which a linter takes for a mistake.
      assign last_o     = run_i && all_begun_q && (DoubleBuffering ? (last_vector || !streaming_q) && (gap_q == {IndexWidth{1'b0}} || gap_q == IndexWidth'(1))
                                                                   : !streaming_q && gap_q == IndexWidth'(1));
    end
  endgenerate

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      tile_q       <= 1'b0;
      tile_ready_q <= 1'b0;
      all_begun_q  <= 1'b0;
      streaming_q  <= 1'b0;
      index_q      <= {IndexWidth{1'b0}};
      gap_q        <= {IndexWidth{1'b0}};
    end else begin
      if (begin_i || begin_tile) tile_q <= 1'b1;
      else if (last_part)        tile_q <= 1'b0;

      if (begin_i || begin_tile) index_q <= IndexWidth'(Depth - 1);
      else if (tile_q)           index_q <= index_q - IndexWidth'(1);

      if (last_part)          tile_ready_q <= 1'b1;
      else if (begin_vectors) tile_ready_q <= 1'b0;

      if (start_i)            all_begun_q <= 1'b0;
      else if (begin_vectors) all_begun_q <= last_segment;

      if (release_tile)                     gap_q <= IndexWidth'(Depth - 1);
      else if (gap_q != {IndexWidth{1'b0}}) gap_q <= gap_q - IndexWidth'(1);

      if (begin_vectors)    streaming_q <= 1'b1;
      else if (last_vector) streaming_q <= 1'b0;
    end
  end

  place_counter #(.IntervalWidth(IntervalWidth), .PlaceWidth(PlaceWidth)) u_place (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .begin_i   (begin_vectors),
    .run_i     (streaming_q),
    .interval_i(interval_i),
    .place_o   (place_o),
    .first_o   (place_first_o),
    .last_o    (last_place)
  );

  // What the streamed vectors keep of their segment.
  logic                               clear_q;
  logic [ShiftWidth-1:0]              shift_q;
  logic [AccumulatorAddressWidth-1:0] address_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      final_q        <= 1'b0;
      clear_q        <= 1'b0;
      shift_q        <= {ShiftWidth{1'b0}};
      first_vector_q <= 1'b0;
    end else if (begin_vectors) begin
      final_q        <= last_segment;
      clear_q        <= segment_first_i && !accumulate_i;
      shift_q        <= segment_shift_i;
      first_vector_q <= 1'b1;
    end else if (vector_end) begin
      first_vector_q <= 1'b0;
    end
  end
  assign update_o         = vector_end;
  assign update_address_o = address_q;
  assign update_shift_o   = shift_q;
  assign update_clear_o   = clear_q;
  assign update_last_o    = last_vector && final_q;

  generate
    if (!InputStationary) begin : g_weight_stationary
      logic [ActivationAddressWidth-1:0] base_q;
      logic                              last_tile_q;
      assign last_segment       = segment_last_i;
      assign line_read_o        = tile_q;
      assign line_address_o     = segment_line_i + LineAddressWidth'(index_q) * line_stride_i;
      assign vector_read_o      = vector_read;
      assign vector_address_o   = base_q + pixel_offset_i;
      assign vector_shift_o     = shift_q;
      assign vector_last_tile_o = last_tile_q;
      assign vector_none_o      = 1'b0;
      assign pixel_step_o       = vector_end;
      assign pixel_return_o     = last_vector;
      assign pixel_mark_o       = 1'b0;
      assign stream_last        = pixel_last_i;
      assign update_lane_o      = {LaneWidth{1'b0}};
      assign update_words_o     = {(LaneWidth+1){1'b0}};
      always_ff @(posedge clk_i) begin
        if (!rst_ni) begin
          base_q      <= {ActivationAddressWidth{1'b0}};
          last_tile_q <= 1'b0;
          address_q   <= {AccumulatorAddressWidth{1'b0}};
        end else if (begin_vectors) begin
          base_q      <= segment_address_i;
          last_tile_q <= segment_last_tile_i;
          address_q   <= accumulator_address_i;
        end else if (vector_end) begin
          address_q <= address_q + AccumulatorAddressWidth'(1);
        end
      end
      logic unused_inputs;
      assign unused_inputs = &{1'b0, channels_i, accumulator_pitch_i, pixel_valid_i, pixel_more_i};
    end else begin : g_input_stationary
      // A block of pixels is done with the last segment; then the pixel loop goes on from where it is.
      logic [AccumulatorAddressWidth-1:0] block_q;
      logic [LineAddressWidth-1:0]        line_q;
      logic [CountWidth-1:0]              channels_q;
      logic [LaneWidth-1:0]               lane_q;
      logic [LaneWidth:0]                 pixels_q, pixels_d, words_q;
      assign last_segment       = segment_last_i && !pixel_more_i;
      assign line_read_o        = vector_read;
      assign line_address_o     = line_q;
      assign vector_read_o      = tile_q && pixel_valid_i;
      assign vector_address_o   = segment_address_i + pixel_offset_i;
      assign vector_shift_o     = segment_shift_i;
      assign vector_last_tile_o = segment_last_tile_i;
      assign vector_none_o      = !pixel_valid_i;
      assign pixel_step_o       = tile_q;
      assign pixel_return_o     = begin_vectors;
      assign pixel_mark_o       = segment_last_i;
      assign stream_last        = channels_q == CountWidth'(1);
      assign update_lane_o      = lane_q;
      assign update_words_o     = words_q;
      assign pixels_d           = pixels_q + (LaneWidth+1)'(tile_q && pixel_valid_i);
      always_ff @(posedge clk_i) begin
        if (!rst_ni || start_i || begin_vectors) pixels_q <= {(LaneWidth+1){1'b0}};
        else                                     pixels_q <= pixels_d;

        if (!rst_ni)                              block_q <= {AccumulatorAddressWidth{1'b0}};
        else if (start_i)                         block_q <= accumulator_address_i;
        else if (begin_vectors && segment_last_i) block_q <= block_q + AccumulatorAddressWidth'(Columns);

        if (!rst_ni) begin
          channels_q <= {CountWidth{1'b0}};
          line_q     <= {LineAddressWidth{1'b0}};
          words_q    <= {(LaneWidth+1){1'b0}};
          address_q  <= {AccumulatorAddressWidth{1'b0}};
          lane_q     <= {LaneWidth{1'b0}};
        end else if (begin_vectors) begin
          channels_q <= channels_i;
          line_q     <= segment_line_i;
          words_q    <= pixels_d;
          address_q  <= block_q;
          lane_q     <= {LaneWidth{1'b0}};
        end else if (vector_end) begin
          channels_q <= channels_q - CountWidth'(1);
          line_q     <= line_q + line_stride_i;
          if (lane_q == LaneWidth'(Columns - 1)) begin
            lane_q    <= {LaneWidth{1'b0}};
            address_q <= address_q + accumulator_pitch_i;
          end else begin
            lane_q <= lane_q + LaneWidth'(1);
          end
        end
      end
      logic unused_inputs;
      assign unused_inputs = pixel_last_i;
    end
  endgenerate

endmodule
