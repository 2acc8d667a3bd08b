// SPDX-License-Identifier: Apache-2.0
// The bits of a bit-serial number, most significant first: after begin_i place_o counts interval_i - 1 .. 0, and begins again with every number while run_i is set.
// first_o and last_o mark the first and the last bit. Other products take one cycle: both are set, and place_o is 0.
module place_counter #(
  parameter bit BitSerial     = accel_pkg::ArrayProcessingElement == accel_pkg::ProcessingElementBitSerial,
  parameter int IntervalWidth = accel_pkg::IntervalWidth,
  parameter int PlaceWidth    = accel_pkg::PlaceWidth
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,
  input  logic                     begin_i,
  input  logic                     run_i,
  input  logic [IntervalWidth-1:0] interval_i,
  output logic [PlaceWidth-1:0]    place_o,
  output logic                     first_o,
  output logic                     last_o
);

  generate
    if (BitSerial) begin : g_bits
      logic [PlaceWidth-1:0] place_q, most;
      assign most    = PlaceWidth'(interval_i - IntervalWidth'(1));
      assign place_o = place_q;
      assign first_o = place_q == most;
      assign last_o  = place_q == {PlaceWidth{1'b0}};
      always_ff @(posedge clk_i) begin
        if (!rst_ni)                           place_q <= {PlaceWidth{1'b0}};
        else if (begin_i || (run_i && last_o)) place_q <= most;
        else if (run_i)                        place_q <= place_q - PlaceWidth'(1);
      end
    end else begin : g_at_once
      assign place_o = {PlaceWidth{1'b0}};
      assign first_o = 1'b1;
      assign last_o  = 1'b1;
      logic unused_bits;
      assign unused_bits = &{1'b0, clk_i, rst_ni, begin_i, run_i, interval_i};
    end
  endgenerate

endmodule
