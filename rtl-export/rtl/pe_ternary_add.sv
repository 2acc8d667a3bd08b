// SPDX-License-Identifier: Apache-2.0
// The product with weights of -1, 0 and +1: add, skip or subtract.
//
//   product_o = sum over lanes l of activation[l] * weight[l]     exact, combinational
//
// Lane l of the activations is at bit l * ActivationWidth, two's complement if ActivationSigned, else unsigned. Lane l of the weights is at bit 2 * l, two's
// complement: bit 0 lets the activation through, bit 1 subtracts it. (The code 10, which no weight has, is 0.)
module pe_ternary_add #(
  parameter int Lanes            = 1,
  parameter int ActivationWidth  = 8,
  parameter bit ActivationSigned = 1'b1,
  parameter int ProductWidth     = 9
) (
  input  logic        [Lanes*ActivationWidth-1:0] activation_i,
  input  logic        [2*Lanes-1:0]               weight_i,
  output logic signed [ProductWidth-1:0]          product_o
);

  genvar l;
  generate
    for (l = 0; l < Lanes; l = l + 1) begin : g_lane
      logic signed [ActivationWidth:0] activation;
      logic signed [ProductWidth-1:0]  passed, term, sum;
      assign activation = {ActivationSigned && activation_i[(l+1)*ActivationWidth-1], activation_i[l*ActivationWidth +: ActivationWidth]};
      assign passed     = weight_i[2*l] ? ProductWidth'(activation) : {ProductWidth{1'b0}};
      assign term       = weight_i[2*l+1] ? -passed : passed;
      if (l == 0) begin : g_first
        assign sum = term;
      end else begin : g_next
        assign sum = g_lane[l-1].sum + term;
      end
    end
  endgenerate

  assign product_o = g_lane[Lanes-1].sum;

endmodule
