// SPDX-License-Identifier: Apache-2.0
// The loop nest of a vector instruction: which word of the source, which parameter line and which output word in each run cycle.
//
//   source address      source_address + y*row_stride + x*column_stride + p*pool_row_stride + q*pool_column_stride
//   parameter address   parameter_address + q*parameter_stride
//   output address      output_address + y*columns + x                           order: y, x, p, q
//
// start_i sets up; the first word's addresses are there in the next cycle, run_i moves on to the next. first_o and last_in_window_o mark the first and the last word of a window,
// last_o the last word of all. Without Elementwise there is one parameter line, which is read in the first cycle only.
module vector_sequencer #(
  parameter bit Elementwise           = accel_pkg::VectorElementwise,
  parameter int InstructionWidth      = accel_pkg::VectorWidth,
  parameter int SourceAddressWidth    = accel_pkg::SourceAddressWidth,
  parameter int ParameterAddressWidth = accel_pkg::ParameterAddressWidth,
  parameter int OutputAddressWidth    = accel_pkg::OutputAddressWidth
) (
  input  logic                             clk_i,
  input  logic                             rst_ni,
  input  logic                             start_i,
  input  logic                             run_i,
  input  logic [InstructionWidth-1:0]      instruction_i,
  output logic [SourceAddressWidth-1:0]    source_address_o,
  output logic                             parameter_read_o,
  output logic [ParameterAddressWidth-1:0] parameter_address_o,
  output logic [OutputAddressWidth-1:0]    output_address_o,
  output logic                             first_o,
  output logic                             last_in_window_o,
  output logic                             last_o
);

  localparam int LoopWidth = accel_pkg::LoopWidth;

  // Fields.
  logic [SourceAddressWidth-1:0]    source_address, row_stride, column_stride, pool_row_stride, pool_column_stride;
  logic [LoopWidth-1:0]             rows, columns, pool_rows, pool_columns;
  logic [ParameterAddressWidth-1:0] parameter_address;
  assign source_address     = instruction_i[accel_pkg::VectorSourceAddressLsb +: accel_pkg::VectorSourceAddressWidth];
  assign rows               = instruction_i[accel_pkg::VectorRowsLsb +: accel_pkg::VectorRowsWidth];
  assign columns            = instruction_i[accel_pkg::VectorColumnsLsb +: accel_pkg::VectorColumnsWidth];
  assign row_stride         = instruction_i[accel_pkg::VectorRowStrideLsb +: accel_pkg::VectorRowStrideWidth];
  assign column_stride      = instruction_i[accel_pkg::VectorColumnStrideLsb +: accel_pkg::VectorColumnStrideWidth];
  assign pool_rows          = instruction_i[accel_pkg::VectorPoolRowsLsb +: accel_pkg::VectorPoolRowsWidth];
  assign pool_columns       = instruction_i[accel_pkg::VectorPoolColumnsLsb +: accel_pkg::VectorPoolColumnsWidth];
  assign pool_row_stride    = instruction_i[accel_pkg::VectorPoolRowStrideLsb +: accel_pkg::VectorPoolRowStrideWidth];
  assign pool_column_stride = instruction_i[accel_pkg::VectorPoolColumnStrideLsb +: accel_pkg::VectorPoolColumnStrideWidth];
  assign parameter_address  = instruction_i[accel_pkg::VectorParameterAddressLsb +: accel_pkg::VectorParameterAddressWidth];

  // Counters hold what is left, the present word included.
  logic [LoopWidth-1:0]          rows_q, columns_q, pool_rows_q, pool_columns_q;
  logic [SourceAddressWidth-1:0] row_base_q, column_base_q, pool_row_base_q, address_q;
  logic [OutputAddressWidth-1:0] output_q;
  logic                          last_pool_column, last_pool_row, last_column;
  assign last_pool_column = pool_columns_q == LoopWidth'(1);
  assign last_pool_row    = pool_rows_q == LoopWidth'(1);
  assign last_column      = columns_q == LoopWidth'(1);
  assign last_in_window_o = last_pool_column && last_pool_row;
  assign last_o           = run_i && last_in_window_o && last_column && rows_q == LoopWidth'(1);
  assign source_address_o = address_q;
  assign output_address_o = output_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      rows_q          <= {LoopWidth{1'b0}};
      columns_q       <= {LoopWidth{1'b0}};
      pool_rows_q     <= {LoopWidth{1'b0}};
      pool_columns_q  <= {LoopWidth{1'b0}};
      row_base_q      <= {SourceAddressWidth{1'b0}};
      column_base_q   <= {SourceAddressWidth{1'b0}};
      pool_row_base_q <= {SourceAddressWidth{1'b0}};
      address_q       <= {SourceAddressWidth{1'b0}};
      output_q        <= {OutputAddressWidth{1'b0}};
      first_o         <= 1'b0;
    end else if (start_i) begin
      rows_q          <= rows;
      columns_q       <= columns;
      pool_rows_q     <= pool_rows;
      pool_columns_q  <= pool_columns;
      row_base_q      <= source_address;
      column_base_q   <= source_address;
      pool_row_base_q <= source_address;
      address_q       <= source_address;
      output_q        <= instruction_i[accel_pkg::VectorOutputAddressLsb +: accel_pkg::VectorOutputAddressWidth];
      first_o         <= 1'b1;
    end else if (run_i) begin
      first_o <= last_in_window_o;
      if (!last_pool_column) begin
        pool_columns_q <= pool_columns_q - LoopWidth'(1);
        address_q      <= address_q + pool_column_stride;
      end else begin
        pool_columns_q <= pool_columns;
        if (!last_pool_row) begin
          pool_rows_q     <= pool_rows_q - LoopWidth'(1);
          pool_row_base_q <= pool_row_base_q + pool_row_stride;
          address_q       <= pool_row_base_q + pool_row_stride;
        end else begin
          pool_rows_q <= pool_rows;
          output_q    <= output_q + OutputAddressWidth'(1);
          if (!last_column) begin
            columns_q       <= columns_q - LoopWidth'(1);
            column_base_q   <= column_base_q + column_stride;
            pool_row_base_q <= column_base_q + column_stride;
            address_q       <= column_base_q + column_stride;
          end else begin
            columns_q       <= columns;
            rows_q          <= rows_q - LoopWidth'(1);
            row_base_q      <= row_base_q + row_stride;
            column_base_q   <= row_base_q + row_stride;
            pool_row_base_q <= row_base_q + row_stride;
            address_q       <= row_base_q + row_stride;
          end
        end
      end
    end
  end

  generate
    if (Elementwise) begin : g_line_per_word
      logic [ParameterAddressWidth-1:0] parameter_stride, parameter_q;
      assign parameter_stride    = instruction_i[accel_pkg::VectorParameterStrideLsb +: accel_pkg::VectorParameterStrideWidth];
      assign parameter_read_o    = run_i;
      assign parameter_address_o = parameter_q;
      always_ff @(posedge clk_i) begin
        if (!rst_ni)      parameter_q <= {ParameterAddressWidth{1'b0}};
        else if (start_i) parameter_q <= parameter_address;
        else if (run_i) parameter_q <= last_pool_column ? parameter_address : parameter_q + parameter_stride;
      end
    end else begin : g_one_line
      logic first_cycle_q;
      assign parameter_read_o    = run_i && first_cycle_q;
      assign parameter_address_o = parameter_address;
      always_ff @(posedge clk_i) begin
        if (!rst_ni) first_cycle_q <= 1'b0;
        else         first_cycle_q <= start_i;
      end
    end
  endgenerate

  logic unused_fields;
  assign unused_fields = &{1'b0, instruction_i};

endmodule
