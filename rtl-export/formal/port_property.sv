// SPDX-License-Identifier: Apache-2.0
// dma_engine: a request does not change before its acknowledge; a beat belongs to one unit, that of the granted command; the load wins a tie; a command runs
// to its last beat; bursts have at most BurstBeats beats. The units keep their contract: a request holds until its last beat, with the same address.
module port_property #(
  parameter int BurstBeats = 3
) (
  input logic       clk_i,
  input logic       load_run_i,
  input logic       store_run_i,
  input logic       load_last_i,
  input logic       store_last_i,
  input logic       load_local_i,
  input logic       store_local_i,
  input logic       mem_ack_i,
  input logic [1:0] load_address_i,
  input logic [1:0] store_address_i
);

  logic       load_beat, store_beat, mem_req, mem_write, mem_first;
  logic [1:0] mem_addr;
  logic [7:0] mem_wdata;
  logic [0:0] mem_wstrb;
  logic       reset_q = 1'b1;
  dma_engine #(.WordBytes(1), .BurstBeats(BurstBeats), .AddressWidth(2)) u_dma (
    .clk_i(clk_i), .rst_ni(!reset_q),
    .load_run_i(load_run_i), .load_address_i(load_address_i), .load_last_i(load_last_i), .load_local_i(load_local_i), .load_beat_o(load_beat),
    .store_run_i(store_run_i), .store_address_i(store_address_i), .store_data_i(8'd0), .store_strobe_i(1'b1), .store_last_i(store_last_i),
    .store_local_i(store_local_i), .store_beat_o(store_beat),
    .mem_req_o(mem_req), .mem_write_o(mem_write), .mem_first_o(mem_first), .mem_addr_o(mem_addr), .mem_wdata_o(mem_wdata), .mem_wstrb_o(mem_wstrb), .mem_ack_i(mem_ack_i)
  );

  logic       before_q = 1'b0, load_run_q, store_run_q, load_beat_q, store_beat_q, load_last_q, store_last_q, load_local_q, store_local_q;
  logic       req_q, ack_q, write_q, first_q;
  logic [1:0] addr_q, load_address_q, store_address_q;
  logic       tie_q;
  logic [3:0] burst_q;

  always @(posedge clk_i) begin
    reset_q         <= 1'b0;
    before_q        <= !reset_q;
    load_run_q      <= load_run_i;
    store_run_q     <= store_run_i;
    load_beat_q     <= load_beat;
    store_beat_q    <= store_beat;
    load_last_q     <= load_last_i;
    store_last_q    <= store_last_i;
    load_local_q    <= load_local_i;
    store_local_q   <= store_local_i;
    load_address_q  <= load_address_i;
    store_address_q <= store_address_i;
    req_q           <= mem_req;
    ack_q           <= mem_ack_i;
    write_q         <= mem_write;
    first_q         <= mem_first;
    addr_q          <= mem_addr;
    tie_q           <= before_q && load_run_i && !load_run_q && store_run_i && !store_run_q && !load_beat && !store_beat && !mem_req;
    if (reset_q) assume (!load_run_i && !store_run_i);

    // The units' side of the contract.
    if (before_q && load_run_q && !(load_beat_q && load_last_q)) assume (load_run_i);
    if (before_q && store_run_q && !(store_beat_q && store_last_q)) assume (store_run_i);
    if (before_q && load_beat_q && load_last_q) assume (!load_run_i);
    if (before_q && store_beat_q && store_last_q) assume (!store_run_i);
    if (before_q && load_run_q && load_run_i && !load_beat_q) assume (load_address_i == load_address_q && load_local_i == load_local_q && load_last_i == load_last_q);
    if (before_q && store_run_q && store_run_i && !store_beat_q) assume (store_address_i == store_address_q && store_local_i == store_local_q && store_last_i == store_last_q);
    if (before_q && load_run_q && load_run_i) assume (load_local_i == load_local_q);
    if (before_q && store_run_q && store_run_i) assume (store_local_i == store_local_q);

    if (!reset_q) begin
      assert (!(load_beat && store_beat));
      if (load_beat) assert (load_run_i);
      if (store_beat) assert (store_run_i);
      if (mem_req && mem_ack_i) assert (mem_write ? store_beat : load_beat);
      if (!mem_req && load_beat) assert (load_local_i);
      if (!mem_req && store_beat) assert (store_local_i);
      if (before_q && req_q && !ack_q) assert (mem_req && mem_write == write_q && mem_first == first_q && mem_addr == addr_q);
      if (before_q && req_q && ack_q && !((load_beat_q && load_last_q) || (store_beat_q && store_last_q))) assert (mem_req && mem_write == write_q);
      if (tie_q) assert (!store_beat);
      // Beats since the head of the burst.
      burst_q <= (mem_req && mem_ack_i) ? (mem_first ? 4'd1 : burst_q + 4'd1) : burst_q;
      if (mem_req && !mem_first) assert (burst_q < 4'(BurstBeats));
    end else begin
      burst_q <= 4'd0;
    end
  end

endmodule
