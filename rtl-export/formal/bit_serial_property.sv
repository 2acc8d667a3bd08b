// SPDX-License-Identifier: Apache-2.0
// pe_bit_serial: the bits of a number, most significant first, make its product with the weights, for every number, weight, length and sign.
module bit_serial_property #(
  parameter int Lanes       = 2,
  parameter int WeightWidth = 3,
  parameter int Bits        = 3
) (
  input logic                         clk_i,
  input logic [Lanes-1:0]             bits_i,
  input logic [Lanes*WeightWidth-1:0] weight_i,
  input logic                         signed_i
);

  localparam int ProductWidth = 10;

  // Which bit of the number this cycle has; the first cycle begins one.
  logic [3:0]                   place_q  = 4'd0;
  logic [Lanes*WeightWidth-1:0] weight_q = {(Lanes*WeightWidth){1'b0}};
  logic                         signed_q = 1'b0;
  logic                         first;
  logic [Lanes*WeightWidth-1:0] weight;
  logic                         number_signed;
  assign first         = place_q == 4'd0;
  assign weight        = first ? weight_i : weight_q;
  assign number_signed = first ? signed_i : signed_q;

  logic signed [ProductWidth-1:0] product;
  pe_bit_serial #(.Lanes(Lanes), .WeightWidth(WeightWidth), .ProductWidth(ProductWidth)) u_product (
    .clk_i(clk_i), .first_i(first), .negative_i(number_signed), .activation_i(bits_i), .weight_i(weight), .product_o(product)
  );

  genvar l;
  generate
    for (l = 0; l < Lanes; l = l + 1) begin : g_lane
      // The number up to here, as a number.
      logic signed [ProductWidth-1:0] value, value_q, weight_value, sum;
      assign value        = first ? ((number_signed && bits_i[l]) ? -10'sd1 : {9'd0, bits_i[l]}) : (value_q + value_q + $signed({9'd0, bits_i[l]}));
      assign weight_value = {{(ProductWidth-WeightWidth){weight[(l+1)*WeightWidth-1]}}, weight[l*WeightWidth +: WeightWidth]};
      always @(posedge clk_i) value_q <= value;
      if (l == 0) begin : g_first
        assign sum = value * weight_value;
      end else begin : g_next
        assign sum = g_lane[l-1].sum + value * weight_value;
      end
    end
  endgenerate

  always @(posedge clk_i) begin
    place_q  <= (place_q == 4'(Bits - 1)) ? 4'd0 : place_q + 4'd1;
    weight_q <= weight;
    signed_q <= number_signed;
    assert (product == g_lane[Lanes-1].sum);
  end

endmodule
