// SPDX-License-Identifier: Apache-2.0
// Both requesters raise commands of random length at random times, often together, against a plain description of the port: free from the cycle after a last
// beat, grants what was raised first, on a tie the load; latency before each burst.
module dma_engine_tb;

  localparam int Latency = 3;
  localparam int Burst   = 4;

  logic        clk = 1'b0;
  logic        rst_n = 1'b0;
  logic        load_run, store_run, load_last, store_last, load_beat, store_beat;
  logic        mem_req, mem_write, mem_first, mem_ack;
  logic [31:0] mem_addr;
  logic [7:0]  mem_wdata;
  logic        mem_wstrb;

  dma_engine #(.WordBytes(1), .BurstBeats(Burst), .AddressWidth(32)) dut (
    .clk_i(clk), .rst_ni(rst_n),
    .load_run_i(load_run), .load_address_i(32'd7), .load_last_i(load_last), .load_local_i(1'b0), .load_beat_o(load_beat),
    .store_run_i(store_run), .store_address_i(32'd9), .store_data_i(8'd5), .store_strobe_i(1'b1), .store_last_i(store_last), .store_local_i(1'b0), .store_beat_o(store_beat),
    .mem_req_o(mem_req), .mem_write_o(mem_write), .mem_first_o(mem_first), .mem_addr_o(mem_addr), .mem_wdata_o(mem_wdata), .mem_wstrb_o(mem_wstrb),
    .mem_ack_i(mem_ack)
  );

  // Device under test side: 0 = load, 1 = store. `left` beats of the present command, `rest` cycles until the next request, `raised` cycle of the request.
  integer left [0:1];
  integer rest [0:1];
  integer raised [0:1];
  integer latency, t, u, ties, waits, errors;

  // Description: owner of the port (-1: free), cycle of its last beat.
  integer owner, last, n;

  assign load_run   = rst_n && rest[0] == 0;
  assign store_run  = rst_n && rest[1] == 0;
  assign load_last  = load_beat && left[0] == 1;
  assign store_last = store_beat && left[1] == 1;
  assign mem_ack    = mem_req && (!mem_first || latency == Latency);

  initial begin
    for (u = 0; u < 2; u = u + 1) begin
      left[u]   = 3;
      rest[u]   = 5;
      raised[u] = 0;
    end
    latency = 0;
    owner   = -1;
    last    = 0;
    ties    = 0;
    waits   = 0;
    errors  = 0;
    #1 clk = 1'b1;
    #1 clk = 1'b0;
    rst_n = 1'b1;
    for (t = 0; t < 20000; t = t + 1) begin
      #1;
      // The description grants in the cycle in which the port is free.
      if (owner < 0 && (load_run || store_run)) begin
        if (load_run && store_run && raised[0] == raised[1]) ties = ties + 1;
        if (raised[load_run ? 0 : 1] < t) waits = waits + 1;
        owner = (load_run && !(store_run && raised[1] < raised[0])) ? 0 : 1;
        n     = left[owner];
        last  = t + ((n + Burst - 1) / Burst) * Latency + n;
      end
      if ((load_last && !(owner == 0 && t == last)) || (store_last && !(owner == 1 && t == last)) || (owner >= 0 && t == last && !load_last && !store_last)) begin
        errors = errors + 1;
        if (errors < 5) $display("DIFF cycle=%0d owner=%0d last=%0d load_last=%b store_last=%b", t, owner, last, load_last, store_last);
      end
      if (mem_req && (mem_write !== (owner == 1) || mem_addr !== (owner == 1 ? 32'd9 : 32'd7))) errors = errors + 1;

      latency = (mem_req && mem_first && !mem_ack) ? latency + 1 : 0;
      for (u = 0; u < 2; u = u + 1) begin
        if (rest[u] > 0) begin
          rest[u]   = rest[u] - 1;
          raised[u] = t + 1;
        end else if (u == 0 ? load_last : store_last) begin
          left[u]   = 1 + ($random & 7) % 10;
          // Two or more idle cycles, as between two commands of a unit; often so that both requests come together.
          rest[u]   = (rest[1-u] > 2 && ($random & 1) != 0) ? rest[1-u] : 3 + ($random & 15);
        end else if (u == 0 ? load_beat : store_beat) begin
          left[u] = left[u] - 1;
        end
      end
      if (owner >= 0 && t == last) owner = -1;
      clk = 1'b1;
      #1 clk = 1'b0;
    end
    if (errors != 0 || ties < 50 || waits < 200) $fatal(1, "FAIL errors=%0d ties=%0d waits=%0d", errors, ties, waits);
    $display("PASS ties=%0d waits=%0d", ties, waits);
    $finish;
  end

endmodule
