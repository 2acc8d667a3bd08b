// SPDX-License-Identifier: Apache-2.0
// From stored elements, or their sums with an offset, to the operands of the array, combinational, the same for every element of a vector:
//
//   signed tensor:    operand = element, sign-extended or cut to ActivationWidth
//   unsigned tensor:  operand = (element >> shift_i) mod 2^DigitWidth
//   xnor_popcount:    operand = {counts, negative}: {1, element < 0} of a signed tensor, {digit, 0} of an unsigned one, whose digits are bits
//   bit_serial:       operand = the bit shift_i of the element where operands enter the array bit by bit (OperandWidth 1), else the element cut to ActivationWidth
//
// Elements from limit_i on (0: none), and all with none_i, are masked: the operand is 0 in every bit, whose product is 0 with every weight. Elements past
// VectorElements, which only a column filter reads, have no limit.
module operand_select #(
  parameter int Elements        = accel_pkg::ActivationReadElements,
  parameter int VectorElements  = accel_pkg::VectorElements,
  parameter int Kind            = accel_pkg::ArrayProcessingElement,
  parameter int ElementWidth    = accel_pkg::ActivationCodeWidth,
  parameter int ActivationWidth = accel_pkg::ArrayActivationWidth,
  parameter int OperandWidth    = accel_pkg::OperandWidth,
  parameter int DigitWidth      = accel_pkg::DigitWidth,
  parameter int ShiftWidth      = accel_pkg::DigitShiftWidth,
  parameter int LimitWidth      = accel_pkg::MatmulLastTileElementsWidth
) (
  input  logic                             signed_i,
  input  logic [ShiftWidth-1:0]            shift_i,
  input  logic [LimitWidth-1:0]            limit_i,
  input  logic                             none_i,
  input  logic [Elements*ElementWidth-1:0] elements_i,
  output logic [Elements*OperandWidth-1:0] operands_o
);

  localparam int WideWidth = ElementWidth + ActivationWidth;

  genvar e;
  generate
    for (e = 0; e < Elements; e = e + 1) begin : g_element
      logic                    masked;
      logic [ElementWidth-1:0] element;
      logic [WideWidth-1:0]    extended;
      logic [WideWidth-1:0]    digit;
      logic [OperandWidth-1:0] operand;
      if (e < VectorElements) begin : g_limit
        assign masked = none_i || (limit_i != {LimitWidth{1'b0}} && 32'(limit_i) <= 32'(e));
      end else begin : g_no_limit
        assign masked = none_i;
      end
      assign element  = elements_i[e*ElementWidth +: ElementWidth];
      assign extended = {{ActivationWidth{element[ElementWidth-1]}}, element};
      assign digit    = WideWidth'(element) >> shift_i;
      if (Kind == accel_pkg::ProcessingElementXnorPopcount) begin : g_xnor_popcount
        assign operand = {signed_i || digit[0], signed_i && element[ElementWidth-1]};
      end else if (Kind == accel_pkg::ProcessingElementBitSerial) begin : g_bit_serial
        assign operand = (OperandWidth == 1) ? digit[OperandWidth-1:0] : extended[OperandWidth-1:0];
        logic unused_sign;
        assign unused_sign = signed_i;
      end else begin : g_digit
        assign operand = signed_i ? extended[OperandWidth-1:0] : OperandWidth'(digit[DigitWidth-1:0]);
      end
      assign operands_o[e*OperandWidth +: OperandWidth] = masked ? {OperandWidth{1'b0}} : operand;
      logic unused_high;
      assign unused_high = &{1'b0, extended, digit};
    end
  endgenerate

endmodule
