// SPDX-License-Identifier: Apache-2.0
// Memory port of the accelerator to an AXI4 master.
//
// Port: a beat happens in a cycle with req_i and ack_o; address_i counts words of WordBytes bytes, word a lies at byte base_i + a * WordBytes of the bus. base_i is a multiple of 4096.
//
// Bursts: incrementing, of whole words, inside one block of BurstWords words that begins at a multiple of it, so that none crosses 4096 bytes (BurstWords * WordBytes <= 4096).
//   read:   a word that is not held begins a burst from it to the end of its block, or of the region of words_i words; each word is there from the cycle after its beat.
//           The words stay until the next burst, the next write, or flush_i. One read is outstanding.
//   write:  words are taken while there is room for 2 * BurstWords of them; following words of a block are one burst, which is sent as soon as it is complete, a request comes that is
//           none of it, or with flush_i. A write beat happens when its word is taken; at most OutstandingWrites bursts wait for their responses.
//   order:  a read burst begins when every write before it has its response.
// Any timing of ready and valid on the bus is allowed; nothing waits for another channel's ready before it is valid.
//
// flush_i promises that no request comes while it is set, sends what was taken and forgets what was read; idle_o is set when nothing is left to send or to receive.
//
// Errors, for one cycle each: read_error_o and write_error_o for a response SLVERR or DECERR, range_error_o for a word from words_i on, which never reaches the bus (read: zero).
// error_address_o is the word of the read, the first word of the written burst, or the word outside, in this order. Data and beats go on as without errors.
module axi_dma #(
  parameter int WordBytes         = accel_pkg::MemoryBytesPerCycle,
  parameter int WordAddressWidth  = accel_pkg::MemoryAddressWidth,
  parameter int AddressWidth      = accel_pkg::AxiAddressWidth,
  parameter int BurstWords        = accel_pkg::AxiBurstWords,
  parameter int OutstandingWrites = accel_pkg::AxiOutstandingWrites
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,

  input  logic [AddressWidth-1:0]     base_i,
  input  logic [WordAddressWidth-1:0] words_i,
  input  logic                        flush_i,
  output logic                        idle_o,
  output logic                        read_error_o,
  output logic                        write_error_o,
  output logic                        range_error_o,
  output logic [WordAddressWidth-1:0] error_address_o,

  input  logic                        req_i,
  input  logic                        write_i,
  input  logic [WordAddressWidth-1:0] address_i,
  input  logic [8*WordBytes-1:0]      wdata_i,
  input  logic [WordBytes-1:0]        wstrb_i,
  output logic                        ack_o,
  output logic [8*WordBytes-1:0]      rdata_o,

  output logic                        m_axi_awvalid,
  input  logic                        m_axi_awready,
  output logic [AddressWidth-1:0]     m_axi_awaddr,
  output logic [7:0]                  m_axi_awlen,
  output logic                        m_axi_wvalid,
  input  logic                        m_axi_wready,
  output logic [8*WordBytes-1:0]      m_axi_wdata,
  output logic [WordBytes-1:0]        m_axi_wstrb,
  output logic                        m_axi_wlast,
  input  logic                        m_axi_bvalid,
  output logic                        m_axi_bready,
  input  logic [1:0]                  m_axi_bresp,
  output logic                        m_axi_arvalid,
  input  logic                        m_axi_arready,
  output logic [AddressWidth-1:0]     m_axi_araddr,
  output logic [7:0]                  m_axi_arlen,
  input  logic                        m_axi_rvalid,
  output logic                        m_axi_rready,
  input  logic [8*WordBytes-1:0]      m_axi_rdata,
  input  logic [1:0]                  m_axi_rresp,
  input  logic                        m_axi_rlast
);

  localparam int WA         = WordAddressWidth;
  localparam int ByteShift  = $clog2(WordBytes);
  localparam int IndexWidth = (BurstWords > 1) ? $clog2(BurstWords) : 1;
  localparam int PlaceWidth = $clog2(2*BurstWords);  // of a word in the two bursts that are collected and sent
  localparam int CountWidth = PlaceWidth + 1;
  localparam int RingWidth  = (OutstandingWrites > 1) ? $clog2(OutstandingWrites) : 1;

  localparam logic [WA-1:0] BlockMask = WA'(BurstWords - 1);

  logic in_range, read_request, write_request;
  assign in_range      = address_i < words_i;
  assign read_request  = req_i && !write_i && in_range;
  assign write_request = req_i && write_i && in_range;

  // ---------------------------------------------------------------- writes: collect, send, await the response

  logic [9*WordBytes-1:0] words_q [0:2*BurstWords-1];  // strobes and data
  logic [PlaceWidth-1:0]  tail_q, head_q;
  logic [CountWidth-1:0]  held_q;
  logic                   room, taken, sent;

  logic                   open_q, follows, complete, close;
  logic [WA-1:0]          open_first_q, open_next_q;
  logic [CountWidth-1:0]  open_count_q;

  logic                   closed_q;  // a burst that waits to be sent
  logic [WA-1:0]          closed_first_q;
  logic [CountWidth-1:0]  closed_count_q;

  logic                   begins, awvalid_q;
  logic [WA-1:0]          send_first_q;
  logic [7:0]             send_length_q;
  logic [CountWidth-1:0]  left_q;

  logic [RingWidth:0]     outstanding_q;
  logic [RingWidth-1:0]   newest_q, oldest_q;
  logic [WA-1:0]          ring_q [0:OutstandingWrites-1];
  logic                   responded, written;

  assign room     = held_q != CountWidth'(2*BurstWords);
  assign follows  = address_i == open_next_q && !complete;
  assign complete = (open_next_q & BlockMask) == {WA{1'b0}};
  assign taken    = write_request && room && (!open_q || follows);
  assign close    = open_q && !closed_q && (complete || flush_i || (req_i && !(write_request && follows)));

  assign begins        = closed_q && !awvalid_q && left_q == {CountWidth{1'b0}} && outstanding_q != (RingWidth+1)'(OutstandingWrites);
  assign m_axi_awvalid = awvalid_q;
  assign m_axi_awaddr  = base_i + (AddressWidth'(send_first_q) << ByteShift);
  assign m_axi_awlen   = send_length_q;
  assign m_axi_wvalid  = left_q != {CountWidth{1'b0}};
  assign m_axi_wlast   = left_q == CountWidth'(1);
  assign {m_axi_wstrb, m_axi_wdata} = words_q[head_q];
  assign m_axi_bready  = 1'b1;
  assign sent          = m_axi_wvalid && m_axi_wready;
  assign responded     = m_axi_bvalid;
  assign written       = !open_q && !closed_q && !awvalid_q && left_q == {CountWidth{1'b0}} && outstanding_q == {(RingWidth+1){1'b0}};

  always_ff @(posedge clk_i) begin
    if (taken) words_q[tail_q] <= {wstrb_i, wdata_i};
    if (begins) ring_q[newest_q] <= closed_first_q;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      tail_q        <= {PlaceWidth{1'b0}};
      head_q        <= {PlaceWidth{1'b0}};
      held_q        <= {CountWidth{1'b0}};
      open_q        <= 1'b0;
      open_first_q  <= {WA{1'b0}};
      open_next_q   <= {WA{1'b0}};
      open_count_q  <= {CountWidth{1'b0}};
      closed_q      <= 1'b0;
      awvalid_q     <= 1'b0;
      left_q        <= {CountWidth{1'b0}};
      outstanding_q <= {(RingWidth+1){1'b0}};
      newest_q      <= {RingWidth{1'b0}};
      oldest_q      <= {RingWidth{1'b0}};
    end else begin
      if (taken) tail_q <= tail_q + PlaceWidth'(1);
      if (sent)  head_q <= head_q + PlaceWidth'(1);
      if (taken && !sent)      held_q <= held_q + CountWidth'(1);
      else if (!taken && sent) held_q <= held_q - CountWidth'(1);

      if (close) begin
        open_q <= 1'b0;
      end else if (taken) begin
        open_q       <= 1'b1;
        open_first_q <= open_q ? open_first_q : address_i;
        open_next_q  <= address_i + WA'(1);
        open_count_q <= open_q ? open_count_q + CountWidth'(1) : CountWidth'(1);
      end

      if (close)       closed_q <= 1'b1;
      else if (begins) closed_q <= 1'b0;

      if (begins)             awvalid_q <= 1'b1;
      else if (m_axi_awready) awvalid_q <= 1'b0;
      if (begins)             left_q <= closed_count_q;
      else if (sent)          left_q <= left_q - CountWidth'(1);

      if (begins && !responded)      outstanding_q <= outstanding_q + (RingWidth+1)'(1);
      else if (!begins && responded) outstanding_q <= outstanding_q - (RingWidth+1)'(1);
      if (begins)    newest_q <= (newest_q == RingWidth'(OutstandingWrites - 1)) ? {RingWidth{1'b0}} : newest_q + RingWidth'(1);
      if (responded) oldest_q <= (oldest_q == RingWidth'(OutstandingWrites - 1)) ? {RingWidth{1'b0}} : oldest_q + RingWidth'(1);
    end
  end

  always_ff @(posedge clk_i) begin
    if (close) begin
      closed_first_q <= open_first_q;
      closed_count_q <= open_count_q;
    end
    if (begins) begin
      send_first_q  <= closed_first_q;
      send_length_q <= 8'(closed_count_q) - 8'd1;
    end
  end

  // ---------------------------------------------------------------- reads: one burst, whose words are kept

  logic [8*WordBytes-1:0] line_q [0:BurstWords-1];
  logic                   arvalid_q, arriving_q, kept_q, hit, fetch, arrived;
  logic [WA-1:0]          first_q, next_q, to_end, in_region, length;
  logic [7:0]             read_length_q;

  assign hit       = kept_q && address_i >= first_q && address_i < next_q;
  assign fetch     = read_request && !hit && !arvalid_q && !arriving_q && written;
  assign to_end    = BlockMask - (address_i & BlockMask);
  assign in_region = words_i - WA'(1) - address_i;
  assign length    = (in_region <= to_end) ? in_region : to_end;
  assign arrived   = m_axi_rvalid && m_axi_rready;

  assign m_axi_arvalid = arvalid_q;
  assign m_axi_araddr  = base_i + (AddressWidth'(first_q) << ByteShift);
  assign m_axi_arlen   = read_length_q;
  assign m_axi_rready  = arriving_q;

  assign ack_o   = req_i && (!in_range || (write_i ? taken : hit));
  assign rdata_o = (in_range && hit) ? line_q[IndexWidth'(address_i & BlockMask)] : {(8*WordBytes){1'b0}};
  assign idle_o  = written && !arvalid_q && !arriving_q;

  always_ff @(posedge clk_i) begin
    if (arrived) line_q[IndexWidth'(next_q & BlockMask)] <= m_axi_rdata;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      arvalid_q     <= 1'b0;
      arriving_q    <= 1'b0;
      kept_q        <= 1'b0;
      first_q       <= {WA{1'b0}};
      next_q        <= {WA{1'b0}};
      read_length_q <= 8'd0;
    end else begin
      if (fetch)              arvalid_q <= 1'b1;
      else if (m_axi_arready) arvalid_q <= 1'b0;

      if (arvalid_q && m_axi_arready)  arriving_q <= 1'b1;
      else if (arrived && m_axi_rlast) arriving_q <= 1'b0;

      // A word that is written, or that another master may write, is read anew.
      if (taken || flush_i) kept_q <= 1'b0;
      else if (fetch)       kept_q <= 1'b1;

      if (fetch) begin
        first_q       <= address_i;
        next_q        <= address_i;
        read_length_q <= length[7:0];
      end else if (arrived) begin
        next_q        <= next_q + WA'(1);
      end
    end
  end

  // ---------------------------------------------------------------- errors

  assign read_error_o    = arrived && m_axi_rresp[1];
  assign write_error_o   = responded && m_axi_bresp[1];
  assign range_error_o   = req_i && !in_range;
  assign error_address_o = read_error_o ? next_q : write_error_o ? ring_q[oldest_q] : address_i;

  logic unused_ok;
  assign unused_ok = &{1'b0, m_axi_bresp[0], m_axi_rresp[0], length};

endmodule
