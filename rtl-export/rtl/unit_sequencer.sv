// SPDX-License-Identifier: Apache-2.0
// Runs a unit's program: fetch (1 cycle), wait (>= 1), run (until last_i), and again; after the last instruction from first_i on again, frames_i frames in all; then idle.
//
//   fetch_o   the instruction memory is read at address_o; the instruction is there from the next cycle to the next fetch_o
//   start_o   last cycle of the wait: every semaphore of waits_i is available; take_o decrements them
//   run_o     the cycles after start_o, up to and including the one with last_i
//   end_o     run_o and last_i
//   next_frame_o   end_o of the last instruction of a frame that another one follows: the next cycle is the next frame's first fetch
//
// start_program_i in cycle t (while idle_o) makes t + 1 the first fetch, if length_i is not zero. The instructions before first_i, which is less than length_i, run once; frames_i is at least 1.
module unit_sequencer #(
  parameter int AddressWidth = accel_pkg::ProgramAddressWidth,
  parameter int FrameWidth   = accel_pkg::FrameCountWidth,
  parameter int Semaphores   = accel_pkg::SemaphoreCount
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  input  logic                    start_program_i,
  input  logic [AddressWidth:0]   length_i,
  input  logic [AddressWidth-1:0] first_i,
  input  logic [FrameWidth-1:0]   frames_i,
  input  logic [Semaphores-1:0]   waits_i,
  input  logic [Semaphores-1:0]   available_i,
  output logic [Semaphores-1:0]   take_o,
  input  logic                    last_i,
  output logic                    fetch_o,
  output logic [AddressWidth-1:0] address_o,
  output logic                    start_o,
  output logic                    run_o,
  output logic                    end_o,
  output logic                    next_frame_o,
  output logic                    idle_o
);

  localparam logic [1:0] Idle  = 2'd0;
  localparam logic [1:0] Fetch = 2'd1;
  localparam logic [1:0] Wait  = 2'd2;
  localparam logic [1:0] Run   = 2'd3;

  logic [1:0]            state_d, state_q;
  logic [AddressWidth:0] next_q;    // the instruction after the one that was fetched last
  logic [FrameWidth-1:0] frames_q;  // frames left, the present one included
  logic                  last_instruction, last_frame;

  assign idle_o    = state_q == Idle;
  assign fetch_o   = state_q == Fetch;
  assign run_o     = state_q == Run;
  assign address_o = next_q[AddressWidth-1:0];
  assign start_o   = state_q == Wait && (waits_i & ~available_i) == {Semaphores{1'b0}};
  assign end_o     = run_o && last_i;
  assign take_o    = waits_i & {Semaphores{start_o}};

  assign last_instruction = next_q == length_i;
  assign last_frame       = frames_q == FrameWidth'(1);
  assign next_frame_o     = end_o && last_instruction && !last_frame;

  always_comb begin
    state_d = state_q;
    case (state_q)
      Idle:    if (start_program_i && length_i != {(AddressWidth+1){1'b0}}) state_d = Fetch;
      Fetch:   state_d = Wait;
      Wait:    if (start_o) state_d = Run;
      default: if (last_i) state_d = (last_instruction && last_frame) ? Idle : Fetch;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q  <= Idle;
      next_q   <= {(AddressWidth+1){1'b0}};
      frames_q <= FrameWidth'(1);
    end else begin
      state_q <= state_d;

      if (start_program_i)   next_q <= {(AddressWidth+1){1'b0}};
      else if (next_frame_o) next_q <= {1'b0, first_i};
      else if (fetch_o)      next_q <= next_q + (AddressWidth+1)'(1);

      if (start_program_i)   frames_q <= frames_i;
      else if (next_frame_o) frames_q <= frames_q - FrameWidth'(1);
    end
  end

endmodule
