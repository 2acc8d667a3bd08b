// SPDX-License-Identifier: Apache-2.0
// The product of one-bit operands:
//
//   product_o = sum over lanes l of activation[l] * weight[l]     exact, combinational
//
// Lane l of the weights is bit l: 1 stands for +1, 0 for -1. Lane l of the activations is {counts, negative} at bit 2 * l: +1 is {1, 0}, -1 is {1, 1}, and
// a lane that does not count (masked, or a bit 0 of an unsigned number) has the product 0. Weight and sign agree or not: an exclusive or, and a count.
module pe_xnor_popcount #(
  parameter int Lanes        = 1,
  parameter int ProductWidth = 2
) (
  input  logic        [2*Lanes-1:0]      activation_i,
  input  logic        [Lanes-1:0]        weight_i,
  output logic signed [ProductWidth-1:0] product_o
);

  genvar l;
  generate
    for (l = 0; l < Lanes; l = l + 1) begin : g_lane
      logic                           counts, plus;
      logic signed [1:0]              term;
      logic signed [ProductWidth-1:0] sum;
      assign counts = activation_i[2*l+1];
      assign plus   = weight_i[l] ^ activation_i[2*l];
      assign term   = {counts && !plus, counts};
      if (l == 0) begin : g_first
        assign sum = ProductWidth'(term);
      end else begin : g_next
        assign sum = g_lane[l-1].sum + ProductWidth'(term);
      end
    end
  endgenerate

  assign product_o = g_lane[Lanes-1].sum;

endmodule
