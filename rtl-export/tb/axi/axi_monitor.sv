// SPDX-License-Identifier: Apache-2.0
// Watches one AXI4 bus, either side of it, and prints the first breach of each kind as `VIOLATION bus=N rule=...`; violations_o counts all.
//
//   stable      while valid is set without ready, valid stays set and the payload stays as it is (each of the five channels)
//   reset       no valid during reset
//   burst       a burst is incrementing, of whole words, its address a multiple of the word where Aligned is set, at most MaxBeats beats
//   boundary    a burst stays inside 4096 bytes
//   wlast       WLAST is set in the last beat of a burst and in no other
//   b_count     a response belongs to a burst whose address and data are there, one for each
//   r_count     a beat of data belongs to an address, as many as its burst has
//   rlast       RLAST is set in the last of them and in no other
//   hazard      a read touches no word of a write that has no response yet: the bus would not order them
//   unknown     no valid or ready is X after reset, no payload while its valid is set (in a simulator with four states)
//   unfinished  finish_i: every burst that began has all its beats and its response
//
// At most Depth bursts of a direction are followed at a time.
module axi_monitor #(
  parameter int Bus          = 0,
  parameter int AddressWidth = 40,
  parameter int WordBytes    = 4,
  parameter int MaxBeats     = 256,
  parameter bit Aligned      = 1'b1,
  parameter int Depth        = 16
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  input  logic                    finish_i,
  input  logic                    awvalid_i,
  input  logic                    awready_i,
  input  logic [AddressWidth-1:0] awaddr_i,
  input  logic [7:0]              awlen_i,
  input  logic [2:0]              awsize_i,
  input  logic [1:0]              awburst_i,
  input  logic                    wvalid_i,
  input  logic                    wready_i,
  input  logic [8*WordBytes-1:0]  wdata_i,
  input  logic [WordBytes-1:0]    wstrb_i,
  input  logic                    wlast_i,
  input  logic                    bvalid_i,
  input  logic                    bready_i,
  input  logic [1:0]              bresp_i,
  input  logic                    arvalid_i,
  input  logic                    arready_i,
  input  logic [AddressWidth-1:0] araddr_i,
  input  logic [7:0]              arlen_i,
  input  logic [2:0]              arsize_i,
  input  logic [1:0]              arburst_i,
  input  logic                    rvalid_i,
  input  logic                    rready_i,
  input  logic [8*WordBytes-1:0]  rdata_i,
  input  logic [1:0]              rresp_i,
  input  logic                    rlast_i,
  output logic [31:0]             violations_o
);

  localparam int AddressPayload = AddressWidth + 13;

  logic [AddressPayload-1:0]   aw, ar, held_aw, held_ar;
  logic [9*WordBytes:0]        w, held_w;
  logic [8*WordBytes+2:0]      r, held_r;
  logic [1:0]                  held_b;
  reg                          wait_aw, wait_w, wait_b, wait_ar, wait_r, was_reset;
  reg [10:0]                   told;

  assign aw = {awburst_i, awsize_i, awlen_i, awaddr_i};
  assign ar = {arburst_i, arsize_i, arlen_i, araddr_i};
  assign w  = {wlast_i, wstrb_i, wdata_i};
  assign r  = {rlast_i, rresp_i, rdata_i};

  // Writes: bursts whose address is there, and bursts whose data are; the length of each. Reads: lengths of bursts whose data are not all there.
  reg [8:0]  write_lengths [0:Depth-1];
  reg [AddressWidth-1:0] write_addresses [0:Depth-1];
  reg [8:0]  data_lengths [0:Depth-1];
  reg [8:0]  read_lengths [0:Depth-1];
  reg [31:0] addresses, datas, compared, responses, reads, read_ends;
  reg [8:0]  write_beats, read_beats;

  task violation(input integer rule, input reg [79:0] name, input reg [23:0] channel);
    begin
      violations_o = violations_o + 32'd1;
      if (!told[rule]) $display("VIOLATION bus=%0d rule=%0s channel=%0s", Bus, name, channel);
      told[rule] = 1'b1;
    end
  endtask

  task check_stable(input reg waits, input reg same, input reg [23:0] channel);
    if (waits && !same) violation(0, "stable", channel);
  endtask

  task check_burst(input reg [AddressWidth-1:0] address, input reg [7:0] length, input reg [2:0] size, input reg [1:0] kind, input reg [23:0] channel);
    begin
      if (kind != 2'b01 || 32'd1 << size != WordBytes || (Aligned && address % WordBytes != 0) || 32'(length) >= MaxBeats) violation(2, "burst", channel);
      if (32'(address[11:0]) + (32'(length) + 32'd1) * WordBytes > 32'd4096) violation(3, "boundary", channel);
    end
  endtask

  task check_known(input reg valid, input reg ready, input reg payload, input reg [23:0] channel);
    if (valid === 1'bx || ready === 1'bx || (valid && payload === 1'bx)) violation(8, "unknown", channel);
  endtask

  // Lengths of addresses and of data are compared in their order, as soon as both are there.
  task compare_lengths;
    if (compared < addresses && compared < datas) begin
      if (write_lengths[compared % Depth] != data_lengths[compared % Depth]) violation(4, "wlast", "W");
      compared = compared + 32'd1;
    end
  endtask

  integer k;

  task check_hazard;
    for (k = 0; k < addresses - responses; k = k + 1) begin
      if (araddr_i < write_addresses[(responses + k) % Depth] + write_lengths[(responses + k) % Depth] * WordBytes
          && write_addresses[(responses + k) % Depth] < araddr_i + ({1'b0, arlen_i} + 9'd1) * WordBytes) violation(10, "hazard", "AR");
    end
  endtask

  initial begin
    violations_o = 32'd0;
    told         = 11'd0;
    was_reset    = 1'b0;
  end

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      if (was_reset && (awvalid_i || wvalid_i || bvalid_i || arvalid_i || rvalid_i)) violation(1, "reset", "all");
      was_reset   = 1'b1;
      wait_aw     = 1'b0;
      wait_w      = 1'b0;
      wait_b      = 1'b0;
      wait_ar     = 1'b0;
      wait_r      = 1'b0;
      addresses   = 32'd0;
      datas       = 32'd0;
      compared    = 32'd0;
      responses   = 32'd0;
      reads       = 32'd0;
      read_ends   = 32'd0;
      write_beats = 9'd0;
      read_beats  = 9'd0;
    end else begin
      check_known(awvalid_i, awready_i, ^aw, "AW");
      check_known(wvalid_i, wready_i, ^w[9*WordBytes:8*WordBytes], "W");
      check_known(bvalid_i, bready_i, ^bresp_i, "B");
      check_known(arvalid_i, arready_i, ^ar, "AR");
      check_known(rvalid_i, rready_i, ^r[8*WordBytes+2:8*WordBytes], "R");

      check_stable(wait_aw, awvalid_i && aw === held_aw, "AW");
      check_stable(wait_w, wvalid_i && w === held_w, "W");
      check_stable(wait_b, bvalid_i && bresp_i === held_b, "B");
      check_stable(wait_ar, arvalid_i && ar === held_ar, "AR");
      check_stable(wait_r, rvalid_i && r === held_r, "R");
      wait_aw = awvalid_i && !awready_i;
      wait_w  = wvalid_i && !wready_i;
      wait_b  = bvalid_i && !bready_i;
      wait_ar = arvalid_i && !arready_i;
      wait_r  = rvalid_i && !rready_i;
      held_aw = aw;
      held_w  = w;
      held_b  = bresp_i;
      held_ar = ar;
      held_r  = r;

      // A response must not be valid before all of its burst was there in an earlier cycle, and data not before their address.
      if (bvalid_i && responses >= compared) violation(5, "b_count", "B");
      if (bvalid_i && bready_i) responses = responses + 32'd1;
      if (rvalid_i && read_ends >= reads) violation(6, "r_count", "R");
      else if (rvalid_i && rready_i) begin
        read_beats = read_beats + 9'd1;
        if (rlast_i != (read_beats == read_lengths[read_ends % Depth])) violation(7, "rlast", "R");
        if (read_beats == read_lengths[read_ends % Depth]) begin
          read_ends  = read_ends + 32'd1;
          read_beats = 9'd0;
        end
      end

      if (awvalid_i && awready_i) begin
        check_burst(awaddr_i, awlen_i, awsize_i, awburst_i, "AW");
        write_addresses[addresses % Depth] = awaddr_i;
        write_lengths[addresses % Depth] = {1'b0, awlen_i} + 9'd1;
        addresses = addresses + 32'd1;
      end
      if (wvalid_i && wready_i) begin
        write_beats = write_beats + 9'd1;
        if (wlast_i) begin
          data_lengths[datas % Depth] = write_beats;
          datas       = datas + 32'd1;
          write_beats = 9'd0;
        end else if (write_beats > 9'd256) begin
          violation(4, "wlast", "W");
          write_beats = 9'd0;
        end
      end
      compare_lengths;
      compare_lengths;
      if (arvalid_i && arready_i) begin
        check_burst(araddr_i, arlen_i, arsize_i, arburst_i, "AR");
        check_hazard;
        read_lengths[reads % Depth] = {1'b0, arlen_i} + 9'd1;
        reads = reads + 32'd1;
      end

      if (finish_i && (addresses != datas || addresses != responses || reads != read_ends || write_beats != 9'd0 || read_beats != 9'd0)) violation(9, "unfinished", "all");
    end
  end

endmodule
