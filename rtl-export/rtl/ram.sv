// SPDX-License-Identifier: Apache-2.0
// Memory with one write port and one read port.
//
//   read_data_o(t + 1) = memory[read_address_i(t)]   when read_i(t), else unchanged
//   memory[write_address_i(t)] = write_data_i(t)     from cycle t + 1 on, when write_i(t)
//
// Latency: one cycle to read. A read in the cycle of a write to the same address gives the old word.
// Simulation starts with zeros. Nothing depends on that in hardware: a word that was never written only ever meets a zero weight.
module ram #(
  parameter int Width        = 8,
  parameter int Depth        = 16,
  parameter int AddressWidth = 4
) (
  input  logic                    clk_i,
  input  logic                    write_i,
  input  logic [AddressWidth-1:0] write_address_i,
  input  logic [Width-1:0]        write_data_i,
  input  logic                    read_i,
  input  logic [AddressWidth-1:0] read_address_i,
  output logic [Width-1:0]        read_data_o
);

  logic [Width-1:0] memory_q [0:Depth-1];

`ifndef SYNTHESIS
  initial begin : zero
    integer i;
    for (i = 0; i < Depth; i = i + 1) memory_q[i] = {Width{1'b0}};
    read_data_o = {Width{1'b0}};
  end
`endif

  always_ff @(posedge clk_i) begin
    if (write_i) memory_q[write_address_i] <= write_data_i;
  end

  always_ff @(posedge clk_i) begin
    if (read_i) read_data_o <= memory_q[read_address_i];
  end

endmodule
