// SPDX-License-Identifier: Apache-2.0
// Executes a vector instruction: requantises accumulator words and pools them into output words.
//
//   out(y, x) = max over p, q of requantize(accumulator word accumulator_address + y*row_stride + x*column_stride + p*pool_row_stride + q*pool_column_stride)
//   -> output word output_address + y*columns + x                      order: y, x, p, q
//
// Cycle 0 is the first cycle after start_i: the parameter line is read in cycle 0, accumulator word j in cycle j, last_o is the cycle of the last word.
// An output word is written (output_write_o) 4 cycles after its last word is read: read, bias, multiply, round and clamp, pool and write.
// completion_o is the last_o of 4 cycles before. seed_i sets the LFSRs of stochastic rounding to their first words.
module vector_unit #(
  parameter int Columns                 = accel_pkg::ArrayColumns,
  parameter int AccumulatorWidth        = accel_pkg::AccumulatorWidth,
  parameter int ElementWidth            = accel_pkg::RequantizerElementWidth,
  parameter int RecordWidth             = accel_pkg::ParameterRecordWidth,
  parameter int InstructionWidth        = accel_pkg::VectorWidth,
  parameter int AccumulatorAddressWidth = accel_pkg::AccumulatorAddressWidth,
  parameter int ParameterAddressWidth   = accel_pkg::ParameterAddressWidth,
  parameter int OutputAddressWidth      = accel_pkg::OutputAddressWidth
) (
  input  logic                                clk_i,
  input  logic                                rst_ni,
  input  logic                                seed_i,
  input  logic                                start_i,
  input  logic                                run_i,
  input  logic [InstructionWidth-1:0]         instruction_i,
  output logic                                last_o,
  output logic                                completion_o,

  output logic                                parameter_read_o,
  output logic [ParameterAddressWidth-1:0]    parameter_address_o,
  input  logic [Columns*RecordWidth-1:0]      parameters_i,

  output logic                                accumulator_read_o,
  output logic [AccumulatorAddressWidth-1:0]  accumulator_address_o,
  input  logic [Columns*AccumulatorWidth-1:0] accumulators_i,

  output logic                                output_write_o,
  output logic [OutputAddressWidth-1:0]       output_address_o,
  output logic [Columns*ElementWidth-1:0]     output_data_o
);

  localparam int CountWidth = accel_pkg::LoopWidth;
  localparam int Latency    = 4;

  // Fields.
  logic [AccumulatorAddressWidth-1:0] accumulator_address, row_stride, column_stride, pool_row_stride, pool_column_stride;
  logic [CountWidth-1:0]              rows, columns, pool_rows, pool_columns;
  logic [OutputAddressWidth-1:0]      output_address;
  assign accumulator_address = instruction_i[accel_pkg::VectorSourceAddressLsb +: accel_pkg::VectorSourceAddressWidth];
  assign rows                = instruction_i[accel_pkg::VectorRowsLsb +: accel_pkg::VectorRowsWidth];
  assign columns             = instruction_i[accel_pkg::VectorColumnsLsb +: accel_pkg::VectorColumnsWidth];
  assign row_stride          = instruction_i[accel_pkg::VectorRowStrideLsb +: accel_pkg::VectorRowStrideWidth];
  assign column_stride       = instruction_i[accel_pkg::VectorColumnStrideLsb +: accel_pkg::VectorColumnStrideWidth];
  assign pool_rows           = instruction_i[accel_pkg::VectorPoolRowsLsb +: accel_pkg::VectorPoolRowsWidth];
  assign pool_columns        = instruction_i[accel_pkg::VectorPoolColumnsLsb +: accel_pkg::VectorPoolColumnsWidth];
  assign pool_row_stride     = instruction_i[accel_pkg::VectorPoolRowStrideLsb +: accel_pkg::VectorPoolRowStrideWidth];
  assign pool_column_stride  = instruction_i[accel_pkg::VectorPoolColumnStrideLsb +: accel_pkg::VectorPoolColumnStrideWidth];
  assign parameter_address_o = instruction_i[accel_pkg::VectorParameterAddressLsb +: accel_pkg::VectorParameterAddressWidth];
  assign output_address      = instruction_i[accel_pkg::VectorOutputAddressLsb +: accel_pkg::VectorOutputAddressWidth];

  // Loop nest; counters hold what is left, the present word included.
  logic                               first_cycle_q, first_word_q;
  logic [CountWidth-1:0]              rows_q, columns_q, pool_rows_q, pool_columns_q;
  logic [AccumulatorAddressWidth-1:0] row_base_q, column_base_q, pool_row_base_q, address_q;
  logic [OutputAddressWidth-1:0]      output_q;
  logic                               last_pool_column, last_pool_row, last_in_window, last_column;
  assign last_pool_column      = pool_columns_q == CountWidth'(1);
  assign last_pool_row         = pool_rows_q == CountWidth'(1);
  assign last_in_window        = last_pool_column && last_pool_row;
  assign last_column           = columns_q == CountWidth'(1);
  assign last_o                = run_i && last_in_window && last_column && rows_q == CountWidth'(1);
  assign parameter_read_o      = run_i && first_cycle_q;
  assign accumulator_read_o    = run_i;
  assign accumulator_address_o = address_q;

  always_ff @(posedge clk_i) begin
    first_cycle_q <= start_i;
    if (start_i) begin
      rows_q          <= rows;
      columns_q       <= columns;
      pool_rows_q     <= pool_rows;
      pool_columns_q  <= pool_columns;
      row_base_q      <= accumulator_address;
      column_base_q   <= accumulator_address;
      pool_row_base_q <= accumulator_address;
      address_q       <= accumulator_address;
      output_q        <= output_address;
      first_word_q    <= 1'b1;
    end else if (run_i) begin
      first_word_q <= last_in_window;
      if (!last_pool_column) begin
        pool_columns_q <= pool_columns_q - CountWidth'(1);
        address_q      <= address_q + pool_column_stride;
      end else begin
        pool_columns_q <= pool_columns;
        if (!last_pool_row) begin
          pool_rows_q     <= pool_rows_q - CountWidth'(1);
          pool_row_base_q <= pool_row_base_q + pool_row_stride;
          address_q       <= pool_row_base_q + pool_row_stride;
        end else begin
          pool_rows_q <= pool_rows;
          output_q    <= output_q + OutputAddressWidth'(1);
          if (!last_column) begin
            columns_q       <= columns_q - CountWidth'(1);
            column_base_q   <= column_base_q + column_stride;
            pool_row_base_q <= column_base_q + column_stride;
            address_q       <= column_base_q + column_stride;
          end else begin
            columns_q       <= columns;
            rows_q          <= rows_q - CountWidth'(1);
            row_base_q      <= row_base_q + row_stride;
            column_base_q   <= row_base_q + row_stride;
            pool_row_base_q <= row_base_q + row_stride;
            address_q       <= row_base_q + row_stride;
          end
        end
      end
    end
  end

  // What goes with each word down the pipeline.
  logic                          read_valid_q;
  logic [Latency-1:0]            write_q, completion_q, first_q;
  logic [OutputAddressWidth-1:0] write_address;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      read_valid_q <= 1'b0;
      write_q      <= {Latency{1'b0}};
      completion_q <= {Latency{1'b0}};
    end else begin
      read_valid_q <= run_i;
      write_q      <= {write_q[Latency-2:0], run_i && last_in_window};
      completion_q <= {completion_q[Latency-2:0], last_o};
    end
    first_q <= {first_q[Latency-2:0], first_word_q};
  end
  delay_line #(.Width(OutputAddressWidth), .Stages(Latency)) u_output_address (
    .clk_i (clk_i),
    .data_i(output_q),
    .data_o(write_address)
  );
  assign output_write_o   = write_q[Latency-1];
  assign output_address_o = write_address;
  assign completion_o     = completion_q[Latency-1];

  genvar c;
  generate
    for (c = 0; c < Columns; c = c + 1) begin : g_lane
      logic                         code_valid;
      logic signed [ElementWidth:0] code, maximum_q, pooled;
      requantizer #(
        .Seed(accel_pkg::LaneSeeds[32*c +: 32])
      ) u_requantizer (
        .clk_i        (clk_i),
        .rst_ni       (rst_ni),
        .seed_i       (seed_i),
        .record_i     (parameters_i[c*RecordWidth +: RecordWidth]),
        .valid_i      (read_valid_q),
        .accumulator_i(accumulators_i[c*AccumulatorWidth +: AccumulatorWidth]),
        .valid_o      (code_valid),
        .code_o       (code)
      );
      assign pooled = (first_q[Latency-1] || code > maximum_q) ? code : maximum_q;
      assign output_data_o[c*ElementWidth +: ElementWidth] = pooled[ElementWidth-1:0];
      always_ff @(posedge clk_i) begin
        if (code_valid) maximum_q <= pooled;
      end
    end
  endgenerate

  logic unused_fields;
  assign unused_fields = &{1'b0, instruction_i};

endmodule
