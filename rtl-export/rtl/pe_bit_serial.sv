// SPDX-License-Identifier: Apache-2.0
// The product with activations that come bit by bit, one bit of each lane a cycle, the most significant first: no multiplier.
//
//   product_o = sum over lanes l of activation[l] * weight[l]     exact, in the cycle of the last bit
//
// activation_i[l] is the bit of lane l. first_i marks the first bit of a number; with negative_i that bit is a sign and is subtracted. Lane l of the weights is
// at bit l * WeightWidth, two's complement, and does not change during a number. Every cycle takes a bit; a number may have one bit only.
module pe_bit_serial #(
  parameter int Lanes        = 1,
  parameter int WeightWidth  = 8,
  parameter int ProductWidth = 17
) (
  input  logic                                clk_i,
  input  logic                                first_i,
  input  logic                                negative_i,
  input  logic        [Lanes-1:0]             activation_i,
  input  logic        [Lanes*WeightWidth-1:0] weight_i,
  output logic signed [ProductWidth-1:0]      product_o
);

  logic signed [ProductWidth-1:0] product_q, partial;

  genvar l;
  generate
    for (l = 0; l < Lanes; l = l + 1) begin : g_lane
      logic signed [WeightWidth-1:0]  weight;
      logic signed [ProductWidth-1:0] term, sum;
      assign weight = weight_i[l*WeightWidth +: WeightWidth];
      assign term   = activation_i[l] ? ProductWidth'(weight) : {ProductWidth{1'b0}};
      if (l == 0) begin : g_first
        assign sum = term;
      end else begin : g_next
        assign sum = g_lane[l-1].sum + term;
      end
    end
  endgenerate

  assign partial   = g_lane[Lanes-1].sum;
  assign product_o = (first_i ? {ProductWidth{1'b0}} : product_q <<< 1) + ((first_i && negative_i) ? -partial : partial);

  always_ff @(posedge clk_i) product_q <= product_o;

endmodule
