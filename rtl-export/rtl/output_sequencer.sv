// SPDX-License-Identifier: Apache-2.0
// When an array with stationary outputs reads: docs/architecture.md, section 4.3. Addresses come from segment_loop.sv and pixel_loop.sv.
//
// Cycle T is the cycle after begin_i; I = interval_i, R = Rows. Segments are numbered u = 0, 1, ... through all digits and groups of R pixels.
//   line s of segment u         T + u*R*I + s*I
//   vector of row r             T + u*R*I + r      (vector_none_o: the pixel does not exist, nothing is read)
//   step_o of step s            T + u*R*I + s*I + I - 1
//   update_o of row R - 1 - k   k + 1 cycles after the last step of a pass (all segments of a digit), where its pixel exists; update_last_o comes with row 0
//   last_o                      the last step of the last pass
//
// One instruction at a time; update_o goes on into the next one. No back-pressure.
module output_sequencer #(
  parameter int Rows                    = accel_pkg::ArrayRows,
  parameter int IntervalWidth           = accel_pkg::IntervalWidth,
  parameter int PlaceWidth              = accel_pkg::PlaceWidth,
  parameter int ActivationAddressWidth  = accel_pkg::ActivationAddressWidth,
  parameter int LineAddressWidth        = accel_pkg::LineAddressWidth,
  parameter int AccumulatorAddressWidth = accel_pkg::AccumulatorAddressWidth,
  parameter int ShiftWidth              = accel_pkg::DigitShiftWidth
) (
  input  logic                               clk_i,
  input  logic                               rst_ni,
  input  logic                               start_i,
  input  logic                               begin_i,
  output logic                               last_o,

  // Fields of the instruction.
  input  logic [IntervalWidth-1:0]           interval_i,
  input  logic [AccumulatorAddressWidth-1:0] accumulator_address_i,
  input  logic                               accumulate_i,
  input  logic [LineAddressWidth-1:0]        line_stride_i,
  input  logic                               signal_i,

  // The segment.
  input  logic [ActivationAddressWidth-1:0]  segment_address_i,
  input  logic [LineAddressWidth-1:0]        segment_line_i,
  input  logic [ShiftWidth-1:0]              segment_shift_i,
  input  logic                               segment_first_of_digit_i,
  input  logic                               segment_last_of_digit_i,
  input  logic                               segment_last_i,
  output logic                               segment_next_o,

  // The pixel of the row whose vector is read now.
  input  logic [ActivationAddressWidth-1:0]  pixel_offset_i,
  input  logic                               pixel_valid_i,
  input  logic                               pixel_more_i,
  output logic                               pixel_step_o,
  output logic                               pixel_return_o,
  output logic                               pixel_mark_o,

  output logic                               load_o,
  output logic                               step_o,
  output logic                               step_first_o,
  output logic                               step_last_o,
  output logic [PlaceWidth-1:0]              place_o,
  output logic                               place_first_o,

  output logic                               line_read_o,
  output logic [LineAddressWidth-1:0]        line_address_o,
  output logic                               vector_read_o,
  output logic [ActivationAddressWidth-1:0]  vector_address_o,
  output logic                               vector_none_o,

  output logic                               update_o,
  output logic [AccumulatorAddressWidth-1:0] update_address_o,
  output logic [ShiftWidth-1:0]              update_shift_o,
  output logic                               update_clear_o,
  output logic                               update_last_o,
  output logic                               update_signal_o
);

  localparam int IndexWidth = $clog2(Rows);

  // Steps of a segment.
  logic                  running_q, last_place, last_step, segment_end;
  logic [IndexWidth-1:0] step_q;
  assign last_step      = step_q == IndexWidth'(Rows - 1);
  assign step_o         = running_q && last_place;
  assign step_first_o   = step_q == {IndexWidth{1'b0}} && segment_first_of_digit_i;
  assign step_last_o    = segment_end && segment_last_of_digit_i;
  assign segment_end    = step_o && last_step;
  assign segment_next_o = segment_end;
  assign line_read_o    = running_q && place_first_o;
  assign line_address_o = segment_line_i + LineAddressWidth'(step_q) * line_stride_i;
  assign load_o         = line_read_o && step_q == {IndexWidth{1'b0}};

  place_counter #(.IntervalWidth(IntervalWidth), .PlaceWidth(PlaceWidth)) u_place (
    .clk_i     (clk_i),
    .rst_ni    (rst_ni),
    .begin_i   (begin_i),
    .run_i     (running_q),
    .interval_i(interval_i),
    .place_o   (place_o),
    .first_o   (place_first_o),
    .last_o    (last_place)
  );

  // Vectors of a segment, in its first Rows cycles. A group of pixels is done with the last segment of the last digit; then the pixel loop goes on from where it is.
  logic                  reading;
  logic [IndexWidth-1:0] left_q;
  logic [IndexWidth:0]   pixels_q, pixels_d;
  assign reading          = load_o || left_q != {IndexWidth{1'b0}};
  assign vector_read_o    = reading && pixel_valid_i;
  assign vector_address_o = segment_address_i + pixel_offset_i;
  assign vector_none_o    = !pixel_valid_i;
  assign pixel_step_o     = reading;
  assign pixel_return_o   = left_q == IndexWidth'(1);
  assign pixel_mark_o     = segment_last_i;
  assign pixels_d         = (load_o ? {(IndexWidth+1){1'b0}} : pixels_q) + (IndexWidth+1)'(vector_read_o);

  // The end: a group is done, and the pixel loop finds no more.
  logic final_pass;
  assign final_pass = segment_last_i && !pixel_more_i;
  assign last_o     = segment_end && final_pass;

  // Updates, from row Rows - 1 down.
  logic                               update_q, clear_q, last_q, signal_q;
  logic [IndexWidth-1:0]              row_q;
  logic [IndexWidth:0]                words_q;
  logic [AccumulatorAddressWidth-1:0] group_q, address_q;
  logic [ShiftWidth-1:0]              shift_q;
  logic                               last_row;
  assign last_row         = row_q == {IndexWidth{1'b0}};
  assign update_o         = update_q && {1'b0, row_q} < words_q;
  assign update_address_o = address_q;
  assign update_shift_o   = shift_q;
  assign update_clear_o   = clear_q;
  assign update_last_o    = update_q && last_row && last_q;
  assign update_signal_o  = update_last_o && signal_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      running_q <= 1'b0;
      left_q    <= {IndexWidth{1'b0}};
      update_q  <= 1'b0;
    end else begin
      if (begin_i)     running_q <= 1'b1;
      else if (last_o) running_q <= 1'b0;

      if (load_o)                            left_q <= IndexWidth'(Rows - 1);
      else if (left_q != {IndexWidth{1'b0}}) left_q <= left_q - IndexWidth'(1);

      if (step_last_o)   update_q <= 1'b1;
      else if (last_row) update_q <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) pixels_q <= {(IndexWidth+1){1'b0}};
    else         pixels_q <= pixels_d;

    if (!rst_ni || begin_i || segment_end) step_q <= {IndexWidth{1'b0}};
    else if (step_o)                       step_q <= step_q + IndexWidth'(1);

    if (!rst_ni)                            group_q <= {AccumulatorAddressWidth{1'b0}};
    else if (start_i)                       group_q <= accumulator_address_i;
    else if (step_last_o && segment_last_i) group_q <= group_q + AccumulatorAddressWidth'(Rows);

    if (!rst_ni) begin
      row_q     <= {IndexWidth{1'b0}};
      words_q   <= {(IndexWidth+1){1'b0}};
      address_q <= {AccumulatorAddressWidth{1'b0}};
      shift_q   <= {ShiftWidth{1'b0}};
      clear_q   <= 1'b0;
      last_q    <= 1'b0;
      signal_q  <= 1'b0;
    end else if (step_last_o) begin
      row_q     <= IndexWidth'(Rows - 1);
      words_q   <= pixels_d;
      address_q <= group_q + AccumulatorAddressWidth'(Rows - 1);
      shift_q   <= segment_shift_i;
      clear_q   <= segment_shift_i == {ShiftWidth{1'b0}} && !accumulate_i;
      last_q    <= final_pass;
      signal_q  <= signal_i;
    end else begin
      row_q     <= row_q - IndexWidth'(1);
      address_q <= address_q - AccumulatorAddressWidth'(1);
    end
  end

endmodule
