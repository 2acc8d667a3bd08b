// SPDX-License-Identifier: Apache-2.0
// Accumulator memory of an input-stationary array: one lane of up to Columns consecutive words is updated, and one whole word is read, in every cycle.
//
//   cycle t:      update_i with update_address_i (the first word), lane_i, words_i (1 .. Columns), clear_i, shift_i
//   cycle t + 1:  partial_sums_i[Columns - 1 - k] is for word k, k < words_i:
//                 lane of word k = narrow((clear ? 0 : lane of word k) + partial sum * 2^shift) at AccumulatorWidth bits
//   cycle t + 2:  the new lanes can be read
//
//   read_data_o(t + 1) = word[read_address_i(t)]   when read_i(t)
//
// Lane j of word a lies in bank (a + j) mod Columns, at address a: both accesses touch a bank once. A lane of a word is not updated in two consecutive cycles
// (there is no bypass). Two copies of the memory give the two read ports. The remainder is a slice of the address where Columns is a power of two.
module transposed_accumulator_buffer #(
  parameter int Words            = accel_pkg::BuffersAccumulatorSize,
  parameter int Columns          = accel_pkg::ArrayColumns,
  parameter int AccumulatorWidth = accel_pkg::AccumulatorWidth,
  parameter bit Saturate         = accel_pkg::AccumulatorOverflow == accel_pkg::OverflowSaturate,
  parameter int PartialSumWidth  = accel_pkg::ArrayPartialSumWidth,
  parameter int ScaleBits        = accel_pkg::DigitShiftMax,
  parameter int ShiftWidth       = accel_pkg::DigitShiftWidth,
  parameter int AddressWidth     = accel_pkg::AccumulatorAddressWidth,
  parameter int LaneWidth        = accel_pkg::ColumnIndexWidth
) (
  input  logic                                clk_i,
  input  logic                                rst_ni,
  input  logic                                update_i,
  input  logic [AddressWidth-1:0]             update_address_i,
  input  logic [LaneWidth-1:0]                lane_i,
  input  logic [LaneWidth:0]                  words_i,
  input  logic                                clear_i,
  input  logic [ShiftWidth-1:0]               shift_i,
  input  logic [Columns*PartialSumWidth-1:0]  partial_sums_i,
  input  logic                                read_i,
  input  logic [AddressWidth-1:0]             read_address_i,
  output logic [Columns*AccumulatorWidth-1:0] read_data_o
);

  localparam int ScaledWidth = PartialSumWidth + ScaleBits;

  // Wide enough for an address plus a lane.
  localparam int WideWidth = ((AddressWidth > LaneWidth) ? AddressWidth : LaneWidth) + 1;

  // The bank of word 0 in an update, and of lane 0 in a read.
  logic [WideWidth-1:0] update_bank, read_bank;
  assign update_bank = (WideWidth'(update_address_i) + WideWidth'(lane_i)) % WideWidth'(Columns);
  assign read_bank   = WideWidth'(read_address_i) % WideWidth'(Columns);

  logic                  clear_q;
  logic [ShiftWidth-1:0] shift_q;
  logic [LaneWidth-1:0]  update_bank_q, read_bank_q;
  always_ff @(posedge clk_i) begin
    clear_q       <= clear_i;
    shift_q       <= shift_i;
    update_bank_q <= LaneWidth'(update_bank);
    if (read_i) read_bank_q <= LaneWidth'(read_bank);
  end

  // Partial sums in the order of words, then turned to the banks: word k to bank (update_bank + k) mod Columns.
  logic [Columns*PartialSumWidth-1:0]   in_order;
  logic [2*Columns*PartialSumWidth-1:0] turned;
  genvar k;
  generate
    for (k = 0; k < Columns; k = k + 1) begin : g_order
      assign in_order[k*PartialSumWidth +: PartialSumWidth] = partial_sums_i[(Columns-1-k)*PartialSumWidth +: PartialSumWidth];
    end
  endgenerate
  assign turned = {in_order, in_order} << (32'(update_bank_q) * PartialSumWidth);

  logic [Columns*AccumulatorWidth-1:0] banks;
  genvar b;
  generate
    for (b = 0; b < Columns; b = b + 1) begin : g_bank
      logic [WideWidth-1:0]               word_number;
      logic                               touched, write_q;
      logic [AddressWidth-1:0]            address, address_q;
      logic signed [AccumulatorWidth-1:0] augend, element, sum;
      logic signed [PartialSumWidth-1:0]  partial_sum;
      logic signed [ScaledWidth-1:0]      scaled;
      assign word_number = (WideWidth'(b) >= update_bank) ? WideWidth'(b) - update_bank : WideWidth'(b + Columns) - update_bank;
      assign touched     = update_i && word_number < WideWidth'(words_i);
      assign address     = update_address_i + AddressWidth'(word_number);
      always_ff @(posedge clk_i) begin
        if (!rst_ni) write_q <= 1'b0;
        else         write_q <= touched;
        address_q <= address;
      end
      assign augend      = clear_q ? {AccumulatorWidth{1'b0}} : element;
      assign partial_sum = turned[(Columns+b)*PartialSumWidth +: PartialSumWidth];
      assign scaled      = ScaledWidth'(partial_sum) <<< shift_q;
      overflow_adder #(.Width(AccumulatorWidth), .AddendWidth(ScaledWidth), .Saturate(Saturate)) u_add (
        .augend_i(augend),
        .addend_i(scaled),
        .sum_o   (sum)
      );
      ram #(.Width(AccumulatorWidth), .Depth(Words), .AddressWidth(AddressWidth)) u_update (
        .clk_i          (clk_i),
        .write_i        (write_q),
        .write_address_i(address_q),
        .write_data_i   (sum),
        .read_i         (touched),
        .read_address_i (address),
        .read_data_o    (element)
      );
      ram #(.Width(AccumulatorWidth), .Depth(Words), .AddressWidth(AddressWidth)) u_read (
        .clk_i          (clk_i),
        .write_i        (write_q),
        .write_address_i(address_q),
        .write_data_i   (sum),
        .read_i         (read_i),
        .read_address_i (read_address_i),
        .read_data_o    (banks[b*AccumulatorWidth +: AccumulatorWidth])
      );
    end
  endgenerate

  logic [2*Columns*AccumulatorWidth-1:0] lanes;
  assign lanes       = {banks, banks} >> (32'(read_bank_q) * AccumulatorWidth);
  assign read_data_o = lanes[Columns*AccumulatorWidth-1:0];

  logic unused_high;
  assign unused_high = &{1'b0, lanes, turned, update_bank, read_bank};

endmodule
