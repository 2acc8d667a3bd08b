// SPDX-License-Identifier: Apache-2.0
// The combinational products against a sum of plain multiplications, for every pair of operands.
// Weights mean what the module's head says; operands of xnor_popcount are a sign and whether they count.
module product_property #(
  parameter int Kind             = accel_pkg::ProcessingElementMultiply,
  parameter int Lanes            = 2,
  parameter int ActivationWidth  = 4,
  parameter bit ActivationSigned = 1'b1,
  parameter int WeightWidth      = 4,
  parameter int WeightTerms      = 1
) (
  input logic                             clk_i,
  input logic [Lanes*ActivationWidth-1:0] activation_i,
  input logic [Lanes*WeightWidth-1:0]     weight_i
);

  localparam int ProductWidth = 24;
  localparam int FieldWidth   = WeightWidth / WeightTerms;

  logic signed [ProductWidth-1:0] product;

  generate
    if (Kind == accel_pkg::ProcessingElementDspPacked) begin : g_dsp_packed
      pe_dsp_packed #(.Lanes(Lanes), .ActivationWidth(ActivationWidth), .ActivationSigned(ActivationSigned), .WeightWidth(WeightWidth), .ProductWidth(ProductWidth))
        u_product (.activation_i(activation_i), .weight_i(weight_i), .product_o(product));
    end else if (Kind == accel_pkg::ProcessingElementXnorPopcount) begin : g_xnor_popcount
      pe_xnor_popcount #(.Lanes(Lanes), .ProductWidth(ProductWidth)) u_product (.activation_i(activation_i), .weight_i(weight_i), .product_o(product));
    end else if (Kind == accel_pkg::ProcessingElementTernaryAdd) begin : g_ternary_add
      pe_ternary_add #(.Lanes(Lanes), .ActivationWidth(ActivationWidth), .ActivationSigned(ActivationSigned), .ProductWidth(ProductWidth))
        u_product (.activation_i(activation_i), .weight_i(weight_i), .product_o(product));
    end else if (Kind == accel_pkg::ProcessingElementShiftAdd) begin : g_shift_add
      pe_shift_add #(.Lanes(Lanes), .ActivationWidth(ActivationWidth), .ActivationSigned(ActivationSigned), .WeightWidth(WeightWidth), .WeightTerms(WeightTerms), .ProductWidth(ProductWidth))
        u_product (.activation_i(activation_i), .weight_i(weight_i), .product_o(product));
    end else begin : g_multiply
      pe_multiply #(.Lanes(Lanes), .ActivationWidth(ActivationWidth), .ActivationSigned(ActivationSigned), .WeightWidth(WeightWidth), .ProductWidth(ProductWidth))
        u_product (.activation_i(activation_i), .weight_i(weight_i), .product_o(product));
    end
  endgenerate

  // What each lane means as numbers.
  genvar l, t;
  generate
    for (l = 0; l < Lanes; l = l + 1) begin : g_lane
      logic signed [ProductWidth-1:0] activation, weight, sum;
      if (Kind == accel_pkg::ProcessingElementXnorPopcount) begin : g_bits
        assign activation = !activation_i[2*l+1] ? 24'sd0 : activation_i[2*l] ? -24'sd1 : 24'sd1;
        assign weight     = weight_i[l] ? 24'sd1 : -24'sd1;
      end else begin : g_numbers
        assign activation = {{(ProductWidth-ActivationWidth){ActivationSigned && activation_i[(l+1)*ActivationWidth-1]}}, activation_i[l*ActivationWidth +: ActivationWidth]};
        if (Kind == accel_pkg::ProcessingElementShiftAdd) begin : g_powers
          for (t = 0; t < WeightTerms; t = t + 1) begin : g_term
            logic [FieldWidth-1:0]          field;
            logic signed [ProductWidth-1:0] power, value;
            assign field = weight_i[l*WeightWidth + t*FieldWidth +: FieldWidth];
            assign power = (field[FieldWidth-2:0] == 0) ? 24'sd0 : 24'sd1 <<< (field[FieldWidth-2:0] - 1'b1);
            if (t == 0) begin : g_first
              assign value = field[FieldWidth-1] ? -power : power;
            end else begin : g_next
              assign value = g_term[t-1].value + (field[FieldWidth-1] ? -power : power);
            end
          end
          assign weight = g_term[WeightTerms-1].value;
        end else begin : g_plain
          assign weight = {{(ProductWidth-WeightWidth){weight_i[(l+1)*WeightWidth-1]}}, weight_i[l*WeightWidth +: WeightWidth]};
        end
      end
      if (l == 0) begin : g_first
        assign sum = activation * weight;
      end else begin : g_next
        assign sum = g_lane[l-1].sum + activation * weight;
      end
      // The ternary code 10 stands for no weight.
      if (Kind == accel_pkg::ProcessingElementTernaryAdd) begin : g_codes
        always @(posedge clk_i) assume (weight_i[2*l +: 2] != 2'b10);
      end
    end
  endgenerate

  always @(posedge clk_i) assert (product == g_lane[Lanes-1].sum);

endmodule
