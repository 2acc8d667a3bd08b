// SPDX-License-Identifier: Apache-2.0
// Elements to operands of the array, combinational, the same for every element of a vector:
//
//   signed tensor:    operand = element, sign-extended or cut to ActivationWidth
//   unsigned tensor:  operand = (element >> shift_i) mod 2^DigitWidth
module operand_select #(
  parameter int Elements        = accel_pkg::VectorElements,
  parameter int ElementWidth    = accel_pkg::RequantizerElementWidth,
  parameter int ActivationWidth = accel_pkg::ArrayActivationWidth,
  parameter int DigitWidth      = accel_pkg::DigitWidth,
  parameter int ShiftWidth      = accel_pkg::DigitShiftWidth
) (
  input  logic                                signed_i,
  input  logic [ShiftWidth-1:0]               shift_i,
  input  logic [Elements*ElementWidth-1:0]    elements_i,
  output logic [Elements*ActivationWidth-1:0] operands_o
);

  localparam int WideWidth = ElementWidth + ActivationWidth;

  genvar e;
  generate
    for (e = 0; e < Elements; e = e + 1) begin : g_element
      logic [ElementWidth-1:0] element;
      logic [WideWidth-1:0]    extended;
      logic [WideWidth-1:0]    digit;
      assign element  = elements_i[e*ElementWidth +: ElementWidth];
      assign extended = {{ActivationWidth{element[ElementWidth-1]}}, element};
      assign digit    = WideWidth'(element) >> shift_i;
      assign operands_o[e*ActivationWidth +: ActivationWidth] =
        signed_i ? extended[ActivationWidth-1:0] : ActivationWidth'(digit[DigitWidth-1:0]);
      logic unused_high;
      assign unused_high = &{1'b0, extended, digit};
    end
  endgenerate

endmodule
