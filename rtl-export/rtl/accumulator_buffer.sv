// SPDX-License-Identifier: Apache-2.0
// Accumulator memory with its adders: one word of Columns accumulators is updated and one is read in every cycle.
//
//   cycle t:      update_i with update_address_i, clear_i, shift_i
//   cycle t + 1:  partial_sums_i;  word = narrow((clear ? 0 : word) + partial_sums_i * 2^shift) at AccumulatorWidth bits
//   cycle t + 2:  the new word can be read
//
//   read_data_o(t + 1) = word[read_address_i(t)]   when read_i(t)
//
// An address is not updated in two consecutive cycles (there is no bypass). Two copies of the memory give the two read ports.
module accumulator_buffer #(
  parameter int Words            = accel_pkg::BuffersAccumulatorSize,
  parameter int Columns          = accel_pkg::ArrayColumns,
  parameter int AccumulatorWidth = accel_pkg::AccumulatorWidth,
  parameter bit Saturate         = accel_pkg::AccumulatorOverflow == accel_pkg::OverflowSaturate,
  parameter int PartialSumWidth  = accel_pkg::ArrayPartialSumWidth,
  parameter int ScaleBits        = accel_pkg::DigitShiftMax,
  parameter int ShiftWidth       = accel_pkg::DigitShiftWidth,
  parameter int AddressWidth     = accel_pkg::AccumulatorAddressWidth
) (
  input  logic                                clk_i,
  input  logic                                rst_ni,
  input  logic                                update_i,
  input  logic [AddressWidth-1:0]             update_address_i,
  input  logic                                clear_i,
  input  logic [ShiftWidth-1:0]               shift_i,
  input  logic [Columns*PartialSumWidth-1:0]  partial_sums_i,
  input  logic                                read_i,
  input  logic [AddressWidth-1:0]             read_address_i,
  output logic [Columns*AccumulatorWidth-1:0] read_data_o
);

  localparam int ScaledWidth = PartialSumWidth + ScaleBits;

  logic                                write_q;
  logic [AddressWidth-1:0]             address_q;
  logic                                clear_q;
  logic [ShiftWidth-1:0]               shift_q;
  logic [Columns*AccumulatorWidth-1:0] word, sum;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) write_q <= 1'b0;
    else         write_q <= update_i;
    address_q <= update_address_i;
    clear_q   <= clear_i;
    shift_q   <= shift_i;
  end

  genvar c;
  generate
    for (c = 0; c < Columns; c = c + 1) begin : g_column
      logic signed [AccumulatorWidth-1:0] augend, result;
      logic signed [PartialSumWidth-1:0]  partial_sum;
      logic signed [ScaledWidth-1:0]      scaled;
      assign augend      = clear_q ? {AccumulatorWidth{1'b0}} : word[c*AccumulatorWidth +: AccumulatorWidth];
      assign partial_sum = partial_sums_i[c*PartialSumWidth +: PartialSumWidth];
      assign scaled      = ScaledWidth'(partial_sum) <<< shift_q;
      overflow_adder #(.Width(AccumulatorWidth), .AddendWidth(ScaledWidth), .Saturate(Saturate)) u_add (
        .augend_i(augend),
        .addend_i(scaled),
        .sum_o   (result)
      );
      assign sum[c*AccumulatorWidth +: AccumulatorWidth] = result;
    end
  endgenerate

  ram #(.Width(Columns*AccumulatorWidth), .Depth(Words), .AddressWidth(AddressWidth)) u_update (
    .clk_i          (clk_i),
    .write_i        (write_q),
    .write_address_i(address_q),
    .write_data_i   (sum),
    .read_i         (update_i),
    .read_address_i (update_address_i),
    .read_data_o    (word)
  );

  ram #(.Width(Columns*AccumulatorWidth), .Depth(Words), .AddressWidth(AddressWidth)) u_read (
    .clk_i          (clk_i),
    .write_i        (write_q),
    .write_address_i(address_q),
    .write_data_i   (sum),
    .read_i         (read_i),
    .read_address_i (read_address_i),
    .read_data_o    (read_data_o)
  );

endmodule
