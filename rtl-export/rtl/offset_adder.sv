// SPDX-License-Identifier: Apache-2.0
// Adds an offset (a zero point, negated) to every element that a buffer gives, on its way into the array:
//
//   sums_o[e](t + 1) = (element[e](t + 1) + offset_i(t)) mod 2^SumWidth,   e = 0 .. Elements - 1
//
// where elements are sign-extended with signed_i(t) and zero-extended without. Latency: none for the elements, whose sums are there in the same cycle; offset and sign come
// with the address of the read, one cycle earlier, and pass a register as the read does. No reset, no back-pressure. Bit-exact with CodeOffset of the register-accurate model.
module offset_adder #(
  parameter int Elements     = 4,
  parameter int ElementWidth = accel_pkg::RequantizerElementWidth,
  parameter int SumWidth     = 9
) (
  input  logic                             clk_i,
  input  logic                             signed_i,
  input  logic [SumWidth-1:0]              offset_i,
  input  logic [Elements*ElementWidth-1:0] elements_i,
  output logic [Elements*SumWidth-1:0]     sums_o
);

  logic                signed_q;
  logic [SumWidth-1:0] offset_q;
  always_ff @(posedge clk_i) begin
    signed_q <= signed_i;
    offset_q <= offset_i;
  end

  genvar e;
  generate
    for (e = 0; e < Elements; e = e + 1) begin : g_element
      logic [ElementWidth-1:0]          element;
      logic [ElementWidth+SumWidth-1:0] extended;
      assign element  = elements_i[e*ElementWidth +: ElementWidth];
      assign extended = {{SumWidth{signed_q && element[ElementWidth-1]}}, element};
      assign sums_o[e*SumWidth +: SumWidth] = extended[SumWidth-1:0] + offset_q;
      logic unused_high;
      assign unused_high = &{1'b0, extended};
    end
  endgenerate

endmodule
