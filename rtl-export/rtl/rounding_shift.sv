// SPDX-License-Identifier: Apache-2.0
// rounded_o = round(value_i / 2^shift_i), exact for every 64-bit value and every shift 0..63, combinational.
//
//   floor         towards minus infinity
//   half_up       nearest, ties towards plus infinity
//   half_away     nearest, ties away from zero
//   half_even     nearest, ties to the even neighbour
//   toward_zero   towards zero
//   stochastic    floor((value_i + addend) / 2^shift_i), the addend being the top shift_i bits of {random_i, 32 zeros}
//
// half_away_i rounds half away from zero whatever Rounding says, half_up_i half up.
// Bit-exact with AccelModel.Numerics.Rounding.ShiftRight; Rounding is a number of accel_pkg::Rounding*.
module rounding_shift #(
  parameter int Rounding = accel_pkg::RequantizerRounding
) (
  input  logic signed [63:0] value_i,
  input  logic        [5:0]  shift_i,
  input  logic               half_away_i,
  input  logic               half_up_i,
  input  logic        [31:0] random_i,
  output logic signed [63:0] rounded_o
);

  logic signed [63:0] quotient;
  logic [63:0]        mask, remainder;
  logic               increment, half_away;

  assign quotient  = value_i >>> shift_i;
  assign mask      = ~(64'hFFFF_FFFF_FFFF_FFFF << shift_i);
  assign remainder = value_i & mask;
  assign rounded_o = quotient + $signed({63'd0, half_up_i ? half : half_away_i ? half_away : increment});

  // half: the highest bit below the cut; rest: any of those under it.
  logic half, rest;
  assign half      = |(remainder & ~(mask >> 1));
  assign rest      = |(remainder & (mask >> 1));
  assign half_away = half && (rest || !value_i[63]);

  generate
    if (Rounding == accel_pkg::RoundingHalfUp) begin : g_half_up
      assign increment = half;
    end else if (Rounding == accel_pkg::RoundingHalfAway) begin : g_half_away
      assign increment = half_away;
    end else if (Rounding == accel_pkg::RoundingHalfEven) begin : g_half_even
      assign increment = half && (rest || quotient[0]);
    end else if (Rounding == accel_pkg::RoundingTowardZero) begin : g_toward_zero
      assign increment = (half || rest) && value_i[63];
    end else if (Rounding == accel_pkg::RoundingStochastic) begin : g_stochastic
      logic [63:0] addend, sum;
      assign addend    = {random_i, 32'd0} >> (7'd64 - {1'b0, shift_i});
      assign sum       = remainder + addend;
      assign increment = |(sum & ~mask);
    end else begin : g_floor
      assign increment = 1'b0;
    end
  endgenerate

  logic unused_ok;
  assign unused_ok = &{1'b0, half, rest, random_i};

endmodule
