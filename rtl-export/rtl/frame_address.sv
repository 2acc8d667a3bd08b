// SPDX-License-Identifier: Apache-2.0
// The element address at which a frame's data lies: address_i where per_frame_i is not set, else address_i + k * stride_i in frame k.
//
// program_i begins frame 0, next_frame_i the next one.
module frame_address #(
  parameter int AddressWidth = accel_pkg::MemoryAddressWidth
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  input  logic                    program_i,
  input  logic                    next_frame_i,
  input  logic [AddressWidth-1:0] stride_i,
  input  logic                    per_frame_i,
  input  logic [AddressWidth-1:0] address_i,
  output logic [AddressWidth-1:0] address_o
);

  logic [AddressWidth-1:0] offset_q;
  assign address_o = address_i + (offset_q & {AddressWidth{per_frame_i}});

  always_ff @(posedge clk_i) begin
    if (!rst_ni || program_i) offset_q <= {AddressWidth{1'b0}};
    else if (next_frame_i)    offset_q <= offset_q + stride_i;
  end

endmodule
