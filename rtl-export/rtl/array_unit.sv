// SPDX-License-Identifier: Apache-2.0
// Executes a matmul: reads weight lines and activation vectors in the order and in the cycles of docs/architecture.md, section 4.
//
// Cycle 0 is the first cycle after start_i. R = Rows, M = rows * columns of the instruction.
//                                     with WeightDoubleBuffering              without
//   first line of segment s           l_0 = 0, l_{s+1} = x_s + R              l_0 = 0, l_{s+1} = v_s + M + R - 1
//   swap_o                            x_s = max(l_s + R, v_{s-1} + M - 1)     -
//   first vector of segment s         v_s = x_s + 1                           v_s = l_s + R
//   last_o (the last run cycle)       x_{S-1} + max(M, R - 1)                 v_{S-1} + M + R - 2
//
// Lines and vectors are read in consecutive cycles. With each vector goes what its accumulator word needs (accumulator_*_o). One instruction at a time.
module array_unit #(
  parameter int Rows                    = accel_pkg::ArrayRows,
  parameter bit WeightDoubleBuffering   = accel_pkg::ArrayWeightDoubleBuffering,
  parameter int VectorElements          = accel_pkg::VectorElements,
  parameter int DigitWidth              = accel_pkg::DigitWidth,
  parameter int InstructionWidth        = accel_pkg::MatmulWidth,
  parameter int ActivationAddressWidth  = accel_pkg::ActivationAddressWidth,
  parameter int WeightAddressWidth      = accel_pkg::WeightAddressWidth,
  parameter int AccumulatorAddressWidth = accel_pkg::AccumulatorAddressWidth,
  parameter int DigitShiftWidth         = accel_pkg::DigitShiftWidth
) (
  input  logic                               clk_i,
  input  logic                               rst_ni,
  input  logic                               start_i,
  input  logic                               run_i,
  input  logic [InstructionWidth-1:0]        instruction_i,
  output logic                               last_o,

  output logic                               line_read_o,
  output logic [WeightAddressWidth-1:0]      line_address_o,
  output logic                               swap_o,

  output logic                               vector_read_o,
  output logic [ActivationAddressWidth-1:0]  vector_address_o,
  output logic                               vector_signed_o,
  output logic [DigitShiftWidth-1:0]         vector_shift_o,
  output logic [AccumulatorAddressWidth-1:0] accumulator_address_o,
  output logic                               accumulator_clear_o,
  output logic                               instruction_last_o
);

  localparam int CountWidth = accel_pkg::LoopWidth;
  localparam int RowWidth   = (Rows > 1) ? $clog2(Rows) : 1;

  // Fields.
  logic [ActivationAddressWidth-1:0]  activation_address, row_stride, column_stride, kernel_row_stride, kernel_column_stride;
  logic [CountWidth-1:0]              rows, columns, digits, kernel_rows, kernel_columns, tiles;
  logic [WeightAddressWidth-1:0]      weight_address;
  logic [AccumulatorAddressWidth-1:0] accumulator_address;
  logic                               accumulate;
  assign activation_address   = instruction_i[accel_pkg::MatmulActivationAddressLsb +: accel_pkg::MatmulActivationAddressWidth];
  assign vector_signed_o      = instruction_i[accel_pkg::MatmulActivationSignedLsb];
  assign rows                 = instruction_i[accel_pkg::MatmulRowsLsb +: accel_pkg::MatmulRowsWidth];
  assign columns              = instruction_i[accel_pkg::MatmulColumnsLsb +: accel_pkg::MatmulColumnsWidth];
  assign row_stride           = instruction_i[accel_pkg::MatmulRowStrideLsb +: accel_pkg::MatmulRowStrideWidth];
  assign column_stride        = instruction_i[accel_pkg::MatmulColumnStrideLsb +: accel_pkg::MatmulColumnStrideWidth];
  assign digits               = instruction_i[accel_pkg::MatmulDigitsLsb +: accel_pkg::MatmulDigitsWidth];
  assign kernel_rows          = instruction_i[accel_pkg::MatmulKernelRowsLsb +: accel_pkg::MatmulKernelRowsWidth];
  assign kernel_columns       = instruction_i[accel_pkg::MatmulKernelColumnsLsb +: accel_pkg::MatmulKernelColumnsWidth];
  assign tiles                = instruction_i[accel_pkg::MatmulTilesLsb +: accel_pkg::MatmulTilesWidth];
  assign kernel_row_stride    = instruction_i[accel_pkg::MatmulKernelRowStrideLsb +: accel_pkg::MatmulKernelRowStrideWidth];
  assign kernel_column_stride = instruction_i[accel_pkg::MatmulKernelColumnStrideLsb +: accel_pkg::MatmulKernelColumnStrideWidth];
  assign weight_address       = instruction_i[accel_pkg::MatmulWeightAddressLsb +: accel_pkg::MatmulWeightAddressWidth];
  assign accumulator_address  = instruction_i[accel_pkg::MatmulAccumulatorAddressLsb +: accel_pkg::MatmulAccumulatorAddressWidth];
  assign accumulate           = instruction_i[accel_pkg::MatmulAccumulateLsb];

  // The segment whose lines are read now or next. Counters hold what is left, this one included; the addresses are those of vector (0, 0) at
  // each level of the loop nest digit, kernel row, kernel column, tile.
  logic [CountWidth-1:0]             digits_q, kernel_rows_q, kernel_columns_q, tiles_q;
  logic [ActivationAddressWidth-1:0] kernel_row_base_q, kernel_column_base_q, tile_base_q;
  logic [WeightAddressWidth-1:0]     line_base_q;
  logic [DigitShiftWidth-1:0]        shift_q;
  logic                              clear_q;
  logic                              last_tile, last_kernel_column, last_kernel_row, last_segment;
  assign last_tile          = tiles_q == CountWidth'(1);
  assign last_kernel_column = kernel_columns_q == CountWidth'(1);
  assign last_kernel_row    = kernel_rows_q == CountWidth'(1);
  assign last_segment       = last_tile && last_kernel_column && last_kernel_row && digits_q == CountWidth'(1);

  // Lines: row_q counts down, because the line of the last row goes in first.
  logic                lines_q, tile_ready_q, all_begun_q;
  logic [RowWidth-1:0] row_q;
  logic                last_line;
  assign last_line      = lines_q && row_q == {RowWidth{1'b0}};
  assign line_read_o    = lines_q;
  assign line_address_o = line_base_q + WeightAddressWidth'(row_q);

  // Vectors.
  logic                               vectors_q, vector_final_q;
  logic [CountWidth-1:0]              rows_q, columns_q;
  logic [ActivationAddressWidth-1:0]  row_base_q, vector_address_q;
  logic [AccumulatorAddressWidth-1:0] accumulator_address_q;
  logic                               vector_clear_q;
  logic [DigitShiftWidth-1:0]         vector_shift_q;
  logic                               last_column, last_vector;
  assign last_column           = columns_q == CountWidth'(1);
  assign last_vector           = vectors_q && last_column && rows_q == CountWidth'(1);
  assign vector_read_o         = vectors_q;
  assign vector_address_o      = vector_address_q;
  assign vector_shift_o        = vector_shift_q;
  assign accumulator_address_o = accumulator_address_q;
  assign accumulator_clear_o   = vector_clear_q;
  assign instruction_last_o    = last_vector && vector_final_q;

  // begin_vectors: the next cycle reads the first vector of the segment. release_row: the weights of row r are free r cycles later, so that
  // gap_q counts Rows - 1 cycles until new lines may follow.
  logic                begin_vectors, release_row, begin_lines;
  logic [RowWidth-1:0] gap_q;
  generate
    if (WeightDoubleBuffering) begin : g_double
      assign swap_o        = tile_ready_q && (!vectors_q || last_vector);
      assign begin_vectors = swap_o;
      assign release_row   = swap_o;
    end else begin : g_single
      assign swap_o        = 1'b0;
      assign begin_vectors = last_line;
      assign release_row   = last_vector;
      logic unused_ready;
      assign unused_ready = tile_ready_q;
    end
    if (Rows == 1) begin : g_one_row
      assign begin_lines = release_row && !(WeightDoubleBuffering ? last_segment : all_begun_q);
      assign last_o      = run_i && (WeightDoubleBuffering ? all_begun_q && (last_vector || !vectors_q) : all_begun_q && last_vector);
      logic unused_gap;
      assign unused_gap = &{1'b0, gap_q};
    end else begin : g_rows
      assign begin_lines = gap_q == RowWidth'(1) && !all_begun_q;
      assign last_o      = run_i && all_begun_q && (WeightDoubleBuffering ? (last_vector || !vectors_q) && gap_q <= RowWidth'(1)
                                                                          : !vectors_q && gap_q == RowWidth'(1));
    end
  endgenerate

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      lines_q      <= 1'b0;
      tile_ready_q <= 1'b0;
      all_begun_q  <= 1'b0;
      row_q        <= {RowWidth{1'b0}};
      gap_q        <= {RowWidth{1'b0}};
    end else begin
      if (start_i || begin_lines) lines_q <= 1'b1;
      else if (last_line)         lines_q <= 1'b0;

      if (start_i || begin_lines) row_q <= RowWidth'(Rows - 1);
      else if (lines_q)           row_q <= row_q - RowWidth'(1);

      if (last_line)          tile_ready_q <= 1'b1;
      else if (begin_vectors) tile_ready_q <= 1'b0;

      if (start_i)            all_begun_q <= 1'b0;
      else if (begin_vectors) all_begun_q <= last_segment;

      if (release_row)                   gap_q <= RowWidth'(Rows - 1);
      else if (gap_q != {RowWidth{1'b0}}) gap_q <= gap_q - RowWidth'(1);
    end
  end

  // Segment loop nest.
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      digits_q             <= digits;
      kernel_rows_q        <= kernel_rows;
      kernel_columns_q     <= kernel_columns;
      tiles_q              <= tiles;
      kernel_row_base_q    <= activation_address;
      kernel_column_base_q <= activation_address;
      tile_base_q          <= activation_address;
      line_base_q          <= weight_address;
      shift_q              <= {DigitShiftWidth{1'b0}};
      clear_q              <= !accumulate;
    end else if (begin_vectors) begin
      clear_q     <= 1'b0;
      line_base_q <= line_base_q + WeightAddressWidth'(Rows);
      if (!last_tile) begin
        tiles_q     <= tiles_q - CountWidth'(1);
        tile_base_q <= tile_base_q + ActivationAddressWidth'(VectorElements);
      end else begin
        tiles_q <= tiles;
        if (!last_kernel_column) begin
          kernel_columns_q     <= kernel_columns_q - CountWidth'(1);
          kernel_column_base_q <= kernel_column_base_q + kernel_column_stride;
          tile_base_q          <= kernel_column_base_q + kernel_column_stride;
        end else begin
          kernel_columns_q <= kernel_columns;
          if (!last_kernel_row) begin
            kernel_rows_q        <= kernel_rows_q - CountWidth'(1);
            kernel_row_base_q    <= kernel_row_base_q + kernel_row_stride;
            kernel_column_base_q <= kernel_row_base_q + kernel_row_stride;
            tile_base_q          <= kernel_row_base_q + kernel_row_stride;
          end else begin
            // Next digit: the same vectors and the same weights again.
            digits_q             <= digits_q - CountWidth'(1);
            kernel_rows_q        <= kernel_rows;
            kernel_row_base_q    <= activation_address;
            kernel_column_base_q <= activation_address;
            tile_base_q          <= activation_address;
            line_base_q          <= weight_address;
            shift_q              <= shift_q + DigitShiftWidth'(DigitWidth);
          end
        end
      end
    end
  end

  // Vector loop nest.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      vectors_q      <= 1'b0;
      vector_final_q <= 1'b0;
      rows_q         <= {CountWidth{1'b0}};
      columns_q      <= {CountWidth{1'b0}};
    end else if (begin_vectors) begin
      vectors_q      <= 1'b1;
      vector_final_q <= last_segment;
      rows_q         <= rows;
      columns_q      <= columns;
    end else if (vectors_q) begin
      vectors_q <= !last_vector;
      if (last_column) begin
        columns_q <= columns;
        rows_q    <= rows_q - CountWidth'(1);
      end else begin
        columns_q <= columns_q - CountWidth'(1);
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (begin_vectors) begin
      vector_address_q      <= tile_base_q;
      row_base_q            <= tile_base_q;
      accumulator_address_q <= accumulator_address;
      vector_clear_q        <= clear_q;
      vector_shift_q        <= shift_q;
    end else if (vectors_q) begin
      accumulator_address_q <= accumulator_address_q + AccumulatorAddressWidth'(1);
      if (last_column) begin
        row_base_q       <= row_base_q + row_stride;
        vector_address_q <= row_base_q + row_stride;
      end else begin
        vector_address_q <= vector_address_q + column_stride;
      end
    end
  end

  logic unused_fields;
  assign unused_fields = &{1'b0, instruction_i};

endmodule
