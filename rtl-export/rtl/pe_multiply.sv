// SPDX-License-Identifier: Apache-2.0
// The product of a processing element:
//
//   product_o = sum over lanes l of activation[l] * weight[l]     exact, combinational
//
// Lane l of an operand is at bit l * width. Weights are two's complement; activations are if ActivationSigned, else unsigned.
// Other kinds of processing element replace this module and keep its ports.
module pe_multiply #(
  parameter int Lanes            = 1,
  parameter int ActivationWidth  = 8,
  parameter bit ActivationSigned = 1'b1,
  parameter int WeightWidth      = 8,
  parameter int ProductWidth     = 17
) (
  input  logic        [Lanes*ActivationWidth-1:0] activation_i,
  input  logic        [Lanes*WeightWidth-1:0]     weight_i,
  output logic signed [ProductWidth-1:0]          product_o
);

  genvar l;
  generate
    for (l = 0; l < Lanes; l = l + 1) begin : g_lane
      // One more bit makes an unsigned activation a positive two's-complement number.
      logic signed [ActivationWidth:0]  activation;
      logic signed [WeightWidth-1:0]    weight;
      logic signed [ProductWidth-1:0]   sum;
      assign activation = {ActivationSigned && activation_i[(l+1)*ActivationWidth-1], activation_i[l*ActivationWidth +: ActivationWidth]};
      assign weight     = weight_i[l*WeightWidth +: WeightWidth];
      if (l == 0) begin : g_first
        assign sum = ProductWidth'(activation) * ProductWidth'(weight);
      end else begin : g_next
        assign sum = g_lane[l-1].sum + ProductWidth'(activation) * ProductWidth'(weight);
      end
    end
  endgenerate

  assign product_o = g_lane[Lanes-1].sum;

endmodule
