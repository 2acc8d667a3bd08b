// SPDX-License-Identifier: Apache-2.0
// rounding_shift against the definition of each mode, for every value of ValueWidth bits, every shift up to MaxShift and every random word:
// with d = rounded * 2^shift - value, nearest means |2 d| <= 2^shift, and a tie is decided as the mode says.
module rounding_property #(
  parameter int Rounding   = accel_pkg::RoundingHalfUp,
  parameter int ValueWidth = 24,
  parameter int MaxShift   = 24
) (
  input logic                         clk_i,
  input logic signed [ValueWidth-1:0] value_i,
  input logic        [5:0]            shift_i,
  input logic                         half_away_i,
  input logic                         half_up_i,
  input logic        [31:0]           random_i
);

  logic signed [63:0] value, rounded, one, d, floored;
  logic               tie, nearest;
  assign value = 64'(value_i);
  rounding_shift #(.Rounding(Rounding)) u_round (.value_i(value), .shift_i(shift_i), .half_away_i(half_away_i), .half_up_i(half_up_i), .random_i(random_i), .rounded_o(rounded));

  assign one     = 64'sd1 <<< shift_i;
  assign d       = (rounded <<< shift_i) - value;
  assign nearest = (d <<< 1) <= one && (d <<< 1) >= -one;
  assign tie     = (d <<< 1) == one || (d <<< 1) == -one;
  assign floored = (value + $signed({32'd0, random_i >> (6'd32 - shift_i)})) >>> shift_i;

  always @(posedge clk_i) begin
    assume (shift_i <= MaxShift);
    if (half_up_i) begin
      assert (nearest);
      if (tie && shift_i != 6'd0) assert (d > 0);
    end else if (half_away_i || Rounding == accel_pkg::RoundingHalfAway) begin
      assert (nearest);
      if (tie && shift_i != 6'd0) assert ((value < 0) ? d < 0 : d > 0);
    end else if (Rounding == accel_pkg::RoundingHalfUp) begin
      assert (nearest);
      if (tie && shift_i != 6'd0) assert (d > 0);
    end else if (Rounding == accel_pkg::RoundingHalfEven) begin
      assert (nearest);
      if (tie && shift_i != 6'd0) assert (!rounded[0]);
    end else if (Rounding == accel_pkg::RoundingTowardZero) begin
      assert ((value < 0) ? d >= 0 && d < one : d <= 0 && d > -one);
    end else if (Rounding == accel_pkg::RoundingStochastic) begin
      assert (rounded == ((shift_i == 6'd0) ? value : floored));
    end else begin
      assert (d <= 0 && d > -one);
    end
  end

endmodule
