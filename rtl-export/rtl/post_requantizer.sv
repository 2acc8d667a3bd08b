// SPDX-License-Identifier: Apache-2.0
// The second requantiser of one lane, for what a window was combined to.
//
//   code_o = post_i ? clamp(round(value_i * multiplier / 2^shift) + zero_point, minimum, maximum) : value_i
//
// One cycle and a combinational end: code_o(t + 1) belongs to value_i(t), post_i(t) and record_i(t). round is Rounding, but half_up where that is stochastic, and half away from zero
// where half_away is set; with double_rounding it is half_away(half_up(..) / 2^second_shift). record_i, lowest first: multiplier (unsigned), shift, zero_point, minimum, maximum,
// half_away, with DoubleRounding double_rounding and second_shift. Without post_i the value must fit CodeWidth bits.
// Bit-exact with AccelModel.Numerics.Requantizer.ByMultiplierShift and .ByTwoShifts.
module post_requantizer #(
  parameter int ValueWidth      = accel_pkg::CombinedWidth,
  parameter int MultiplierWidth = accel_pkg::RequantizerMultiplierWidth,
  parameter int CodeWidth       = accel_pkg::RequantizerElementWidth + 1,
  parameter int Rounding        = accel_pkg::RequantizerRounding,
  parameter bit DoubleRounding  = accel_pkg::RequantizerDoubleRounding,
  parameter int RecordWidth     = accel_pkg::PostRecordWidth
) (
  input  logic                         clk_i,
  input  logic                         post_i,
  input  logic        [RecordWidth-1:0] record_i,
  input  logic signed [ValueWidth-1:0] value_i,
  output logic signed [CodeWidth-1:0]  code_o
);

  localparam int ShiftLsb     = MultiplierWidth;
  localparam int ZeroPointLsb = ShiftLsb + 6;
  localparam int MinimumLsb   = ZeroPointLsb + CodeWidth;
  localparam int MaximumLsb   = MinimumLsb + CodeWidth;
  localparam int HalfAwayLsb  = MaximumLsb + CodeWidth;
  localparam int ProductWidth = (ValueWidth + MultiplierWidth + 1 < 64) ? ValueWidth + MultiplierWidth + 1 : 64;

  // A product of 32 signed and 32 unsigned bits fits 64. Its register is no longer than it is: see requantizer.sv.
  logic                           post_q;
  logic        [RecordWidth-1:0]  record_q;
  logic signed [CodeWidth-1:0]    value_q, minimum, maximum, in_range;
  logic                           twice;
  logic signed [ProductWidth-1:0] product_q;
  logic signed [63:0]             once, rounded, shifted;
  always_ff @(posedge clk_i) begin
    post_q    <= post_i;
    record_q  <= record_i;
    value_q   <= value_i[CodeWidth-1:0];
    product_q <= ProductWidth'(value_i) * $signed({{(ProductWidth-MultiplierWidth){1'b0}}, record_i[0 +: MultiplierWidth]});
  end

  rounding_shift #(.Rounding((Rounding == accel_pkg::RoundingStochastic) ? accel_pkg::RoundingHalfUp : Rounding)) u_round (
    .value_i    (64'(product_q)),
    .shift_i    (record_q[ShiftLsb +: 6]),
    .half_away_i(record_q[HalfAwayLsb]),
    .half_up_i  (twice),
    .random_i   (32'd0),
    .rounded_o  (once)
  );

  generate
    if (DoubleRounding) begin : g_double_rounding
      logic signed [63:0] again;
      assign twice = record_q[HalfAwayLsb+1];
      rounding_shift #(.Rounding(accel_pkg::RoundingHalfAway)) u_again (
        .value_i    (once),
        .shift_i    (6'(record_q[HalfAwayLsb+2 +: accel_pkg::RequantizerSecondShiftWidth])),
        .half_away_i(1'b0),
        .half_up_i  (1'b0),
        .random_i   (32'd0),
        .rounded_o  (again)
      );
      assign rounded = twice ? again : once;
    end else begin : g_one_rounding
      assign twice   = 1'b0;
      assign rounded = once;
    end
  endgenerate

  assign shifted  = rounded + 64'($signed(record_q[ZeroPointLsb +: CodeWidth]));
  assign minimum  = record_q[MinimumLsb +: CodeWidth];
  assign maximum  = record_q[MaximumLsb +: CodeWidth];
  assign in_range = shifted[CodeWidth-1:0];

  always_comb begin
    if (!post_q) begin
      code_o = value_q;
    end else if (shifted < 64'(minimum)) begin
      code_o = minimum;
    end else if (shifted > 64'(maximum)) begin
      code_o = maximum;
    end else begin
      code_o = in_range;
    end
  end

  logic unused_ok;
  assign unused_ok = &{1'b0, value_i, record_q};

endmodule
