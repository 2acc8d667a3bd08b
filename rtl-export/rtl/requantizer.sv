// SPDX-License-Identifier: Apache-2.0
// One lane of the vector unit: from an accumulator to an output code.
//
//   t      = accumulator_i + bias                                    exact, AccumulatorWidth + 1 bits
//   code_o = sign_output ? (t >= 0 ? 1 : -1)
//                        : clamp(round(t * multiplier / 2^shift) + zero_point, minimum, maximum)
//
// Three cycles (bias, multiply, round and clamp), one code per cycle, no back-pressure: valid_o(t + 3) = valid_i(t).
// record_i is used in all three cycles and must hold from valid_i to the cycle before valid_o; its fields, lowest first:
// bias, multiplier (unsigned), shift, zero_point, minimum, maximum, sign_output.
// Stochastic rounding uses the lane's LFSR, which seed_i sets to Seed and each word that passes advances.
// Bit-exact with AccelModel.Numerics.Requantizer.ByMultiplierShift and .BySign.
module requantizer #(
  parameter int          AccumulatorWidth = accel_pkg::AccumulatorWidth,
  parameter int          MultiplierWidth  = accel_pkg::RequantizerMultiplierWidth,
  parameter int          ShiftWidth       = accel_pkg::RequantizerShiftWidth,
  parameter int          ElementWidth     = accel_pkg::RequantizerElementWidth,
  parameter int          Rounding         = accel_pkg::RequantizerRounding,
  parameter logic [31:0] Seed             = 32'h1234_5678,
  parameter int          RecordWidth      = accel_pkg::ParameterRecordWidth
) (
  input  logic                               clk_i,
  input  logic                               rst_ni,
  input  logic                               seed_i,
  input  logic        [RecordWidth-1:0]      record_i,
  input  logic                               valid_i,
  input  logic signed [AccumulatorWidth-1:0] accumulator_i,
  output logic                               valid_o,
  output logic signed [ElementWidth:0]       code_o
);

  localparam int CodeWidth     = ElementWidth + 1;
  localparam int MultiplierLsb = AccumulatorWidth;
  localparam int ShiftLsb      = MultiplierLsb + MultiplierWidth;
  localparam int ZeroPointLsb  = ShiftLsb + ShiftWidth;
  localparam int MinimumLsb    = ZeroPointLsb + CodeWidth;
  localparam int MaximumLsb    = MinimumLsb + CodeWidth;
  localparam int SignLsb       = MaximumLsb + CodeWidth;

  logic signed [AccumulatorWidth-1:0] bias;
  logic        [MultiplierWidth-1:0]  multiplier;
  logic        [ShiftWidth-1:0]       shift;
  logic signed [CodeWidth-1:0]        zero_point, minimum, maximum;
  logic                               sign_output;
  assign bias        = record_i[0 +: AccumulatorWidth];
  assign multiplier  = record_i[MultiplierLsb +: MultiplierWidth];
  assign shift       = record_i[ShiftLsb +: ShiftWidth];
  assign zero_point  = record_i[ZeroPointLsb +: CodeWidth];
  assign minimum     = record_i[MinimumLsb +: CodeWidth];
  assign maximum     = record_i[MaximumLsb +: CodeWidth];
  assign sign_output = record_i[SignLsb];

  // Cycle 1: bias.
  logic                             biased_valid_q;
  logic signed [AccumulatorWidth:0] biased_q;

  // Cycle 2: multiply. The product has AccumulatorWidth + 1 + MultiplierWidth bits, at most 63.
  logic               product_valid_q, negative_q;
  logic signed [63:0] product_d, product_q;
  assign product_d = 64'(biased_q) * $signed({{(64-MultiplierWidth){1'b0}}, multiplier});

  // Cycle 3: round, zero point, clamp.
  logic        [31:0]          random;
  logic signed [63:0]          rounded, shifted;
  logic signed [CodeWidth-1:0] code_d, in_range;

  rounding_shift #(.Rounding(Rounding)) u_round (
    .value_i  (product_q),
    .shift_i  (shift),
    .random_i (random),
    .rounded_o(rounded)
  );

  generate
    if (Rounding == accel_pkg::RoundingStochastic) begin : g_random
      lfsr #(.Seed(Seed)) u_lfsr (
        .clk_i    (clk_i),
        .rst_ni   (rst_ni),
        .seed_i   (seed_i),
        .advance_i(product_valid_q),
        .word_o   (random)
      );
    end else begin : g_no_random
      assign random = 32'd0;
      logic unused_seed;
      assign unused_seed = seed_i;
    end
  endgenerate

  assign shifted  = rounded + 64'(zero_point);
  assign in_range = shifted[CodeWidth-1:0];

  always_comb begin
    if (sign_output) begin
      code_d = negative_q ? {CodeWidth{1'b1}} : CodeWidth'(1);
    end else if (shifted < 64'(minimum)) begin
      code_d = minimum;
    end else if (shifted > 64'(maximum)) begin
      code_d = maximum;
    end else begin
      code_d = in_range;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      biased_valid_q  <= 1'b0;
      product_valid_q <= 1'b0;
      valid_o         <= 1'b0;
    end else begin
      biased_valid_q  <= valid_i;
      product_valid_q <= biased_valid_q;
      valid_o         <= product_valid_q;
    end
  end

  always_ff @(posedge clk_i) begin
    biased_q   <= (AccumulatorWidth+1)'(accumulator_i) + (AccumulatorWidth+1)'(bias);
    product_q  <= product_d;
    negative_q <= biased_q[AccumulatorWidth];
    code_o     <= code_d;
  end

endmodule
