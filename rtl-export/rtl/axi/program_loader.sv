// SPDX-License-Identifier: Apache-2.0
// Reads a program image from memory and writes it to program_port.sv.
//
// The image is words_i 32-bit little-endian words from memory word 0 on: blocks of a host address, a number n and n words for it and the addresses after it, one block behind the other.
//
// start_i for one cycle begins; busy_o from the next cycle on. Each 32-bit word takes one cycle beyond those that the memory takes. stop_i ends it early, after an error of the memory.
module program_loader #(
  parameter int WordBytes        = accel_pkg::MemoryBytesPerCycle,
  parameter int WordAddressWidth = accel_pkg::MemoryAddressWidth
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,
  input  logic                        start_i,
  input  logic                        stop_i,
  input  logic [31:0]                 words_i,
  output logic                        busy_o,
  output logic [WordAddressWidth-1:0] memory_words_o,

  output logic                        req_o,
  output logic [WordAddressWidth-1:0] address_o,
  input  logic                        ack_i,
  input  logic [8*WordBytes-1:0]      rdata_i,

  output logic                        address_write_o,
  output logic                        data_write_o,
  output logic [31:0]                 data_o
);

  // Memory words of a 32-bit word, or 32-bit words of a memory word.
  localparam int Parts  = (WordBytes < 4) ? 4/WordBytes : 1;
  localparam int Pieces = (WordBytes > 4) ? WordBytes/4 : 1;

  localparam logic [1:0] Address = 2'd0;
  localparam logic [1:0] Count   = 2'd1;
  localparam logic [1:0] Data    = 2'd2;

  logic        busy_q, last, word_there;
  logic [1:0]  state_q;
  logic [31:0] next_q, left_q;  // words that were read of the image, and that are left of the block
  logic [31:0] word;

  assign busy_o = busy_q;
  assign last   = next_q + 32'd1 == words_i;

  generate
    if (Parts > 1) begin : g_narrow
      localparam int PartShift = $clog2(Parts);
      logic [PartShift-1:0]   part_q;
      logic [31-8*WordBytes:0] lower_q;
      assign req_o          = busy_q;
      assign address_o      = WordAddressWidth'({next_q[WordAddressWidth-1-PartShift:0], part_q});
      assign memory_words_o = WordAddressWidth'(words_i << PartShift);
      assign word           = {rdata_i, lower_q};
      assign word_there     = ack_i && part_q == {PartShift{1'b1}};
      always_ff @(posedge clk_i) begin
        if (!rst_ni)    part_q <= {PartShift{1'b0}};
        else if (start_i) part_q <= {PartShift{1'b0}};
        else if (ack_i) part_q <= part_q + PartShift'(1);
        if (ack_i) lower_q <= word[31:8*WordBytes];
      end
    end else begin : g_wide
      localparam int PieceShift = $clog2(Pieces);
      logic [31:0] piece;
      assign piece          = next_q & 32'(Pieces - 1);
      assign req_o          = busy_q;
      assign address_o      = WordAddressWidth'(next_q >> PieceShift);
      assign memory_words_o = WordAddressWidth'((words_i >> PieceShift) + 32'((words_i & 32'(Pieces - 1)) != 32'd0));
      assign word           = 32'(rdata_i >> {piece, 5'd0});
      assign word_there     = ack_i;
    end
  endgenerate

  assign address_write_o = word_there && state_q == Address;
  assign data_write_o    = word_there && state_q == Data;
  assign data_o          = word;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q  <= 1'b0;
      state_q <= Address;
      next_q  <= 32'd0;
      left_q  <= 32'd0;
    end else if (start_i) begin
      busy_q  <= words_i != 32'd0;
      state_q <= Address;
      next_q  <= 32'd0;
    end else if (stop_i) begin
      busy_q  <= 1'b0;
    end else if (word_there) begin
      busy_q <= !last;
      next_q <= next_q + 32'd1;
      case (state_q)
        Address: state_q <= Count;
        Count: begin
          left_q  <= word;
          state_q <= (word == 32'd0) ? Address : Data;
        end
        default: begin
          left_q  <= left_q - 32'd1;
          state_q <= (left_q == 32'd1) ? Address : Data;
        end
      endcase
    end
  end

endmodule
