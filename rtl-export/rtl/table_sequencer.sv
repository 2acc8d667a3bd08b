// SPDX-License-Identifier: Apache-2.0
// Reads the table of a codebook in front of a matmul: lines address_i .. address_i + lines_i - 1 in the first lines_i cycles after start_i.
// begin_o is the cycle before the matmul's own first one: start_i where there is no table.
module table_sequencer #(
  parameter bit Codebook     = accel_pkg::ArrayProcessingElement == accel_pkg::ProcessingElementCodebook,
  parameter int AddressWidth = accel_pkg::LineAddressWidth
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  input  logic                    start_i,
  input  logic [AddressWidth-1:0] address_i,
  input  logic [AddressWidth-1:0] lines_i,
  output logic                    read_o,
  output logic [AddressWidth-1:0] address_o,
  output logic                    begin_o
);

  generate
    if (Codebook) begin : g_table
      logic [AddressWidth-1:0] left_q, address_q;
      assign read_o    = left_q != {AddressWidth{1'b0}};
      assign address_o = address_q;
      assign begin_o   = start_i ? lines_i == {AddressWidth{1'b0}} : left_q == AddressWidth'(1);
      always_ff @(posedge clk_i) begin
        if (!rst_ni)      left_q <= {AddressWidth{1'b0}};
        else if (start_i) left_q <= lines_i;
        else if (read_o)  left_q <= left_q - AddressWidth'(1);

        if (!rst_ni)      address_q <= {AddressWidth{1'b0}};
        else if (start_i) address_q <= address_i;
        else if (read_o)  address_q <= address_q + AddressWidth'(1);
      end
    end else begin : g_no_table
      assign read_o    = 1'b0;
      assign address_o = address_i;
      assign begin_o   = start_i;
      logic unused_table;
      assign unused_table = &{1'b0, clk_i, rst_ni, lines_i};
    end
  endgenerate

endmodule
