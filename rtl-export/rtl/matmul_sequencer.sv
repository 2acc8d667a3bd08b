// SPDX-License-Identifier: Apache-2.0
// Executes a matmul: takes the instruction apart, walks its segments and pixels, and reads vectors and lines in the order and in the cycles of docs/architecture.md,
// section 4. Cycle 0 is the cycle after start_i. operand_sequencer.sv and output_sequencer.sv say what happens when; the outputs are those of the cycle of the read.
module matmul_sequencer #(
  parameter int Dataflow                = accel_pkg::ArrayDataflow,
  parameter int Rows                    = accel_pkg::ArrayRows,
  parameter int InstructionWidth        = accel_pkg::MatmulWidth,
  parameter int ActivationAddressWidth  = accel_pkg::ActivationAddressWidth,
  parameter int LineAddressWidth        = accel_pkg::LineAddressWidth,
  parameter int AccumulatorAddressWidth = accel_pkg::AccumulatorAddressWidth,
  parameter int ShiftWidth              = accel_pkg::DigitShiftWidth,
  parameter int LimitWidth              = accel_pkg::MatmulLastTileElementsWidth,
  parameter int PlaceWidth              = accel_pkg::PlaceWidth,
  parameter int LaneWidth               = accel_pkg::ColumnIndexWidth
) (
  input  logic                               clk_i,
  input  logic                               rst_ni,
  input  logic                               start_i,
  input  logic                               run_i,
  input  logic [InstructionWidth-1:0]        instruction_i,
  output logic                               last_o,

  output logic                               line_read_o,
  output logic [LineAddressWidth-1:0]        line_address_o,
  output logic                               line_factor_o,
  output logic [LineAddressWidth-1:0]        column_pitch_o,
  output logic [LineAddressWidth-1:0]        lane_pitch_o,
  output logic                               table_o,
  output logic                               vector_read_o,
  output logic [ActivationAddressWidth-1:0]  vector_address_o,
  output logic                               vector_signed_o,
  output logic [ShiftWidth-1:0]              vector_shift_o,
  output logic [LimitWidth-1:0]              vector_limit_o,
  output logic                               vector_none_o,

  // Stationary operand.
  output logic                               tile_o,
  output logic                               swap_o,
  output logic                               streamed_o,
  output logic                               streamed_first_o,
  output logic                               filter_o,
  output logic [LimitWidth-1:0]              taps_o,

  // Stationary outputs.
  output logic                               load_o,
  output logic                               step_o,
  output logic                               step_first_o,
  output logic                               step_last_o,

  output logic [PlaceWidth-1:0]              place_o,
  output logic                               place_first_o,

  output logic                               update_o,
  output logic [AccumulatorAddressWidth-1:0] update_address_o,
  output logic [LaneWidth-1:0]               update_lane_o,
  output logic [LaneWidth:0]                 update_words_o,
  output logic [ShiftWidth-1:0]              update_shift_o,
  output logic                               update_clear_o,
  output logic                               update_last_o,
  output logic                               update_signal_o
);

  localparam bit OutputStationary = Dataflow == accel_pkg::DataflowOutputStationary;
  localparam bit InputStationary  = Dataflow == accel_pkg::DataflowInputStationary;
  localparam int CountWidth       = accel_pkg::LoopWidth;
  localparam int IntervalWidth    = accel_pkg::IntervalWidth;

  // Fields. What a design does not have takes no bits.
  logic [ActivationAddressWidth-1:0]  activation_address, row_stride, column_stride, kernel_row_stride, kernel_column_stride;
  logic [CountWidth-1:0]              rows, columns, digits, kernel_rows, kernel_columns, tiles, channels;
  logic [LineAddressWidth-1:0]        weight_address, table_lines, tile_lines, segment_lines, line_stride;
  logic [AccumulatorAddressWidth-1:0] accumulator_address, accumulator_pitch;
  logic [LimitWidth-1:0]              last_tile_elements;
  logic [IntervalWidth-1:0]           interval;
  logic                               accumulate, column_filter, accumulator_ready;
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
  assign last_tile_elements   = instruction_i[accel_pkg::MatmulLastTileElementsLsb +: accel_pkg::MatmulLastTileElementsWidth];
  assign accumulator_ready    = instruction_i[accel_pkg::MatmulSignalsLsb + accel_pkg::SemaphoreAccumulatorReady];
  generate
    if (accel_pkg::MatmulIntervalWidth > 0) begin : g_interval
      assign interval = instruction_i[accel_pkg::MatmulIntervalLsb +: accel_pkg::MatmulIntervalWidth];
    end else begin : g_no_interval
      assign interval = IntervalWidth'(1);
    end
    if (accel_pkg::MatmulTableLinesWidth > 0) begin : g_table_lines
      assign table_lines = instruction_i[accel_pkg::MatmulTableLinesLsb +: accel_pkg::MatmulTableLinesWidth];
    end else begin : g_no_table_lines
      assign table_lines = {LineAddressWidth{1'b0}};
    end
    if (accel_pkg::MatmulChannelsWidth > 0) begin : g_channels
      assign channels          = instruction_i[accel_pkg::MatmulChannelsLsb +: accel_pkg::MatmulChannelsWidth];
      assign accumulator_pitch = instruction_i[accel_pkg::MatmulAccumulatorPitchLsb +: accel_pkg::MatmulAccumulatorPitchWidth];
      assign tile_lines        = LineAddressWidth'(channels);
    end else begin : g_no_channels
      assign channels          = {CountWidth{1'b0}};
      assign accumulator_pitch = {AccumulatorAddressWidth{1'b0}};
      assign tile_lines        = LineAddressWidth'(Rows);
    end
    if (accel_pkg::ArrayActivationWeights) begin : g_activation_weights
      // Lines of the factor buffer: the address of a line is that of its first element.
      assign line_factor_o  = instruction_i[accel_pkg::MatmulActivationWeightsLsb];
      assign column_pitch_o = LineAddressWidth'(instruction_i[accel_pkg::MatmulWeightColumnPitchLsb +: accel_pkg::MatmulWeightColumnPitchWidth]);
      assign lane_pitch_o   = LineAddressWidth'(instruction_i[accel_pkg::MatmulWeightLanePitchLsb +: accel_pkg::MatmulWeightLanePitchWidth]);
      assign line_stride    = line_factor_o ? LineAddressWidth'(instruction_i[accel_pkg::MatmulWeightLineStrideLsb +: accel_pkg::MatmulWeightLineStrideWidth])
                                            : LineAddressWidth'(1);
      assign segment_lines  = line_factor_o ? LineAddressWidth'(instruction_i[accel_pkg::MatmulWeightSegmentStrideLsb +: accel_pkg::MatmulWeightSegmentStrideWidth])
                                            : tile_lines;
    end else begin : g_constant_weights
      assign line_factor_o  = 1'b0;
      assign column_pitch_o = {LineAddressWidth{1'b0}};
      assign lane_pitch_o   = {LineAddressWidth{1'b0}};
      assign line_stride    = LineAddressWidth'(1);
      assign segment_lines  = tile_lines;
    end
    if (accel_pkg::MatmulColumnFilterWidth > 0) begin : g_column_filter
      assign column_filter = instruction_i[accel_pkg::MatmulColumnFilterLsb];
    end else begin : g_no_column_filter
      assign column_filter = 1'b0;
    end
  endgenerate

  logic                          begin_matmul, table_read, line_read, vector_last_tile;
  logic [LineAddressWidth-1:0] table_address, line_address;
  table_sequencer u_table (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .start_i  (start_i),
    .address_i(weight_address),
    .lines_i  (table_lines),
    .read_o   (table_read),
    .address_o(table_address),
    .begin_o  (begin_matmul)
  );
  assign table_o        = table_read;
  assign line_read_o    = table_read || line_read;
  assign line_address_o = table_read ? table_address : line_address;

  logic [ActivationAddressWidth-1:0] segment_address;
  logic [LineAddressWidth-1:0]       segment_line;
  logic [ShiftWidth-1:0]             segment_shift;
  logic                              segment_next, segment_first, segment_last_tile, segment_first_of_digit, segment_last_of_digit, segment_last;
  segment_loop u_segments (
    .clk_i                 (clk_i),
    .rst_ni                (rst_ni),
    .start_i               (start_i),
    .next_i                (segment_next),
    .digits_i              (digits),
    .kernel_rows_i         (kernel_rows),
    .kernel_columns_i      (kernel_columns),
    .tiles_i               (tiles),
    .address_i             (activation_address),
    .kernel_row_stride_i   (kernel_row_stride),
    .kernel_column_stride_i(kernel_column_stride),
    .line_i                (weight_address + table_lines),
    .lines_i               (segment_lines),
    .address_o             (segment_address),
    .line_o                (segment_line),
    .shift_o               (segment_shift),
    .first_o               (segment_first),
    .last_tile_o           (segment_last_tile),
    .first_of_digit_o      (segment_first_of_digit),
    .last_of_digit_o       (segment_last_of_digit),
    .last_o                (segment_last)
  );

  logic [ActivationAddressWidth-1:0] pixel_offset;
  logic                              pixel_step, pixel_return, pixel_mark, pixel_valid, pixel_last, pixel_more;
  pixel_loop #(.Marks(InputStationary || OutputStationary)) u_pixels (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .start_i        (start_i),
    .step_i         (pixel_step),
    .return_i       (pixel_return),
    .mark_i         (pixel_mark),
    .rows_i         (rows),
    .columns_i      (columns),
    .row_stride_i   (row_stride),
    .column_stride_i(column_stride),
    .offset_o       (pixel_offset),
    .valid_o        (pixel_valid),
    .last_o         (pixel_last),
    .more_o         (pixel_more)
  );

  // The elements that take part: those of the last tile. A filter takes all, in as many rows as it has taps.
  assign filter_o       = column_filter;
  assign taps_o         = last_tile_elements;
  assign vector_limit_o = (vector_last_tile && !column_filter) ? last_tile_elements : {LimitWidth{1'b0}};

  generate
    if (OutputStationary) begin : g_output
      output_sequencer #(.Rows(Rows)) u_sequencer (
        .clk_i                   (clk_i),
        .rst_ni                  (rst_ni),
        .start_i                 (start_i),
        .begin_i                 (begin_matmul),
        .last_o                  (last_o),
        .interval_i              (interval),
        .accumulator_address_i   (accumulator_address),
        .accumulate_i            (accumulate),
        .line_stride_i           (line_stride),
        .signal_i                (accumulator_ready),
        .segment_address_i       (segment_address),
        .segment_line_i          (segment_line),
        .segment_shift_i         (segment_shift),
        .segment_first_of_digit_i(segment_first_of_digit),
        .segment_last_of_digit_i (segment_last_of_digit),
        .segment_last_i          (segment_last),
        .segment_next_o          (segment_next),
        .pixel_offset_i          (pixel_offset),
        .pixel_valid_i           (pixel_valid),
        .pixel_more_i            (pixel_more),
        .pixel_step_o            (pixel_step),
        .pixel_return_o          (pixel_return),
        .pixel_mark_o            (pixel_mark),
        .load_o                  (load_o),
        .step_o                  (step_o),
        .step_first_o            (step_first_o),
        .step_last_o             (step_last_o),
        .place_o                 (place_o),
        .place_first_o           (place_first_o),
        .line_read_o             (line_read),
        .line_address_o          (line_address),
        .vector_read_o           (vector_read_o),
        .vector_address_o        (vector_address_o),
        .vector_none_o           (vector_none_o),
        .update_o                (update_o),
        .update_address_o        (update_address_o),
        .update_shift_o          (update_shift_o),
        .update_clear_o          (update_clear_o),
        .update_last_o           (update_last_o),
        .update_signal_o         (update_signal_o)
      );
      assign vector_shift_o   = segment_shift;
      assign vector_last_tile = segment_last_tile;
      assign {tile_o, swap_o, streamed_o, streamed_first_o} = 4'b0000;
      assign update_lane_o    = {LaneWidth{1'b0}};
      assign update_words_o   = {(LaneWidth+1){1'b0}};
      logic unused_operand;
      assign unused_operand = &{1'b0, run_i, segment_first, pixel_last, channels, accumulator_pitch};
    end else begin : g_operand
      operand_sequencer #(.Rows(Rows), .InputStationary(InputStationary)) u_sequencer (
        .clk_i                (clk_i),
        .rst_ni               (rst_ni),
        .start_i              (start_i),
        .begin_i              (begin_matmul),
        .run_i                (run_i),
        .last_o               (last_o),
        .interval_i           (interval),
        .channels_i           (channels),
        .accumulator_address_i(accumulator_address),
        .accumulator_pitch_i  (accumulator_pitch),
        .line_stride_i        (line_stride),
        .accumulate_i         (accumulate),
        .segment_address_i    (segment_address),
        .segment_line_i       (segment_line),
        .segment_shift_i      (segment_shift),
        .segment_first_i      (segment_first),
        .segment_last_tile_i  (segment_last_tile),
        .segment_last_i       (segment_last),
        .segment_next_o       (segment_next),
        .pixel_offset_i       (pixel_offset),
        .pixel_valid_i        (pixel_valid),
        .pixel_last_i         (pixel_last),
        .pixel_more_i         (pixel_more),
        .pixel_step_o         (pixel_step),
        .pixel_return_o       (pixel_return),
        .pixel_mark_o         (pixel_mark),
        .tile_o               (tile_o),
        .swap_o               (swap_o),
        .streamed_o           (streamed_o),
        .streamed_first_o     (streamed_first_o),
        .place_o              (place_o),
        .place_first_o        (place_first_o),
        .line_read_o          (line_read),
        .line_address_o       (line_address),
        .vector_read_o        (vector_read_o),
        .vector_address_o     (vector_address_o),
        .vector_shift_o       (vector_shift_o),
        .vector_last_tile_o   (vector_last_tile),
        .vector_none_o        (vector_none_o),
        .update_o             (update_o),
        .update_address_o     (update_address_o),
        .update_lane_o        (update_lane_o),
        .update_words_o       (update_words_o),
        .update_shift_o       (update_shift_o),
        .update_clear_o       (update_clear_o),
        .update_last_o        (update_last_o)
      );
      assign update_signal_o = update_last_o && accumulator_ready;
      assign {load_o, step_o, step_first_o, step_last_o} = 4'b0000;
      logic unused_output;
      assign unused_output = &{1'b0, segment_first_of_digit, segment_last_of_digit};
    end
  endgenerate

  logic unused_fields;
  assign unused_fields = &{1'b0, instruction_i};

endmodule
