// SPDX-License-Identifier: Apache-2.0
// sum_o = narrow(augend_i + addend_i), two's complement, combinational.
// The sum is exact; narrow brings it to Width bits: the nearest word (Saturate) or the low bits (wrap).
// Bit-exact with AccelModel.Numerics.TwosComplement.Saturate and .Wrap.
module overflow_adder #(
  parameter int Width       = 16,
  parameter int AddendWidth = 16,
  parameter bit Saturate    = 1'b1
) (
  input  logic signed [Width-1:0]       augend_i,
  input  logic signed [AddendWidth-1:0] addend_i,
  output logic signed [Width-1:0]       sum_o
);

  localparam int SumWidth = ((Width > AddendWidth) ? Width : AddendWidth) + 1;

  logic signed [SumWidth-1:0] sum;
  assign sum = SumWidth'(augend_i) + SumWidth'(addend_i);

  generate
    if (Saturate) begin : g_saturate
      // The sum fits when the bits above the result's sign repeat it.
      logic fits;
      assign fits  = sum[SumWidth-1:Width-1] == {(SumWidth-Width+1){sum[SumWidth-1]}};
      assign sum_o = fits ? sum[Width-1:0] : {sum[SumWidth-1], {(Width-1){~sum[SumWidth-1]}}};
    end else begin : g_wrap
      assign sum_o = sum[Width-1:0];
      logic unused_high;
      assign unused_high = &{1'b0, sum[SumWidth-1:Width]};
    end
  endgenerate

endmodule
