// SPDX-License-Identifier: Apache-2.0
// Words one after the other to the accelerator's host port.
//
// address_write_i sets the host address (accelerator.sv) of the next word; data_write_i writes data_i there and moves on: to the next word of an instruction, after its last word to the next
// instruction, elsewhere to the next address.
module program_port (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        address_write_i,
  input  logic        data_write_i,
  input  logic [31:0] data_i,
  output logic [31:0] address_o,
  output logic        host_write_o,
  output logic [31:0] host_address_o,
  output logic [31:0] host_data_o
);

  logic [31:0] address_q;
  logic [3:0]  last_word;
  logic [1:0]  unit;
  logic        in_program, at_last;

  assign address_o      = address_q;
  assign host_write_o   = data_write_i;
  assign host_address_o = address_q;
  assign host_data_o    = data_i;

  assign unit       = address_q[29:28];
  assign in_program = address_q[31:30] == 2'b00;
  assign at_last    = in_program && address_q[3:0] == last_word;

  always_comb begin
    case (unit)
      2'd0:    last_word = 4'(accel_pkg::LoadWords - 1);
      2'd1:    last_word = 4'(accel_pkg::MatmulWords - 1);
      2'd2:    last_word = 4'(accel_pkg::VectorWords - 1);
      default: last_word = 4'(accel_pkg::StoreWords - 1);
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni)              address_q <= 32'd0;
    else if (address_write_i) address_q <= data_i;
    else if (data_write_i)    address_q <= at_last ? {address_q[31:4] + 28'd1, 4'd0} : address_q + 32'd1;
  end

endmodule
