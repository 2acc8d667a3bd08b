// SPDX-License-Identifier: Apache-2.0
// The memory port: one command of the load or of the store unit at a time.
//
// A unit requests with *_run_i, from the first run cycle of its command to its last beat. While the port is free, the request that was raised first is
// granted, on a tie the load. From the cycle after the grant the port asks for the command's beats: mem_req_o with mem_write_o, mem_addr_o (memory words),
// and for a write mem_wdata_o and mem_wstrb_o. A beat happens in a cycle with mem_req_o and mem_ack_i; mem_rdata_i belongs to that cycle. mem_first_o marks the first
// beat of each burst of at most BurstBeats beats; with AlignmentWords > 0 a burst is consecutive words of one block of so many words that begins at a multiple of it. The port is free again from the cycle after the beat for which the unit sets *_last_i.
//
// A command with *_local_i needs no memory (fills, forwarding): it has a beat in every cycle after the grant, with mem_req_o low.
//
// With a memory that withholds mem_ack_i for L cycles at each mem_first_o: last beat = grant + bursts * L + n.
module dma_engine #(
  parameter int WordBytes      = accel_pkg::MemoryBytesPerCycle,
  parameter int BurstBeats     = accel_pkg::MemoryBurstBeats,
  parameter int AlignmentWords = accel_pkg::MemoryBurstAlignmentWords,
  parameter int AddressWidth   = accel_pkg::MemoryAddressWidth
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,

  input  logic                    load_run_i,
  input  logic [AddressWidth-1:0] load_address_i,
  input  logic                    load_last_i,
  input  logic                    load_local_i,
  output logic                    load_beat_o,

  input  logic                    store_run_i,
  input  logic [AddressWidth-1:0] store_address_i,
  input  logic [8*WordBytes-1:0]  store_data_i,
  input  logic [WordBytes-1:0]    store_strobe_i,
  input  logic                    store_last_i,
  input  logic                    store_local_i,
  output logic                    store_beat_o,

  output logic                    mem_req_o,
  output logic                    mem_write_o,
  output logic                    mem_first_o,
  output logic [AddressWidth-1:0] mem_addr_o,
  output logic [8*WordBytes-1:0]  mem_wdata_o,
  output logic [WordBytes-1:0]    mem_wstrb_o,
  input  logic                    mem_ack_i
);

  localparam int BurstWidth = (BurstBeats > 1) ? $clog2(BurstBeats) : 1;

  logic                  busy_q, store_owns_q;
  logic [BurstWidth-1:0] burst_q;
  logic                  grant_load, grant_store, beat, last, is_local, apart;

  // At most one request waits for a busy port, because the other unit's command is being served and that unit needs cycles of its own before it can request
  // again. So whenever both requests are there and the port is free, they were raised in this very cycle: a tie.
  assign grant_load  = !busy_q && load_run_i;
  assign grant_store = !busy_q && store_run_i && !load_run_i;

  assign is_local    = store_owns_q ? store_local_i : load_local_i;
  assign mem_req_o   = busy_q && !is_local;
  assign mem_write_o = store_owns_q;
  assign mem_first_o = burst_q == {BurstWidth{1'b0}} || apart;
  assign mem_addr_o  = store_owns_q ? store_address_i : load_address_i;
  assign mem_wdata_o = store_data_i;
  assign mem_wstrb_o = store_strobe_i;

  assign beat         = busy_q && (is_local || mem_ack_i);
  assign last         = store_owns_q ? store_last_i : load_last_i;
  assign load_beat_o  = beat && !store_owns_q;
  assign store_beat_o = beat && store_owns_q;

  // Place of this beat in its burst.
  logic [BurstWidth-1:0] place;
  assign place = mem_first_o ? {BurstWidth{1'b0}} : burst_q;

  generate
    if (AlignmentWords > 0) begin : g_aligned
      logic [AddressWidth-1:0] next_q;  // the word that would follow
      assign apart = mem_addr_o != next_q || (mem_addr_o & AddressWidth'(AlignmentWords - 1)) == {AddressWidth{1'b0}};
      always_ff @(posedge clk_i) begin
        if (!rst_ni)   next_q <= {AddressWidth{1'b0}};
        else if (beat) next_q <= mem_addr_o + AddressWidth'(1);
      end
    end else begin : g_any_words
      assign apart = 1'b0;
    end
  endgenerate

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q       <= 1'b0;
      store_owns_q <= 1'b0;
      burst_q      <= {BurstWidth{1'b0}};
    end else begin
      if (grant_load || grant_store) begin
        busy_q       <= 1'b1;
        store_owns_q <= grant_store;
        burst_q      <= {BurstWidth{1'b0}};
      end else if (beat) begin
        busy_q  <= !last;
        burst_q <= (place == BurstWidth'(BurstBeats - 1)) ? {BurstWidth{1'b0}} : place + BurstWidth'(1);
      end
    end
  end

endmodule
