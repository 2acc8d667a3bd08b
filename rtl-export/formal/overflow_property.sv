// SPDX-License-Identifier: Apache-2.0
// overflow_adder against the exact sum, for every pair of operands.
module overflow_property #(
  parameter int Width       = 9,
  parameter int AddendWidth = 12,
  parameter bit Saturate    = 1'b1
) (
  input logic                          clk_i,
  input logic signed [Width-1:0]       augend_i,
  input logic signed [AddendWidth-1:0] addend_i
);

  localparam logic signed [63:0] Most  = (64'sd1 <<< (Width - 1)) - 64'sd1;
  localparam logic signed [63:0] Least = -(64'sd1 <<< (Width - 1));

  logic signed [Width-1:0] sum;
  logic signed [63:0]      exact, found;
  overflow_adder #(.Width(Width), .AddendWidth(AddendWidth), .Saturate(Saturate)) u_add (.augend_i(augend_i), .addend_i(addend_i), .sum_o(sum));
  assign exact = 64'(augend_i) + 64'(addend_i);
  assign found = 64'(sum);

  always @(posedge clk_i) begin
    if (exact <= Most && exact >= Least) assert (found == exact);
    else if (Saturate)                   assert (found == ((exact < 0) ? Least : Most));
    else                                 assert (((found - exact) & ((64'sd1 <<< Width) - 64'sd1)) == 64'sd0);
  end

endmodule
