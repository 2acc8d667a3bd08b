// SPDX-License-Identifier: Apache-2.0
// What a run needs beside the programs, written by the host:
//
//   word 0        frames_o: how often the programs run; 1 after reset
//   word 1        frame_stride_o: elements of external memory from one frame's input and output to the next
//   word 2        prologue_o: instructions at the head of the load program that run once, before the first frame
//   semaphore s   initial_o[s]: its count at cycle 0; 0 after reset
//
// host_write_i with select_word_i or select_semaphore_i writes host_data_i to index_i.
module run_control #(
  parameter int FrameWidth         = accel_pkg::FrameCountWidth,
  parameter int MemoryAddressWidth = accel_pkg::MemoryAddressWidth,
  parameter int AddressWidth       = accel_pkg::ProgramAddressWidth,
  parameter int Semaphores         = accel_pkg::SemaphoreCount,
  parameter int InitialWidth       = accel_pkg::SemaphoreInitialWidth
) (
  input  logic                               clk_i,
  input  logic                               rst_ni,
  input  logic                               host_write_i,
  input  logic                               select_word_i,
  input  logic                               select_semaphore_i,
  input  logic [4:0]                         index_i,
  input  logic [31:0]                        host_data_i,
  output logic [FrameWidth-1:0]              frames_o,
  output logic [MemoryAddressWidth-1:0]      frame_stride_o,
  output logic [AddressWidth-1:0]            prologue_o,
  output logic [Semaphores*InitialWidth-1:0] initial_o
);

  logic write_word;
  assign write_word = host_write_i && select_word_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      frames_o       <= FrameWidth'(1);
      frame_stride_o <= {MemoryAddressWidth{1'b0}};
      prologue_o     <= {AddressWidth{1'b0}};
    end else begin
      if (write_word && index_i == 5'd0) frames_o       <= host_data_i[FrameWidth-1:0];
      if (write_word && index_i == 5'd1) frame_stride_o <= host_data_i[MemoryAddressWidth-1:0];
      if (write_word && index_i == 5'd2) prologue_o     <= host_data_i[AddressWidth-1:0];
    end
  end

  genvar s;
  generate
    for (s = 0; s < Semaphores; s = s + 1) begin : g_semaphore
      always_ff @(posedge clk_i) begin
        if (!rst_ni) initial_o[s*InitialWidth +: InitialWidth] <= {InitialWidth{1'b0}};
        else if (host_write_i && select_semaphore_i && index_i == 5'(s)) initial_o[s*InitialWidth +: InitialWidth] <= host_data_i[InitialWidth-1:0];
      end
    end
  endgenerate

endmodule
