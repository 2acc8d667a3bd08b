// SPDX-License-Identifier: Apache-2.0
// The shell of a processing element whose sum stays in place: forwarding of both operands, the sum, and a drain register.
//
//   step_i:   sum <- narrow((first_i ? 0 : sum) + product(activation_i, weight_i))     pe_datapath.sv; the cycle of a bit-serial product's last bit
//   last_i:   drain <- that new sum                                                    (with step_i)
//   drain_i:  drain <- drain_north_i                                                   (without last_i)
//
// activation_o, serial_o, step_o, first_o, last_o, drain_o one cycle after their inputs (to the east); weight_o one cycle after weight_i, and the drain register
// (to the south). serial_i = {negative, first} of a bit-serial product. No reset, no back-pressure: a sum is meant from the first step on.
module accumulating_element #(
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
  input  logic                              step_i,
  input  logic                              first_i,
  input  logic                              last_i,
  input  logic                              drain_i,
  input  logic [1:0]                        serial_i,
  input  logic [Lanes*OperandWidth-1:0]     activation_i,
  input  logic [Lanes*WeightWidth-1:0]      weight_i,
  input  logic signed [PartialSumWidth-1:0] drain_north_i,
  output logic                              step_o,
  output logic                              first_o,
  output logic                              last_o,
  output logic                              drain_o,
  output logic [1:0]                        serial_o,
  output logic [Lanes*OperandWidth-1:0]     activation_o,
  output logic [Lanes*WeightWidth-1:0]      weight_o,
  output logic signed [PartialSumWidth-1:0] drain_south_o
);

  logic signed [PartialSumWidth-1:0] sum, sum_q, augend;
  assign augend = first_i ? {PartialSumWidth{1'b0}} : sum_q;

  pe_datapath #(
    .Kind(Kind), .Lanes(Lanes), .ActivationWidth(ActivationWidth), .ActivationSigned(ActivationSigned), .OperandWidth(OperandWidth), .WeightWidth(WeightWidth),
    .WeightTerms(WeightTerms), .PartialSumWidth(PartialSumWidth), .Saturate(Saturate)
  ) u_datapath (
    .clk_i       (clk_i),
    .first_i     (serial_i[0]),
    .negative_i  (serial_i[1]),
    .activation_i(activation_i),
    .weight_i    (weight_i),
    .augend_i    (augend),
    .sum_o       (sum)
  );

  always_ff @(posedge clk_i) begin
    if (step_i) sum_q <= sum;
    if (last_i)       drain_south_o <= sum;
    else if (drain_i) drain_south_o <= drain_north_i;
  end

  always_ff @(posedge clk_i) begin
    step_o       <= step_i;
    first_o      <= first_i;
    last_o       <= last_i;
    drain_o      <= drain_i;
    activation_o <= activation_i;
    weight_o     <= weight_i;
  end

  generate
    if (Kind == accel_pkg::ProcessingElementBitSerial) begin : g_serial
      always_ff @(posedge clk_i) serial_o <= serial_i;
    end else begin : g_at_once
      assign serial_o = 2'b00;
    end
  endgenerate

endmodule
