// SPDX-License-Identifier: Apache-2.0
// The product with weights that are sums of signed powers of two: shift and add.
//
//   product_o = sum over lanes l of activation[l] * weight[l]     exact, combinational
//   weight    = sum over terms t of (sign ? -1 : 1) * (code == 0 ? 0 : 2^(code - 1))
//
// Lane l of the activations is at bit l * ActivationWidth, two's complement if ActivationSigned, else unsigned. Lane l of the weights is at bit
// l * WeightWidth: WeightTerms fields of WeightWidth / WeightTerms bits, term 0 lowest, the sign in the top bit of each.
module pe_shift_add #(
  parameter int Lanes            = 1,
  parameter int ActivationWidth  = 8,
  parameter bit ActivationSigned = 1'b1,
  parameter int WeightWidth      = 4,
  parameter int WeightTerms      = 1,
  parameter int ProductWidth     = 15
) (
  input  logic        [Lanes*ActivationWidth-1:0] activation_i,
  input  logic        [Lanes*WeightWidth-1:0]     weight_i,
  output logic signed [ProductWidth-1:0]          product_o
);

  localparam int FieldWidth = WeightWidth / WeightTerms;
  localparam int CodeWidth  = FieldWidth - 1;
  localparam int Terms      = Lanes * WeightTerms;

  genvar t;
  generate
    for (t = 0; t < Terms; t = t + 1) begin : g_term
      localparam int Lane = t / WeightTerms;
      logic signed [ActivationWidth:0] activation;
      logic        [FieldWidth-1:0]    field;
      logic        [CodeWidth-1:0]     code;
      logic signed [ProductWidth-1:0]  magnitude, term, sum;
      assign activation = {ActivationSigned && activation_i[(Lane+1)*ActivationWidth-1], activation_i[Lane*ActivationWidth +: ActivationWidth]};
      assign field      = weight_i[t*FieldWidth +: FieldWidth];
      assign code       = field[CodeWidth-1:0];
      assign magnitude  = (code == {CodeWidth{1'b0}}) ? {ProductWidth{1'b0}} : ProductWidth'(activation) <<< (code - CodeWidth'(1));
      assign term       = field[FieldWidth-1] ? -magnitude : magnitude;
      if (t == 0) begin : g_first
        assign sum = term;
      end else begin : g_next
        assign sum = g_term[t-1].sum + term;
      end
    end
  endgenerate

  assign product_o = g_term[Terms-1].sum;

endmodule
