// SPDX-License-Identifier: Apache-2.0
// The segments of a matmul: digit outermost, then kernel row, kernel column, tile. The state is that of one segment; next_i moves on at the end of the cycle.
// After the last segment comes the first again, as start_i has it.
//
//   address_o  address_i + kernel row * kernel_row_stride_i + kernel column * kernel_column_stride_i + tile * TileElements
//   line_o     line_i + lines_i * (number of the segment within its digit)
//   shift_o    digit * DigitWidth
//
// Counts are at least 1; the inputs do not change between start_i and the last next_i.
module segment_loop #(
  parameter int TileElements     = accel_pkg::VectorElements,
  parameter int DigitWidth       = accel_pkg::DigitWidth,
  parameter int CountWidth       = accel_pkg::LoopWidth,
  parameter int AddressWidth     = accel_pkg::ActivationAddressWidth,
  parameter int LineAddressWidth = accel_pkg::LineAddressWidth,
  parameter int ShiftWidth       = accel_pkg::DigitShiftWidth
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,
  input  logic                        start_i,
  input  logic                        next_i,
  input  logic [CountWidth-1:0]       digits_i,
  input  logic [CountWidth-1:0]       kernel_rows_i,
  input  logic [CountWidth-1:0]       kernel_columns_i,
  input  logic [CountWidth-1:0]       tiles_i,
  input  logic [AddressWidth-1:0]     address_i,
  input  logic [AddressWidth-1:0]     kernel_row_stride_i,
  input  logic [AddressWidth-1:0]     kernel_column_stride_i,
  input  logic [LineAddressWidth-1:0] line_i,
  input  logic [LineAddressWidth-1:0] lines_i,
  output logic [AddressWidth-1:0]     address_o,
  output logic [LineAddressWidth-1:0] line_o,
  output logic [ShiftWidth-1:0]       shift_o,
  output logic                        first_o,
  output logic                        last_tile_o,
  output logic                        first_of_digit_o,
  output logic                        last_of_digit_o,
  output logic                        last_o
);

  // Counters hold what is left, this segment included; the addresses are those of the first segment at each level of the loops.
  logic [CountWidth-1:0]       digits_q, kernel_rows_q, kernel_columns_q, tiles_q;
  logic [AddressWidth-1:0]     kernel_row_base_q, kernel_column_base_q, tile_base_q;
  logic [LineAddressWidth-1:0] line_q;
  logic [ShiftWidth-1:0]       shift_q;
  logic                        first_q, first_of_digit_q, last_kernel_column, last_kernel_row;

  assign last_tile_o        = tiles_q == CountWidth'(1);
  assign last_kernel_column = kernel_columns_q == CountWidth'(1);
  assign last_kernel_row    = kernel_rows_q == CountWidth'(1);
  assign last_of_digit_o    = last_tile_o && last_kernel_column && last_kernel_row;
  assign last_o             = last_of_digit_o && digits_q == CountWidth'(1);

  assign address_o        = tile_base_q;
  assign line_o           = line_q;
  assign shift_o          = shift_q;
  assign first_o          = first_q;
  assign first_of_digit_o = first_of_digit_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      digits_q             <= {CountWidth{1'b0}};
      kernel_rows_q        <= {CountWidth{1'b0}};
      kernel_columns_q     <= {CountWidth{1'b0}};
      tiles_q              <= {CountWidth{1'b0}};
      kernel_row_base_q    <= {AddressWidth{1'b0}};
      kernel_column_base_q <= {AddressWidth{1'b0}};
      tile_base_q          <= {AddressWidth{1'b0}};
      line_q               <= {LineAddressWidth{1'b0}};
      shift_q              <= {ShiftWidth{1'b0}};
      first_q              <= 1'b0;
      first_of_digit_q     <= 1'b0;
    end else if (start_i || (next_i && last_of_digit_o)) begin
      // The next digit takes the same vectors and the same weights again.
      kernel_rows_q        <= kernel_rows_i;
      kernel_columns_q     <= kernel_columns_i;
      tiles_q              <= tiles_i;
      kernel_row_base_q    <= address_i;
      kernel_column_base_q <= address_i;
      tile_base_q          <= address_i;
      line_q               <= line_i;
      first_of_digit_q     <= 1'b1;
      if (start_i || last_o) begin
        digits_q <= digits_i;
        shift_q  <= {ShiftWidth{1'b0}};
        first_q  <= 1'b1;
      end else begin
        digits_q <= digits_q - CountWidth'(1);
        shift_q  <= shift_q + ShiftWidth'(DigitWidth);
        first_q  <= 1'b0;
      end
    end else if (next_i) begin
      first_q          <= 1'b0;
      first_of_digit_q <= 1'b0;
      line_q           <= line_q + lines_i;
      if (!last_tile_o) begin
        tiles_q     <= tiles_q - CountWidth'(1);
        tile_base_q <= tile_base_q + AddressWidth'(TileElements);
      end else begin
        tiles_q <= tiles_i;
        if (!last_kernel_column) begin
          kernel_columns_q     <= kernel_columns_q - CountWidth'(1);
          kernel_column_base_q <= kernel_column_base_q + kernel_column_stride_i;
          tile_base_q          <= kernel_column_base_q + kernel_column_stride_i;
        end else begin
          kernel_columns_q     <= kernel_columns_i;
          kernel_rows_q        <= kernel_rows_q - CountWidth'(1);
          kernel_row_base_q    <= kernel_row_base_q + kernel_row_stride_i;
          kernel_column_base_q <= kernel_row_base_q + kernel_row_stride_i;
          tile_base_q          <= kernel_row_base_q + kernel_row_stride_i;
        end
      end
    end
  end

endmodule
