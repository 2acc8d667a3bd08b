// SPDX-License-Identifier: Apache-2.0
// The arithmetic of a processing element, the same in every dataflow:
//
//   sum_o = narrow(augend_i + product(activation_i, weight_i))     one addition at PartialSumWidth bits, overflow_adder.sv
//
// Kind chooses the module of the product, whose head says what the operands look like. Combinational, but for bit-serial products: there first_i and
// negative_i go with the bits, and sum_o is meant in the cycle of the last bit.
// A codebook's weights are values already when they come here: codebook_table.sv looks them up at the edge of the array.
module pe_datapath #(
  parameter int Kind             = accel_pkg::ProcessingElementMultiply,
  parameter int Lanes            = 1,
  parameter int ActivationWidth  = 8,
  parameter bit ActivationSigned = 1'b1,
  parameter int OperandWidth     = 8,
  parameter int WeightWidth      = 8,
  parameter int WeightTerms      = 1,
  parameter int PartialSumWidth  = 24,
  parameter bit Saturate         = 1'b1
) (
  input  logic                              clk_i,
  input  logic                              first_i,
  input  logic                              negative_i,
  input  logic [Lanes*OperandWidth-1:0]     activation_i,
  input  logic [Lanes*WeightWidth-1:0]      weight_i,
  input  logic signed [PartialSumWidth-1:0] augend_i,
  output logic signed [PartialSumWidth-1:0] sum_o
);

  // Bits of the largest weight beyond the activation's own, sign included.
  localparam int TermWidth   = WeightWidth / WeightTerms;
  localparam int ShiftRange  = (1 << (TermWidth - 1)) - 2 + WeightTerms;
  localparam int WeightRange = (Kind == accel_pkg::ProcessingElementTernaryAdd) ? 1
                             : (Kind == accel_pkg::ProcessingElementShiftAdd)   ? ShiftRange : WeightWidth;
  localparam int ProductWidth = (Kind == accel_pkg::ProcessingElementXnorPopcount) ? 2 + $clog2(Lanes) : ActivationWidth + 1 + WeightRange + $clog2(Lanes);

  logic signed [ProductWidth-1:0] product;

  generate
    if (Kind == accel_pkg::ProcessingElementBitSerial) begin : g_bit_serial
      pe_bit_serial #(.Lanes(Lanes), .WeightWidth(WeightWidth), .ProductWidth(ProductWidth)) u_product (
        .clk_i       (clk_i),
        .first_i     (first_i),
        .negative_i  (negative_i),
        .activation_i(activation_i),
        .weight_i    (weight_i),
        .product_o   (product)
      );
    end else begin : g_at_once
      logic unused_serial;
      assign unused_serial = &{1'b0, clk_i, first_i, negative_i};
      if (Kind == accel_pkg::ProcessingElementDspPacked) begin : g_dsp_packed
        pe_dsp_packed #(
          .Lanes(Lanes), .ActivationWidth(ActivationWidth), .ActivationSigned(ActivationSigned), .WeightWidth(WeightWidth), .ProductWidth(ProductWidth)
        ) u_product (.activation_i(activation_i), .weight_i(weight_i), .product_o(product));
      end else if (Kind == accel_pkg::ProcessingElementXnorPopcount) begin : g_xnor_popcount
        pe_xnor_popcount #(.Lanes(Lanes), .ProductWidth(ProductWidth)) u_product (.activation_i(activation_i), .weight_i(weight_i), .product_o(product));
      end else if (Kind == accel_pkg::ProcessingElementTernaryAdd) begin : g_ternary_add
        pe_ternary_add #(
          .Lanes(Lanes), .ActivationWidth(ActivationWidth), .ActivationSigned(ActivationSigned), .ProductWidth(ProductWidth)
        ) u_product (.activation_i(activation_i), .weight_i(weight_i), .product_o(product));
      end else if (Kind == accel_pkg::ProcessingElementShiftAdd) begin : g_shift_add
        pe_shift_add #(
          .Lanes(Lanes), .ActivationWidth(ActivationWidth), .ActivationSigned(ActivationSigned), .WeightWidth(WeightWidth), .WeightTerms(WeightTerms),
          .ProductWidth(ProductWidth)
        ) u_product (.activation_i(activation_i), .weight_i(weight_i), .product_o(product));
      end else begin : g_multiply
        pe_multiply #(
          .Lanes(Lanes), .ActivationWidth(ActivationWidth), .ActivationSigned(ActivationSigned), .WeightWidth(WeightWidth), .ProductWidth(ProductWidth)
        ) u_product (.activation_i(activation_i), .weight_i(weight_i), .product_o(product));
      end
    end
  endgenerate

  overflow_adder #(.Width(PartialSumWidth), .AddendWidth(ProductWidth), .Saturate(Saturate)) u_add (
    .augend_i(augend_i),
    .addend_i(product),
    .sum_o   (sum_o)
  );

endmodule
