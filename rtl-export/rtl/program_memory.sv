// SPDX-License-Identifier: Apache-2.0
// A unit's program and its length, written by the host as 32-bit words.
//
//   host_write_i, select_i:            word host_word_i of instruction host_line_i
//   host_write_i, select_length_i:     number of instructions
//   instruction_o(t + 1) = instruction[address_i(t)]   when fetch_i(t), else unchanged
module program_memory #(
  parameter int InstructionWidth = 64,
  parameter int InstructionWords = 2,
  parameter int Depth            = accel_pkg::ProgramDepth,
  parameter int AddressWidth     = accel_pkg::ProgramAddressWidth
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,
  input  logic                        host_write_i,
  input  logic                        select_i,
  input  logic                        select_length_i,
  input  logic [AddressWidth-1:0]     host_line_i,
  input  logic [3:0]                  host_word_i,
  input  logic [31:0]                 host_data_i,
  input  logic                        fetch_i,
  input  logic [AddressWidth-1:0]     address_i,
  output logic [InstructionWidth-1:0] instruction_o,
  output logic [AddressWidth:0]       length_o
);

  line_buffer #(
    .Lines(Depth), .LineWidth(InstructionWidth), .WordWidth(32), .LineWords(InstructionWords), .AddressWidth(AddressWidth), .WordSelectWidth(4)
  ) u_instructions (
    .clk_i       (clk_i),
    .write_i     (host_write_i && select_i),
    .write_line_i(host_line_i),
    .write_word_i(host_word_i),
    .write_data_i(host_data_i),
    .read_i      (fetch_i),
    .read_line_i (address_i),
    .read_data_o (instruction_o)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni)                              length_o <= {(AddressWidth+1){1'b0}};
    else if (host_write_i && select_length_i) length_o <= host_data_i[AddressWidth:0];
  end

endmodule
