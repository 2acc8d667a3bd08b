// SPDX-License-Identifier: Apache-2.0
// The shell of a processing element: weight registers, forwarding, one addition.
//
//   partial_sum_o(t + 1) = narrow(partial_sum_i(t) + product(activation_i(t), weight(t)))
//   activation_o, swap_o   one cycle after activation_i, swap_i (to the east)
//   weight_o               the weight that shift_i moves on (to the south)
//
// With WeightDoubleBuffering shift_i fills a shadow register and swap_i makes its content the weight of the next cycle;
// without it shift_i fills the weight itself and swap_i is not used. No reset, no back-pressure: every cycle computes.
module processing_element #(
  parameter int Lanes                 = 1,
  parameter int ActivationWidth       = 8,
  parameter bit ActivationSigned      = 1'b1,
  parameter int WeightWidth           = 8,
  parameter int PartialSumWidth       = 24,
  parameter bit Saturate              = 1'b1,
  parameter bit WeightDoubleBuffering = 1'b1
) (
  input  logic                              clk_i,
  input  logic                              shift_i,
  input  logic                              swap_i,
  input  logic [Lanes*ActivationWidth-1:0]  activation_i,
  input  logic [Lanes*WeightWidth-1:0]      weight_i,
  input  logic signed [PartialSumWidth-1:0] partial_sum_i,
  output logic                              swap_o,
  output logic [Lanes*ActivationWidth-1:0]  activation_o,
  output logic [Lanes*WeightWidth-1:0]      weight_o,
  output logic signed [PartialSumWidth-1:0] partial_sum_o
);

  localparam int ProductWidth = ActivationWidth + 1 + WeightWidth + $clog2(Lanes);

  logic [Lanes*WeightWidth-1:0]      chain_q;
  logic [Lanes*WeightWidth-1:0]      weight;
  logic signed [ProductWidth-1:0]    product;
  logic signed [PartialSumWidth-1:0] sum;

  always_ff @(posedge clk_i) begin
    if (shift_i) chain_q <= weight_i;
  end
  assign weight_o = chain_q;

  generate
    if (WeightDoubleBuffering) begin : g_shadow
      logic [Lanes*WeightWidth-1:0] weight_q;
      always_ff @(posedge clk_i) begin
        if (swap_i) weight_q <= chain_q;
      end
      assign weight = weight_q;
    end else begin : g_single
      assign weight = chain_q;
    end
  endgenerate

  pe_multiply #(
    .Lanes(Lanes), .ActivationWidth(ActivationWidth), .ActivationSigned(ActivationSigned), .WeightWidth(WeightWidth), .ProductWidth(ProductWidth)
  ) u_product (
    .activation_i(activation_i),
    .weight_i    (weight),
    .product_o   (product)
  );

  overflow_adder #(.Width(PartialSumWidth), .AddendWidth(ProductWidth), .Saturate(Saturate)) u_add (
    .augend_i(partial_sum_i),
    .addend_i(product),
    .sum_o   (sum)
  );

  always_ff @(posedge clk_i) begin
    swap_o        <= swap_i;
    activation_o  <= activation_i;
    partial_sum_o <= sum;
  end

endmodule
