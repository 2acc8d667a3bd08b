// SPDX-License-Identifier: Apache-2.0
// The product of pe_multiply with one multiplier for each pair of lanes:
//
//   product_o = sum over lanes l of activation[l] * weight[l]     exact, combinational
//
// Lane l of an operand is at bit l * width. Weights are two's complement; activations are if ActivationSigned, else unsigned. Lanes is even.
//
// Lanes 2i and 2i + 1, operands a0, a1, weights w0, w1, of A and W bits in two's complement; S = A + W + 1 bits hold any a1*w1 + a0*w0:
//
//   (a1 * 2^S + a0) * (w0 * 2^S + w1) = a1*w0 * 2^2S + (a1*w1 + a0*w0) * 2^S + a0*w1
//
// The middle field is the dot product, less one where a0*w1 is negative and borrows from it: bit S - 1 is that field's sign and is added again.
module pe_dsp_packed #(
  parameter int Lanes            = 2,
  parameter int ActivationWidth  = 4,
  parameter bit ActivationSigned = 1'b1,
  parameter int WeightWidth      = 4,
  parameter int ProductWidth     = 10
) (
  input  logic        [Lanes*ActivationWidth-1:0] activation_i,
  input  logic        [Lanes*WeightWidth-1:0]     weight_i,
  output logic signed [ProductWidth-1:0]          product_o
);

  // An unsigned activation takes one more bit as a positive two's-complement number.
  localparam int A = ActivationSigned ? ActivationWidth : ActivationWidth + 1;
  localparam int W = WeightWidth;
  localparam int S = A + W + 1;

  // Least and least together, -2^(A-1) * (2^S + 1), is one step below what S + A bits hold.
  localparam int LeftWidth   = S + A + 1;
  localparam int RightWidth  = S + W + 1;
  localparam int PackedWidth = LeftWidth + RightWidth;

  genvar p;
  generate
    for (p = 0; p < Lanes / 2; p = p + 1) begin : g_pair
      logic signed [ActivationWidth:0] wide_a0, wide_a1;
      logic signed [A-1:0]             a0, a1;
      logic signed [W-1:0]             w0, w1;
      logic signed [LeftWidth-1:0]     left;
      logic signed [RightWidth-1:0]    right;
      logic signed [PackedWidth-1:0]   product;
      logic signed [S-1:0]             dot;
      logic signed [ProductWidth-1:0]  sum;
      assign wide_a0 = {ActivationSigned && activation_i[(2*p+1)*ActivationWidth-1], activation_i[2*p*ActivationWidth +: ActivationWidth]};
      assign wide_a1 = {ActivationSigned && activation_i[(2*p+2)*ActivationWidth-1], activation_i[(2*p+1)*ActivationWidth +: ActivationWidth]};
      assign a0      = wide_a0[A-1:0];
      assign a1      = wide_a1[A-1:0];
      assign w0      = weight_i[2*p*W +: W];
      assign w1      = weight_i[(2*p+1)*W +: W];
      assign left    = (LeftWidth'(a1) <<< S) + LeftWidth'(a0);
      assign right   = (RightWidth'(w0) <<< S) + RightWidth'(w1);
      assign product = PackedWidth'(left) * PackedWidth'(right);
      assign dot     = product[2*S-1:S] + S'({1'b0, product[S-1]});
      if (p == 0) begin : g_first
        assign sum = ProductWidth'(dot);
      end else begin : g_next
        assign sum = g_pair[p-1].sum + ProductWidth'(dot);
      end
      logic unused_fields;
      assign unused_fields = &{1'b0, wide_a0, wide_a1, product};
    end
  endgenerate

  assign product_o = g_pair[Lanes/2-1].sum;

endmodule
