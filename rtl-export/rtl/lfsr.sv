// SPDX-License-Identifier: Apache-2.0
// The random words of stochastic rounding: a 32-bit Galois register of x^32 + x^22 + x^2 + x + 1, shifted right.
//
//   word_o = Seed after seed_i;   next = (word_o >> 1) ^ (word_o[0] ? 0x80200003 : 0) after each cycle with advance_i
//
// Period 2^32 - 1; Seed must not be zero. Bit-exact with AccelModel.Numerics.Lfsr.
module lfsr #(
  parameter logic [31:0] Seed = 32'h1234_5678
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        seed_i,
  input  logic        advance_i,
  output logic [31:0] word_o
);

  localparam logic [31:0] Taps = 32'h8020_0003;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || seed_i) word_o <= Seed;
    else if (advance_i)    word_o <= {1'b0, word_o[31:1]} ^ (word_o[0] ? Taps : 32'h0);
  end

endmodule
