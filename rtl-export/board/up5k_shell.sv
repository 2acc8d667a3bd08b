// SPDX-License-Identifier: Apache-2.0
// The accelerator on an iCE40UP5K: the host is an SPI master, external memory is MemoryWords words of 16 bits (memory.bytes_per_cycle 2) in memory blocks.
//
// SPI mode 0, the most significant bit first, at most an eighth of clk_i. A frame (chip select low) is one command, which runs when chip select rises; its last byte says which:
//   address[31:0] data[31:0] 01   host write, as accelerator.sv has it
//   address[15:0] data[15:0] 02   memory word <- data
//   address[15:0]            03   reads the memory word
//                            04   start of a run
//                            05   reads the state: bit 0 busy
// What was read is shifted out in the first 16 bits of the next frame. Memory commands take effect while the accelerator is idle only.
//
// Memory timing: latency_cycles cycles without data at the head of each burst, then a word a cycle, as in the model. Blocks are read on the falling edge, so that a word is there in the cycle of its request.
// Reset: 15 cycles after configuration; flip-flops of the part begin at 0.
module up5k_shell #(
  parameter int MemoryWords = 512
) (
  input  logic clk_i,
  input  logic spi_clk_i,
  input  logic spi_select_ni,
  input  logic spi_data_i,
  output logic spi_data_o,
  output logic busy_o
);

  logic [3:0] reset_q = 4'd0;
  logic       rst_n;
  assign rst_n = reset_q == 4'd15;
  always_ff @(posedge clk_i) begin
    if (!rst_n) reset_q <= reset_q + 4'd1;
  end

  // ---------------------------------------------------------------- SPI

  logic [2:0] clk_q, select_q;
  logic [1:0] data_q;
  always_ff @(posedge clk_i) begin
    if (!rst_n) begin
      clk_q    <= 3'b000;
      select_q <= 3'b111;
      data_q   <= 2'b00;
    end else begin
      clk_q    <= {clk_q[1:0], spi_clk_i};
      select_q <= {select_q[1:0], spi_select_ni};
      data_q   <= {data_q[0], spi_data_i};
    end
  end

  logic rise, fall, finish;
  assign rise   = clk_q[2:1] == 2'b01 && !select_q[1];
  assign fall   = clk_q[2:1] == 2'b10 && !select_q[1];
  assign finish = select_q[2:1] == 2'b01;

  logic [71:0] frame_q;
  logic [7:0]  command;
  logic [15:0] read_q, memory_word;
  logic        read_pending_q, busy;
  assign command    = frame_q[7:0];
  assign spi_data_o = read_q[15];
  assign busy_o     = busy;

  always_ff @(posedge clk_i) begin
    if (!rst_n) begin
      frame_q        <= 72'd0;
      read_q         <= 16'd0;
      read_pending_q <= 1'b0;
    end else begin
      if (rise) frame_q <= {frame_q[70:0], data_q[1]};

      read_pending_q <= finish && command == 8'h03;
      if (read_pending_q)                   read_q <= memory_word;
      else if (finish && command == 8'h05)  read_q <= {15'd0, busy};
      else if (fall)                        read_q <= {read_q[14:0], 1'b0};
    end
  end

  // ---------------------------------------------------------------- accelerator

  logic                                       mem_req, mem_write, mem_first, mem_ack;
  logic [accel_pkg::MemoryAddressWidth-1:0]   mem_addr;
  logic [15:0]                                mem_wdata;
  logic [1:0]                                 mem_wstrb;
  logic [3:0]                                 event_fetch, event_start, event_end, event_completion;

  accelerator u_accelerator (
    .clk_i             (clk_i),
    .rst_ni            (rst_n),
    .host_write_i      (finish && command == 8'h01),
    .host_address_i    (frame_q[71:40]),
    .host_data_i       (frame_q[39:8]),
    .start_i           (finish && command == 8'h04),
    .busy_o            (busy),
    .mem_req_o         (mem_req),
    .mem_write_o       (mem_write),
    .mem_first_o       (mem_first),
    .mem_addr_o        (mem_addr),
    .mem_wdata_o       (mem_wdata),
    .mem_wstrb_o       (mem_wstrb),
    .mem_ack_i         (mem_ack),
    .mem_rdata_i       (memory_word),
    .event_fetch_o     (event_fetch),
    .event_start_o     (event_start),
    .event_end_o       (event_end),
    .event_completion_o(event_completion)
  );

  // ---------------------------------------------------------------- memory

  localparam int LatencyWidth = $clog2(accel_pkg::MemoryLatencyCycles + 1);

  logic [LatencyWidth-1:0] latency_q;
  assign mem_ack = mem_req && (!mem_first || latency_q == LatencyWidth'(accel_pkg::MemoryLatencyCycles));
  always_ff @(posedge clk_i) begin
    if (!rst_n || !mem_req || mem_ack) latency_q <= {LatencyWidth{1'b0}};
    else if (mem_first)                latency_q <= latency_q + LatencyWidth'(1);
  end

  localparam int AddressWidth = $clog2(MemoryWords);

  logic                    store;
  logic [AddressWidth-1:0] address;
  logic [15:0]             stored;
  logic [1:0]              strobe;
  assign store   = busy ? mem_write && mem_ack : finish && command == 8'h02;
  assign address = busy ? mem_addr[AddressWidth-1:0] : (command == 8'h02) ? frame_q[24 +: AddressWidth] : frame_q[8 +: AddressWidth];
  assign stored  = busy ? mem_wdata : frame_q[23:8];
  assign strobe  = busy ? mem_wstrb : 2'b11;

  logic [15:0] memory_q [0:MemoryWords-1];
  always_ff @(posedge clk_i) begin
    if (store && strobe[0]) memory_q[address][7:0]  <= stored[7:0];
    if (store && strobe[1]) memory_q[address][15:8] <= stored[15:8];
  end
  always_ff @(negedge clk_i) memory_word <= memory_q[address];

  logic unused_bits;
  assign unused_bits = &{1'b0, mem_addr, event_fetch, event_start, event_end, event_completion};

endmodule
